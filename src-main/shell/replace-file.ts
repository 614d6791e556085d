/** @file Replaces a file whole or not at all. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface FileModes {
  /** Of the file, whatever an older one had. */
  readonly file: number;
  /** Of the folder, where it has to be made. */
  readonly folder: number;
}

export async function replaceFile(path: string, data: string | Uint8Array, modes: FileModes): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: modes.folder });
  const draft = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(draft, 'wx', modes.file);
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
