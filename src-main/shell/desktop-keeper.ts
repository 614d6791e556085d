/**
 * @file The desktop's own settings: what holds now as the window shows it, and each change put into effect at once.
 * Knows no window and no engine but where it is.
 */
import type { DesktopView, LoginView, SecretsView } from '../../src-preload/contract/desktop-views.ts';
import { type NotificationKind, notificationKinds } from '../../src-preload/contract/desktop-views.ts';
import type { CallArgument } from '../../src-preload/contract/schema.ts';
import { plainLine } from '../bridge/plain-text.ts';
import { EpicstarError } from '../engine/core/engine-api.ts';
import { fitsHeader } from './attach-token.ts';
import type { Autostart, AutostartStatus } from './autostart.ts';
import type { DesktopServer } from './desktop-session.ts';
import type { PowerWatch } from './power.ts';
import { parseAttachAddress, type Preferences } from './preferences.ts';
import type { SafeSecrets } from './safe-secrets.ts';
import type { Updates } from './updates.ts';

export interface DesktopKeeperOptions {
  readonly platform: NodeJS.Platform;
  readonly version: string;
  readonly preferences: Pick<Preferences, 'get' | 'set' | 'isKept'>;
  readonly autostart: Autostart;
  readonly power: Pick<PowerWatch, 'isMetered' | 'setMetered' | 'refresh'>;
  readonly secrets: SafeSecrets;
  readonly engine: {
    /** Null: the engine of this computer. */
    readonly address: string | null;
    /** What decided the address instead of the preferences, in words. */
    readonly fixedBy: string | null;
    /** Why it could not be reached at all. */
    readonly failure: string | null;
  };
  /** Rejects with an EpicstarError where such an address is not allowed. */
  readonly checkAddress: (address: string) => Promise<void>;
  /** Whether this desktop lets a window stand beside the tray icon. */
  readonly canPlacePopup: () => boolean;
  readonly updates: Updates;
  /** Shows the full window at a place behind its `#`. */
  readonly openPlace: (place: string) => void;
  readonly hidePopup: () => void;
  /** Ends the program and starts it again. */
  readonly restart: () => void;
  readonly log: { warn(message: string, fields?: Readonly<Record<string, unknown>>): void };
}

/** What of the settings is in the file of preferences. */
const written = ['startsHidden', 'opensAs', 'worksOnBattery', 'notifications', 'updateChannel'] as const;

export class DesktopKeeper implements DesktopServer {
  readonly #options: DesktopKeeperOptions;
  readonly #listeners = new Set<(view: DesktopView) => void>();
  /** One after the other, so that the last that is told is the newest. */
  #telling: Promise<void> = Promise.resolve();
  /** The engine was given another token than the one in use. */
  #isTokenNew = false;
  readonly #stopUpdates: () => void;
  readonly handlers: DesktopServer['handlers'];
  readonly topics: DesktopServer['topics'];

  constructor(options: DesktopKeeperOptions) {
    this.#options = options;
    const { updates } = options;
    this.#stopUpdates = updates.subscribe(() => void this.#tell());
    this.topics = {
      desktop: {
        snapshot: () => this.#view(),
        subscribe: (listener) => {
          const own = (view: DesktopView): void => listener(view);
          this.#listeners.add(own);
          return () => this.#listeners.delete(own);
        },
      },
    };
    const nothing = async (): Promise<Record<string, never>> => {
      await this.#tell();
      return {};
    };
    this.handlers = {
      // What others changed since, such as the settings of the system, is news to all windows.
      'desktop.get': async () => {
        await this.#tell();
        return this.#view();
      },
      'desktop.set': async (change) => {
        this.#set(change);
        await this.#tell();
        if (written.some((key) => change[key] !== undefined && !options.preferences.isKept(key)))
          throw wrong('This holds until epicstar ends: the file of its preferences cannot be written.');
        return {};
      },
      'desktop.setLogin': async ({ isOn }) => {
        const login = await this.#setLogin(isOn);
        await this.#tell();
        return login;
      },
      'desktop.attach': async (wish) => {
        await this.#attach(wish);
        return nothing();
      },
      'desktop.openPlace': ({ place }) => {
        options.openPlace(place);
        return nothing();
      },
      'desktop.hidePopup': () => {
        options.hidePopup();
        return nothing();
      },
      'desktop.restart': () => {
        // What is ready is put in the place of this program when it ends: it is that which has to start.
        if (updates.view().state.kind === 'ready') updates.install();
        else options.restart();
        return nothing();
      },
      'desktop.allowPlain': async () => {
        await options.secrets.allowPlain();
        return nothing();
      },
      'desktop.lookForUpdate': async () => {
        await updates.look();
        return nothing();
      },
      'desktop.downloadUpdate': () => {
        updates.download();
        return nothing();
      },
      'desktop.readNotes': () => {
        updates.readNotes();
        return nothing();
      },
      'desktop.installUpdate': () => {
        updates.install();
        return nothing();
      },
    };
  }

  isNotificationOn(kind: NotificationKind): boolean {
    return this.#options.preferences.get('notifications')[kind] ?? true;
  }

  close(): void {
    this.#stopUpdates();
    this.#listeners.clear();
  }

