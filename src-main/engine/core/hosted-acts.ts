/** @file A person's acts on single mirrors, handed on to whichever engine there is now. */
import type { GithubId } from '../domain/repository.ts';
import type { MirrorAct } from './act-journal.ts';
import type { ActReport, DeletionWish, EngineMirrorActs } from './engine-acts-api.ts';
import { HostedProofs } from './hosted-proofs.ts';
import type { ProofFace } from './proof-api.ts';

export abstract class HostedActs extends HostedProofs implements EngineMirrorActs {
  async archiveMirrors(githubIds: readonly GithubId[], signal: AbortSignal): Promise<readonly ActReport[]> {
    return (await this.engine()).archiveMirrors(githubIds, signal);
  }

  async bringBackMirrors(githubIds: readonly GithubId[], signal: AbortSignal): Promise<readonly ActReport[]> {
    return (await this.engine()).bringBackMirrors(githubIds, signal);
  }

  async deleteMirrors(wishes: readonly DeletionWish[], signal: AbortSignal): Promise<readonly ActReport[]> {
    return (await this.engine()).deleteMirrors(wishes, signal);
  }

  async mirrorActs(): Promise<readonly MirrorAct[]> {
    return (await this.engine()).mirrorActs();
  }

  protected abstract override engine(): Promise<EngineMirrorActs & ProofFace>;
}
