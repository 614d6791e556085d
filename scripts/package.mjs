/**
 * @file `npm run package`: builds, packs for the system it runs on, and says what came of it, by part.
 * `npm run package -- dir` stops before installers; `-- AppImage deb` makes these alone; `-- --arm64` packs for it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'electron-builder';
import { notesOf } from './changelog.mjs';
import { restoreGit } from './pack-hooks.mjs';
import { fingerprint, sizesByPart, sizesInArchive } from './package-parts.mjs';
import { cacheDir, electronDir, modulesDir, rootDir } from './setup/paths.mjs';

/**
 * @typedef {{ dist: string, version: string, isTrial: boolean }} ElectronHere
 *   `isTrial`: an old one, of the tests, which shows the layout and is never shipped
 */

/** In the packager's words. @type {ReadonlyMap<string, 'win' | 'mac' | 'linux'>} */
const systemNames = new Map([
  ['win32', 'win'],
  ['darwin', 'mac'],
]);

/** @param {string} line */
const say = (line) => void process.stderr.write(`epicstar: ${line}\n`);
/** @param {number} bytes */
const inMegabytes = (bytes) => `${(bytes / 1e6).toFixed(1).padStart(8)} MB`;

/** @returns {ElectronHere | null} */
function findElectron() {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? '';
  const dist = override === '' ? join(electronDir, 'dist') : override;
  if (existsSync(join(dist, 'version'))) {
    return { dist, version: readFileSync(join(dist, 'version'), 'utf8').trim().replace(/^v/, ''), isTrial: false };
  }
  const trialDir = join(cacheDir, 'electron9');
  const found = existsSync(trialDir) ? readdirSync(trialDir).find((name) => /^\d+\.\d+\.\d+$/.test(name)) : undefined;
  const isUsable = process.platform === 'linux' && found !== undefined && existsSync(join(trialDir, found, 'electron'));
  return isUsable ? { dist: join(trialDir, found), version: found, isTrial: true } : null;
}

/** Seconds of the commit that is packed: the same for everybody who packs it. */
function sourceDateEpoch() {
  const given = process.env['SOURCE_DATE_EPOCH'] ?? '';
  if (/^\d+$/.test(given)) {
    return given;
  }
  const answer = spawnSync('git', ['log', '-1', '--format=%ct'], { cwd: rootDir, encoding: 'utf8' });
  const seconds = answer.status === 0 ? answer.stdout.trim() : '';
  return /^\d+$/.test(seconds) ? seconds : '315532800';
}

function buildSources() {
  const script = join(modulesDir, 'vite', 'bin', 'vite.js');
  const answer = spawnSync(process.execPath, [script, 'build', '--logLevel', 'warn'], {
    cwd: rootDir,
    stdio: 'inherit',
  });
  return answer.status === 0;
}

/**
 * Where updates come from is the packager's to say, not the source's.
 *
 * @throws Error for an address over which somebody on the way could put in another program
 */
function publishing() {
  const given = process.env['EPICSTAR_UPDATE_URL'] ?? '';
  if (given === '') {
    return null;
  }
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '' || url.search + url.hash !== '') {
    throw new Error('EPICSTAR_UPDATE_URL has to be an https address without user, ? and #');
  }
  return { provider: /** @type {const} */ ('generic'), url: url.href };
}

/** Puts the notes of this version where the program finds them. @returns {string | null} the same notes */
function placeNotes() {
  const { version } = JSON.parse(readFileSync(join(rootDir, 'package.json'), 'utf8'));
  const notes = notesOf(readFileSync(join(rootDir, 'CHANGELOG.md'), 'utf8'), version);
  const path = join(rootDir, 'dist', 'release-notes.txt');
  rmSync(path, { force: true });
  if (notes === null) {
    say(`CHANGELOG.md has no part "## ${version}": packed without notes on what is new`);
  } else {
    writeFileSync(path, `${notes}\n`);
  }
  return notes;
}

