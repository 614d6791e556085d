/**
 * @file The program as a user runs it: a process of its own with an environment of its own. Knows nothing of what it
 * is used for.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { waitUntil } from './wait.ts';

/** The sources, or the built file that is named: so that a packed program can be tried as well. */
const entry =
  process.env['EPICSTAR_TEST_PROGRAM'] ?? fileURLToPath(new URL('../../src-main/headless.ts', import.meta.url));
/** Compiled sources, so that each of many starts costs half as much. */
const compileCacheDir = fileURLToPath(new URL('../../.cache/compile', import.meta.url));
const timeLapse = new URL('time-lapse.mjs', import.meta.url).href;

export type ProgramEnvironment = Readonly<Record<string, string>>;

export interface Ended {
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
}

/** What every process needs; nothing of the person who runs the tests, and no EPICSTAR_ variable of theirs. */
function cleanEnvironment(env: ProgramEnvironment): Record<string, string> {
  const kept = ['PATH', 'LOCAL_GIT_DIRECTORY', 'GIT_EXEC_PATH', 'SystemRoot', 'TEMP', 'TMP'];
  const inherited = kept.flatMap((name): [string, string][] => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(inherited), HOME: tmpdir(), TZ: 'UTC', NODE_COMPILE_CACHE: compileCacheDir, ...env };
}

export class Program {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  #stdout = '';
  #stderr = '';
  #isOver = false;
  #lapses = 0;

  /**
   * @param env with TIME_LAPSE_MS set, {@link lapse} can be used
   * @param input what it reads from its standard input, which then ends; null: nothing comes and it does not end
   */
  constructor(args: readonly string[], env: ProgramEnvironment, input: string | null = '') {
    const startedMs = performance.now();
    const preload = env['TIME_LAPSE_MS'] === undefined ? [] : ['--import', timeLapse];
    const child = spawn(process.execPath, [...preload, entry, ...args], { env: cleanEnvironment(env), stdio: 'pipe' });
    this.#child = child;
    // Whoever does not read it may be gone before it is written.
    child.stdin.on('error', () => undefined);
    if (input !== null) child.stdin.end(input);
    child.stdout.setEncoding('utf8').on('data', (text: string) => (this.#stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode) => {
        this.#isOver = true;
        const durationMs = performance.now() - startedMs;
        resolve({ exitCode, stdout: this.#stdout, stderr: this.#stderr, durationMs });
      });
    });
  }

  get pid(): number {
    const { pid } = this.#child;
    if (pid === undefined) throw new Error('the program did not start');
    return pid;
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Resolves with what the pattern found on stdout (or stderr); rejects when the program ended without it. */
  async waitFor(pattern: RegExp, stream: 'stdout' | 'stderr' = 'stdout'): Promise<RegExpExecArray> {
    return waitUntil(`${pattern} on ${stream}`, () => {
      const match = pattern.exec(stream === 'stdout' ? this.#stdout : this.#stderr);
      if (match === null && this.#isOver) throw new Error(`ended without ${pattern}:\n${this.#stdout}${this.#stderr}`);
      return match;
    });
  }

  /** Lets TIME_LAPSE_MS go by for the program; resolves when it has noticed. */
  async lapse(): Promise<void> {
    this.#lapses += 1;
    this.signal('SIGUSR2');
    await this.waitFor(new RegExp(`^time lapse ${this.#lapses}$`, 'm'), 'stderr');
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Goes away as `head` does: nobody reads its stdout any more. */
  closeStdout(): void {
    this.#child.stdout?.destroy();
  }

  /** Asks it to end as a service manager does. */
  async stop(): Promise<Ended> {
    this.signal('SIGTERM');
    return this.ended;
  }

  /** For the end of a test that failed: whatever state it is in. */
  async kill(): Promise<void> {
    if (this.#isOver) return;
    this.signal('SIGKILL');
    await this.ended;
  }
}

export interface ProcessFacts {
  readonly pid: number;
  readonly parentPid: number;
  readonly commandLine: string;
  /** Empty where it cannot be read. */
  readonly environment: string;
}

/** Whether this system shows its processes as files. */
export const hasProcessFiles = process.platform === 'linux';

/** Processes that name this text in their command line or environment, this one left out. */
export function processesThatName(text: string): readonly ProcessFacts[] {
  return allProcesses().filter(
    ({ pid, commandLine, environment }) =>
      pid !== process.pid && (commandLine.includes(text) || environment.includes(text)),
  );
}

/** A process and all that it started, and those did. Electron writes over what would tell by its environment. */
export function processFamily(pid: number): readonly number[] {
  const all = allProcesses();
  const family = [pid];
  // Grows while it is read.
  for (const parent of family) {
    family.push(...all.filter(({ parentPid }) => parentPid === parent).map((child) => child.pid));
  }
  return family;
}

export function allProcesses(): readonly ProcessFacts[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
      const parentPid = Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]);
      return [{ pid: Number(pid), parentPid, commandLine, environment }];
    } catch {
      // It ended meanwhile.
      return [];
    }
  });
}
