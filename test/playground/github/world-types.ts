/** @file What the stand-in knows about users and repositories; must not know HTTP. */

export interface UserSpec {
  readonly login: string;
  readonly name?: string;
  readonly email?: string | null;
}

export interface User {
  readonly id: number;
  readonly login: string;
  readonly name: string;
  readonly email: string | null;
  readonly createdAtMs: number;
}

/** All times are milliseconds since 1970 and are shown in whole seconds. */
export interface RepositorySpec {
  /** `owner/name`; the name is free afterwards only by `rename`, `remove` or `reuseName`. */
  readonly fullName: string;
  /** Several repositories may share one; without it git sees an empty repository. */
  readonly bareDir?: string | undefined;
  readonly wikiDir?: string | undefined;
  readonly private?: boolean | undefined;
  readonly fork?: boolean | undefined;
  readonly archived?: boolean | undefined;
  readonly disabled?: boolean | undefined;
  readonly topics?: readonly string[] | undefined;
  readonly language?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly homepage?: string | null | undefined;
  /** An SPDX id such as `MIT`, or null. */
  readonly license?: string | null | undefined;
  /** Default: what HEAD of the bare repository names, or `main`. */
  readonly defaultBranch?: string | undefined;
  readonly hasWiki?: boolean | undefined;
  readonly sizeKb?: number | undefined;
  readonly createdAtMs?: number | undefined;
  /** Default: now, or null where the bare repository has no refs. */
  readonly pushedAtMs?: number | null | undefined;
}

export type BlockReason = 'dmca' | 'tos';

/** A row of the world. The world alone changes it. */
export interface Repository {
  readonly id: number;
  owner: string;
  name: string;
  bareDir: string | null;
  /** Null: it has no wiki, whatever `hasWiki` says. */
  wikiDir: string | null;
  private: boolean;
  fork: boolean;
  archived: boolean;
  disabled: boolean;
  topics: readonly string[];
  language: string | null;
  description: string | null;
  homepage: string | null;
  license: string | null;
  defaultBranch: string;
  hasWiki: boolean;
  sizeKb: number;
  stargazers: number;
  createdAtMs: number;
  updatedAtMs: number;
  pushedAtMs: number | null;
  /** No longer readable by the signed-in users: made private by its owner. */
  hidden: boolean;
  blocked: BlockReason | null;
}

export interface Star {
  readonly repository: Repository;
  readonly starredAtMs: number;
  /** Order of starring, which breaks ties within a second. */
  readonly sequence: number;
}

/** Where a name leads. */
export type Lookup =
  | { readonly kind: 'found'; readonly repository: Repository }
  | { readonly kind: 'moved'; readonly repository: Repository }
  | { readonly kind: 'missing' };

export function fullNameOf(repository: Pick<Repository, 'owner' | 'name'>): string {
  return `${repository.owner}/${repository.name}`;
}

/** Follows from the login, so that owners need no account here; the same in every run. */
export function userIdOf(login: string): number {
  let hash = 7;
  for (const char of login.toLowerCase()) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 99_999_989;
  return 100_000_000 + hash;
}

/** Here the owner alone administers a repository. */
export function isOwnedBy(repository: Pick<Repository, 'owner'>, login: string | null): boolean {
  return repository.owner.toLowerCase() === login?.toLowerCase();
}
