/**
 * @file Stage 1 (Node 24 and npm 11, by the npm of this machine) and stage 2 (the project, by those two). The npm of
 * an older Node skips native packages that it thinks unfit, silently: therefore two stages. Must run on Node 18.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, delimiter, dirname, join, relative } from 'node:path';
import { cleanEnvironment, runQuietly } from './child.mjs';
import { cacheDir, installedNodePath, modulesDir, npmCliPath, rootDir, toolDir } from './paths.mjs';
import { SetupError, step } from './say.mjs';
import { installedMatchesLock, installedModules, readStamp, wanted, withSetupLock, writeStamp } from './stamp.mjs';

/** @typedef {import('./stamp.mjs').Stamp} Stamp */

const neededMajor = 24;

/** @param {string} nodePath */
function majorOf(nodePath) {
  const answer = spawnSync(nodePath, ['--version'], { encoding: 'utf8', windowsHide: true });
  return answer.status === 0 ? Number(/^v(\d+)\./.exec(answer.stdout)?.[1] ?? 0) : 0;
}

/** The npm that started us, else the one on the PATH. */
function systemNpm() {
  const execPath = process.env['npm_execpath'];
  if (execPath !== undefined && basename(execPath) === 'npm-cli.js' && existsSync(execPath)) {
    return { command: process.execPath, args: [execPath], shell: false };
  }
  // npm is a .cmd file on Windows, which only a shell starts.
  const shell = process.platform === 'win32';
  if (spawnSync('npm', ['--version'], { shell, cwd: toolDir, windowsHide: true }).status === 0) {
    return { command: 'npm', args: [], shell };
  }
  throw new SetupError(
    'npm was not found.',
    'epicstar is installed with npm, which comes with Node.js but is a package of its own on some systems.',
    'Install npm (on Debian and Ubuntu: apt install npm), then run the same command again.',
  );
}

/**
 * @param {string} what
 * @param {string} output
 */
function installFailure(what, output) {
  const tail = output.split('\n').slice(-40).join('\n');
  const next = (/** @type {string} */ first) => `${first}, then run the same command again.`;
  if (/ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|ERR_SOCKET_TIMEOUT/.test(output)) {
    const why = 'The npm registry could not be reached.';
    return new SetupError(what, why, next('Check the network, and the proxy if you have one'), tail);
  }
  if (/CERT_|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)/.test(output)) {
    const why = 'The certificate of the npm registry is not trusted here.';
    return new SetupError(what, why, next('Name your own CA with `npm config set cafile FILE`'), tail);
  }
  if (/ENOSPC/.test(output)) {
    return new SetupError(what, 'The disk is full.', next('Free about 1.5 GB'), tail);
  }
  if (/EACCES|EPERM|EROFS/.test(output)) {
    return new SetupError(what, 'A folder may not be written.', next(`Make ${rootDir} writable`), tail);
  }
  return new SetupError(what, 'npm ended with an error; its words are above.', next('Follow them'), tail);
}

/** @returns {Promise<string>} path of a Node 24 */
async function installTools() {
  const npm = systemNpm();
  await step('Node.js 24 and npm 11', async () => {
    // A Node that is older than npm 11 wishes still unpacks it: nothing of it is run by that Node.
    const args = [...npm.args, 'ci', '--ignore-scripts', '--engine-strict=false', '--prefer-offline'];
    const { ok, output } = await runQuietly(npm.command, args, {
      cwd: toolDir,
      env: cleanEnvironment(process.env),
      shell: npm.shell,
    });
    if (!ok) {
      throw installFailure('Node.js 24 could not be installed.', output);
    }
  });
  const installed = installedNodePath();
  for (const candidate of installed === null ? [process.execPath] : [installed, process.execPath]) {
    if (majorOf(candidate) >= neededMajor) {
      return candidate;
    }
  }
  throw new SetupError(
    'There is no Node.js 24 for this machine on npm.',
    `${process.platform} on ${process.arch} has no package that runs here, and this Node.js is ${process.versions.node}.`,
    'Install Node.js 24 or newer from your system or https://nodejs.org, then run the same command again.',
  );
}

