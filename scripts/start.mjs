/**
 * @file `npm start`: the desktop application where Electron and the sources of the desktop are there, else the same
 * engine with its window in the browser.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { buildWhenStale } from './build-when-stale.mjs';
import { electronPath } from './electron-path.mjs';
import { rootDir } from './setup/paths.mjs';

/** What to run. @returns {{ command: string, args: string[] } | null} null where the build failed */
function chooseProgram() {
  const electron = electronPath();
  const hasDesktop = existsSync(join(rootDir, 'src-main', 'main.ts'));
  const builtWindow = join(rootDir, 'dist', 'renderer', 'index.html');
  const built = hasDesktop ? join(rootDir, 'dist', 'main', 'main.js') : builtWindow;
  if (!buildWhenStale(built, ['src-main', 'src-preload', 'src-renderer'])) {
    return null;
  }
  if (electron !== null && hasDesktop) {
    return { command: electron, args: [rootDir, ...process.argv.slice(2)] };
  }
  process.stderr.write('epicstar: no Electron here: the window opens in the browser\n');
  const headless = join(rootDir, 'src-main', 'headless.ts');
  const args = ['--disable-warning=ExperimentalWarning', headless, 'serve', '--open', ...process.argv.slice(2)];
  return { command: process.execPath, args };
}

const program = chooseProgram();
if (program === null) {
  process.stderr.write('epicstar: the build failed; its words are above.\n');
  process.exitCode = 1;
} else {
  const child = spawn(program.command, program.args, { stdio: 'inherit' });
  const hasTerminal = process.stdin.isTTY === true || process.stdout.isTTY === true || process.stderr.isTTY === true;
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    // The terminal sends Ctrl-C to all of us at once.
    process.on(signal, () => void (signal === 'SIGINT' && hasTerminal ? true : child.kill(signal)));
  }
  child.once('error', (error) => {
    process.stderr.write(`epicstar: ${program.command} could not be started: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.once('exit', (code, signal) => {
    process.exitCode = signal === null ? (code ?? 1) : 128 + constants.signals[signal];
  });
}
