/**
 * @file What the desktop remembers about itself: places of windows, which notifications, how it opens. Every value is
 * checked when it is read, since people edit such files. Never secrets; what the engine does is no preference.
 */
import { renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type UpdateChannel, updateChannels } from '../../src-preload/contract/desktop-updates.ts';

export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface DisplayBounds extends Bounds {
  readonly display: string;
}

export interface PreferenceValues {
  /** Of the full window on each display, in the pixels that Electron counts in; the one used last stands last. */
  readonly windowBounds: readonly DisplayBounds[];
  /** By kind; a kind that is not here has its own default. */
  readonly notifications: Readonly<Record<string, boolean>>;
  /** Address of an engine elsewhere, without a path's last `/`; null: the engine of this computer. */
  readonly attachAddress: string | null;
  /** No window opens at start, whoever starts it. */
  readonly startsHidden: boolean;
  /** What a click on the tray icon opens. */
  readonly opensAs: 'popup' | 'window';
  /** On battery, too, what is due is mirrored, and not only what was asked for. */
  readonly worksOnBattery: boolean;
  /** Where no keyring is to be had, the person allowed files that only this user can read. */
  readonly isPlainAllowed: boolean;
  /** Null: as the version that runs says. */
  readonly updateChannel: UpdateChannel | null;
  /** The version whose news the person has been shown; null: none yet. */
  readonly seenVersion: string | null;
  /** The version that was to be there after the last end of the program. */
  readonly updateTried: string | null;
}

type Key = keyof PreferenceValues;
/** Undefined: not a value of this preference. */
type Checks = { readonly [K in Key]: (value: unknown) => PreferenceValues[K] | undefined };

const defaults: PreferenceValues = {
  windowBounds: [],
  notifications: {},
  attachAddress: null,
  startsHidden: false,
  opensAs: 'popup',
  worksOnBattery: false,
  isPlainAllowed: false,
  updateChannel: null,
  seenVersion: null,
  updateTried: null,
};

const mostEntries = 32;
/** Names of displays and kinds of notification. */
const nameRule = /^(?!__proto__$)[\w.:-]{1,64}$/;

const checks: Checks = {
  windowBounds: parseWindowBounds,
  notifications: parseFlags,
  attachAddress: (value) => (value === null ? null : (parseAttachAddress(value) ?? undefined)),
  startsHidden: parseBoolean,
  opensAs: (value) => (value === 'popup' || value === 'window' ? value : undefined),
  worksOnBattery: parseBoolean,
  isPlainAllowed: parseBoolean,
  updateChannel: (value) => (value === null ? null : updateChannels.find((channel) => channel === value)),
  seenVersion: parseVersion,
  updateTried: parseVersion,
};

/** The part of electron-store that is used; its class comes in by argument, since loading it loads Electron. */
export interface StoreFile {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
  delete(key: string): void;
}

export type StoreClass = new (options: {
  readonly cwd: string;
  readonly name: string;
  readonly clearInvalidConfig: boolean;
  readonly accessPropertiesByDotNotation: boolean;
}) => StoreFile;

export interface PreferencesOptions {
  readonly Store: StoreClass;
  readonly dir: string;
  readonly now: () => number;
  readonly log: { warn(message: string, fields?: Readonly<Record<string, unknown>>): void };
}

const fileName = 'preferences';
/** Hundreds of times what there is to remember. The file is read whole for each value. */
const mostBytes = 1_000_000;

export class Preferences {
  readonly #store: StoreFile | null;
  readonly #log: PreferencesOptions['log'];
  /** What could not be written still holds until the end of this process. */
  readonly #unwritten = new Map<Key, unknown>();
  readonly #warned = new Set<Key>();

  constructor(options: PreferencesOptions) {
    this.#log = options.log;
    this.#store = openStore(options);
  }

  get<K extends Key>(key: K): PreferenceValues[K] {
    const value = this.#unwritten.has(key) ? this.#unwritten.get(key) : this.#read(key);
    if (value === undefined) return defaults[key];
    const checked = checks[key](value);
    if (checked !== undefined) return checked;
    if (!this.#warned.has(key)) {
      this.#warned.add(key);
      this.#log.warn('a preference is not a value of its kind: its default is used', { preference: key });
    }
    return defaults[key];
  }

