/** @file The program under show, run as a person would run it: a process of its own, told everything by environment. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

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
    await exitOf(child);
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
    child.stderr?.resume();
    const { stdout } = child;
    if (stdout === null) throw new Error('the program has no output');
    const firstLine = new Promise<string>((resolve, reject) => {
      createInterface({ input: stdout }).once('line', resolve);
      ended.then((code) => reject(new Error(`the program ended with ${code} before its window was there`)), reject);
    });
    const { urlWithToken } = servedSchema.parse(JSON.parse(await firstLine));
    return { urlWithToken, ended };
  }

  /** Asks all that runs to end, and waits for it. */
  async stop(): Promise<void> {
    const running = [...this.#children];
    for (const child of running) child.kill('SIGTERM');
    await Promise.all(running.map(exitOf));
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
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(signal === null ? (code ?? 1) : 1));
  });
}
