/** @file What the settings page and `doctor` tell about the folder: it is written to for real, and left as it was. */
import { dirname, join } from 'node:path';
import { EpicstarError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CheckItem } from '../../ports/mirror-target.ts';
import { type Disk, type EntryKind, entryKind, errorCode, translateDiskError, writeNew } from './disk.ts';

const lowSpaceBytes = 1e9;

/** @throws EpicstarError `cancelled` alone */
export async function checkFolder(
  disk: Disk,
  folder: string,
  clock: Clock,
  signal: AbortSignal,
  onItem?: (item: CheckItem) => void,
): Promise<readonly CheckItem[]> {
  const items: CheckItem[] = [];
  const look = async (name: string, find: () => Promise<Omit<CheckItem, 'name'>>): Promise<boolean> => {
    if (signal.aborted) throw new EpicstarError('cancelled', '', { cause: signal.reason });
    try {
      items.push({ name, ...(await find()) });
    } catch (error) {
      const known = translateDiskError(error, folder);
      items.push({ name, state: 'failed', finding: known.message, nextStep: known.nextStep });
    }
    const item = items.at(-1);
    if (item !== undefined) onItem?.(item);
    return item?.state !== 'failed';
  };
  let dir = folder;
  const isReached = await look('reached', async () => {
    const kind = await kindBehindLinks(disk, folder);
    if (kind === 'directory') return ok(`${folder} is there.`);
    if (kind !== 'missing') return failed(`${folder} is not a directory.`, 'Choose another folder.');
    dir = dirname(folder);
    if ((await kindBehindLinks(disk, dir)) === 'directory')
      return ok(`${folder} is not there yet; it is made when needed.`);
    return failed(`${folder} is not there, and ${dir} is not either.`, 'Plug in its disk, or make the folder.');
  });
  if (!isReached) return items;
  const probe = join(dir, `.epicstar-check-${Math.trunc(clock.now()).toString(36)}-aB`);
  const isWritable = await look('write', async () => {
    await writeNew(disk, probe, 'written by a check of epicstar\n');
    return ok('Files can be written.');
  });
  if (isWritable) {
    await look('upper and lower case', async () => {
      const isSensitive = (await entryKind(disk, probe.replace(/aB$/, 'Ab'))) === 'missing';
      if (isSensitive) return ok('The disk tells upper from lower case.');
      return warn('The disk takes names that differ in case alone for one: of two such branches one is refused.');
    });
    await look('clean up', async () => {
      await disk.rm(probe);
      return ok('What the check wrote is removed.');
    });
  }
  await look('free space', async () => {
    const { bavail, bsize } = await disk.statfs(dir);
    const freeBytes = bavail * bsize;
    const finding = `${(freeBytes / 1e9).toFixed(1)} GB are free.`;
    return freeBytes < lowSpaceBytes ? { ...warn(finding), nextStep: 'Free some space.' } : ok(finding);
  });
  return items;
}

function ok(finding: string): Omit<CheckItem, 'name'> {
  return { state: 'ok', finding, nextStep: null };
}

function warn(finding: string): Omit<CheckItem, 'name'> {
  return { state: 'warning', finding, nextStep: null };
}

function failed(finding: string, nextStep: string): Omit<CheckItem, 'name'> {
  return { state: 'failed', finding, nextStep };
}

async function kindBehindLinks(disk: Disk, path: string): Promise<EntryKind> {
  try {
    return await entryKind(disk, await disk.realpath(path));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 'missing';
    throw error;
  }
}