  #set({ startsHidden, opensAs, worksOnBattery, isMetered, notifications, updateChannel }: Change): void {
    const { preferences, power, updates } = this.#options;
    if (startsHidden !== undefined) preferences.set('startsHidden', startsHidden);
    if (opensAs !== undefined) preferences.set('opensAs', opensAs);
    if (notifications !== undefined) {
      const told = Object.fromEntries(notifications.map(({ kind, isOn }) => [kind, isOn]));
      preferences.set('notifications', { ...preferences.get('notifications'), ...told });
    }
    if (worksOnBattery !== undefined) {
      preferences.set('worksOnBattery', worksOnBattery);
      power.refresh();
    }
    if (isMetered !== undefined) power.setMetered(isMetered);
    if (updateChannel !== undefined) updates.setChannel(updateChannel);
  }

  async #attach({ address: typed, token: typedToken }: CallArgument<'desktop.attach'>): Promise<void> {
    const { preferences, secrets, engine, checkAddress } = this.#options;
    if (engine.fixedBy !== null) throw wrong(`The address comes from ${engine.fixedBy}; change it there.`);
    const isTokenFixed = await secrets.isFixed('attach-token');
    if (typed === null) {
      this.#keepAddress(null);
      if (!isTokenFixed) await secrets.write('attach-token', null);
      return;
    }
    const address = parseAttachAddress(typed.trim());
    if (address === null)
      throw wrong('This is no address of an engine: it begins with https:// and has no user, ? or #.');
    await checkAddress(address);
    const token = (typedToken ?? '').trim();
    if (token !== '' && !fitsHeader(token)) throw wrong('The token holds a character that no header can carry.');
    if (token !== '') {
      const before = preferences.get('attachAddress');
      // At no moment an address stands beside a token that was given for another: the next start would send it there.
      const old = address === before || isTokenFixed ? null : await secrets.read('attach-token');
      if (old !== null) await secrets.write('attach-token', null);
      try {
        this.#keepAddress(address);
        await secrets.write('attach-token', token);
      } catch (error) {
        preferences.set('attachAddress', before);
        if (old !== null) await secrets.write('attach-token', old);
        throw error;
      }
      this.#isTokenNew = true;
      return;
    }
    if (!isTokenFixed) {
      // A token is sent to nobody but whom it was given for.
      const isSame = address === preferences.get('attachAddress');
      if (!isSame || (await secrets.origin('attach-token')) === null) {
        throw wrong('The engine wants a token: it is the one that `epicstar serve` was started with.');
      }
    }
    this.#keepAddress(address);
  }

  /** It has to be in the file, since it is the next start that reads it. */
  #keepAddress(address: string | null): void {
    const { preferences } = this.#options;
    const before = preferences.get('attachAddress');
    if (address === before) return;
    preferences.set('attachAddress', address);
    if (preferences.isKept('attachAddress')) return;
    preferences.set('attachAddress', before);
    throw wrong('The address could not be written into the preferences of this program; nothing was changed.');
  }

  async #tell(): Promise<void> {
    const tell = async (): Promise<void> => {
      if (this.#listeners.size === 0) return;
      const view = await this.#view();
      this.#listeners.forEach((listener) => listener(view));
    };
    this.#telling = this.#telling.then(tell).catch((error: unknown) => {
      this.#options.log.warn('the settings of the desktop could not be told', { error });
    });
    await this.#telling;
  }

  async #view(): Promise<DesktopView> {
    const { platform, version, preferences, power, secrets, engine, updates } = this.#options;
    const [login, isTokenFixed, tokenFrom] = await Promise.all([
      this.#login(),
      secrets.isFixed('attach-token'),
      secrets.origin('attach-token'),
    ]);
    const nextAddress = engine.fixedBy === null ? preferences.get('attachAddress') : engine.address;
    return {
      platform,
      version,
      engine: {
        ...engine,
        failure: engine.failure === null ? null : plainLine(engine.failure, 4_000),
        nextAddress,
        needsRestart: nextAddress !== engine.address || (nextAddress !== null && this.#isTokenNew),
        tokenFrom: tokenFrom === null ? null : plainLine(tokenFrom, 2_000),
        isTokenFixed,
      },
      login,
      startsHidden: preferences.get('startsHidden'),
      opensAs: preferences.get('opensAs'),
      canPlacePopup: this.#options.canPlacePopup(),
      worksOnBattery: preferences.get('worksOnBattery'),
      isMetered: power.isMetered,
      notifications: notificationKinds.map((kind) => ({ kind, isOn: this.isNotificationOn(kind) })),
      secrets: secretsOf(secrets.storage()),
      updates: updates.view(),
    };
  }

  async #setLogin(isOn: boolean): Promise<LoginView> {
    try {
      return loginOf(await this.#options.autostart.set(isOn));
    } catch (cause) {
      // A folder that cannot be written, most likely.
      throw new EpicstarError('config-invalid', `The start at login could not be changed: ${reasonOf(cause)}`, {
        cause,
      });
    }
  }

  async #login(): Promise<LoginView> {
    try {
      return loginOf(await this.#options.autostart.status());
    } catch (error) {
      return { state: 'unavailable', why: plainLine(`What is set cannot be read: ${reasonOf(error)}`, 2_000) };
    }
  }
}

type Change = CallArgument<'desktop.set'>;

function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function wrong(message: string): EpicstarError {
  return new EpicstarError('config-invalid', message);
}

function loginOf(status: AutostartStatus): LoginView {
  switch (status.kind) {
    case 'on':
    case 'off':
      return { state: status.kind };
    case 'by-system-off':
      return { state: 'off-by-system' };
    case 'not-possible':
      return { state: 'unavailable', why: status.reason };
  }
}

function secretsOf(storage: ReturnType<SafeSecrets['storage']>): SecretsView {
  if (storage.kind === 'sealed') return { kind: 'keyring', words: storage.words };
  return { kind: storage.isPlainAllowed ? 'plain-allowed' : 'plain-refused', reason: storage.reason };
}