/** Whoever publishes: packages of Linux say so, and cannot be made without. Nobody is reached at `.invalid`. */
function publisher() {
  const homepage = process.env['EPICSTAR_HOMEPAGE'] ?? '';
  const maintainer = process.env['EPICSTAR_MAINTAINER'] ?? '';
  if (homepage === '' || maintainer === '') {
    say('EPICSTAR_HOMEPAGE and EPICSTAR_MAINTAINER are not both set: the packages name nobody who can be reached');
  }
  return {
    extraMetadata: { homepage: homepage === '' ? 'https://epicstar.invalid' : homepage },
    linux: { maintainer: maintainer === '' ? 'epicstar contributors <contributors@epicstar.invalid>' : maintainer },
  };
}

/** @param {string} outDir */
function printParts(outDir) {
  const packed = readdirSync(outDir, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && /^(linux|win|mac).*unpacked$|^mac/.test(entry.name),
  );
  for (const { name } of packed) {
    const dir = join(outDir, name);
    const parts = sizesByPart(dir);
    say(
      `${name}: ${inMegabytes(parts.reduce((sum, { bytes }) => sum + bytes, 0)).trim()}, fingerprint ${fingerprint(dir)}`,
    );
    for (const { name: part, bytes } of parts) {
      say(`${inMegabytes(bytes)}  ${part}`);
    }
    const archive = join(dir, 'resources', 'app.asar');
    for (const { name: part, bytes } of existsSync(archive) ? sizesInArchive(archive).slice(0, 12) : []) {
      say(`${inMegabytes(bytes)}      of app.asar: ${part}`);
    }
  }
}

/** @param {readonly string[]} argv @returns {Promise<number>} exit code */
async function main(argv) {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { x64: { type: 'boolean' }, arm64: { type: 'boolean' }, universal: { type: 'boolean' } },
  });
  const electron = findElectron();
  if (electron === null) {
    say(
      'Electron is not here: run npm start once where GitHub can be reached, or name its folder in ELECTRON_OVERRIDE_DIST_PATH',
    );
    return 2;
  }
  const targets = electron.isTrial && process.env['EPICSTAR_PACK_TRIAL'] !== '1' ? ['dir'] : positionals;
  if (electron.isTrial) {
    say(`no current Electron here: a trial on the old ${electron.version} of the tests (${targets}); do not ship it`);
    process.env['EPICSTAR_PACK_WITHOUT_GIT'] = '1';
  }
  if (!existsSync(join(rootDir, 'src-main', 'main.ts'))) {
    say('this copy of epicstar has no src-main/main.ts: get a complete one (git status shows what is missing)');
    return 2;
  }
  const publish = publishing();
  if (!buildSources()) {
    say('the sources of the desktop could not be built; the words of the build are above');
    return 1;
  }
  const releaseNotes = placeNotes();
  const outDir = join(rootDir, 'dist', electron.isTrial ? 'layout' : 'packages');
  rmSync(outDir, { recursive: true, force: true });
  process.env['SOURCE_DATE_EPOCH'] = sourceDateEpoch();
  // Packages are to be the same bytes whoever makes them.
  process.env['TZ'] = 'UTC';
  process.umask(0o022);
  const system = systemNames.get(process.platform) ?? 'linux';
  try {
    await build({
      projectDir: rootDir,
      publish: 'never',
      ...values,
      [system]: targets,
      config: {
        extends: 'electron-builder.yml',
        electronVersion: electron.version,
        // A folder for one processor; for another one the packager fetches Electron itself.
        ...(isOwnArch(values) ? { electronDist: electron.dist } : {}),
        directories: { output: outDir },
        publish,
        ...(system === 'linux' ? publisher() : {}),
        ...(releaseNotes === null ? {} : { releaseInfo: { releaseNotes } }),
        ...(electron.isTrial ? { electronFuses: null } : {}),
      },
    });
  } finally {
    restoreGit();
  }
  printParts(outDir);
  return 0;
}

/** @param {Readonly<Partial<Record<string, boolean>>>} asked */
function isOwnArch(asked) {
  const named = Object.keys(asked);
  return process.platform !== 'darwin' && (named.length === 0 || (named.length === 1 && named[0] === process.arch));
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  say(`packing failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
