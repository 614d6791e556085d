/**
 * @file GitHub as the engine needs it. Every method rejects with an EpicstarError of a `github-*` code (or
 * `cancelled`) and with nothing else. One request at a time; implementations queue.
 */
import type { GithubId, Instant, RepositoryFacts, Star } from '../domain/repository.ts';
import type { GitRemote } from './git.ts';

export interface Viewer {
  readonly githubId: number;
  readonly login: string;
  /** OAuth scopes of a classic token; null where the token kind does not tell (fine-grained, GitHub App). */
  readonly scopes: readonly string[] | null;
}

export interface RateState {
  readonly limit: number;
  readonly remaining: number;
  readonly resetsAt: Instant;
}

/** The newest star and how many there are, from one small request. */
export interface StarHead {
  readonly newest: Star | null;
  readonly total: number;
}

export interface StarPage {
  /** Readable items. */
  readonly stars: readonly Star[];
  /** Items that were there but could not be read, with the reason: such a page is no evidence of absence. */
  readonly unreadable: readonly string[];
  readonly hasNext: boolean;
  /** Number of the last page as GitHub names it, null on the last page itself or where it was not told. */
  readonly lastPage: number | null;
}

/** One of the person's GitHub Lists. */
export interface StarList {
  readonly name: string;
  /** The repositories on it, as far as they can be read. */
  readonly githubIds: readonly GithubId[];
}

export type StarOrder = 'created' | 'updated';

/** What asking for one repository by its id gave. The failures that are verdicts are values. */
export type RepositoryLookup =
  | { readonly kind: 'found'; readonly repository: RepositoryFacts }
  | { readonly kind: 'gone' }
  | { readonly kind: 'blocked'; readonly reason: string; readonly noticeUrl: string | null };

export interface Github {
  /** For a person: the host, such as `github.com`. */
  readonly host: string;
  viewer(signal: AbortSignal): Promise<Viewer>;
  rate(signal: AbortSignal): Promise<RateState | null>;
  starHead(signal: AbortSignal): Promise<StarHead>;
  /**
   * One page of 100 stars, newest first in the given order.
   *
   * @param page from 1
   */
  starPage(order: StarOrder, page: number, signal: AbortSignal): Promise<StarPage>;
  /** The person's own Lists; null where this token or this GitHub does not let them be read. */
  lists(signal: AbortSignal): Promise<readonly StarList[] | null>;
  repositoryById(githubId: GithubId, signal: AbortSignal): Promise<RepositoryLookup>;
  /** Whether the person's star is on the repository that has this full name now. */
  isStarred(fullName: string, signal: AbortSignal): Promise<boolean>;
  /** Gives the person's star to the repository that has this full name now. */
  star(fullName: string, signal: AbortSignal): Promise<void>;
  /** Where git fetches a repository of this full name from, with the token scoped to that host. */
  remote(fullName: string): Promise<GitRemote>;
  /** Requests sent since start, conditional ones included. */
  requestCount(): number;
}
