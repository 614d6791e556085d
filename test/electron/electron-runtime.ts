/**
 * @file Which Electron the tests drive: the installed one, with the program as it is built for people, where it is
 * there; else the old one, with the shell built for it.
 */
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildWhenStale } from '../../scripts/build-when-stale.mjs';
import { electronPath } from '../../scripts/electron-path.mjs';
import { findElectron9 } from '../../scripts/electron9.mjs';
import { buildForOldElectron } from './compat/build.ts';

const rootDir = join(import.meta.dirname, '..', '..');
const lapsePath = join(import.meta.dirname, 'lapse.cjs');
const observerPath = join(import.meta.dirname, 'observer.cjs');

interface Found {
  readonly isModern: boolean;
  readonly executablePath: string;
  readonly args: readonly string[];
}

/** What one file of tests starts. */
export interface BuiltProgram {
  readonly executablePath: string;
  /** All that comes before the program's own arguments. */
  readonly args: readonly string[];
  /** What the program needs to find its parts. */
  readonly env: Readonly<Record<string, string>>;
  readonly preloadPath: string;
  /** What a page's JavaScript lacks; null: nothing. */
  readonly builtIns: string | null;
}

function runs(command: string): boolean {
  return spawnSync(command, ['--version'], { stdio: 'ignore', timeout: 10_000 }).error === undefined;
}

function find(): Found | string {
  if (process.platform === 'linux' && !runs('dbus-daemon')) return 'no session bus: install dbus';
  const named = process.env['EPICSTAR_TEST_ELECTRON'] ?? '';
  const installed = named === '' ? electronPath() : named;
  if (installed === null) {
    const old = findElectron9();
    if (!old.isAvailable) return old.reason;
    return { isModern: false, executablePath: old.executablePath, args: old.args };
  }
  if (process.platform !== 'linux') return 'these tests want a display of their own, which Linux alone has';
  if (!runs('Xvfb')) return 'no virtual display: install xvfb';
  // A root has no sandbox; what is shown is our own window alone.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return { isModern: true, executablePath: installed, args };
}

const found = find();

/** Why tests on an Electron cannot run here; null: they can. */
export const refusal: string | null = typeof found === 'string' ? found : null;

/** Why tests of what the old Electron lacks cannot run here; null: they can. */
export const modernRefusal: string | null =
  refusal ?? (typeof found === 'object' && found.isModern ? null : 'to be run on a modern Electron (docs/testing.md)');

/** Why tests of the tray on the bus cannot run here; null: they can. Without the library no menu comes to the bus. */
export const trayRefusal: string | null = refusal ?? (hasIndicator() ? null : indicatorMissing());

/** Why tests cannot compare the pictures that the panel shows; null: they can. */
export const pictureRefusal: string | null =
  trayRefusal ?? (modernRefusal === null ? 'a modern Electron gives the panel pixels instead of a file' : null);

function hasIndicator(): boolean {
  // A modern Electron speaks to the bus itself.
  if (typeof found === 'object' && found.isModern) return true;
  const { stdout } = spawnSync('ldconfig', ['-p'], {
    encoding: 'utf8',
    timeout: 10_000,
    // It is a tool of administrators, whose folders an ordinary search path leaves out.
    env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` },
  });
  return /\blib(?:ayatana-)?appindicator3\.so\.1\b/.test(stdout ?? '');
}

function indicatorMissing(): string {
  return 'libayatana-appindicator3.so.1 not found: install libayatana-appindicator3-1';
}

/** The program itself, where it is what the tests start. */
export function buildForPeople(): void {
  if (typeof found === 'string' || !found.isModern) return;
  const main = join(rootDir, 'dist', 'main', 'main.js');
  if (!buildWhenStale(main, ['src-main', 'src-preload', 'src-renderer'])) throw new Error('the build failed');
}

/** @param dir a temporary folder of whoever asks */
export async function buildProgram(dir: string): Promise<BuiltProgram> {
  if (typeof found === 'string') throw new Error(found);
  const { executablePath, isModern } = found;
  const before = [...found.args, '-r', lapsePath];
  if (isModern) {
    return {
      executablePath,
      args: [...before, '-r', observerPath, rootDir],
      env: {},
      preloadPath: join(rootDir, 'dist', 'preload', 'index.cjs'),
      builtIns: null,
    };
  }
  const builtDir = join(dir, 'built');
  await buildForOldElectron(builtDir);
  return {
    executablePath,
    args: [...before, builtDir],
    env: { EPICSTAR_TEST_BUILT_DIR: builtDir, EPICSTAR_TEST_RESOURCES_DIR: join(rootDir, 'resources') },
    preloadPath: join(builtDir, 'preload', 'index.cjs'),
    builtIns: await readFile(join(builtDir, 'page', 'built-ins.js'), 'utf8'),
  };
}
