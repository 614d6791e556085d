/**
 * @file The desktop program for the old Electron: the shell as it is, attached to an engine elsewhere. In the place of
 * src-main/main.ts, whose engine this Electron cannot load.
 */
import './built-ins.ts';
import { get } from 'node:http';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import type { SocketLike } from '../../../src-preload/contract/socket-transport.ts';
import { parseWithoutGeneratedCode } from '../../../src-preload/contract/schema.ts';
import { hostsOf } from '../../../src-main/shell/page-hosts.ts';
import { Preferences, type StoreFile } from '../../../src-main/shell/preferences.ts';
import { createRemoteLink } from '../../../src-main/shell/remote-link.ts';
import { prepareShell, startShell } from '../../../src-main/shell/shell.ts';
import { modernElectron, observed } from './electron.ts';

function need(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set`);
  return value;
}

function setTimer(delayMs: number, fire: () => void): () => void {
  const timer = setTimeout(fire, delayMs);
  return () => clearTimeout(timer);
}

/** In the place of electron-store, which a Node of 2019 does not run. */
class JsonFile implements StoreFile {
  readonly #path: string;

  constructor({ cwd, name }: { readonly cwd: string; readonly name: string }) {
    this.#path = join(cwd, `${name}.json`);
  }

  #read(): Record<string, unknown> {
    try {
      return JSON.parse(readFileSync(this.#path, 'utf8')) as Record<string, unknown>;
    } catch {
      return {};
    }
  }

  get(key: string): unknown {
    return this.#read()[key];
  }

  set(key: string, value: unknown): void {
    writeFileSync(this.#path, JSON.stringify({ ...this.#read(), [key]: value }));
  }

  delete(key: string): void {
    const { [key]: _gone, ...rest } = this.#read();
    writeFileSync(this.#path, JSON.stringify(rest));
  }
}

async function main(): Promise<void> {
  const electron = modernElectron();
  const address = need('EPICSTAR_ATTACH_URL');
  const token = need('EPICSTAR_ATTACH_TOKEN');
  const homeDir = need('EPICSTAR_DATA_DIR');
  const builtDir = need('EPICSTAR_TEST_BUILT_DIR');
  const headers = { authorization: `Bearer ${token}` };
  electron.app.setPath('userData', homeDir);
  Object.assign(globalThis, { observed });
  if (!prepareShell(electron)) {
    electron.app.exit(0);
    return;
  }
  parseWithoutGeneratedCode();
  await electron.app.whenReady();
  const log = {
    info: () => undefined,
    warn: (message: string, fields: Readonly<Record<string, unknown>> = {}) => {
      observed.warnings.push(`${message} ${JSON.stringify(fields)}`);
    },
  };
  const link = createRemoteLink({
    address,
    host: {
      openSocket: (url): SocketLike => {
        const socket = new WebSocket(url, { headers });
        // The closing that follows says all.
        socket.on('error', () => undefined);
        return socket;
      },
      ask: (url) =>
        new Promise((resolve, reject) => {
          get(url, { headers }, (response) => {
            response.resume();
            resolve(response.statusCode ?? 0);
          }).once('error', reject);
        }),
    },
    setTimer,
    random: Math.random,
  });
  startShell(electron, {
    link,
    platform: process.platform,
    version: '1.2.3',
    preloadPath: join(builtDir, 'preload', 'index.cjs'),
    windowDir: join(builtDir, 'renderer'),
    resourcesDir: need('EPICSTAR_TEST_RESOURCES_DIR'),
    currentDesktop: process.env['XDG_CURRENT_DESKTOP'],
    isCalm: () => false,
    places: new Preferences({ Store: JsonFile, dir: homeDir, now: Date.now, log }),
    hosts: (overview) => hostsOf(overview, ['https://github.com']),
    notificationMemory: { read: () => undefined, write: () => undefined },
    isNotificationOn: () => true,
    startsHidden: process.argv.includes('--hidden'),
    now: Date.now,
    setTimer,
    log,
    close: () => Promise.resolve(),
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
