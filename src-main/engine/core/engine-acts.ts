/** @file What a person does with single mirrors, as the engine's face offers it: archive, bring back, delete. */
import type { GithubId } from '../domain/repository.ts';
import type { MirrorAct } from './act-journal.ts';
import type { ActReport, DeletionWish, EngineMirrorActs } from './engine-acts-api.ts';
import type { EngineParts } from './engine-parts.ts';
import { EngineSelection } from './engine-selection.ts';
import { MirrorActs } from './mirror-acts.ts';
import { RepositoriesInHand } from './repositories-in-hand.ts';

/** A running job may have a successor, and while both are ended another may be asked for. */
const mostJobs = 5;

export abstract class EngineActs extends EngineSelection implements EngineMirrorActs {
  protected readonly inHand = new RepositoriesInHand();
  protected readonly acts: MirrorActs;
  readonly #store: EngineParts['store'];

  constructor(parts: EngineParts) {
    super(parts);
    this.#store = parts.store;
    this.acts = new MirrorActs({
      ...parts,
      names: this.names,
      inHand: this.inHand,
      archive: (githubIds, archivedAt) => this.selection.archive(githubIds, archivedAt),
      choose: (githubIds, choice) => this.selection.choose(githubIds, choice),
      endJobsOf: (githubId) => this.#endJobsOf(githubId),
      dropCache: (githubId) => this.dropCache(githubId),
      onChange: (githubIds) => this.rowsChanged(githubIds),
    });
  }

  archiveMirrors(githubIds: readonly GithubId[], signal: AbortSignal): Promise<readonly ActReport[]> {
    return this.acts.archive(githubIds, this.untilEnd(signal));
  }

  bringBackMirrors(githubIds: readonly GithubId[], signal: AbortSignal): Promise<readonly ActReport[]> {
    return this.acts.bringBack(githubIds, this.untilEnd(signal));
  }

  deleteMirrors(wishes: readonly DeletionWish[], signal: AbortSignal): Promise<readonly ActReport[]> {
    return this.acts.delete(wishes, this.untilEnd(signal));
  }

  mirrorActs(): Promise<readonly MirrorAct[]> {
    return this.acts.done();
  }

  abstract cancelJob(jobId: number): Promise<boolean>;
  protected abstract dropCache(githubId: GithubId): Promise<void>;

  async #endJobsOf(githubId: GithubId): Promise<void> {
    for (let turn = 0; turn < mostJobs; turn += 1) {
      const [row] = await this.#store.repositoryRows([githubId]);
      const job = row?.job ?? null;
      if (job === null || job.finishedAt !== null) return;
      await this.cancelJob(job.id);
    }
  }
}
