/** @file All mirrors in a folder, by their records. Reads alone, and follows no links below the folder. */
import { join } from 'node:path';
import { EpicstarError } from '../../domain/errors.ts';
import { isFullName } from '../../domain/repository.ts';
import type { HeldMirror, HeldMirrors } from '../../ports/mirror-target.ts';
import { type Disk, entryKind, errorCode } from './disk.ts';
import { isInArchive } from './place.ts';
import { type MirrorRecord, readRecord, recordFile } from './record.ts';

interface Found {
  /** `owner/name.git`, as the directories are spelled. */
  readonly path: string;
  readonly record: MirrorRecord;
}

/** See MirrorTarget.list. Rejects as the disk does. */
export async function listHeldMirrors(disk: Disk, folder: string, signal: AbortSignal): Promise<HeldMirrors> {
  const base = await disk.realpath(folder);
  const claims = new Map<number, Found[]>();
  const unreadable: string[] = [];
  for (const owner of await directoriesIn(disk, base)) {
    if (signal.aborted) throw new EpicstarError('cancelled', '', { cause: signal.reason });
    for (const repository of await unlessClosed(() => directoriesIn(disk, join(base, owner)), [])) {
      if (!/\.git$/i.test(repository)) continue;
      const path = `${owner}/${repository}`;
      const record = await unlessClosed(() => readRecord(disk, join(base, path)), null);
      if (record !== null && isFullName(record.fullName) && Number.isSafeInteger(record.githubId)) {
        claims.set(record.githubId, [...(claims.get(record.githubId) ?? []), { path, record }]);
      } else if (record !== null || (await hasRecord(disk, join(base, path)))) {
        unreadable.push(`'${path}' has a record that does not say which repository it mirrors.`);
      }
    }
  }
  const mirrors = [...claims.values()].flatMap((claimants): HeldMirror[] => {
    const isInPlace = ({ path, record }: Found): boolean =>
      path.toLowerCase() === `${record.fullName}.git`.toLowerCase();
    const first = claimants.findLast(isInPlace) ?? claimants[0];
    if (first === undefined) return [];
    const { githubId, fullName, description, url: htmlUrl } = first.record;
    const projectAt = ({ path }: Found) => ({ id: String(githubId), path, webUrl: null });
    const copies = claimants.filter((one) => one !== first).map(projectAt);
    const isArchived = isInArchive(first.path);
    return [{ githubId, fullName, description, htmlUrl, isArchived, project: projectAt(first), copies }];
  });
  return { mirrors: mirrors.sort((a, b) => a.githubId - b.githubId), unreadable };
}

/** Directories of ours beside the owners begin with a dot, and no owner on GitHub does. */
async function directoriesIn(disk: Disk, dir: string): Promise<readonly string[]> {
  const entries = await disk.readdir(dir, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return names.filter((name) => !name.startsWith('.epicstar-')).sort();
}

async function hasRecord(disk: Disk, dir: string): Promise<boolean> {
  return (await unlessClosed(() => entryKind(disk, join(dir, recordFile)), 'missing')) !== 'missing';
}

/** What may not be read is not ours: `lost+found` and the like. */
async function unlessClosed<T>(read: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (['EACCES', 'EPERM'].includes(errorCode(error) ?? '')) return otherwise;
    throw error;
  }
}
