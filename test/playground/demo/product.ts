/** @file The program under show, run as a person would run it: a process of its own, told everything by environment. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** A program that was asked to end has no more than this; it needs up to 10 s where git is in the middle of a pack. */
const endPatienceMs = 15_000;
const keptChars = 2_000;

const programPath = fileURLToPath(new URL('../../../src-main/headless.ts', import.meta.url));

const servedSchema = z.object({ url: z.string(), urlWithToken: z.string() });
const statusSchema = z.object({
  totals: z.object({
    starred: z.number(),
    mirrored: z.number(),
    failed: z.number(),
    jobs: z.object({ queued: z.number(), running: z.number(), waiting: z.number() }),
  }),
});

export type Status = z.output<typeof statusSchema>;

export class Product {
  readonly #env: Readonly<Record<string, string>>;
  readonly #children = new Set<ChildProcess>();

  constructor(settings: Readonly<Record<string, string>>) {
    const inherited = Object.entries(process.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('EPICSTAR_'),
    );
    this.#env = { ...Object.fromEntries(inherited), ...settings };
  }

  /** Runs a command to its end; its words go to the terminal. */
  async run(args: readonly string[]): Promise<number> {
    const child = this.#spawn(args, 'inherit');
    return exitOf(child);
  }

  async status(): Promise<Status> {
    const child = this.#spawn(['status', '--json'], 'pipe');
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    let lastWords = '';
    child.stderr?.setEncoding('utf8').on('data', (part: string) => {
      lastWords = (lastWords + part).slice(-keptChars);
    });
    const code = await exitOf(child);
    // 1 says that some repositories failed, which is told in the answer.
    if (code > 1) throw new Error(`the program could not say how things stand: ${lastWords.trim()}`);
    return statusSchema.parse(JSON.parse(text));
  }

  /**
   * Starts engine and window.
   *
   * @returns the window's address, and a promise of the exit code
   */
  async serve(): Promise<{ readonly urlWithToken: string; readonly ended: Promise<number> }> {
    const child = this.#spawn(['serve', '--port', '0', '--json'], 'pipe');
    const ended = exitOf(child);
    let lastWords = '';
    child.stderr?.setEncoding('utf8').on('data', (part: string) => {
      lastWords = (lastWords + part).slice(-keptChars);
    });
    const { stdout } = child;
    if (stdout === null) throw new Error('the program has no output');
    const firstLine = new Promise<string>((resolve, reject) => {
      createInterface({ input: stdout }).once('line', resolve);
      ended.then(
        (code) => reject(new Error(`the program ended with ${code} before its window was there: ${lastWords.trim()}`)),
        reject,
      );
    });
    const { urlWithToken } = servedSchema.parse(JSON.parse(await firstLine));
    return { urlWithToken, ended };
  }

  /** Asks all that runs to end, and waits for it; what does not end in time is ended. */
  async stop(): Promise<void> {
    const running = [...this.#children];
    for (const child of running) child.kill('SIGTERM');
    const timer = setTimeout(() => this.kill(), endPatienceMs);
    await Promise.all(running.map(exitOf));
    clearTimeout(timer);
  }

  /** At once, whatever is under way. */
  kill(): void {
    for (const child of this.#children) child.kill('SIGKILL');
  }

  #spawn(args: readonly string[], output: 'inherit' | 'pipe'): ChildProcess {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', programPath, ...args], {
      env: this.#env,
      stdio: ['ignore', output, output],
    });
    this.#children.add(child);
    child.once('exit', () => this.#children.delete(child));
    return child;
  }
}

function exitOf(child: ChildProcess): Promise<number> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode);
  if (child.signalCode !== null) return Promise.resolve(1);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(signal === null ? (code ?? 1) : 1));
  });
}
