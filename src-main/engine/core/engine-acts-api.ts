/** @file What a person does with single mirrors, as every face of the product may ask for it. */
import type { ErrorRecord } from '../domain/errors.ts';
import type { GithubId } from '../domain/repository.ts';
import type { MirrorAct } from './act-journal.ts';

/** More than a person reads one by one are not acted on at once. */
export const mostActsAtOnce = 20;

/** What came of something that a person did with one mirror. */
export interface ActReport {
  readonly githubId: GithubId;
  readonly fullName: string;
  /**
   * `later`: the target could not be asked, or did not answer. An archived mirror is moved when it can be; of one that was
   * to be deleted it is found out whether it is still there, and until then it is left alone.
   */
  readonly state: 'done' | 'later' | 'failed';
  readonly error: ErrorRecord | null;
}

export interface DeletionWish {
  readonly githubId: GithubId;
  /** As the person typed it: the full name, without regard to case. */
  readonly typedName: string;
}

export interface EngineMirrorActs {
  /**
   * Puts these mirrors into the archive: their projects move there, and they are not mirrored any more until they are
   * brought back. At most 20 at once; rejects with `config-invalid` for more and for unknown ids.
   */
  archiveMirrors(githubIds: readonly GithubId[], signal: AbortSignal): Promise<readonly ActReport[]>;
  /** Back to their places, and mirrored again if that is wanted and upstream has them. Else as `archiveMirrors`. */
  bringBackMirrors(githubIds: readonly GithubId[], signal: AbortSignal): Promise<readonly ActReport[]>;
  /**
   * Deletes these mirrors at the target, for good, with all that they keep. They are left out from then on. Does nothing
   * and rejects with `config-invalid` unless each name was typed. Else as `archiveMirrors`.
   */
  deleteMirrors(wishes: readonly DeletionWish[], signal: AbortSignal): Promise<readonly ActReport[]>;
  /** What was archived, brought back and deleted, newest first, at most 500. */
  mirrorActs(): Promise<readonly MirrorAct[]>;
}
