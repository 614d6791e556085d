/**
 * @file Removes a mirror's directory for good. It is renamed out of its place first, and looked at again there: what is
 * removed is then what was looked at, and a crash leaves no half mirror in the place. Links in it are removed, never
 * followed.
 */
import { join } from 'node:path';
import { EpicstarError } from '../../domain/errors.ts';
import type { GithubId } from '../../domain/repository.ts';
import { type Disk, entryKind } from './disk.ts';
import { readRecord } from './record.ts';

/** Directories that a crash left in the middle of being removed; no owner on GitHub begins with a dot. */
const removedPrefix = '.epicstar-removed-';

/** @param path below the folder; each part of it was seen to be a real directory */
export async function removeMirror(disk: Disk, base: string, path: string, githubId: GithubId): Promise<void> {
  const doomed = join(base, `${removedPrefix}${githubId}`);
  await disk.rm(doomed, { recursive: true, force: true });
  await disk.rename(join(base, path), doomed);
  const isIt =
    (await entryKind(disk, doomed)) === 'directory' && (await readRecord(disk, doomed))?.githubId === githubId;
  if (!isIt) {
    await disk.rename(doomed, join(base, path));
    throw new EpicstarError('target-name-clash', `'${path}' changed in the middle.`);
  }
  await disk.rm(doomed, { recursive: true, force: true });
}

/** Ends what a crash interrupted. */
export async function removeLeftovers(disk: Disk, base: string): Promise<void> {
  for (const entry of await disk.readdir(base, { withFileTypes: true })) {
    const isLeft = entry.isDirectory() && entry.name.startsWith(removedPrefix);
    if (isLeft) await disk.rm(join(base, entry.name), { recursive: true, force: true });
  }
}
