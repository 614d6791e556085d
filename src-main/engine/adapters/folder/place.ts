/**
 * @file Where in the folder the mirror of a repository stands, `<owner>/<name>.git`. Pure.
 *
 * [Note: names that do not fit] A folder may lie on a disk of any system and be carried from one to another, so names
 * must fit all of them. Every name that GitHub allows does (`.github` and `-x` too), with these exceptions:
 * - what Windows keeps for devices, with any ending: `CON`, `PRN`, `AUX`, `NUL`, `COM0`…`COM9`, `LPT0`…`LPT9`,
 *   `CONIN$`, `CONOUT$`,
 * - an owner that ends in a dot, which Windows drops,
 * - an owner that ends in `.git`, which git takes for a repository.
 *
 * Only such a name is changed: a repository becomes `<name>+<GitHub id>`, an owner `owner+<owner>`; in both, every `.`
 * is written `+`. GitHub knows no `+` in names, so the result is never the name of another one.
 *
 * Names that differ in case alone are one name here: they could not stand beside each other on every disk.
 */
import { type GithubId, splitFullName } from '../../domain/repository.ts';

export interface Place {
  readonly owner: string;
  /** Directory below the owner's, with `.git`. */
  readonly repository: string;
}

/** Directory beside the owners for mirrors that a person put away. No owner on GitHub begins with an underscore. */
const archiveName = '_archived';

export function placeOf(fullName: string, githubId: GithubId): Place {
  const { owner, name } = splitFullName(fullName);
  const ownerFits = !isDevice(owner) && !/\.$|\.git$/i.test(owner) && !isSameName(owner, archiveName);
  return {
    owner: ownerFits ? owner : `owner+${withoutDots(owner)}`,
    repository: `${isDevice(name) ? markedName(name, githubId) : name}.git`,
  };
}

/** Whether `owner/name.git` lies in the archive. */
export function isInArchive(path: string): boolean {
  return path.toLowerCase().startsWith(`${archiveName}/`);
}

/** `_archived/<owner>+<name>.git`, which no other repository has. */
export function archivePlaceOf(fullName: string): Place {
  const { owner, name } = splitFullName(fullName);
  return { owner: archiveName, repository: `${owner}+${name}.git` };
}

/** Directory beside it for a mirror that has to make way for the repository that has its name today. */
export function asideRepository(repository: string, githubId: GithubId): string {
  return `${markedName(repository.replace(/\.git$/i, ''), githubId)}.git`;
}

export function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function isDevice(name: string): boolean {
  return /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9]|conin\$|conout\$)(?:\.|$)/i.test(name);
}

function withoutDots(name: string): string {
  return name.replaceAll('.', '+');
}

function markedName(name: string, githubId: GithubId): string {
  return `${withoutDots(name)}+${githubId}`;
}
