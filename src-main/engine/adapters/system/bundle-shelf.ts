/** @file The folder `bundles` of the data directory: bundles of mirrors until they were fetched. */
import { lstat, mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EpicstarError } from '../../domain/errors.ts';
import type { BundleShelf } from '../../ports/bundle-shelf.ts';

/** @param dataDir absolute */
export function createBundleShelf(dataDir: string): BundleShelf {
  const folder = join(dataDir, 'bundles');
  const pathOf = (id: string): string => {
    if (!/^[A-Za-z0-9-]{1,64}$/.test(id)) throw new EpicstarError('internal', 'not an id of a bundle');
    return join(folder, `${id}.bundle`);
  };
  return {
    place: (id) =>
      atEdge(async () => {
        const path = pathOf(id);
        await mkdir(folder, { recursive: true, mode: 0o700 });
        // A link may lead anywhere, and what is there already is nobody's bundle.
        if (!(await lstat(folder)).isDirectory()) throw new EpicstarError('internal', `${folder} is a link`);
        await rm(path, { force: true });
        return path;
      }),
    bytes: (id) => atEdge(async () => (await stat(pathOf(id))).size),
    remove: (id) =>
      atEdge(async () => {
        // git writes beside the file first.
        for (const path of [pathOf(id), `${pathOf(id)}.lock`]) await rm(path, { force: true, maxRetries: 3 });
      }),
    clear: () => atEdge(() => rm(folder, { recursive: true, force: true, maxRetries: 3 })),
  };
}

async function atEdge<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof EpicstarError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const words = error instanceof Error ? error.message : String(error);
    throw new EpicstarError(code === 'ENOSPC' || code === 'EDQUOT' ? 'disk-full' : 'internal', words, { cause: error });
  }
}
