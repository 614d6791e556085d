/**
 * @file The folder of bare caches: made, checked, tidied, measured and removed by file operations alone. Must not know
 * what is fetched into them.
 */
import type { Dirent } from 'node:fs';
import { lstat, mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EpicstarError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { GitCache } from '../../ports/git.ts';
import { classifyFsError } from './classify.ts';

const cacheName = /^(\d{1,16})\.git$/;
const incomingName = /^\d{1,16}\.git\.incoming$/;
/** Its time of change says when the cache was last used. */
const markerName = 'epicstar-used';
const maxParallelMeasures = 8;

const skeletonHead = 'ref: refs/heads/main\n';
const skeletonConfig = `[core]
\trepositoryformatversion = 0
\tbare = true
\tlogAllRefUpdates = false
`;
const skeletonFolders = ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags', 'push/refs'];

function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

async function entriesOf(dir: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(dir, { withFileTypes: true });
  } catch (error) {
    // Others may remove what is being looked at; what is not there has no entries.
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return [];
    throw error;
  }
}

async function bytesOf(path: string): Promise<number> {
  try {
    return (await lstat(path)).size;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return 0;
    throw error;
  }
}

/** All files below `dir`, never through a symbolic link. */
async function* filesBelow(dir: string): AsyncGenerator<string> {
  const open = [dir];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const entry of await entriesOf(next)) {
      const path = join(next, entry.name);
      if (entry.isDirectory()) open.push(path);
      else yield path;
    }
  }
}

async function treeBytes(dir: string): Promise<number> {
  let bytes = 0;
  for await (const path of filesBelow(dir)) bytes += await bytesOf(path);
  return bytes;
}

/** Bytes of the packs in a cache: what it holds, but for loose objects. */
export async function packBytesOf(dir: string): Promise<number> {
  const packDir = join(dir, 'objects', 'pack');
  let bytes = 0;
  for (const entry of await entriesOf(packDir)) {
    if (entry.name.endsWith('.pack')) bytes += await bytesOf(join(packDir, entry.name));
  }
  return bytes;
}

export async function packCountOf(dir: string): Promise<number> {
  const entries = await entriesOf(join(dir, 'objects', 'pack'));
  return entries.filter(({ name }) => name.endsWith('.pack')).length;
}

/** Whether nothing was ever fetched into it. */
export async function isVirgin(dir: string): Promise<boolean> {
  const parts = ['objects/pack', 'refs/heads', 'refs/tags', 'refs/epicstar'];
  const counts = await Promise.all(parts.map(async (part) => (await entriesOf(join(dir, part))).length));
  return counts.every((count) => count === 0) && (await bytesOf(join(dir, 'packed-refs'))) === 0;
}

/** Writes what makes a folder a cache of ours. HEAD comes last: a folder without it is half-written. */
export async function writeSkeleton(dir: string): Promise<void> {
  for (const folder of skeletonFolders) await mkdir(join(dir, folder), { recursive: true });
  await writeFile(join(dir, 'config'), skeletonConfig);
  await writeFile(join(dir, 'push', 'config'), skeletonConfig);
  await writeFile(join(dir, 'push', 'HEAD'), skeletonHead);
  await writeFile(join(dir, markerName), '');
  await writeFile(join(dir, 'HEAD'), skeletonHead);
}

/**
 * A repository without refs that borrows the objects of the cache.
 *
 * [Note: no refs] `git push` compares each name that it is given with each ref that there is, twice, by way of printf:
 * 500 out of 5000 tags take it 2.6 s of CPU. Object ids need no refs, so it is shown none.
 */
export function refsFreeDirOf(cache: GitCache): string {
  return join(cache.dir, 'push');
}

async function readOrEmpty(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(errnoOf(error))) return '';
    throw error;
  }
}

/** A cache of ours says so byte by byte, so that a foreign configuration is never read by git. */
async function isOurs(dir: string): Promise<boolean> {
  if (!(await isFolder(dir))) return false;
  const read = (...names: string[]): Promise<string> => readOrEmpty(join(dir, ...names));
  const heads = await Promise.all([read('HEAD'), read('push', 'HEAD')]);
  const configs = await Promise.all([read('config'), read('push', 'config')]);
  if (!heads.every((head) => head === skeletonHead) || !configs.every((config) => config === skeletonConfig))
    return false;
  const folders = await Promise.all(skeletonFolders.map((folder) => isFolder(join(dir, folder))));
  return folders.every(Boolean);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isDirectory();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw error;
  }
}

const leftovers = [
  /^(?:tmp_|\.tmp-|incoming-|tmp_objdir-)/, // half-received packs and objects
  /\.lock$/,
  /\.keep$/, // keeps a pack from being packed together with others
];

