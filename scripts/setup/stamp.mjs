/**
 * @file What the set-up remembers between runs, and how two set-ups at once are kept apart. Must run on Node 18.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { cacheDir, lockPath, modulesDir, rootDir, stampPath, toolDir } from './paths.mjs';
import { say, SetupError } from './say.mjs';

/**
 * @typedef {{ atMs: number, ok: boolean, note: string }} Attempt one try to download something optional
 * @typedef {{ tools: string, key: string, modules: string, node: string, attempts: Record<string, Attempt> }} Stamp
 *   `tools`, `key`: what was to be installed in stages 1 and 2; `modules`: what npm wrote that it installed;
 *   `node`: the Node 24 in use
 */

const format = '1';

/** @param {readonly string[]} paths */
function hashOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    hash.update(readFileSync(path));
    hash.update('\0');
  }
  return hash.digest('hex');
}

/** What should be installed: changes with the lock file of the stage and with the kind of machine. */
export function wanted() {
  const keyOf = (/** @type {string} */ dir) =>
    [format, process.platform, process.arch, hashOf([join(dir, 'package-lock.json')])].join(' ');
  return { tools: keyOf(toolDir), key: keyOf(rootDir) };
}

/** npm writes this file last, so it exists only after a complete install. */
export function installedModules() {
  try {
    return hashOf([join(modulesDir, '.package-lock.json')]);
  } catch {
    return null;
  }
}

/**
 * Whether what is installed is what the lock file names, whoever installed it. An optional package may be missing only
 * where it is not made for this machine: the npm of an older Node leaves out more, and that is no good install.
 */
export function installedMatchesLock() {
  const read = (/** @type {string[]} */ ...path) => JSON.parse(readFileSync(join(...path), 'utf8')).packages;
  try {
    const have = read(modulesDir, '.package-lock.json');
    return Object.entries(read(rootDir, 'package-lock.json')).every(([path, entry]) => {
      const isLeftOut = entry.optional === true && !isForThisMachine(entry);
      return path === '' || (have[path] === undefined ? isLeftOut : have[path].version === entry.version);
    });
  } catch {
    return false;
  }
}

/** @param {{ os?: string[], cpu?: string[], libc?: string[] }} entry */
function isForThisMachine(entry) {
  const report = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  const libc = report.header.glibcVersionRuntime === undefined ? 'musl' : 'glibc';
  const isNative = entry.os !== undefined || entry.cpu !== undefined;
  return (
    isNative &&
    (entry.os?.includes(process.platform) ?? true) &&
    (entry.cpu?.includes(process.arch) ?? true) &&
    (process.platform !== 'linux' || (entry.libc?.includes(libc) ?? true))
  );
}

/** @returns {Stamp | null} null also for one that cannot be read: the set-up is then done again */
export function readStamp() {
  try {
    const stamp = JSON.parse(readFileSync(stampPath, 'utf8'));
    const isWhole = [stamp.tools, stamp.key, stamp.modules, stamp.node].every((value) => typeof value === 'string');
    return isWhole ? { ...stamp, node: resolve(rootDir, stamp.node), attempts: stamp.attempts ?? {} } : null;
  } catch {
    return null;
  }
}

/** @param {Stamp} stamp */
export function writeStamp(stamp) {
  mkdirSync(cacheDir, { recursive: true });
  const temporaryPath = `${stampPath}.${process.pid}`;
  // Relative where it is ours: a copied or moved folder then uses its own.
  const node = stamp.node.startsWith(rootDir) ? relative(rootDir, stamp.node) : stamp.node;
  writeFileSync(temporaryPath, `${JSON.stringify({ ...stamp, node }, null, 2)}\n`);
  renameSync(temporaryPath, stampPath);
}

const heartbeatMs = 3_000;
const staleAfterMs = 20_000;
const lockWaitMs = 10 * 60_000;

/**
 * Runs `work` while no other set-up of this folder runs. The lock is kept alive by touching it: process ids mean
 * nothing across containers that share the folder.
 *
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withSetupLock(work) {
  mkdirSync(cacheDir, { recursive: true });
  const deadlineMs = Date.now() + lockWaitMs;
  let isTold = false;
  while (!takeLock()) {
    if (!isTold) {
      isTold = true;
      say('another set-up of this folder is running: waiting for it …');
    }
    if (Date.now() > deadlineMs) {
      throw new SetupError(
        'Another set-up of this folder does not end.',
        `It holds ${lockPath}.`,
        'End it, or remove that file if nothing runs, then run the same command again.',
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  const beat = setInterval(() => {
    try {
      const now = new Date();
      utimesSync(lockPath, now, now);
    } catch (error) {
      ignoreMissing(error);
    }
  }, heartbeatMs);
  process.once('exit', dropLock);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    process.removeListener('exit', dropLock);
    dropLock();
  }
}

function takeLock() {
  try {
    writeFileSync(lockPath, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') {
      throw error;
    }
  }
  try {
    if (Date.now() - statSync(lockPath).mtimeMs > staleAfterMs) {
      unlinkSync(lockPath);
    }
  } catch (error) {
    ignoreMissing(error);
  }
  return false;
}

function dropLock() {
  try {
    unlinkSync(lockPath);
  } catch (error) {
    ignoreMissing(error);
  }
}

/** @param {unknown} error */
function ignoreMissing(error) {
  if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') {
    throw error;
  }
}
