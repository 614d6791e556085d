/** @file Whether the disk of the caches has room for what a run is about to fetch. */
import { EpicstarError } from '../domain/errors.ts';
import type { RepositoryFacts } from '../domain/repository.ts';
import type { Disk } from '../ports/disk.ts';
import { megabytes } from './mirror-refs.ts';

/** Free space that stays untouched beside what a fetch is estimated to take. */
export const reserveBytes = 256 * 1024 * 1024;

/**
 * @param isNew nothing of it is in the cache
 * @throws EpicstarError `disk-full`
 */
export async function checkDisk(disk: Disk, facts: RepositoryFacts, isNew: boolean): Promise<void> {
  // A known cache grows by what is new alone, which nobody can tell beforehand: then only the reserve is asked for.
  await checkRoom(disk, facts.fullName, isNew ? facts.sizeKb * 1024 : 0);
}

/**
 * @param bytes that are about to be written
 * @throws EpicstarError `disk-full`
 */
export async function checkRoom(disk: Disk, fullName: string, bytes: number): Promise<void> {
  const free = await disk.freeBytes();
  const needed = bytes + reserveBytes;
  if (free === null || free >= needed) return;
  throw new EpicstarError(
    'disk-full',
    `${fullName} needs about ${megabytes(needed)} MB and ${megabytes(free)} MB are free in ${disk.dataDir}.`,
    // Smaller ones go on.
    { data: { freeBytes: free, neededBytes: needed, concernsOne: free >= reserveBytes } },
  );
}
