/** @file What the engine's face says of LFS files, wikis and submodules, and how a submodule is mirrored too. */
import { EpicstarError } from '../domain/errors.ts';
import type { GithubId } from '../domain/repository.ts';
import type { EngineExtrasReads, KnownSubmodule, RepositoryExtras } from './engine-extras-api.ts';
import { EngineActs } from './engine-acts.ts';
import type { LookReport } from './engine-api.ts';
import type { EngineParts } from './engine-parts.ts';

const mostShown = 200;

export abstract class EngineExtras extends EngineActs implements EngineExtrasReads {
  readonly #parts: Pick<EngineParts, 'store' | 'github'>;

  constructor(parts: EngineParts) {
    super(parts);
    this.#parts = parts;
  }

  async repositoryExtras(githubId: GithubId): Promise<RepositoryExtras> {
    const { lfs, wiki, submodules } = await this.#parts.store.extras(githubId);
    const shown: KnownSubmodule[] = [];
    for (const submodule of submodules.slice(0, mostShown)) {
      const { fullName } = submodule;
      shown.push({ ...submodule, known: fullName === null ? null : await this.#starred(fullName) });
    }
    return { lfs, wiki, submodules: shown, submoduleCount: submodules.length };
  }

  async starSubmodule(githubId: GithubId, fullName: string, signal: AbortSignal): Promise<GithubId | null> {
    const { store, github } = this.#parts;
    const { submodules } = await store.extras(githubId);
    const isOne = submodules.some((one) => one.fullName?.toLowerCase() === fullName.toLowerCase());
    if (!isOne) throw new EpicstarError('config-invalid', `${fullName} is no submodule of this repository.`);
    if ((await this.#starred(fullName)) === null) {
      await github.star(fullName, this.untilEnd(signal));
      await this.lookNow(false);
    }
    const found = await this.#starred(fullName);
    if (found === null) return null;
    await this.choose([found.githubId], 'include');
    return found.githubId;
  }

  abstract lookNow(full: boolean): Promise<LookReport>;

  async #starred(fullName: string): Promise<KnownSubmodule['known']> {
    const { store } = this.#parts;
    const known = await store.repositoryByName(fullName);
    if (known === null || known.absentSince !== null) return null;
    const [row] = await store.repositoryRows([known.githubId]);
    return row === undefined ? null : { githubId: known.githubId, state: row.state };
  }
}
