/** @file What can be asked of the store: filters, pages, orders, counts over time. Types alone. */
import type { RunOutcome } from '../domain/job.ts';
import type { GithubId, Instant } from '../domain/repository.ts';
import type { Selection } from '../domain/selection.ts';

export interface Page<T> {
  readonly items: readonly T[];
  /** Number of all that match, not only of this page. */
  readonly total: number;
}

export interface PageRequest {
  /** From 0. */
  readonly offset: number;
  /** 1 to 200. */
  readonly limit: number;
}

export const repositoryStates = [
  'unknown',
  'queued',
  'running',
  'waiting',
  'mirrored',
  'failed',
  'excluded',
  'asks',
] as const;
/**
 * What a person sees as the state of a repository: that of its job while it is under way; else, without a mirror,
 * `excluded` or `asks` by its selection; else by its newest job and its mirror. A job that failed because upstream is
 * gone for certain says nothing of a mirror that is there: it is `mirrored`.
 */
export type RepositoryState = (typeof repositoryStates)[number];

/** All that is named must hold; what is absent, null or an empty list narrows nothing. */
export interface RepositoryFilter {
  /**
   * Every word of it must be found in the full name, the description or a topic, anywhere in a word, without regard
   * to case and diacritics. Words are parted by white space alone: punctuation is looked for as it is written.
   */
  readonly text: string;
  readonly state: RepositoryState | null;
  readonly states?: readonly RepositoryState[] | null;
  /** Without regard to case; an empty text stands for repositories without a language. */
  readonly languages?: readonly string[] | null;
  /** Without regard to case. */
  readonly owners?: readonly string[] | null;
  /** On one of these GitHub Lists, without regard to case; an empty text stands for repositories on none. */
  readonly lists?: readonly string[] | null;
  readonly isPrivate?: boolean | null;
  readonly isArchived?: boolean | null;
  readonly isFork?: boolean | null;
  /** Inclusive, like `maxSizeKb`. */
  readonly minSizeKb?: number | null;
  readonly maxSizeKb?: number | null;
  readonly selection?: Selection | null;
  readonly isAbsent?: boolean | null;
  /** Whether the mirror is all there is: upstream is gone or blocked, for certain. */
  readonly isRescued?: boolean | null;
  /** Whether its last comparison found a difference, or could not be made. */
  readonly isUnproven?: boolean | null;
  /** Whether something is known to be missing in the mirror. */
  readonly isIncomplete?: boolean | null;
}

export const repositoryOrders = ['name', 'starred', 'size', 'verified', 'stalest', 'pushed'] as const;
export type RepositoryOrder = (typeof repositoryOrders)[number];

export interface RepositoryQuery extends PageRequest, RepositoryFilter {
  /** Largest or newest first, `name` by name; `stalest`: what was never or longest not verified first. */
  readonly order: RepositoryOrder;
  /** Whether large, new and late in the alphabet come first; absent: as the order says. */
  readonly descending?: boolean | null;
}

export interface FacetCount {
  /** As one of the repositories spells it; empty: without a language. */
  readonly value: string;
  readonly count: number;
}

/** Each list keeps to all filters but its own, so that it tells what choosing another of its values would add. */
export interface RepositoryFacets {
  /** The most frequent first. */
  readonly languages: readonly FacetCount[];
  /** The same, at most 100. */
  readonly owners: readonly FacetCount[];
  /** By name; a repository counts on each of its GitHub Lists. Those on none have an empty name, and are the last. */
  readonly lists: readonly FacetCount[];
  readonly states: Readonly<Record<RepositoryState, number>>;
}

export interface RunQuery extends PageRequest {
  readonly githubId: GithubId | null;
  readonly outcome: RunOutcome | null;
  /** Finished at or after. */
  readonly since: Instant | null;
  /** Finished before. */
  readonly until?: Instant | null;
  /** Every word of it must be found in the full name that the run had, without regard to case. */
  readonly text?: string | null;
}

export type OutcomeCounts = Readonly<Record<RunOutcome, number>>;

export interface SizeShare {
  /** As one of the repositories spells it; empty: without a language. */
  readonly value: string;
  /** Sum of GitHub's figures in kibibytes. */
  readonly sizeKb: number;
  readonly count: number;
}

export interface SizeShares {
  /** The largest first. */
  readonly items: readonly SizeShare[];
  /** All others together. */
  readonly rest: { readonly sizeKb: number; readonly count: number };
}
