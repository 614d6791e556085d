/**
 * @file The desktop program for the old Electron: the shell as it is, attached to an engine elsewhere. In the place of
 * src-main/main.ts, whose engine this Electron cannot load.
 */
import './built-ins.ts';
import './old-fs.ts';
import { get } from 'node:http';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { systemPreferences } from 'electron';
import { WebSocket } from 'ws';
import type { SocketLike } from '../../../src-preload/contract/socket-transport.ts';
import { parseWithoutGeneratedCode } from '../../../src-preload/contract/schema.ts';
import {
  createEnvSecrets,
  pickSecretVariables,
  scrubSecretVariables,
} from '../../../src-main/engine/adapters/system/env-secrets.ts';
import { createRedactor } from '../../../src-main/engine/adapters/system/redactor.ts';
import { createAutostart } from '../../../src-main/shell/autostart.ts';
import type { OpenedBundle } from '../../../src-main/shell/bundle-answer.ts';
import { DesktopKeeper } from '../../../src-main/shell/desktop-keeper.ts';
import { createClosedLink, type Link } from '../../../src-main/shell/link.ts';
import { hostsOf } from '../../../src-main/shell/page-hosts.ts';
import { isWayland } from '../../../src-main/shell/popup-place.ts';
import { Preferences, type StoreFile } from '../../../src-main/shell/preferences.ts';
import { watchPower } from '../../../src-main/shell/power.ts';
import { createRemoteLink } from '../../../src-main/shell/remote-link.ts';
import { createRestart } from '../../../src-main/shell/restart.ts';
import { createSafeSecrets } from '../../../src-main/shell/safe-secrets.ts';
import { prepareShell, startShell } from '../../../src-main/shell/shell.ts';
import { Updater } from '../../../src-main/shell/updater.ts';
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

function openLink(address: string, token: string): Link {
  const headers = { authorization: `Bearer ${token}` };
  return createRemoteLink({
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
}

function openBundle(url: string, token: string | null): Promise<OpenedBundle | null> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { authorization: `Bearer ${token ?? ''}` } }, (body) => {
      const fileName = /filename="([^"]+)"/.exec(body.headers['content-disposition'] ?? '')?.[1];
      const bytes = Number(body.headers['content-length']);
      resolve(fileName === undefined ? null : { fileName, bytes, body });
    }).once('error', reject);
  });
}

async function main(): Promise<void> {
  const electron = modernElectron();
  const homeDir = need('EPICSTAR_DATA_DIR');
  const builtDir = need('EPICSTAR_TEST_BUILT_DIR');
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
  const desktopDir = join(homeDir, 'desktop');
  mkdirSync(desktopDir, { recursive: true });
  const preferences = new Preferences({ Store: JsonFile, dir: desktopDir, now: Date.now, log });
  const fixedAddress = process.env['EPICSTAR_ATTACH_URL'] ?? '';
  const address = fixedAddress === '' ? preferences.get('attachAddress') : fixedAddress;
  if (address === null) throw new Error('this Electron has no engine of its own');
  const redactor = createRedactor();
  const { platform, env, execPath } = process;
  const secrets = createSafeSecrets({
    electron,
    platform,
    dataDir: homeDir,
    outside: createEnvSecrets({ env, dataDir: homeDir, redactor, platform }),
    redactor,
    log,
    isPlainAllowed: preferences.get('isPlainAllowed'),
    keepPlainAllowed: () => preferences.set('isPlainAllowed', true),
  });
  const token = await secrets.read('attach-token');
  const link = token === null ? createClosedLink() : openLink(address, token);
  const power = watchPower({
    powerMonitor: electron.powerMonitor,
    setTimer,
    worksOnBattery: () => preferences.get('worksOnBattery'),
    onReasons: () => undefined,
    onWake: () => undefined,
  });
  const secretsOfEnvironment = pickSecretVariables(env);
  scrubSecretVariables(env);
  const updater = new Updater({
    version: '1.2.3',
    notes: null,
    platform,
    whyNot: electron.app.isPackaged ? null : 'not-packed',
    preferences,
    load: () => Promise.reject(new Error('no updater is here')),
    now: Date.now,
    setTimer,
    random: Math.random,
    quit: () => electron.app.quit(),
    beforeInstall: () => undefined,
    onRenamed: () => undefined,
    log,
  });
  const placesNoWindow = isWayland(platform, env);
  const keeper = new DesktopKeeper({
    platform,
    version: '1.2.3',
    preferences,
    autostart: createAutostart({
      app: electron.app,
      platform,
      env,
      homeDir: homedir(),
      execPath,
      appPath: electron.app.getAppPath(),
    }),
    power,
    secrets,
    engine: {
      address,
      fixedBy: fixedAddress === '' ? null : 'environment variable EPICSTAR_ATTACH_URL',
      failure: token === null ? 'There is no token.' : null,
    },
    checkAddress: () => Promise.resolve(),
    canPlacePopup: () => !placesNoWindow,
    updates: updater,
    openPlace: (place) => desktop.show(place),
    hidePopup: () => desktop.hidePopup(),
    restart: createRestart({ app: electron.app, env, secrets: secretsOfEnvironment, execPath, argv: process.argv }),
    log,
  });
  const desktop = startShell(electron, {
    link,
    desktop: keeper,
    platform,
    version: '1.2.3',
    preloadPath: join(builtDir, 'preload', 'index.cjs'),
    windowDir: join(builtDir, 'renderer'),
    resourcesDir: need('EPICSTAR_TEST_RESOURCES_DIR'),
    currentDesktop: process.env['XDG_CURRENT_DESKTOP'],
    isCalm: () => systemPreferences.getAnimationSettings().prefersReducedMotion,
    places: preferences,
    opensAs: () => preferences.get('opensAs'),
    isWayland: placesNoWindow,
    hosts: (overview) => hostsOf(overview, ['https://github.com']),
    openBundle: (id) => openBundle(`${address}/api/bundles/${id}`, token),
    notificationMemory: { read: () => undefined, write: () => undefined },
    isNotificationOn: (kind) => keeper.isNotificationOn(kind),
    updates: updater,
    startsHidden: preferences.get('startsHidden') || process.argv.includes('--hidden'),
    now: Date.now,
    setTimer,
    log,
    close: () => {
      keeper.close();
      updater.stop();
      power.stop();
      return Promise.resolve();
    },
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
