/** @file What GitHub tells of a repository and of a star. Values only; knows nothing of HTTP, git or storage. */

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

/** In place of a time that nobody told, such as that of a star whose repository was found at the target alone. */
export const unknownTime: Instant = 0;

/** GitHub's numeric repository id: the identity. Names move and are reused by strangers, ids are not. */
export type GithubId = number;

/** What any GitHub answer about a repository carries, reduced to what epicstar uses. All texts are untrusted. */
export interface RepositoryFacts {
  readonly githubId: GithubId;
  readonly nodeId: string;
  /** `owner/name` as GitHub spells it today. */
  readonly fullName: string;
  readonly description: string | null;
  readonly defaultBranch: string;
  /** GitHub's own figure in kibibytes, recalculated lazily: an estimate, never a limit. */
  readonly sizeKb: number;
  readonly isPrivate: boolean;
  readonly isFork: boolean;
  readonly isArchived: boolean;
  readonly isDisabled: boolean;
  readonly hasWiki: boolean;
  /** Last push as GitHub saw it; null for a repository that never had one. Also moves for pushes to pull requests. */
  readonly pushedAt: Instant | null;
  readonly language: string | null;
  readonly licenseSpdx: string | null;
  readonly topics: readonly string[];
  readonly homepage: string | null;
  readonly htmlUrl: string;
}

export interface Star {
  readonly starredAt: Instant;
  readonly repository: RepositoryFacts;
}

export interface OwnerAndName {
  readonly owner: string;
  readonly name: string;
}

/** Splits `owner/name`. Throws RangeError for anything else: adapters refuse such names before they get here. */
export function splitFullName(fullName: string): OwnerAndName {
  const slash = fullName.indexOf('/');
  const owner = fullName.slice(0, Math.max(slash, 0));
  const name = fullName.slice(slash + 1);
  if (slash < 1 || name === '' || name.includes('/')) {
    throw new RangeError(`not a repository name of the form owner/name: ${JSON.stringify(fullName)}`);
  }
  return { owner, name };
}

/**
 * Whether a text can be a GitHub repository's full name: owner of 1 to 39 and name of 1 to 100 characters from
 * letters, digits, `-`, `_` and `.`; the name is neither `.` nor `..` (GitHub's own rules). Whatever fails this is
 * refused at the edge, since names end up in paths of the target.
 */
export function isFullName(text: string): boolean {
  const match = /^([A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,99}))\/([A-Za-z0-9._-]{1,100})$/.exec(text);
  return match !== null && match[2] !== '.' && match[2] !== '..';
}
