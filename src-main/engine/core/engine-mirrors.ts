/** @file What a person asks of named mirrors, one at a time: to be compared, shown, restored, mirrored. */
import type { GithubId } from '../domain/repository.ts';
import type { KeptRef, RestoredRef } from './engine-api.ts';
import type { EngineParts } from './engine-parts.ts';
import { EngineProofs } from './engine-proofs.ts';
import { acceptBuilds, acceptLoss, askForMirrors } from './job-wishes.ts';
import { listKeptRefs, restoreKeptRef } from './kept-refs.ts';
import { NamesInWork } from './names-in-work.ts';

export abstract class EngineMirrors extends EngineProofs {
  protected readonly names = new NamesInWork();
  readonly #parts: EngineParts;

  constructor(parts: EngineParts) {
    super(parts);
    this.#parts = parts;
  }

  async keptRefs(githubId: GithubId, signal: AbortSignal): Promise<readonly KeptRef[]> {
    return listKeptRefs(this.#parts, await this.known(githubId), this.untilEnd(signal));
  }

  async restoreKeptRef(githubId: GithubId, keptRef: string, signal: AbortSignal): Promise<RestoredRef> {
    const ending = this.untilEnd(signal);
    const { fullName } = await this.known(githubId);
    // Whoever held the name may have moved the project.
    return this.names.hold(fullName, ending, async () =>
      restoreKeptRef(this.#parts, await this.known(githubId), keptRef, ending),
    );
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

  async mirrorBuilds(githubId: GithubId): Promise<boolean> {
    const isKnown = await acceptBuilds(this.#parts, githubId);
    this.jobsCame();
    return isKnown;
  }
}
