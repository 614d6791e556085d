/** @file Filters of the list: which are in force, what each is called, and the list without it. Pure. */
import type { CallArgument } from '../../../src-preload/contract/schema.ts';
import type { RepositoryStateName } from '../../../src-preload/contract/views.ts';
import { formatBytes } from '../../../src-preload/contract/words.ts';
import { stateWords } from '../../ui/repository-words.ts';

export type Filter = CallArgument<'repositories.ids'>;

export const emptyFilter: Filter = {
  text: '',
  state: null,
  states: null,
  languages: null,
  owners: null,
  lists: null,
  isPrivate: null,
  isArchived: null,
  isFork: null,
  isAbsent: null,
  isRescued: null,
  isUnproven: null,
  isIncomplete: null,
  minSizeKb: null,
  maxSizeKb: null,
};

type Flag = 'isPrivate' | 'isFork' | 'isArchived' | 'isAbsent' | 'isUnproven' | 'isIncomplete';

export const flagWords: Readonly<Record<Flag, { readonly label: string; readonly yes: string; readonly no: string }>> =
  {
    isPrivate: { label: 'Private', yes: 'Private only', no: 'Not private' },
    isFork: { label: 'Forks', yes: 'Forks only', no: 'No forks' },
    isArchived: { label: 'Archived', yes: 'Archived only', no: 'Not archived' },
    isAbsent: { label: 'Gone from your starred list', yes: 'Gone from the list only', no: 'Still in the list' },
    isUnproven: { label: 'Last comparison', yes: 'Not proven only', no: 'Proven' },
    isIncomplete: { label: 'LFS files and wiki', yes: 'Incomplete only', no: 'Nothing missing' },
  };

export const flags = [
  'isPrivate',
  'isFork',
  'isArchived',
  'isAbsent',
  'isUnproven',
  'isIncomplete',
] as const satisfies readonly Flag[];

/** Repositories without a language have an empty one. */
export function languageWord(language: string): string {
  return language === '' ? 'No language' : language;
}

/** Repositories on no List have an empty one. */
export function listWord(name: string): string {
  return name === '' ? 'On no List' : name;
}

/** `10 MB` of a figure in kibibytes. */
export function sizeWord(sizeKb: number): string {
  return formatBytes(sizeKb * 1_024);
}

export interface Chip {
  readonly key: string;
  readonly label: string;
  /** What changes when it is removed. */
  readonly without: Partial<Filter>;
}

function without<T>(values: readonly T[], value: T): readonly T[] | null {
  const rest = values.filter((one) => one !== value);
  return rest.length === 0 ? null : rest;
}

function stateChip(states: readonly RepositoryStateName[], state: RepositoryStateName): Chip {
  return { key: `state ${state}`, label: stateWords[state], without: { states: without(states, state) } };
}

/** One for each choice in force, the searched text apart. */
export function chipsOf(filter: Filter): readonly Chip[] {
  const { minSizeKb, maxSizeKb } = filter;
  const states = filter.states ?? [];
  const languages = filter.languages ?? [];
  const owners = filter.owners ?? [];
  const lists = filter.lists ?? [];
  return [
    ...states.map((state) => stateChip(states, state)),
    ...languages.map((language) => ({
      key: `language ${language}`,
      label: languageWord(language),
      without: { languages: without(languages, language) },
    })),
    ...owners.map((owner) => ({
      key: `owner ${owner}`,
      label: `by ${owner}`,
      without: { owners: without(owners, owner) },
    })),
    ...lists.map((name) => ({
      key: `list ${name}`,
      label: name === '' ? listWord(name) : `on ${name}`,
      without: { lists: without(lists, name) },
    })),
    ...flags.flatMap((flag) => {
      const value = filter[flag];
      if (value === null) return [];
      return [{ key: flag, label: value ? flagWords[flag].yes : flagWords[flag].no, without: { [flag]: null } }];
    }),
    ...(minSizeKb === null
      ? []
      : [{ key: 'min', label: `${sizeWord(minSizeKb)} or more`, without: { minSizeKb: null } }]),
    ...(maxSizeKb === null
      ? []
      : [{ key: 'max', label: `${sizeWord(maxSizeKb)} or less`, without: { maxSizeKb: null } }]),
  ];
}

/** Undefined where it is missing or is no JSON. */
export function parseJson(text: string | null): unknown {
  if (text === null) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
