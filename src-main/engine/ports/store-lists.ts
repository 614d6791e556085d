/**
 * @file What the store keeps of the person's GitHub Lists, of where mirrors were put because of them, and of mirrors that
 * carry a definition of builds.
 */
import type { GithubId } from '../domain/repository.ts';

export interface KnownList {
  readonly name: string;
  readonly githubIds: readonly GithubId[];
}

/** What was done at the target for one mirror because of Lists. */
export interface ListMark {
  /** The List under whose parent it was put; null: none. */
  readonly place: string | null;
  /** Names of the Lists whose labels it was given. */
  readonly labels: readonly string[];
}

export interface StoreLists {
  /** Replaces all that is known of them. Lists of equal names are one; ids need not be known. */
  writeLists(lists: readonly KnownList[]): Promise<void>;
  /** Of all mirrors that have any: whoever is missing has neither place nor labels. */
  listMarks(): Promise<ReadonlyMap<GithubId, ListMark>>;
  /** Changes nothing for an unknown repository. */
  markList(githubId: GithubId, change: Partial<ListMark>): Promise<void>;
  /** How many branches and tags of the mirror carry a definition of builds; 0: none. Nothing for an unknown one. */
  writeBuildRefs(githubId: GithubId, refs: number): Promise<void>;
  /** How many mirrors carry one. */
  countBuildMirrors(): Promise<number>;
}
