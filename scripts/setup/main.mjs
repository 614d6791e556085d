/**
 * @file The launcher's course: check the machine, install, fetch what is optional, then run the task on Node 24.
 * Must run on Node 18.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runForeground } from './child.mjs';
import { ensureDownloads } from './downloads.mjs';
import { acceptInstalled, ensureInstalled, taskEnvironment } from './install.mjs';
import { npmCliPath, rootDir } from './paths.mjs';
import { SetupError, sayError } from './say.mjs';

/**
 * @typedef {{ script: string, args: readonly string[], git: boolean, electron: boolean, atCaller: boolean }} Task
 *   `atCaller`: runs in the folder where the person typed the command, so that relative paths mean what they say
 */

/** @type {Readonly<Record<string, Task>>} */
const tasks = {
  start: { script: 'scripts/start.mjs', args: [], git: true, electron: true, atCaller: true },
  demo: { script: 'test/playground/demo.ts', args: [], git: true, electron: false, atCaller: true },
  epicstar: { script: 'scripts/epicstar.mjs', args: [], git: true, electron: false, atCaller: true },
  build: { script: 'node_modules/vite/bin/vite.js', args: ['build'], git: false, electron: false, atCaller: false },
  test: { script: 'scripts/test.mjs', args: [], git: true, electron: false, atCaller: false },
  'test:electron': {
    script: 'scripts/test.mjs',
    args: ['--project', 'electron'],
    git: true,
    electron: false,
    atCaller: false,
  },
  package: { script: 'scripts/package.mjs', args: [], git: true, electron: true, atCaller: false },
  bench: { script: 'test/bench/bench.ts', args: [], git: true, electron: false, atCaller: true },
  ready: { script: 'scripts/ready.mjs', args: [], git: true, electron: false, atCaller: false },
};

/** @param {readonly string[]} argv task and its arguments */
export async function main(argv) {
  try {
    process.exitCode = await runTask(argv[0] ?? '', argv.slice(1));
  } catch (error) {
    if (!(error instanceof SetupError)) {
      throw error;
    }
    sayError(error);
    process.exitCode = 2;
  }
}

/**
 * @param {string} name
 * @param {readonly string[]} args
 * @returns {Promise<number>} exit code
 */
async function runTask(name, args) {
  if (name === 'npm') {
    return runNpm(args);
  }
  const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
  if (task === undefined) {
    throw new SetupError(
      name === '' ? 'No task was named.' : `There is no task "${name}".`,
      `The tasks are ${[...Object.keys(tasks), 'npm'].join(', ')}.`,
      'Run one of them, for example: npm start',
    );
  }
  const stamp = await ensureInstalled();
  await ensureDownloads(stamp, task);
  const scriptPath = join(rootDir, task.script);
  if (!existsSync(scriptPath)) {
    throw new SetupError(
      `"${name}" cannot run.`,
      `This copy of epicstar has no ${task.script}.`,
      'Get a complete copy (git status shows what is missing), then run the same command again.',
    );
  }
  const nodeArgs = ['--disable-warning=ExperimentalWarning', scriptPath, ...task.args, ...args];
  const callerDir = process.env['INIT_CWD'] ?? process.cwd();
  const cwd = task.atCaller ? callerDir : rootDir;
  return runForeground(stamp.node, nodeArgs, { cwd, env: taskEnvironment(stamp.node) });
}

/** @param {readonly string[]} args */
async function runNpm(args) {
  const stamp = await ensureInstalled();
  const options = { cwd: rootDir, env: taskEnvironment(stamp.node) };
  const exitCode = await runForeground(stamp.node, [npmCliPath, ...args], options);
  if (exitCode === 0) {
    acceptInstalled(stamp);
  }
  return exitCode;
}
