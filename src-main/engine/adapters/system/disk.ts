/** @file The disk that the data directory is on. */
import { randomUUID } from 'node:crypto';
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Disk } from '../../ports/disk.ts';

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Bytes free for this user on the disk of a folder, or of the nearest folder above it that exists. */
async function freeBytesAt(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    const above = dirname(folder);
    return above === folder ? null : freeBytesAt(above);
  }
}

export function createDisk(dataDir: string): Disk {
  return {
    dataDir,
    freeBytes: () => freeBytesAt(dataDir),
    writeProblem: async () => {
      const probe = join(dataDir, `.write-${randomUUID()}`);
      try {
        await mkdir(dataDir, { recursive: true, mode: 0o700 });
        await writeFile(probe, 'x', { mode: 0o600, flag: 'wx' });
        await rm(probe);
        return null;
      } catch (error) {
        return words(error);
      }
    },
  };
}
