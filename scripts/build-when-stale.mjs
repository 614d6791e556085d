/** @file Builds what is older than its sources. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { modulesDir, rootDir } from './setup/paths.mjs';

/** Newest change below a folder, 0 where there is none. @param {string} dir @returns {number} */
function newestMs(dir) {
  if (!existsSync(dir)) {
    return 0;
  }
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((newest, entry) => Math.max(newest, statSync(join(entry.parentPath, entry.name)).mtimeMs), 0);
}

/**
 * Nothing is written to stdout, which may be somebody's document.
 *
 * @param {string} built a file that each build writes
 * @param {readonly string[]} sourceDirs below the root
 * @returns {boolean} false: the build failed, and has said why
 */
export function buildWhenStale(built, sourceDirs) {
  const builtMs = existsSync(built) ? statSync(built).mtimeMs : 0;
  if (sourceDirs.every((dir) => newestMs(join(rootDir, dir)) <= builtMs)) {
    return true;
  }
  process.stderr.write('epicstar: building …\n');
  const script = join(modulesDir, 'vite', 'bin', 'vite.js');
  const answer = spawnSync(process.execPath, [script, 'build', '--logLevel', 'warn'], {
    cwd: rootDir,
    stdio: ['ignore', 2, 'inherit'],
  });
  return answer.status === 0;
}