  /** @throws Error for what is not a value of this preference */
  set<K extends Key>(key: K, value: PreferenceValues[K]): void {
    if (checks[key](value) === undefined) throw new Error(`not a value of the preference ${key}`);
    this.#warned.delete(key);
    try {
      if (this.#store === null) throw new Error('the file of preferences could not be opened');
      this.#store.set(key, value);
      this.#unwritten.delete(key);
    } catch (error) {
      this.#unwritten.set(key, value);
      this.#log.warn('a preference could not be written and holds until the end', { preference: key, error });
    }
  }

  /** False: what was set last could not be written, and is forgotten with the end of this process. */
  isKept(key: Key): boolean {
    return !this.#unwritten.has(key);
  }

  /** @param display a name that is the same whenever this display is there */
  bounds(display: string): Bounds | null {
    const found = this.get('windowBounds').find((one) => one.display === display);
    return found === undefined ? null : { x: found.x, y: found.y, width: found.width, height: found.height };
  }

  /** Remembers the displays used last. */
  setBounds(display: string, { x, y, width, height }: Bounds): void {
    const others = this.get('windowBounds').filter((one) => one.display !== display);
    this.set('windowBounds', [...others, { display, x, y, width, height }]);
  }

  #read(key: Key): unknown {
    try {
      return this.#store?.get(key);
    } catch (error) {
      // Spoilt since it was opened; the next start puts it aside.
      if (!this.#warned.has(key)) {
        this.#warned.add(key);
        this.#log.warn('a preference could not be read: its default is used', { preference: key, error });
      }
      return undefined;
    }
  }
}

/** Null where there can be none: a folder that cannot be written must not keep the program from starting. */
function openStore({ Store, dir, now, log }: PreferencesOptions): StoreFile | null {
  const options = { cwd: dir, name: fileName, clearInvalidConfig: false, accessPropertiesByDotNotation: false };
  const path = join(dir, `${fileName}.json`);
  try {
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > mostBytes) throw new Error('the file is too large');
    return new Store(options);
  } catch (error) {
    const aside = join(dir, `${fileName}.broken-${now()}.json`);
    try {
      renameSync(path, aside);
      const store = new Store(options);
      log.warn('the file of preferences could not be read and was put aside', { aside, error });
      return store;
    } catch (second) {
      log.warn('there is no file of preferences: what is changed holds until the end', { path, error: second });
      return null;
    }
  }
}

function parseBoolean(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

function parseVersion(value: unknown): string | null | undefined {
  return value === null || (typeof value === 'string' && value.length <= 100) ? value : undefined;
}

/** One bad entry does not cost the others. */
function parseFlags(value: unknown): Record<string, boolean> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const flags: Record<string, boolean> = {};
  for (const [name, item] of Object.entries(value).slice(0, mostEntries)) {
    if (nameRule.test(name) && typeof item === 'boolean') flags[name] = item;
  }
  return flags;
}

function parseWindowBounds(value: unknown): DisplayBounds[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.slice(-mostEntries).flatMap((item: unknown) => parseBounds(item) ?? []);
}

function parseBounds(value: unknown): DisplayBounds | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const display: unknown = Reflect.get(value, 'display');
  const pixels = (key: string, least: number): number => {
    const found: unknown = Reflect.get(value, key);
    return typeof found === 'number' && Number.isInteger(found) && Math.abs(found) <= 100_000 && found >= least
      ? found
      : NaN;
  };
  const [x, y] = [pixels('x', -Infinity), pixels('y', -Infinity)];
  const [width, height] = [pixels('width', 1), pixels('height', 1)];
  const isGood = typeof display === 'string' && nameRule.test(display) && !Number.isNaN(x + y + width + height);
  return isGood ? { display, x, y, width, height } : undefined;
}

const mostAddressChars = 2_000;

/**
 * Address of an engine as a person types it: https, or http too (whether that is allowed is for the connection to say).
 *
 * @returns without the last `/`; null for what is none
 */
export function parseAttachAddress(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > mostAddressChars || !URL.canParse(value)) return null;
  const { protocol, username, password, search, hash, origin, pathname } = new URL(value);
  const isPlain = username === '' && password === '' && search === '' && hash === '';
  if (!isPlain || (protocol !== 'https:' && protocol !== 'http:')) return null;
  const address = `${origin}${pathname.replace(/\/+$/, '')}`;
  // Letters of other scripts became longer by their escapes.
  return address.length > mostAddressChars ? null : address;
}
