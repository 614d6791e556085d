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
import { createSystemClock } from './engine/adapters/system/clock.ts';
import { prepareDataDir, resolveDataDir } from './engine/adapters/system/data-dir.ts';
import { scrubSecretVariables } from './engine/adapters/system/env-secrets.ts';
import { createPinoLog } from './engine/adapters/system/pino-log.ts';
import { createRedactor } from './engine/adapters/system/redactor.ts';
import { EpicstarError, errorSpecs, toEpicstarError } from './engine/domain/errors.ts';
import { openAttached } from './open-attached.ts';
import { isLoginStart } from './shell/autostart.ts';
import type { ElectronApi } from './shell/electron-api.ts';
import type { OpenedEngine } from './shell/opened-engine.ts';
import { openNotificationMemory } from './shell/notification-memory.ts';
import { watchPower } from './shell/power.ts';
import { parseAttachAddress, Preferences } from './shell/preferences.ts';
import { prepareShell, startShell } from './shell/shell.ts';

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
const dataDir = resolveDataDir({
  flag: app.commandLine.getSwitchValue('data-dir') || undefined,
  env,
  platform,
  homeDir: homedir(),
  workingDir: process.cwd(),
});

// A data directory has one program, and one program has one data directory.
app.setPath('userData', join(dataDir, 'desktop'));
if (platform === 'win32') app.setAppUserModelId('io.github.epicstar');
if (prepareShell(electron)) {
  run().catch((error: unknown) => {
    const { code, message } = toEpicstarError(error);
    dialog.showErrorBox('epicstar cannot start', `${message}\n\n${errorSpecs[code].nextStep}`);
    app.exit(1);
  });
} else {
  app.quit();
}

async function run(): Promise<void> {
  await app.whenReady();
  await prepareDataDir(dataDir);
  const clock = createSystemClock();
  const redactor = createRedactor();
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
  const parts = { dataDir, version, env, electron, preferences, clock, redactor, log };
  const engine: OpenedEngine =
    address === null ? await (await import('./open-local.ts')).openLocal(parts) : await openAttached(parts, address);
  // Taken by now; no program that is started may inherit them.
  scrubSecretVariables(process.env);
  const memory = await openNotificationMemory(join(dataDir, 'desktop', 'notifications.json'), log);
  const desktop = startShell(electron, {
    link: engine.link,
    hosts: engine.hosts,
    platform,
    version,
    preloadPath: join(builtDir, 'preload', 'index.cjs'),
    windowDir: join(builtDir, 'renderer'),
    resourcesDir: join(builtDir, '..', 'resources'),
    currentDesktop: env['XDG_CURRENT_DESKTOP'],
    isCalm: () => systemPreferences.getAnimationSettings().prefersReducedMotion,
    places: preferences,
    notificationMemory: memory,
    isNotificationOn: (kind) => preferences.get('notifications')[kind] ?? true,
    startsHidden: preferences.get('startsHidden') || isLoginStart({ app, platform, argv }),
    now: () => clock.now(),
    setTimer: (delayMs, fire) => clock.setTimer(delayMs, fire),
    log,
    close: async () => {
      power.stop();
      await engine.close();
      await memory.settled();
      await closeLog();
    },
  });
  const power = watchPower({
    powerMonitor,
    setTimer: (delayMs, fire) => clock.setTimer(delayMs, fire),
    worksOnBattery: () => preferences.get('worksOnBattery'),
    onReasons: engine.setQuiet,
    onWake: () => {
      engine.woke();
      desktop.woke();
    },
  });
}

/** Null: the engine of this computer. */
function attachAddress(preferences: Preferences): string | null {
  const named = env['EPICSTAR_ATTACH_URL'] ?? '';
  if (named === '') return preferences.get('attachAddress');
  const address = parseAttachAddress(named);
  if (address === null) throw new EpicstarError('config-invalid', 'EPICSTAR_ATTACH_URL is no http(s) address.');
  return address;
}
