/**
 * @file Composition root of the desktop application: its own engine, or the link to one elsewhere. What belongs to the
 * engine is loaded only where it is needed: an attached shell does without its native modules.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeImage,
  nativeTheme,
  Notification,
  powerMonitor,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  systemPreferences,
  Tray,
} from 'electron';
import Store from 'electron-store';
import packageJson from '../package.json' with { type: 'json' };
import { commandOf, dataDirOf, runCommand } from './command-line-mode.ts';
import { createSystemClock } from './engine/adapters/system/clock.ts';
import { prepareDataDir, resolveDataDir } from './engine/adapters/system/data-dir.ts';
import { pickSecretVariables, scrubSecretVariables } from './engine/adapters/system/env-secrets.ts';
import { createPinoLog } from './engine/adapters/system/pino-log.ts';
import { createRedactor } from './engine/adapters/system/redactor.ts';
import { EpicstarError, errorSpecs, toEpicstarError } from './engine/domain/errors.ts';
import { type AttachedOptions, checkAttachAddress, openAttached } from './open-attached.ts';
import { createAutostart, isLoginStart } from './shell/autostart.ts';
import type { Clock } from './engine/ports/clock.ts';
import type { Log } from './engine/ports/log.ts';
import { DesktopKeeper } from './shell/desktop-keeper.ts';
import type { ElectronApi } from './shell/electron-api.ts';
import { watchFaults } from './shell/faults.ts';
import type { OpenedEngine } from './shell/opened-engine.ts';
import { openNotificationMemory } from './shell/notification-memory.ts';
import { isWayland } from './shell/popup-place.ts';
import { watchPower } from './shell/power.ts';
import { parseAttachAddress, Preferences } from './shell/preferences.ts';
import { createSystemProxies } from './shell/proxies.ts';
import { readPackedNotes } from './shell/release-notes.ts';
import { createRestart } from './shell/restart.ts';
import { prepareShell, startShell } from './shell/shell.ts';
import { readWhyNoUpdates } from './shell/update-support.ts';
import { Updater } from './shell/updater.ts';

const electron: ElectronApi = {
  app,
  BrowserWindow,
  Tray,
  Menu,
  nativeImage,
  Notification,
  ipcMain,
  shell,
  session,
  protocol,
  powerMonitor,
  nativeTheme,
  screen,
  safeStorage,
};

const { version } = packageJson;
const { env, platform, argv } = process;
const builtDir = join(import.meta.dirname, '..');
const redactor = createRedactor();
const dataDirFlag = app.commandLine.hasSwitch('data-dir') ? app.commandLine.getSwitchValue('data-dir') : null;
const command = commandOf(argv, app.isPackaged);
const dataDir = resolveDataDir({
  flag: (command === null ? dataDirFlag : dataDirOf(command)) || undefined,
  env,
  platform,
  homeDir: homedir(),
  workingDir: process.cwd(),
});

// A data directory has one program, and one program has one data directory.
app.setPath('userData', join(dataDir, 'desktop'));
if (platform === 'win32') app.setAppUserModelId('io.github.epicstar');
if (command !== null) {
  runCommand(app, command).catch((error: unknown) => {
    process.stderr.write(`epicstar: ${toEpicstarError(error).message}\n`);
    app.exit(1);
  });
} else if (dataDirFlag === '') {
  // Chromium's options have their values behind a sign of equality, and what follows a blank is none.
  giveUp(new EpicstarError('config-invalid', 'The data directory is named as --data-dir=FOLDER, without a blank.'));
} else if (prepareShell(electron)) {
  run().catch(giveUp);
} else {
  app.quit();
}

function giveUp(error: unknown): void {
  const { code, message } = toEpicstarError(error);
  dialog.showErrorBox('epicstar cannot start', `${redactor.redact(message)}\n\n${errorSpecs[code].nextStep}`);
  app.exit(1);
}

async function run(): Promise<void> {
  await app.whenReady();
  await prepareDataDir(dataDir);
  const clock = createSystemClock();
  const { log, close: closeLog } = await createPinoLog({
    level: 'info',
    format: 'text',
    redactor,
    now: () => clock.now(),
    stderr: (line) => process.stderr.write(line),
    stderrLevel: 'warn',
    file: { path: join(dataDir, 'logs', 'desktop') },
  });
  const preferences = new Preferences({ Store, dir: join(dataDir, 'desktop'), now: () => clock.now(), log });
  const address = attachAddress(preferences);
  const proxyFor = createSystemProxies((url) => session.defaultSession.resolveProxy(url));
  const parts = { dataDir, version, env, electron, preferences, clock, redactor, log, proxyFor };
  const secretsOfEnvironment = pickSecretVariables(process.env);
  const engine: OpenedEngine =
    address === null ? await (await import('./open-local.ts')).openLocal(parts) : await openAttached(parts, address);
  try {
    await showDesktop({ engine, address, preferences, clock, log, closeLog, secretsOfEnvironment, parts });
  } catch (error) {
    // Else its git, and the lock on the data directory, would be left behind.
    await engine.close().catch((failure: unknown) => log.warn('the engine did not end cleanly', { error: failure }));
    throw error;
  }
}

interface Opened {
  readonly engine: OpenedEngine;
  /** Null: the engine of this computer. */
  readonly address: string | null;
  readonly preferences: Preferences;
  readonly clock: Clock;
  readonly log: Log;
  readonly closeLog: () => Promise<void>;
  /** As they were given to this program. */
  readonly secretsOfEnvironment: ReturnType<typeof pickSecretVariables>;
  readonly parts: Pick<AttachedOptions, 'dataDir' | 'env'>;
}

