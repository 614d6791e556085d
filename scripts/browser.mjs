/**
 * @file A browser for tests, from npm alone: unpacked once into .cache/chromium. It is headless and knows one Latin
 * font. With EPICSTAR_TEST_BROWSER=/path/to/chrome the tests run on a full browser instead.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * @typedef {{ isAvailable: true, executablePath: string, args: string[], env: Record<string, string> }} Browser
 *   what `chromium.launch` of Playwright takes; `env` is the whole environment of the browser
 * @typedef {{ isAvailable: false, reason: string }} NoBrowser
 */

const rootDir = dirname(dirname(fileURLToPath(import.meta.url)));
const packageDir = join(rootDir, 'node_modules', '@sparticuz', 'chromium');
const unpackLimitMs = 120_000;

/**
 * The browser to test with, unpacked if need be (2 s, 211 MB, once a version). Safe to call from several processes at
 * once. Never rejects and never throws: where there is none, the reason is told.
 *
 * @param {Record<string, string | undefined>} environment
 * @returns {Browser | NoBrowser}
 */
export function findBrowser(environment = process.env) {
  const own = environment['EPICSTAR_TEST_BROWSER'];
  if (own !== undefined && own !== '') {
    return isExecutable(own)
      ? { isAvailable: true, executablePath: own, args: sandboxArgs(), env: defined(environment) }
      : { isAvailable: false, reason: `EPICSTAR_TEST_BROWSER names ${own}, which cannot be run` };
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    const reason = `no browser by npm for ${process.platform} on ${process.arch}: set EPICSTAR_TEST_BROWSER to a Chrome`;
    return { isAvailable: false, reason };
  }
  try {
    return npmBrowser(environment);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return { isAvailable: false, reason: `the browser from npm could not be unpacked: ${words}` };
  }
}

/** @param {Record<string, string | undefined>} environment @returns {Browser} */
function npmBrowser(environment) {
  const manifest = JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8'));
  const home = join(rootDir, '.cache', 'chromium', String(manifest.version));
  if (!existsSync(home)) {
    unpackInto(home);
  }
  const configDir = writeFontConfig(home);
  const libraries = [join(home, 'al2023', 'lib'), home, environment['LD_LIBRARY_PATH'] ?? ''];
  return {
    isAvailable: true,
    executablePath: join(home, 'chromium'),
    args: sandboxArgs(),
    env: {
      ...defined(environment),
      LD_LIBRARY_PATH: libraries.filter((dir) => dir !== '').join(':'),
      FONTCONFIG_PATH: configDir,
      FONTCONFIG_FILE: join(configDir, 'fonts.conf'),
    },
  };
}

/** Unpacks beside and renames, so that a folder with the right name is always complete. @param {string} home */
function unpackInto(home) {
  const temporaryDir = `${home}.${process.pid}`;
  mkdirSync(temporaryDir, { recursive: true });
  try {
    // The package unpacks into the system's temporary folder, which is asked for when it is loaded: a process of its own.
    const script = `
      const { default: chromium, inflate } = await import(${JSON.stringify(pathToFileURL(join(packageDir, 'build', 'index.js')).href)});
      await chromium.executablePath();
      await inflate(${JSON.stringify(join(packageDir, 'bin', 'al2023.tar.br'))});`;
    const answer = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, TMPDIR: temporaryDir },
      encoding: 'utf8',
      timeout: unpackLimitMs,
    });
    if (answer.status !== 0) {
      throw new Error(answer.error?.message ?? answer.stderr.trim().split('\n').at(-1) ?? 'no reason given');
    }
    try {
      renameSync(temporaryDir, home);
    } catch (error) {
      // Another process was first: its folder is as good.
      if (!existsSync(join(home, 'chromium'))) {
        throw error;
      }
    }
  } finally {
    rmSync(temporaryDir, { recursive: true, force: true });
  }
}

/**
 * Without a usable font the browser ends itself. Folders are absolute, so this is written anew where the project was
 * moved to another place.
 *
 * @param {string} home
 */
function writeFontConfig(home) {
  const configDir = join(home, 'fontconfig');
  const configPath = join(configDir, 'fonts.conf');
  const text = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(home, 'fonts', 'fonts')}</dir>
  <dir>${join(home, 'fonts')}</dir>
  <cachedir>${join(home, 'font-cache')}</cachedir>
  <match target="pattern">
    <edit name="family" mode="append_last"><string>Open Sans</string></edit>
  </match>
</fontconfig>
`;
  if (!existsSync(configPath) || readFileSync(configPath, 'utf8') !== text) {
    mkdirSync(configDir, { recursive: true });
    const temporaryPath = `${configPath}.${process.pid}`;
    writeFileSync(temporaryPath, text);
    renameSync(temporaryPath, configPath);
  }
  return configDir;
}

/** Chrome refuses to run its sandbox as root, which is what a container usually is. @returns {string[]} */
function sandboxArgs() {
  return process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param {Record<string, string | undefined>} environment @returns {Record<string, string>} */
function defined(environment) {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
