/** @file The desktop program as a process that no test tool looks into: what it says, and how it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { waitUntil } from '../support/wait.ts';

export class PlainStart {
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string | null>;
  readonly #child: ChildProcess;
  #text = '';
  #isOver = false;

  constructor(executablePath: string, args: readonly string[], env: Record<string, string>) {
    const child = spawn(executablePath, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
    this.#child = child;
    child.stdout.setEncoding('utf8').on('data', (part: string) => (this.#text += part));
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        this.#isOver = true;
        resolve(signal ?? code);
      });
    });
  }

  get pid(): number {
    const { pid } = this.#child;
    if (pid === undefined) throw new Error('the program did not start');
    return pid;
  }

  /** Resolves when the tray says this. */
  says(pattern: RegExp): Promise<boolean> {
    return waitUntil(`the tray to say ${pattern}`, () => pattern.test(this.#text));
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async kill(): Promise<void> {
    if (this.#isOver) return;
    this.signal('SIGKILL');
    await this.ended;
  }
}
