/**
 * @file A program for the old Electron that does nothing but update itself: looks, downloads, then restarts as what it
 * downloaded. With the real electron-updater over Chromium's network, and the quit of the desktop program.
 */
import './built-ins.ts';
import { app, session } from 'electron';
import { AppImageUpdater } from 'electron-updater';
import { quitWithin } from '../../../src-main/shell/quit.ts';
import { Updater, type UpdaterOptions } from '../../../src-main/shell/updater.ts';
import { readWhyNoUpdates } from '../../../src-main/shell/update-support.ts';

function need(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set`);
  return value;
}

function setTimer(delayMs: number, fire: () => void): () => void {
  const timer = setTimeout(fire, delayMs);
  return () => clearTimeout(timer);
}

const say = (what: string): void => void process.stdout.write(`${what}\n`);

/** Nothing is remembered. */
const preferences: UpdaterOptions['preferences'] = { get: () => null as never, set: () => undefined };

function load(): AppImageUpdater {
  const library = new AppImageUpdater();
  // It is not packed, so the library is told where to look.
  library.forceDevUpdateConfig = true;
  library.updateConfigPath = need('EPICSTAR_TEST_UPDATE_CONFIG');
  return library;
}

async function main(): Promise<void> {
  app.setPath('userData', need('EPICSTAR_DATA_DIR'));
  app.on('window-all-closed', () => undefined);
  await app.whenReady();
  if (!app.requestSingleInstanceLock()) throw new Error('another one runs');
  const proxy = process.env['EPICSTAR_TEST_PROXY'] ?? '';
  if (proxy !== '') await session.fromPartition('electron-updater', { cache: false }).setProxy({ proxyRules: proxy });
  const log = { info: () => undefined, warn: (message: string) => say(`warning: ${message}`) };
  const updater = new Updater({
    // That of Electron, which the library takes for the program's.
    version: app.getVersion(),
    notes: null,
    platform: process.platform,
    whyNot: await readWhyNoUpdates({
      isPackaged: true,
      platform: process.platform,
      env: process.env,
      execPath: process.execPath,
      resourcesPath: need('EPICSTAR_TEST_RESOURCES_DIR'),
    }),
    preferences,
    load: () => Promise.resolve(load()),
    now: Date.now,
    setTimer,
    random: Math.random,
    quit: () => app.quit(),
    beforeInstall: () => app.releaseSingleInstanceLock(),
    onRenamed: () => undefined,
    log,
  });
  quitWithin(app, {
    setTimer,
    log,
    onQuitting: () => undefined,
    close: () => {
      say('closed');
      return Promise.resolve();
    },
    leave: () => updater.leave() === 'ends',
  });
  app.once('quit', () => say('quit'));
  let shown = '';
  const follow = (): void => {
    const { state } = updater.view();
    if (state.kind === shown) return;
    shown = state.kind;
    say(state.kind === 'failed' || state.kind === 'unsupported' ? JSON.stringify(state) : state.kind);
    if (state.kind === 'available') updater.download();
    else if (state.kind === 'ready') updater.install();
    else if (state.kind !== 'looking' && state.kind !== 'downloading') app.quit();
  };
  updater.subscribe(follow);
  if (updater.view().state.kind === 'unsupported') follow();
  await updater.look();
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  app.exit(1);
});
