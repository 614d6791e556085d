/**
 * @file Where in OneDev the mirror of a repository stands, `<root>/<owner>/<name>`. Pure.
 *
 * [Note: names that do not fit] OneDev takes every name that GitHub allows (`.github` and `-x` too), with these
 * exceptions:
 * - a segment that ends in `.git`: git cuts that off a URL and finds another project,
 * - a segment `projects`: the page of that path shows the project above,
 * - a whole path of more than 255 characters: the server answers 500.
 *
 * Only such a segment is changed. A repository becomes `<name>+<GitHub id>`, cut in the middle where the path is too
 * long; an owner becomes `owner+<owner>`; in both, every `.` is written `+`. GitHub knows no `+` in names, so the
 * result is never the name of another repository or owner, and equal input gives equal output.
 */
import { EpicstarError } from '../../domain/errors.ts';
import { listFolder } from '../../domain/lists.ts';
import { type GithubId, splitFullName } from '../../domain/repository.ts';

/** Characters of a whole path, measured on 16.5.6. */
export const maxPathLength = 255;

export interface Place {
  /** Paths of all parents, the outermost first: `github`, `github/owner`. */
  readonly parents: readonly string[];
  readonly name: string;
  readonly path: string;
}

/**
 * Root path without slashes at its ends.
 *
 * @throws EpicstarError `config-invalid` where git could not reach projects below it
 */
export function parseRoot(text: string): string {
  const root = text.replace(/^\/+|\/+$/g, '');
  const fits = root.split('/').every((segment) => /^[A-Za-z0-9._-]+$/.test(segment) && !/^\.{1,2}$/.test(segment));
  if (!fits || /\.git(?:\/|$)/i.test(root)) {
    throw new EpicstarError(
      'config-invalid',
      'The root project must be made of letters, digits, `.`, `_`, `-` and `/`, and no part may end in `.git`.',
    );
  }
  return root;
}

/** Project below the root for mirrors that a person put away. No owner on GitHub begins with an underscore. */
const archiveName = '_archived';

/** Project below the root for mirrors that stand under a GitHub List. No owner begins with an underscore. */
const listsName = '_lists';

/** What owners stand below: the root itself, or `<root>/_lists/<List>`. */
export function rootOf(root: string, list: string | null): string {
  return list === null ? root : `${root}/${listsName}/${listFolder(list)}`;
}

/** Where a project would stand if it were under no List. */
export function withoutList(path: string, root: string): string {
  const prefix = `${root}/${listsName}/`;
  if (!path.toLowerCase().startsWith(prefix.toLowerCase())) return path;
  const below = path.slice(prefix.length);
  const slash = below.indexOf('/');
  return slash < 0 ? path : `${root}${below.slice(slash)}`;
}

/** @throws EpicstarError `target-name-unfit` where root and owner leave no room for a name */
export function placeOf(root: string, fullName: string, githubId: GithubId): Place {
  const { owner, name } = splitFullName(fullName);
  const isFree = !isShadowed(owner) && ![archiveName, listsName].includes(owner.toLowerCase());
  const ownerPath = `${root}/${isFree ? owner : `owner+${withoutDots(owner)}`}`;
  const room = maxPathLength - ownerPath.length - 1;
  const fitted = isShadowed(name) || name.length > room ? markedName(name, githubId, room) : name;
  return { parents: parentPaths(ownerPath), name: fitted, path: `${ownerPath}/${fitted}` };
}

/**
 * `<root>/_archived/<owner>+<name>`, which no other repository has.
 *
 * @throws EpicstarError `target-name-unfit` where the root leaves no room for a name
 */
export function archivePlaceOf(root: string, fullName: string, githubId: GithubId): Place {
  const { owner, name } = splitFullName(fullName);
  const parentPath = `${root}/${archiveName}`;
  const room = maxPathLength - parentPath.length - 1;
  const full = `${owner}+${name}`;
  const fitted = isShadowed(full) || full.length > room ? markedName(full, githubId, room) : full;
  return { parents: parentPaths(parentPath), name: fitted, path: `${parentPath}/${fitted}` };
}

/** Whether a path lies in the archive of this root. */
export function isInArchive(root: string, path: string): boolean {
  return path.toLowerCase().startsWith(`${root}/${archiveName}/`.toLowerCase());
}

/** Beside a place that something else has: `<name>+<its GitHub id>` in the same parent. */
export function besidePlace({ parents, name }: Place, githubId: GithubId): Place {
  const parentPath = parents.at(-1) ?? '';
  const beside = asideName(parentPath, name, githubId);
  return { parents, name: beside, path: `${parentPath}/${beside}` };
}

/** Name in the same parent for a mirror that has to make way for the repository that has its name today. */
export function asideName(parentPath: string, name: string, githubId: GithubId): string {
  return markedName(name, githubId, maxPathLength - parentPath.length - 1);
}

/** Whether git reaches a path as it stands: OneDev does not decode the paths of git URLs. */
export function isReachableByGit(path: string): boolean {
  return path
    .split('/')
    .every((segment) => /^[A-Za-z0-9._~!$&'()*+,;=:@-]+$/.test(segment) && !/^\.{1,2}$|\.git$/i.test(segment));
}

/** Path of the parent, null for a root. */
export function parentPathOf(path: string): string | null {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? null : path.slice(0, slash);
}

/** OneDev compares without regard to case. */
export function isSamePath(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function isShadowed(segment: string): boolean {
  return /^projects$|\.git$/i.test(segment);
}

function withoutDots(segment: string): string {
  return segment.replaceAll('.', '+');
}

function markedName(name: string, githubId: GithubId, room: number): string {
  const suffix = `+${githubId}`;
  if (room <= suffix.length) {
    throw new EpicstarError('target-name-unfit', `Paths in OneDev have at most ${maxPathLength} characters.`);
  }
  return `${withoutDots(name).slice(0, room - suffix.length)}${suffix}`;
}

/** The path itself and those above it, the outermost first. */
export function parentPaths(path: string): readonly string[] {
  const segments = path.split('/');
  return segments.map((_, index) => segments.slice(0, index + 1).join('/'));
}
