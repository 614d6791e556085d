/** @file What the store keeps of what a person said of single mirrors: put away, or removed. */
import type { GithubId, Instant } from '../domain/repository.ts';
import type { CauseOfSelected, SelectionChange, SelectRepository } from './store.ts';

export interface StoreArchive {
  /**
   * Keeps that these mirrors are in the archive since `archivedAt` (null: not any more) and decides anew on them alone,
   * else as `chooseRepositories`. One that is in the archive already stays in it since when it was. Unknown ids are left
   * out.
   */
  archiveRepositories(
    githubIds: readonly GithubId[],
    archivedAt: Instant | null,
    at: Instant,
    select: SelectRepository,
    causeOf: CauseOfSelected,
  ): Promise<SelectionChange>;
  /** The mirror of this repository is no more: the project of this id; changes nothing if it has another one. */
  forgetMirror(githubId: GithubId, projectId: string): Promise<void>;
}
