/**
 * @file Which starred repositories are mirrored: a person's rules, and what they say of one repository. Pure; knows
 * nothing of how rules are written down or where decisions are kept.
 */
import type { Instant, RepositoryFacts } from './repository.ts';
import { splitFullName } from './repository.ts';

export const selections = ['mirror', 'skip', 'ask'] as const;
/** `ask`: nothing is mirrored until a person chooses. */
export type Selection = (typeof selections)[number];

export const choices = ['include', 'exclude'] as const;
/** What a person said of one repository; wins over every rule. */
export type Choice = (typeof choices)[number];

/** What a person may answer where they are asked; `later` puts the question off, see {@link isPutOff}. */
export type Answer = Choice | 'later';

/** A question that a person does not want to be asked for a while. */
export interface PutOff {
  readonly at: Instant;
  /** GitHub's figure then, in kibibytes. */
  readonly sizeKb: number;
}

const putOffMs = 30 * 24 * 3_600_000;
/** What has grown by half since is another question. */
const grownFactor = 1.5;

/** When it is asked again at the latest. */
export function askedAgainAt({ at }: PutOff): Instant {
  return at + putOffMs;
}

/** Whether a question that was put off stays so: for 30 days, and while the repository has not grown by half. */
export function isPutOff(putOff: PutOff | null, sizeKb: number, now: Instant): putOff is PutOff {
  // A time that is still to come tells of a clock that was put back.
  return putOff !== null && putOff.at <= now && now < askedAgainAt(putOff) && sizeKb <= putOff.sizeKb * grownFactor;
}

export interface SelectionDecision {
  readonly selection: Selection;
  /** A few plain words in lower case, such as `archived`; never empty for what a rule decided. */
  readonly reason: string;
}

/** Both without regard to case. */
export interface OnlyNever {
  /** Where it names anything, whatever it does not name is skipped. */
  readonly only: readonly string[];
  /** Wins over `only`. */
  readonly never: readonly string[];
}

export interface SelectionRules {
  /** `new-only`: what was starred before `newSince` is skipped. */
  readonly scope: 'all' | 'new-only';
  /** Read for the scope `new-only` alone. */
  readonly newSince: Instant;
  readonly owners: OnlyNever;
  /** A repository without a language is none of those named. */
  readonly languages: OnlyNever;
  /** One topic of the repository is enough for either list. */
  readonly topics: OnlyNever;
  /** Names of the person's GitHub Lists; one that the repository is on is enough for either. */
  readonly lists: OnlyNever;
  readonly forks: 'mirror' | 'skip';
  readonly archived: 'mirror' | 'skip';
  readonly privateOnes: 'mirror' | 'skip';
  /** Matched against the whole `owner/name`: `*` is any run of characters, `?` any one; see {@link matchesGlob}. */
  readonly namePatterns: OnlyNever;
  /** Larger ones by GitHub's figure, in kibibytes, are asked about; null: none. */
  readonly askAboveKb: number | null;
}

const everything: OnlyNever = { only: [], never: [] };

/** Mirrors every star. */
export const defaultSelectionRules: SelectionRules = {
  scope: 'all',
  newSince: 0,
  owners: everything,
  languages: everything,
  topics: everything,
  lists: everything,
  forks: 'mirror',
  archived: 'mirror',
  privateOnes: 'mirror',
  namePatterns: everything,
  askAboveKb: null,
};

/**
 * Whether the whole text fits a pattern of literal characters, `*` and `?`, without regard to case. Takes at most the
 * product of both lengths, whatever the pattern: it goes back to the last star alone.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const glob = pattern.toLowerCase();
  const chars = text.toLowerCase();
  let at = 0;
  let from = 0;
  let star = -1;
  let starFrom = 0;
  while (from < chars.length) {
    if (glob[at] === '*') {
      star = at;
      starFrom = from;
      at += 1;
    } else if (at < glob.length && (glob[at] === '?' || glob[at] === chars[from])) {
      at += 1;
      from += 1;
    } else if (star >= 0) {
      at = star + 1;
      starFrom += 1;
      from = starFrom;
    } else {
      return false;
    }
  }
  while (glob[at] === '*') at += 1;
  return at === glob.length;
}

function isNamed(list: readonly string[], values: readonly string[]): boolean {
  const wanted = new Set(values.map((value) => value.toLowerCase()));
  return list.some((entry) => wanted.has(entry.trim().toLowerCase()));
}

function isFitted(patterns: readonly string[], [fullName = '']: readonly string[]): boolean {
  return patterns.some((pattern) => matchesGlob(pattern.trim(), fullName));
}

/** Why the lists skip what has these values; null: they do not. */
function refusal(
  lists: OnlyNever,
  values: readonly string[],
  noun: string,
  isIn: (list: readonly string[], values: readonly string[]) => boolean,
): string | null {
  if (isIn(lists.never, values)) return `${noun} excluded`;
  return lists.only.length > 0 && !isIn(lists.only, values) ? `${noun} not chosen` : null;
}

function inLargeUnits(sizeKb: number): string {
  const rounded = (size: number): string => String(Math.round(size * 10) / 10);
  if (sizeKb >= 1_000_000) return `${rounded(sizeKb / 1_000_000)} GB`;
  return sizeKb >= 1_000 ? `${rounded(sizeKb / 1_000)} MB` : `${sizeKb} KB`;
}

function skipReason(
  rules: SelectionRules,
  facts: RepositoryFacts,
  starredAt: Instant,
  lists: readonly string[],
): string | null {
  if (rules.scope === 'new-only' && starredAt < rules.newSince) return 'starred earlier';
  if (rules.privateOnes === 'skip' && facts.isPrivate) return 'private';
  if (rules.archived === 'skip' && facts.isArchived) return 'archived';
  if (rules.forks === 'skip' && facts.isFork) return 'fork';
  const { owner } = splitFullName(facts.fullName);
  return (
    refusal(rules.owners, [owner], 'owner', isNamed) ??
    refusal(rules.languages, facts.language === null ? [] : [facts.language], 'language', isNamed) ??
    refusal(rules.topics, facts.topics, 'topic', isNamed) ??
    refusal(rules.lists, lists, 'list', isNamed) ??
    refusal(rules.namePatterns, [facts.fullName], 'name', isFitted)
  );
}

/**
 * What is to be done with a repository. A size above the limit is asked about only where no rule skips it.
 *
 * @param lists names of the GitHub Lists that it is on
 * @param putOff the question about its size that is not to be asked now, see {@link isPutOff}; null: there is none
 */
export function decideSelection(
  rules: SelectionRules,
  facts: RepositoryFacts,
  starredAt: Instant,
  choice: Choice | null,
  lists: readonly string[] = [],
  putOff: PutOff | null = null,
): SelectionDecision {
  if (choice === 'exclude') return { selection: 'skip', reason: 'excluded by you' };
  if (choice === 'include') return { selection: 'mirror', reason: 'included by you' };
  const skipped = skipReason(rules, facts, starredAt, lists);
  if (skipped !== null) return { selection: 'skip', reason: skipped };
  if (rules.askAboveKb !== null && facts.sizeKb > rules.askAboveKb) {
    if (putOff !== null) {
      const day = new Date(askedAgainAt(putOff)).toISOString().slice(0, 10);
      return { selection: 'skip', reason: `later: asked again on ${day}` };
    }
    return { selection: 'ask', reason: `larger than ${inLargeUnits(rules.askAboveKb)}` };
  }
  return { selection: 'mirror', reason: 'chosen by the rules' };
}
