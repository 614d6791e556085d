/** @file A bare git repository as files: its first content, and its default branch. No git process is needed. */
import { join } from 'node:path';
import { EpicstarError } from '../../domain/errors.ts';
import { type Disk, entryKind, errorCode, writeAtomically, writeNew } from './disk.ts';
import { descriptionText, type MirrorRecord, recordFile, recordText } from './record.ts';

/** Branch that HEAD names in a new repository; it is the default as soon as it exists. */
export const firstBranch = 'main';

const config = `[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = true
`;

/** Fills a new directory with an empty repository in git's format version 0. */
export async function writeEmptyRepository(disk: Disk, dir: string, record: MirrorRecord): Promise<void> {
  await disk.mkdir(dir);
  for (const part of ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags']) {
    await disk.mkdir(join(dir, part), { recursive: true });
  }
  await writeNew(disk, join(dir, 'config'), config);
  await writeNew(disk, join(dir, 'description'), descriptionText(record));
  await writeNew(disk, join(dir, recordFile), recordText(record));
  await writeNew(disk, join(dir, 'HEAD'), `ref: refs/heads/${firstBranch}\n`);
}

/** By its parts, so that git never looks into what has a repository inside of it, or above. */
export async function isBareRepository(disk: Disk, dir: string): Promise<boolean> {
  const kinds = await Promise.all(['HEAD', 'objects', 'refs'].map((name) => entryKind(disk, join(dir, name))));
  return kinds.join(' ') === 'file directory directory';
}

/** Short name; null where HEAD names no branch or one that does not exist. */
export async function readDefaultBranch(disk: Disk, dir: string): Promise<string | null> {
  const head = await disk.readFile(join(dir, 'HEAD'), 'utf8');
  const branch = /^ref: refs\/heads\/(.+)\n?$/.exec(head)?.[1];
  return branch !== undefined && (await hasBranch(disk, dir, branch)) ? branch : null;
}

/** @throws EpicstarError `target-unexpected` where the branch does not exist */
export async function writeDefaultBranch(disk: Disk, dir: string, branch: string): Promise<void> {
  if (!(await hasBranch(disk, dir, branch))) {
    throw new EpicstarError('target-unexpected', `There is no branch ${JSON.stringify(branch)} in ${dir}.`);
  }
  await writeAtomically(disk, join(dir, 'HEAD'), `ref: refs/heads/${branch}\n`);
}

async function hasBranch(disk: Disk, dir: string, branch: string): Promise<boolean> {
  // What git allows in names keeps a path inside `refs/heads`; the rest is not looked for.
  const isName =
    branch.split('/').every((part) => part !== '' && !part.startsWith('.')) && !/[\p{Cc}\\:]/u.test(branch);
  if (!isName) return false;
  if ((await looseKind(disk, join(dir, 'refs', 'heads', ...branch.split('/')))) === 'file') return true;
  const packed = await readIfThere(disk, join(dir, 'packed-refs'));
  return packed.split('\n').some((line) => !line.startsWith('#') && line.endsWith(` refs/heads/${branch}`));
}

async function looseKind(disk: Disk, path: string): Promise<string> {
  try {
    return await entryKind(disk, path);
  } catch (error) {
    // A branch `a` where `a/b` is asked for.
    if (['ENOTDIR', 'ENAMETOOLONG'].includes(errorCode(error) ?? '')) return 'missing';
    throw error;
  }
}

async function readIfThere(disk: Disk, path: string): Promise<string> {
  try {
    return await disk.readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return '';
    throw error;
  }
}
