/** @file What belongs to a repository beside branches and tags, as every face of the product may ask for it. */
import type { LfsState, WikiState } from '../domain/extras.ts';
import type { GithubId } from '../domain/repository.ts';
import type { RepositoryState } from '../ports/store.ts';

export interface KnownSubmodule {
  readonly path: string;
  readonly address: string;
  /** `owner/name` where it is on the same GitHub, else null. */
  readonly fullName: string | null;
  /** The repository of this name, where one is known here and in the starred list. */
  readonly known: { readonly githubId: GithubId; readonly state: RepositoryState } | null;
}

export interface RepositoryExtras {
  readonly lfs: LfsState | null;
  readonly wiki: WikiState | null;
  /** At most 200. */
  readonly submodules: readonly KnownSubmodule[];
  readonly submoduleCount: number;
}

export interface EngineExtrasReads {
  /** What was found when its commits were read last; empty for what was never mirrored. */
  repositoryExtras(githubId: GithubId): Promise<RepositoryExtras>;
  /**
   * Gives the person's star to a submodule of this repository, and mirrors it whatever the rules say: nothing is mirrored
   * without a star. Rejects with `config-invalid` for what is no submodule of it, `github-scope-missing` where the token
   * may not give stars, else as GitHub does.
   *
   * @returns its id; null where the next look has to find it
   */
  starSubmodule(githubId: GithubId, fullName: string, signal: AbortSignal): Promise<GithubId | null>;
}
