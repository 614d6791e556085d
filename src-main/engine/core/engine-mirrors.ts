/** @file What a person asks of named mirrors, one at a time: to be compared, shown, restored, mirrored. */
import { EpicstarError } from '../domain/errors.ts';
import type { GithubId } from '../domain/repository.ts';
import type { RepositoryRecord } from '../ports/store.ts';
import type { KeptRef, RestoredRef, VerifyReport } from './engine-api.ts';
import type { EngineParts } from './engine-parts.ts';
import { EngineReads } from './engine-reads.ts';
import { acceptLoss, askForMirrors } from './job-wishes.ts';
import { listKeptRefs, restoreKeptRef } from './kept-refs.ts';
import { verifyMirror } from './verify-mirror.ts';

export abstract class EngineMirrors extends EngineReads {
  readonly #parts: EngineParts;

  constructor(parts: EngineParts) {
    super(parts);
    this.#parts = parts;
  }

  async keptRefs(githubId: GithubId, signal: AbortSignal): Promise<readonly KeptRef[]> {
    return listKeptRefs(this.#parts, await this.#known(githubId), this.untilEnd(signal));
  }

  async restoreKeptRef(githubId: GithubId, keptRef: string, signal: AbortSignal): Promise<RestoredRef> {
    return restoreKeptRef(this.#parts, await this.#known(githubId), keptRef, this.untilEnd(signal));
  }

  async verify(githubId: GithubId, signal: AbortSignal): Promise<VerifyReport> {
    return verifyMirror(this.#parts, await this.#known(githubId), this.untilEnd(signal));
  }

  async mirrorNow(githubIds: readonly GithubId[]): Promise<number> {
    const asked = await askForMirrors(this.#parts, githubIds);
    this.jobsCame();
    return asked;
  }

  async followLoss(githubId: GithubId): Promise<boolean> {
    const isKnown = await acceptLoss(this.#parts, githubId);
    this.jobsCame();
    return isKnown;
  }

  /** Jobs were asked for: they are begun, and everybody sees them. */
  protected abstract jobsCame(): void;

  async #known(githubId: GithubId): Promise<RepositoryRecord> {
    const repository = await this.#parts.store.repository(githubId);
    if (repository === null) throw new EpicstarError('config-invalid', `No repository has the GitHub id ${githubId}.`);
    return repository;
  }
}
