/**
 * @file Hooks of the packager. Before an application is put together: dugite's git for the processor that is packed for,
 * which is not always that of this machine; a universal application needs both, one after the other. After it: what
 * Electron brings for running from source is removed, and rights are made the same everywhere.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir, dugiteDir, rootDir } from './setup/paths.mjs';
import { say } from './setup/say.mjs';

/** By the packager's own numbers. */
const archNames = ['ia32', 'x64', 'armv7l', 'arm64', 'universal'];
const gitDir = join(dugiteDir, 'git');
/** Names the processor that the git in dugite's folder is for, once it was not that of this machine. */
const markPath = join(cacheDir, 'packed-git.txt');

/**
 * @param {{ arch: number, electronPlatformName: string }} context
 * @returns {void}
 * @throws Error where that git cannot be had and nobody said to do without
 */
export function beforePack({ arch: archNumber, electronPlatformName }) {
  const arch = archNames[archNumber] ?? '';
  if (electronPlatformName !== process.platform) {
    throw new Error(`packages for ${electronPlatformName} are made on that system: they need its git`);
  }
  if (!bringGit(arch)) {
    if (process.env['EPICSTAR_PACK_WITHOUT_GIT'] !== '1') {
      throw new Error(`git for ${arch} could not be downloaded; EPICSTAR_PACK_WITHOUT_GIT=1 packs without it`);
    }
    say(`packed without git for ${arch}: the application uses that of the system`);
  }
}

/** @param {{ appOutDir: string, electronPlatformName: string }} context */
export function afterPack({ appOutDir, electronPlatformName }) {
  rmSync(join(appOutDir, 'resources', 'default_app.asar'), { force: true });
  if (electronPlatformName === 'linux') {
    setRights(appOutDir);
    setRights(join(rootDir, 'resources', 'icons', 'linux'));
    chmodSync(join(rootDir, 'LICENSE'), 0o644);
  }
}

/**
 * What belongs to root once it is installed may be written by nobody else, whatever the umask was under which it was
 * cloned and unpacked. @param {string} dir
 */
function setRights(dir) {
  chmodSync(dir, 0o755);
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isSymbolicLink()) {
      chmodSync(path, entry.isDirectory() || (statSync(path).mode & 0o100) !== 0 ? 0o755 : 0o644);
    }
  }
}

/** The git of this machine again, where another one was packed last. */
export function restoreGit() {
  if (existsSync(markPath)) {
    bringGit(process.arch);
    rmSync(markPath, { force: true });
  }
}

/** @param {string} arch @returns {boolean} whether it is there now */
function bringGit(arch) {
  const present = existsSync(markPath) ? readFileSync(markPath, 'utf8') : process.arch;
  if (present === arch && existsSync(gitDir)) {
    return true;
  }
  const cache = join(cacheDir, 'dugite');
  mkdirSync(cache, { recursive: true });
  writeFileSync(markPath, arch);
  const { status } = spawnSync(process.execPath, [join(dugiteDir, 'script', 'download-git.js')], {
    cwd: dugiteDir,
    env: { ...process.env, NODE_USE_ENV_PROXY: '1', npm_config_arch: arch, DUGITE_CACHE_DIR: cache },
    stdio: 'ignore',
  });
  const isThere = status === 0 && existsSync(gitDir);
  if (!isThere) {
    rmSync(gitDir, { recursive: true, force: true });
    rmSync(markPath, { force: true });
  }
  return isThere;
}