async function showDesktop(opened: Opened): Promise<void> {
  const { engine, address, preferences, clock, log, closeLog, secretsOfEnvironment, parts } = opened;
  // Taken by now; no program that is started may inherit them, but this one when it starts anew.
  scrubSecretVariables(process.env);
  const memory = await openNotificationMemory(join(dataDir, 'desktop', 'notifications.json'), log);
  const { execPath, resourcesPath } = process;
  const notes = await readPackedNotes(join(builtDir, 'release-notes.txt'));
  const whyNot = await readWhyNoUpdates({ isPackaged: app.isPackaged, platform, env, execPath, resourcesPath });
  // From here on nothing waits: what the system tells of must find all that is named below.
  const power = watchPower({
    powerMonitor,
    setTimer: (delayMs, fire) => clock.setTimer(delayMs, fire),
    worksOnBattery: () => preferences.get('worksOnBattery'),
    onReasons: engine.setQuiet,
    onWake: () => {
      engine.woke();
      desktop.woke();
      updater.woke();
    },
  });
  const autostart = createAutostart({
    app,
    platform,
    env,
    homeDir: homedir(),
    execPath,
    appPath: app.isPackaged ? null : app.getAppPath(),
    startArgs: dataDirFlag === null ? [] : [`--data-dir=${dataDir}`],
  });
  autostart.repair().catch((error: unknown) => log.warn('the start at login could not be looked at', { error }));
  const restart = createRestart({ app, env: process.env, secrets: secretsOfEnvironment, execPath, argv });
  watchFaults({ process, log, restart, giveUp });
  const updater = new Updater({
    version,
    notes,
    platform,
    whyNot,
    preferences,
    load: async () => (await import('electron-updater')).default.autoUpdater,
    now: () => clock.now(),
    setTimer: (delayMs, fire) => clock.setTimer(delayMs, fire),
    random: Math.random,
    quit: () => app.quit(),
    beforeInstall() {
      // The new version may start before this one has ended, and needs what this one was given.
      app.releaseSingleInstanceLock();
      Object.assign(process.env, secretsOfEnvironment, { EPICSTAR_DATA_DIR: dataDir });
    },
    onRenamed: (path) => autostart.follow(path),
    log,
  });
  const placesNoWindow = isWayland(platform, env);
  const keeper = new DesktopKeeper({
    platform,
    version,
    preferences,
    autostart,
    power,
    secrets: engine.secrets,
    engine: { address, fixedBy: attachAddressFixedBy(), failure: engine.failure },
    checkAddress: (wished) => checkAttachAddress(parts, wished),
    canPlacePopup: () => !placesNoWindow,
    updates: updater,
    openPlace: (place) => desktop.show(place),
    hidePopup: () => desktop.hidePopup(),
    restart,
    log,
  });
  const desktop = startShell(electron, {
    link: engine.link,
    desktop: keeper,
    hosts: engine.hosts,
    openBundle: engine.openBundle,
    platform,
    version,
    preloadPath: join(builtDir, 'preload', 'index.cjs'),
    windowDir: join(builtDir, 'renderer'),
    resourcesDir: join(builtDir, '..', 'resources'),
    currentDesktop: env['XDG_CURRENT_DESKTOP'],
    isCalm: () => systemPreferences.getAnimationSettings().prefersReducedMotion,
    places: preferences,
    opensAs: () => preferences.get('opensAs'),
    isWayland: placesNoWindow,
    notificationMemory: memory,
    isNotificationOn: (kind) => keeper.isNotificationOn(kind),
    updates: updater,
    startsHidden: preferences.get('startsHidden') || isLoginStart({ app, platform, argv }),
    now: () => clock.now(),
    setTimer: (delayMs, fire) => clock.setTimer(delayMs, fire),
    log,
    close: async () => {
      keeper.close();
      updater.stop();
      power.stop();
      await engine.close();
      await memory.settled();
    },
    afterLeave: closeLog,
    restart,
    leave() {
      const outcome = updater.leave();
      if (outcome === 'failed') restart();
      return outcome === 'ends';
    },
  });
}

function attachAddressFixedBy(): string | null {
  return (env['EPICSTAR_ATTACH_URL'] ?? '') === '' ? null : 'environment variable EPICSTAR_ATTACH_URL';
}

/** Null: the engine of this computer. */
function attachAddress(preferences: Preferences): string | null {
  const named = env['EPICSTAR_ATTACH_URL'] ?? '';
  if (named === '') return preferences.get('attachAddress');
  const address = parseAttachAddress(named);
  if (address === null) throw new EpicstarError('config-invalid', 'EPICSTAR_ATTACH_URL is no http(s) address.');
  return address;
}