/** @param {string} nodePath */
async function installProject(nodePath) {
  await step('packages of epicstar', async () => {
    const { ok, output } = await runQuietly(nodePath, [npmCliPath, 'ci', '--prefer-offline'], {
      cwd: rootDir,
      env: taskEnvironment(nodePath),
    });
    if (!ok) {
      throw installFailure('The packages of epicstar could not be installed.', output);
    }
  });
}

/**
 * The environment in which `node`, npm and the tools of the project are those of the project.
 *
 * @param {string} nodePath
 */
export function taskEnvironment(nodePath) {
  const environment = cleanEnvironment(process.env);
  const pathName = Object.keys(environment).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const first = [join(modulesDir, '.bin'), dirname(nodePath)];
  const rest = (environment[pathName] ?? '').split(delimiter).filter((dir) => !first.includes(dir));
  // Compiled sources are kept: a start of the program takes 0.4 s instead of 0.6 s.
  const compileCache = environment['NODE_COMPILE_CACHE'] ?? join(cacheDir, 'compile');
  return { ...environment, NODE_COMPILE_CACHE: compileCache, [pathName]: [...first, ...rest].join(delimiter) };
}

/**
 * Puts `node_modules/.bin/node` in place: with it every later `npm run` and `npm exec` is on Node 24 too.
 *
 * @param {string} nodePath
 */
function linkNode(nodePath) {
  const binDir = join(modulesDir, '.bin');
  mkdirSync(binDir, { recursive: true });
  if (process.platform === 'win32') {
    const shimPath = join(binDir, 'node.cmd');
    const shim = `@"${nodePath}" %*\r\n`;
    if (!existsSync(shimPath) || readFileSync(shimPath, 'utf8') !== shim) {
      writeFileSync(shimPath, shim);
    }
    return;
  }
  const linkPath = join(binDir, 'node');
  const target = relative(binDir, nodePath);
  let current = '';
  try {
    current = readlinkSync(linkPath);
  } catch {
    current = 'none';
  }
  if (current !== target) {
    rmSync(linkPath, { force: true });
    symlinkSync(target, linkPath);
  }
}

/** @param {Stamp | null} stamp */
function isReady(stamp) {
  const want = wanted();
  return (
    stamp !== null &&
    stamp.tools === want.tools &&
    stamp.key === want.key &&
    stamp.modules === installedModules() &&
    existsSync(stamp.node) &&
    existsSync(npmCliPath)
  );
}

/** @returns {Promise<Stamp>} once everything that the lock files name is there */
export async function ensureInstalled() {
  const found = readStamp();
  if (found !== null && isReady(found)) {
    linkNode(found.node);
    return found;
  }
  return withSetupLock(async () => {
    const before = readStamp();
    if (before !== null && isReady(before)) {
      return before;
    }
    const want = wanted();
    const hasTools = before?.tools === want.tools && existsSync(before.node) && existsSync(npmCliPath);
    const node = hasTools ? before.node : await installTools();
    const isUsable = installedMatchesLock();
    if (!isUsable) {
      await installProject(node);
    }
    linkNode(node);
    // npm removes what was downloaded into the packages: what was tried before counts no more.
    const attempts = isUsable ? (before?.attempts ?? {}) : {};
    const stamp = { ...want, modules: installedModules() ?? '', node, attempts };
    writeStamp(stamp);
    return stamp;
  });
}

/**
 * After npm was used by hand through us: what is there now is what is wanted.
 *
 * @param {Stamp} stamp
 */
export function acceptInstalled(stamp) {
  const modules = installedModules();
  if (modules !== null) {
    writeStamp({ ...stamp, ...wanted(), modules });
    linkNode(stamp.node);
  }
}
