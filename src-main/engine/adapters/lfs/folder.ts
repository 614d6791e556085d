/** @file Objects in a bare repository on a disk, where git-lfs itself looks for them. */
import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LfsPointer } from '../../domain/extras.ts';
import { objectPath } from './address.ts';

export async function isInFolder(repositoryDir: string, { oid, size }: LfsPointer): Promise<boolean> {
  try {
    const found = await stat(objectPath(repositoryDir, oid));
    return found.isFile() && found.size === size;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

/** Whole or not at all. */
export async function putIntoFolder(repositoryDir: string, oid: string, file: string): Promise<void> {
  const draft = join(repositoryDir, 'lfs', 'tmp', `${oid}.${randomUUID()}`);
  const place = objectPath(repositoryDir, oid);
  await mkdir(dirname(draft), { recursive: true });
  await mkdir(dirname(place), { recursive: true });
  try {
    await copyFile(file, draft);
    const written = await open(draft, 'r+');
    try {
      await written.sync();
    } finally {
      await written.close();
    }
    await rename(draft, place);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