/** Removes what a git that was killed left behind. Only when no git works in the cache. */
export async function removeLeftovers(dir: string): Promise<void> {
  for (const entry of await entriesOf(dir)) {
    if (entry.name.endsWith('.lock')) await rm(join(dir, entry.name), { force: true });
  }
  for await (const path of filesBelow(join(dir, 'refs'))) if (path.endsWith('.lock')) await rm(path, { force: true });
  const objects = join(dir, 'objects');
  for (const entry of await entriesOf(objects)) {
    const path = join(objects, entry.name);
    if (leftovers[0]?.test(entry.name) === true) await rm(path, { recursive: true, force: true });
    else if (entry.isDirectory()) {
      for (const inner of await entriesOf(path)) {
        const isLeftover = leftovers.some((pattern) => pattern.test(inner.name));
        if (isLeftover) await rm(join(path, inner.name), { recursive: true, force: true });
      }
    }
  }
}

/** Where a first fetch in steps keeps what has come, within the cache, so that it is counted and removed with it. */
export function partialDirOf(cache: GitCache): string {
  return join(cache.dir, 'partial');
}

/** Whether the history in it ends early. */
export async function isShallow(dir: string): Promise<boolean> {
  return (await bytesOf(join(dir, 'shallow'))) > 0;
}

/** Where a first fetch works until it is complete. */
export function incomingDirOf(cache: GitCache): string {
  return `${cache.dir}.incoming`;
}

export interface CacheFolder {
  open(key: number): Promise<{ readonly cache: GitCache; readonly isNew: boolean }>;
  remove(key: number): Promise<void>;
  list(): Promise<readonly { readonly key: number; readonly bytes: number; readonly usedAt: number }[]>;
  bytes(cache: GitCache): Promise<number>;
  removeCutFetches(): Promise<void>;
  /** Null: there is none. */
  known(key: number): Promise<GitCache | null>;
}

export function createCacheFolder(cacheRoot: string, clock: Clock): CacheFolder {
  const dirOf = (key: number): string => {
    if (!Number.isSafeInteger(key) || key < 0) throw new EpicstarError('git-failed', `Not a key of a cache: ${key}`);
    return join(cacheRoot, `${key}.git`);
  };

  const discard = async (dir: string): Promise<void> => {
    // Without HEAD what is left after a crash in the middle counts as half-written.
    if (await isFolder(dir)) await rm(join(dir, 'HEAD'), { force: true, recursive: true });
    await rm(dir, { force: true, recursive: true, maxRetries: 3 });
  };

  const open = async (key: number): Promise<{ readonly cache: GitCache; readonly isNew: boolean }> => {
    const dir = dirOf(key);
    const cache = { dir };
    await rm(incomingDirOf(cache), { force: true, recursive: true });
    const isNew = !(await isOurs(dir));
    if (isNew) {
      await discard(dir);
      await writeSkeleton(dir);
    } else await removeLeftovers(dir);
    const usedAt = new Date(clock.now());
    await writeFile(join(dir, markerName), '');
    await utimes(join(dir, markerName), usedAt, usedAt);
    return { cache, isNew };
  };

  const describe = async (key: number): Promise<{ key: number; bytes: number; usedAt: number }> => {
    const dir = dirOf(key);
    const marker = await lstat(join(dir, markerName)).catch(() => lstat(dir));
    return { key, bytes: await treeBytes(dir), usedAt: Math.round(marker.mtimeMs) };
  };

  const list = async (): Promise<{ key: number; bytes: number; usedAt: number }[]> => {
    const keys = (await entriesOf(cacheRoot)).flatMap((entry) => {
      const key = cacheName.exec(entry.name)?.[1];
      return key !== undefined && entry.isDirectory() ? [Number(key)] : [];
    });
    const found: { key: number; bytes: number; usedAt: number }[] = [];
    const rest = keys.values();
    await Promise.all(
      Array.from({ length: maxParallelMeasures }, async () => {
        for (const key of rest) {
          // One that is removed meanwhile is no cache any more.
          const one = await describe(key).catch((error: unknown) => {
            if (errnoOf(error) === 'ENOENT') return null;
            throw error;
          });
          if (one !== null) found.push(one);
        }
      }),
    );
    return found.toSorted((a, b) => a.key - b.key);
  };

  const atEdge = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw classifyFsError(error);
    }
  };

  return {
    open: (key) => atEdge(() => open(key)),
    remove: (key) =>
      atEdge(async () => {
        await discard(dirOf(key));
        await rm(incomingDirOf({ dir: dirOf(key) }), { force: true, recursive: true });
      }),
    list: () => atEdge(list),
    removeCutFetches: () =>
      atEdge(async () => {
        for (const { name } of await entriesOf(cacheRoot)) {
          if (incomingName.test(name)) await rm(join(cacheRoot, name), { force: true, recursive: true, maxRetries: 3 });
        }
      }),
    bytes: (cache) => atEdge(() => treeBytes(cache.dir)),
    known: (key) => atEdge(async () => ((await isOurs(dirOf(key))) ? { dir: dirOf(key) } : null)),
  };
}
