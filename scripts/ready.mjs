/**
 * @file `npm run ready`: everything that must hold before a change is done: format, lint, types, build, tests.
 * With `--static` all but the tests. Every step runs, also after a failed one.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { modulesDir, rootDir } from './setup/paths.mjs';

/** @typedef {{ name: string, script: string, args: readonly string[] }} Step */

const sources = ['src-main', 'src-preload', 'src-renderer', 'test', 'scripts', 'vite.config.ts', 'vitest.config.ts'];
const present = sources.filter((path) => existsSync(join(rootDir, path)));
const isStatic = process.argv.includes('--static');

/** @param {string} name */
const tool = (name) => join(modulesDir, ...name.split('/'));

/** @type {readonly Step[]} */
const steps = [
  { name: 'format', script: tool('@biomejs/biome/bin/biome'), args: ['format', '.'] },
  { name: 'lint', script: tool('oxlint/bin/oxlint'), args: ['--type-aware', '--deny-warnings', ...present] },
  // Forced: what an earlier run remembers does not notice a change of the base configuration.
  { name: 'types', script: tool('typescript/bin/tsc'), args: ['--build', '--force'] },
  { name: 'build', script: tool('vite/bin/vite.js'), args: ['build', '--logLevel', 'warn'] },
  ...(isStatic ? [] : [{ name: 'tests', script: join(rootDir, 'scripts', 'test.mjs'), args: [] }]),
];

/** @type {string[]} */
const failed = [];
for (const { name, script, args } of steps) {
  const startedMs = Date.now();
  process.stdout.write(`ready: ${name} …\n`);
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd: rootDir, stdio: 'inherit' });
  if (status !== 0) {
    failed.push(name);
  }
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  process.stdout.write(`ready: ${name} ${status === 0 ? 'fine' : 'FAILED'}, ${seconds} s\n`);
}
process.stdout.write(failed.length === 0 ? 'ready: yes\n' : `ready: NO (${failed.join(', ')})\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
