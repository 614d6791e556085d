/** @file Where Electron's program is on this computer, if it is anywhere. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { electronDir } from './setup/paths.mjs';

/** Path of the program that npm's Electron has downloaded, or null where it has not. */
export function electronPath() {
  let name = process.platform === 'win32' ? 'electron.exe' : 'electron';
  try {
    name = readFileSync(join(electronDir, 'path.txt'), 'utf8');
  } catch {
    // Not downloaded here; it may still lie in a folder of the person's own, under its usual name.
    name = process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : name;
  }
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? '';
  const path = join(override === '' ? join(electronDir, 'dist') : override, name);
  return existsSync(path) ? path : null;
}
