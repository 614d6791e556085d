/** @file What Node 12 has only as a part of `fs`. */
import { promises } from 'node:fs';

export const { access, mkdir, open, readFile, rename, stat, unlink, writeFile, chmod, readdir } = promises;

/** Of files alone. */
export async function rm(path: string, options: { readonly force?: boolean } = {}): Promise<void> {
  try {
    await promises.unlink(path);
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!(isMissing && options.force === true)) throw error;
  }
}
