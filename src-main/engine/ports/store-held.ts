/** @file What a store learns from the target about mirrors that it did not make itself. */
import type { GithubId, Instant, RepositoryFacts } from '../domain/repository.ts';

export interface MirrorPlace {
  readonly projectId: string;
  readonly projectPath: string;
  readonly projectUrl: string | null;
}

/** A mirror that was found at the target. */
export interface FoundMirror {
  /** What is written on it, the rest blank: used where the repository is not known. */
  readonly facts: RepositoryFacts;
  readonly place: MirrorPlace;
  /** Other projects that claim the same repository. */
  readonly copies: readonly MirrorPlace[];
}

export interface Adoption {
  /** Repositories that were not known. */
  readonly entered: readonly GithubId[];
  /** Known ones that had no mirror, or one that is no longer there. */
  readonly placed: readonly GithubId[];
  /** Mirrors that stand elsewhere than was known. */
  readonly moved: readonly GithubId[];
}

export interface HeldStore {
  /**
   * Takes note of mirrors that were found, so that work goes on from them. One of a repository that is not known enters
   * as absent since `at`, and is to be asked about at once. A mirror that is known, by its project's id, keeps what was
   * proven of it; of any other nothing is: its `verifiedAt` is `unknownTime`. Asks for no jobs. The second time changes
   * nothing.
   */
  adoptMirrors(found: readonly FoundMirror[], at: Instant): Promise<Adoption>;
}
