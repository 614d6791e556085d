/**
 * @file What comes from GitHub and not from npm: dugite's own git, and Electron. Both are optional, so they are tried
 * only where GitHub answers, and at most once a day. Must run on Node 18.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runQuietly } from './child.mjs';
import { taskEnvironment } from './install.mjs';
import { bundledGitPath, cacheDir, dugiteDir, electronDir } from './paths.mjs';
import { say, SetupError, step } from './say.mjs';
import { withSetupLock, writeStamp } from './stamp.mjs';

/**
 * @typedef {import('./stamp.mjs').Stamp} Stamp
 * @typedef {{ name: string, title: string, isPresent: () => boolean, script: string, remove: () => void,
 *   missing: (reason: string) => string }} Download
 */

const tryAgainAfterMs = 24 * 60 * 60_000;
const probeLimitMs = 3_000;
const downloadLimitMs = 10 * 60_000;

/** Version of a git, or null where it does not run. */
export function gitVersion(command = 'git') {
  const answer = spawnSync(command, ['--version'], { encoding: 'utf8', windowsHide: true });
  return answer.status === 0 ? (/(\d+\.\d+[\w.]*)/.exec(answer.stdout)?.[1] ?? null) : null;
}

/** @type {Download} */
const dugiteGit = {
  name: 'dugite',
  title: 'bundled git',
  isPresent: () => existsSync(bundledGitPath) && gitVersion(bundledGitPath) !== null,
  script: join(dugiteDir, 'script', 'download-git.js'),
  remove: () => {
    rmSync(join(dugiteDir, 'git'), { recursive: true, force: true });
    rmSync(join(cacheDir, 'dugite'), { recursive: true, force: true });
  },
  missing: (reason) => `bundled git not available here (${reason}): using git ${gitVersion()} of this system`,
};

/** @type {Download} */
const electron = {
  name: 'electron',
  title: 'Electron',
  isPresent: () => {
    const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
    if (override !== undefined && override !== '') {
      return existsSync(override);
    }
    try {
      return existsSync(join(electronDir, 'dist', readFileSync(join(electronDir, 'path.txt'), 'utf8')));
    } catch {
      return false;
    }
  },
  script: join(electronDir, 'install.js'),
  remove: () => {
    rmSync(join(electronDir, 'dist'), { recursive: true, force: true });
    rmSync(join(electronDir, 'path.txt'), { force: true });
  },
  missing: (reason) => `Electron not downloaded (${reason})`,
};

/** @param {string} nodePath @param {Record<string, string | undefined>} env */
async function isGitHubReachable(nodePath, env) {
  // In a program of its own: Node 24 knows the proxy variables, the Node that runs this may not.
  const probe = `fetch('https://github.com', { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(${probeLimitMs}) })
    .then((answer) => process.exit(answer.status < 500 ? 0 : 1), () => process.exit(1));`;
  const options = { cwd: cacheDir, env, timeoutMs: probeLimitMs + 2_000 };
  return (await runQuietly(nodePath, ['-e', probe], options)).ok;
}

/**
 * Tries what is missing of the named downloads, at most once a day each, and says in a line what it came to.
 *
 * @param {Stamp} stamp
 * @param {{ git: boolean, electron: boolean }} needs
 */
export async function ensureDownloads(stamp, needs) {
  const due = [...(needs.git ? [dugiteGit] : []), ...(needs.electron ? [electron] : [])].filter((download) => {
    const last = stamp.attempts[download.name];
    const isFresh = last !== undefined && Date.now() - last.atMs < tryAgainAfterMs && last.atMs <= Date.now();
    return !(isFresh && !last.ok) && !(last?.ok === true && existsSync(download.script) && download.isPresent());
  });
  if (due.length > 0) {
    await withSetupLock(() => tryAll(stamp, due));
  }
  if (needs.git && gitVersion() === null && !dugiteGit.isPresent()) {
    throw new SetupError(
      'git was not found.',
      'epicstar does its work with git; its own copy could not be downloaded, and this system has none.',
      'Install git (https://git-scm.com/downloads, on Debian and Ubuntu: apt install git), then run the same command again.',
    );
  }
}

/** @param {Stamp} stamp @param {readonly Download[]} due */
async function tryAll(stamp, due) {
  const env = {
    ...taskEnvironment(stamp.node),
    NODE_USE_ENV_PROXY: '1',
    ELECTRON_GET_USE_PROXY: '1',
    DUGITE_CACHE_DIR: join(cacheDir, 'dugite'),
  };
  /** @type {boolean | undefined} */
  let isReachable;
  for (const download of due) {
    let note = '';
    let ok = download.isPresent();
    if (!ok) {
      isReachable ??= await isGitHubReachable(stamp.node, env);
      note = isReachable ? 'the download failed' : 'GitHub not reachable';
      ok = isReachable && (await fetchIt(stamp.node, download, env));
    }
    stamp.attempts[download.name] = { atMs: Date.now(), ok, note: ok ? '' : note };
    writeStamp(stamp);
    if (!ok && (download !== dugiteGit || gitVersion() !== null)) {
      say(download.missing(note));
    }
  }
}

/** @param {string} nodePath @param {Download} download @param {Record<string, string | undefined>} env */
async function fetchIt(nodePath, download, env) {
  mkdirSync(join(cacheDir, 'dugite'), { recursive: true });
  return step(`downloading ${download.title}`, async () => {
    const options = { cwd: cacheDir, env, timeoutMs: downloadLimitMs };
    const { ok } = await runQuietly(nodePath, [download.script], options);
    if (!ok || !download.isPresent()) {
      download.remove();
      return false;
    }
    return true;
  });
}
