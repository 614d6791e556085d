/** @file A session bus that belongs to the tests alone, and a connection of theirs to it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { createClient, type MessageBus } from 'dbus-native';
import { waitUntil } from '../support/wait.ts';

export interface Served {
  readonly child: ChildProcess;
  /** What it said on its third descriptor, which is where it is found. */
  readonly address: string;
}

/** Starts a program that says on descriptor 3 where it is found. */
export async function serve(command: string, args: readonly string[]): Promise<Served> {
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

export async function end({ child }: Served): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill();
  await ended;
}

/** Everybody may say everything, and nothing is started by being asked for: the person's own desktop stays out. */
const config = (
  dir: string,
): string => `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=${dir}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;

export class SessionBus {
  readonly #dir: string;
  readonly #daemon: Served;
  readonly #clients: MessageBus[] = [];

  private constructor(dir: string, daemon: Served) {
    this.#dir = dir;
    this.#daemon = daemon;
  }

  static async start(): Promise<SessionBus> {
    const dir = await mkdtemp(join(tmpdir(), 'epicstar-bus-'));
    const configPath = join(dir, 'bus.conf');
    await writeFile(configPath, config(dir));
    const args = [`--config-file=${configPath}`, '--nofork', '--nopidfile', '--nosyslog', '--print-address=3'];
    return new SessionBus(dir, await serve('dbus-daemon', args));
  }

  get address(): string {
    return this.#daemon.address;
  }

  /** Ended with the bus. */
  async connect(): Promise<MessageBus> {
    const client = createClient({ busAddress: this.address });
    this.#clients.push(client);
    // Answers come only once the bus knows it.
    await client.listNames();
    return client;
  }

  /** From now on the name leads to this connection. */
  async own(client: MessageBus, name: string): Promise<void> {
    const { isPrimaryOwner } = await client.ownName(name);
    if (!isPrimaryOwner) throw new Error(`somebody else is ${name}`);
  }

  async close(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()));
    await end(this.#daemon);
    await rm(this.#dir, { recursive: true, force: true });
  }
}
