/** @file What is remembered of LFS files, submodules and wikis. A part of the port `Store`. */
import type { Extras, LfsPointer } from '../domain/extras.ts';
import type { GithubId, Instant } from '../domain/repository.ts';

export interface ExtrasStore {
  /** `noExtras` for what was never looked at. */
  extras(githubId: GithubId): Promise<Extras>;
  /** Replaces all but the pointers, and adds to those. */
  writeExtras(githubId: GithubId, extras: Extras, newPointers: readonly LfsPointer[]): Promise<void>;
  /** Every pointer that was ever found, by oid. */
  lfsPointers(githubId: GithubId): Promise<readonly LfsPointer[]>;
  /** Starred repositories that are mirrored and have something to try again by now, the longest due first. */
  dueExtras(at: Instant, most: number): Promise<readonly GithubId[]>;
}
