/** @file What rules would come to, in numbers. Pure. */
import type { GithubId, Instant, RepositoryFacts } from './repository.ts';
import { splitFullName } from './repository.ts';
import { type Choice, decideSelection, type Selection, type SelectionRules } from './selection.ts';

/** Sizes are GitHub's figures in kibibytes: estimates. */
export interface Amount {
  readonly count: number;
  readonly sizeKb: number;
}

export interface Facet {
  readonly value: string;
  readonly count: number;
}

/** What there is to choose from, the most frequent first. */
export interface SelectionChoices {
  readonly owners: readonly Facet[];
  /** Empty: repositories without a language. */
  readonly languages: readonly Facet[];
  readonly topics: readonly Facet[];
  /** Null: they cannot be read with this token, or were not yet. */
  readonly lists: readonly Facet[] | null;
}

export interface SelectionPreview {
  readonly repositories: number;
  readonly mirror: Amount;
  readonly skip: Amount;
  readonly ask: Amount;
  /** The largest of those that would be mirrored, at most 10. */
  readonly largest: readonly { readonly githubId: GithubId; readonly fullName: string; readonly sizeKb: number }[];
  /** Where the caches are; null: not known. */
  readonly freeBytesHere: number | null;
  /** Null: the target does not tell. */
  readonly freeBytesAtTarget: number | null;
  readonly choices: SelectionChoices;
}

export interface PreviewedRepository extends RepositoryFacts {
  readonly starredAt: Instant;
  readonly absentSince: Instant | null;
  readonly choice: Choice | null;
  /** Not null: it is skipped whatever the rules say. */
  readonly archivedAt: Instant | null;
}

const mostLargest = 10;
const mostFacets = 100;

/** Counts starred repositories alone; what left the starred list is not decided on any more. */
export function previewRules(
  rules: SelectionRules,
  repositories: readonly PreviewedRepository[],
  listsOf: (githubId: GithubId) => readonly string[],
): Pick<SelectionPreview, 'repositories' | 'largest' | Selection> {
  const amounts: Record<Selection, { count: number; sizeKb: number }> = {
    mirror: { count: 0, sizeKb: 0 },
    skip: { count: 0, sizeKb: 0 },
    ask: { count: 0, sizeKb: 0 },
  };
  const starred = repositories.filter(({ absentSince }) => absentSince === null);
  const mirrored = starred.filter((each) => {
    const decided = decideSelection(rules, each, each.starredAt, each.choice, listsOf(each.githubId));
    const selection = each.archivedAt === null ? decided.selection : 'skip';
    amounts[selection].count += 1;
    amounts[selection].sizeKb += each.sizeKb;
    return selection === 'mirror';
  });
  const largest = mirrored
    .toSorted((a, b) => b.sizeKb - a.sizeKb)
    .slice(0, mostLargest)
    .map(({ githubId, fullName, sizeKb }) => ({ githubId, fullName, sizeKb }));
  return { repositories: starred.length, ...amounts, largest };
}

/** @param lists the person's GitHub Lists; null: not known */
export function choicesAmong(
  repositories: readonly PreviewedRepository[],
  lists: readonly { readonly name: string; readonly githubIds: readonly GithubId[] }[] | null,
): SelectionChoices {
  const starred = repositories.filter(({ absentSince }) => absentSince === null);
  return {
    owners: countValues(starred.map(({ fullName }) => splitFullName(fullName).owner)),
    languages: countValues(starred.map(({ language }) => language ?? '')),
    topics: countValues(starred.flatMap(({ topics }) => topics)),
    lists: lists?.map(({ name, githubIds }) => ({ value: name, count: githubIds.length })).slice(0, mostFacets) ?? null,
  };
}

function countValues(values: readonly string[]): readonly Facet[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, mostFacets);
}
