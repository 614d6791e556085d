/**
 * @file Starting programs: quietly (set-up tools) and in the foreground (the task). Must run on Node 18.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';

/** @typedef {Record<string, string | undefined>} Environment */

const keptOutputChars = 60_000;
const forwarded = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
const parentCheckMs = 500;
const killAfterMs = 30_000;
const quietGraceMs = 1_000;

/** @param {NodeJS.Signals} signal */
export function exitCodeOfSignal(signal) {
  return 128 + (constants.signals[signal] ?? 0);
}

/**
 * The environment without what `npm run` of another npm put in: a nested npm would take its prefix and its package
 * from there, and programs would find the wrong Node.
 *
 * @param {Environment} environment
 * @returns {Environment}
 */
export function cleanEnvironment(environment) {
  const dropped =
    /^(npm_package_.*|npm_lifecycle_.*|npm_config_(prefix|local_prefix|global_prefix|node_gyp|npm_version|user_agent)|npm_execpath|npm_node_execpath|npm_command|npm_old_pid|node|init_cwd)$/i;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !dropped.test(name)));
}

/**
 * Runs a tool with its output kept back. A signal to us ends it too, and then ends us.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: Environment, shell?: boolean, timeoutMs?: number }} options
 * @returns {Promise<{ ok: boolean, output: string }>} never rejects; a tool that cannot be started is not ok
 */
export function runQuietly(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, [...args], {
      cwd: options.cwd,
      env: options.env,
      shell: options.shell ?? false,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    let output = '';
    /** @type {NodeJS.Signals | null} */
    let ended = null;
    const keep = (/** @type {Buffer} */ chunk) => {
      output = (output + chunk.toString('utf8')).slice(-keptOutputChars);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const stop = forwarded.map((signal) => {
      const listener = () => {
        ended = signal;
        child.kill(signal);
        // npm tidies up for most of a minute before it ends; the next set-up begins anew anyway.
        setTimeout(() => child.kill('SIGKILL'), quietGraceMs).unref();
      };
      process.on(signal, listener);
      return () => process.removeListener(signal, listener);
    });
    const timer =
      options.timeoutMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), options.timeoutMs);
    const finish = (/** @type {boolean} */ ok) => {
      clearTimeout(timer);
      for (const remove of stop) {
        remove();
      }
      if (ended !== null) {
        process.exit(exitCodeOfSignal(ended));
      }
      resolve({ ok, output });
    };
    child.once('error', (error) => {
      output += error.message;
      finish(false);
    });
    child.once('close', (code) => finish(code === 0));
  });
}

/**
 * Who started us, as a text that changes when they are gone. npm starts a shell that starts us; some shells outlive
 * npm, so behind a shell its parent counts too, where the system tells it without a program of its own (Linux).
 *
 * @param {number} parent
 */
function startersOf(parent) {
  try {
    const [, name = '', grandparent = ''] =
      /\((.*)\) \S+ (\d+)/s.exec(readFileSync(`/proc/${parent}/stat`, 'utf8')) ?? [];
    return /^(sh|dash|ash|bash|zsh|busybox)$/.test(name) ? `${parent} ${grandparent}` : `${parent}`;
  } catch {
    return `${parent}`;
  }
}

/**
 * Runs the task in the foreground and resolves to the exit code to end with. Signals are passed on; when npm, which
 * started us, goes away without a word (it does so on SIGTERM), the task is told to end as well.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: Environment }} options
 * @returns {Promise<number>}
 */
export function runForeground(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], { cwd: options.cwd, env: options.env, stdio: 'inherit' });
    const hasTerminal = process.stdin.isTTY === true || process.stdout.isTTY === true || process.stderr.isTTY === true;
    for (const signal of forwarded) {
      process.on(signal, () => {
        // Ctrl-C reaches the whole foreground group: the task has it already, and a second one means "at once".
        if (signal !== 'SIGINT' || !hasTerminal) {
          child.kill(signal);
        }
      });
    }
    const starters = startersOf(process.ppid);
    const watch =
      process.env['npm_lifecycle_event'] === undefined
        ? undefined
        : setInterval(() => {
            if (startersOf(process.ppid) !== starters) {
              clearInterval(watch);
              child.kill('SIGTERM');
              setTimeout(() => child.kill('SIGKILL'), killAfterMs).unref();
            }
          }, parentCheckMs);
    watch?.unref();
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearInterval(watch);
      resolve(signal === null ? (code ?? 1) : exitCodeOfSignal(signal));
    });
  });
}
