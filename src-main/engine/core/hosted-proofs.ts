/** @file The part of an engine's host about comparisons and restore drills: all of it goes to the engine of the hour. */
import type { Drill } from '../domain/proof.ts';
import type { GithubId } from '../domain/repository.ts';
import type { RepositoryRecord } from '../ports/store.ts';
import type { ProofFace, VerifyReport } from './proof-api.ts';

export abstract class HostedProofs implements ProofFace {
  async verify(githubId: GithubId, signal: AbortSignal): Promise<VerifyReport> {
    return (await this.engine()).verify(githubId, signal);
  }

  async beginComparing(githubIds: readonly GithubId[] | null): Promise<number> {
    return (await this.engine()).beginComparing(githubIds);
  }

  async endComparing(): Promise<void> {
    return (await this.engine()).endComparing();
  }

  async drill(githubId: GithubId, signal: AbortSignal): Promise<Drill> {
    return (await this.engine()).drill(githubId, signal);
  }

  async nextToDrill(): Promise<RepositoryRecord | null> {
    return (await this.engine()).nextToDrill();
  }

  async beginDrill(githubId: GithubId): Promise<void> {
    return (await this.engine()).beginDrill(githubId);
  }

  /** Waits while one is built. */
  protected abstract engine(): Promise<ProofFace>;
}
