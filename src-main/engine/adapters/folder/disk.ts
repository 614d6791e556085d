/** @file The file system as this adapter uses it, and translation of its errors into the closed set. */
import type { lstat, mkdir, open, readdir, readFile, realpath, rename, rm, rmdir, statfs } from 'node:fs/promises';
import { EpicstarError, toEpicstarError } from '../../domain/errors.ts';

/** The part of `node:fs/promises` that is used. */
export interface Disk {
  readonly lstat: typeof lstat;
  readonly mkdir: typeof mkdir;
  readonly open: typeof open;
  readonly readdir: typeof readdir;
  readonly readFile: typeof readFile;
  readonly realpath: typeof realpath;
  readonly rename: typeof rename;
  readonly rm: typeof rm;
  readonly rmdir: typeof rmdir;
  readonly statfs: typeof statfs;
}

export type EntryKind = 'missing' | 'directory' | 'file' | 'other';

/** What stands there; a symbolic link is `other`, whatever it points to. */
export async function entryKind(disk: Disk, path: string): Promise<EntryKind> {
  try {
    const stats = await disk.lstat(path);
    if (stats.isDirectory()) return 'directory';
    return stats.isFile() ? 'file' : 'other';
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 'missing';
    throw error;
  }
}

/** Writes beside it and renames, so that nobody ever sees half a file, not after a power cut either. */
export async function writeAtomically(disk: Disk, path: string, text: string): Promise<void> {
  const draft = `${path}.epicstar-new`;
  await disk.rm(draft, { force: true });
  await writeNew(disk, draft, text);
  await disk.rename(draft, path);
}

/** @throws where something stands there already */
export async function writeNew(disk: Disk, path: string, text: string): Promise<void> {
  const file = await disk.open(path, 'wx', 0o644);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

export function errorCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** @param folder for the text */
export function translateDiskError(error: unknown, folder: string): EpicstarError {
  const code = errorCode(error);
  if (error instanceof EpicstarError || code === null) return toEpicstarError(error);
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new EpicstarError('target-disk-full', `There is no space left for ${folder}.`, { cause: error });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS': {
      const right = `write access to ${folder}`;
      return new EpicstarError('target-right-missing', `Needed: ${right} (${code}).`, {
        cause: error,
        data: { right },
      });
    }
    case 'ENAMETOOLONG':
      return new EpicstarError('target-name-unfit', `A path in ${folder} is too long for its disk.`, { cause: error });
    case 'ENOENT':
    case 'EIO':
    case 'ENODEV':
    case 'ENXIO':
    case 'ESTALE':
    case 'ENOTCONN':
    case 'ETIMEDOUT':
    case 'EHOSTDOWN':
    case 'EHOSTUNREACH':
    case 'EBUSY':
    case 'EMFILE':
    case 'ENFILE':
      return new EpicstarError('target-unavailable', `${folder} cannot be reached (${code}).`, { cause: error });
    default:
      return new EpicstarError('target-unexpected', `${folder}: the file system says ${code}.`, { cause: error });
  }
}

/** Of the first of these places that is there; null where none tells. */
export async function freeBytesOf(disk: Disk, ...places: readonly string[]): Promise<number | null> {
  for (const place of places) {
    try {
      const { bavail, bsize } = await disk.statfs(place);
      return bavail * bsize;
    } catch (error) {
      if (errorCode(error) === null) throw error;
    }
  }
  return null;
}
