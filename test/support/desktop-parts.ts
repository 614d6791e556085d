/**
 * @file The desktop's own settings on real files: preferences by the real electron-store, the autostart entry, secrets.
 * What the system says (power, key store, login items) is the test's word.
 */
import { EventEmitter } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEnvSecrets } from '../../src-main/engine/adapters/system/env-secrets.ts';
import { createRedactor } from '../../src-main/engine/adapters/system/redactor.ts';
import type { QuietReason } from '../../src-main/engine/core/engine-api.ts';
import { EpicstarError } from '../../src-main/engine/core/engine-api.ts';
import { type AutostartOptions, createAutostart } from '../../src-main/shell/autostart.ts';
import { DesktopKeeper, type DesktopKeeperOptions } from '../../src-main/shell/desktop-keeper.ts';
import { watchPower } from '../../src-main/shell/power.ts';
import { Preferences } from '../../src-main/shell/preferences.ts';
import { createSafeSecrets, type SafeSecrets } from '../../src-main/shell/safe-secrets.ts';
import { DocumentedStorage } from './documented-storage.ts';
import { loadStore } from './electron-store.ts';
import { HandTimers } from './hand-timers.ts';
import { createKeptLog, type KeptLog } from './kept-log.ts';
import { makeUpdater } from './test-updater.ts';

class TestPower extends EventEmitter {
  isOnBattery = false;

  isOnBatteryPower(): boolean {
    return this.isOnBattery;
  }
}

const noItems: AutostartOptions['app'] = {
  getLoginItemSettings: () => {
    throw new Error('Linux has no login items');
  },
  setLoginItemSettings: () => {
    throw new Error('Linux has no login items');
  },
};

export interface DesktopPartsOptions {
  readonly engine?: Partial<DesktopKeeperOptions['engine']>;
  /** Of the program: secrets from outside, a sandbox. */
  readonly env?: Readonly<Record<string, string>>;
  readonly updates?: DesktopKeeperOptions['updates'];
  /** Without a keyring. */
  readonly hasNoKeyring?: boolean;
  /** Whose secrets these are; without, the desktop's own. */
  readonly secretsOf?: (parts: SecretParts) => Promise<SafeSecrets>;
}

export interface SecretParts {
  readonly dir: string;
  readonly storage: DocumentedStorage;
  readonly preferences: Preferences;
}

function ownSecrets({ env = {} }: DesktopPartsOptions): NonNullable<DesktopPartsOptions['secretsOf']> {
  return async ({ dir, storage, preferences }) => {
    const redactor = createRedactor();
    return createSafeSecrets({
      electron: { safeStorage: storage },
      platform: 'linux',
      dataDir: dir,
      outside: createEnvSecrets({ env, dataDir: dir, redactor, platform: 'linux' }),
      redactor,
      log: createKeptLog(),
      isPlainAllowed: preferences.get('isPlainAllowed'),
      keepPlainAllowed: () => preferences.set('isPlainAllowed', true),
    });
  };
}

export class DesktopParts {
  readonly dir: string;
  readonly storage: DocumentedStorage;
  readonly power = new TestPower();
  readonly log: KeptLog = createKeptLog();
  /** What the engine was told last. */
  quiet: readonly QuietReason[] = [];
  restarts = 0;
  /** What of its windows was asked for: places of the full one, or that the popup goes. */
  readonly windowWishes: string[] = [];
  canPlacePopup = false;
  readonly preferences: Preferences;
  readonly secrets: SafeSecrets;
  readonly keeper: DesktopKeeper;
  readonly #stop: () => void;

  private constructor(
    { dir, storage, preferences }: SecretParts,
    secrets: SafeSecrets,
    { engine, env = {}, updates }: DesktopPartsOptions,
  ) {
    this.dir = dir;
    this.storage = storage;
    this.preferences = preferences;
    this.secrets = secrets;
    const timers = new HandTimers();
    const power = watchPower({
      powerMonitor: this.power,
      setTimer: timers.setTimer,
      worksOnBattery: () => preferences.get('worksOnBattery'),
      onReasons: (reasons) => {
        this.quiet = reasons;
      },
      onWake: () => undefined,
    });
    const updater = updates ?? makeUpdater({ preferences });
    const canPlacePopup = (): boolean => this.canPlacePopup;
    this.keeper = new DesktopKeeper({
      platform: 'linux',
      version: '1.2.3',
      preferences,
      autostart: createAutostart({
        app: noItems,
        platform: 'linux',
        env,
        homeDir: dir,
        execPath: '/opt/epicstar/epicstar',
        appPath: null,
      }),
      power,
      secrets: this.secrets,
      engine: { address: null, fixedBy: null, failure: null, ...engine },
      checkAddress: (address) =>
        address.startsWith('http:')
          ? Promise.reject(new EpicstarError('insecure-address', `The engine's address is ${address}.`))
          : Promise.resolve(),
      canPlacePopup,
      updates: updater,
      openPlace: (place) => this.windowWishes.push(place),
      hidePopup: () => this.windowWishes.push('no popup'),
      restart: () => {
        this.restarts += 1;
      },
      log: this.log,
    });
    this.#stop = () => {
      this.keeper.close();
      power.stop();
    };
  }

  /** @param dir that of an earlier start; without, a new one */
  static async open(options: DesktopPartsOptions = {}, dir?: string): Promise<DesktopParts> {
    const own = dir ?? (await mkdtemp(join(tmpdir(), 'epicstar-desktop-')));
    const Store = await loadStore();
    const preferences = new Preferences({ Store, dir: own, now: () => 0, log: createKeptLog() });
    const storage = new DocumentedStorage();
    if (options.hasNoKeyring === true) storage.backend = 'basic_text';
    const parts = { dir: own, storage, preferences };
    return new DesktopParts(parts, await (options.secretsOf ?? ownSecrets(options))(parts), options);
  }

  get autostartPath(): string {
    return join(this.dir, '.config', 'autostart', 'epicstar.desktop');
  }

  get preferencesPath(): string {
    return join(this.dir, 'preferences.json');
  }

  async close(): Promise<void> {
    this.#stop();
    await rm(this.dir, { recursive: true, force: true });
  }
}
