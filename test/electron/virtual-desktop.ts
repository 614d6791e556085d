/** @file A desktop that nobody sees: a display and a session bus of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { waitUntil } from '../support/wait.ts';

interface Served {
  readonly child: ChildProcess;
  /** What it said on its third descriptor, which is where it is found. */
  readonly address: string;
}

async function serve(command: string, args: readonly string[]): Promise<Served> {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const told = child.stdio[3] as Readable;
  let text = '';
  let failure: Error | null = null;
  child.once('error', (error) => (failure = error));
  told.setEncoding('utf8').on('data', (part: string) => (text += part));
  await waitUntil(`${command} to say where it is`, () => {
    if (failure !== null) throw failure;
    return text.includes('\n');
  });
  return { child, address: text.trim() };
}

async function end({ child }: Served): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill();
  await ended;
}

export class VirtualDesktop {
  readonly #display: Served;
  readonly #bus: Served;

  private constructor(display: Served, bus: Served) {
    this.#display = display;
    this.#bus = bus;
  }

  static async start(): Promise<VirtualDesktop> {
    const screen = ['-screen', '0', '1280x900x24', '-nolisten', 'tcp'];
    const display = await serve('Xvfb', ['-displayfd', '3', ...screen]);
    const bus = await serve('dbus-daemon', ['--session', '--nofork', '--print-address=3']);
    return new VirtualDesktop(display, bus);
  }

  /** What tells programs of it. */
  get env(): Readonly<Record<string, string>> {
    return { DISPLAY: `:${this.#display.address}`, DBUS_SESSION_BUS_ADDRESS: this.#bus.address };
  }

  async close(): Promise<void> {
    await Promise.all([end(this.#display), end(this.#bus)]);
  }
}
