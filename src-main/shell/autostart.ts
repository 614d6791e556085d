/**
 * @file Run on login, switched and told as the system has it: nothing is remembered here. On Linux a file by the XDG
 * autostart specification, elsewhere the system's login items.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { readFile, rm, stat } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';
import { escapeString, execLine, readEntry, whyUnfit } from './desktop-entry.ts';
import type { ElectronApi } from './electron-api.ts';
import { replaceFile } from './replace-file.ts';

/** What a start at login adds, so that no window opens. */
export const hiddenArgument = '--hidden';

export type AutostartStatus =
  | { readonly kind: 'on' }
  | { readonly kind: 'off' }
  /** It is set here, but the person or an administrator has switched it off in the settings of the system. */
  | { readonly kind: 'by-system-off' }
  | { readonly kind: 'not-possible' /** One sentence. */; readonly reason: string };

export interface Autostart {
  /** Rejects only where the file of Linux is there and cannot be read. */
  status(): Promise<AutostartStatus>;
  /** Also lifts what the system's settings say against it, where they allow that. @returns what came of it */
  set(isOn: boolean): Promise<AutostartStatus>;
  /** Names this program again where it is on but names one that is gone: an AppImage that was moved or renamed. */
  repair(): Promise<void>;
  /**
   * The program is at another place from its end on: an AppImage that an update gave another name. It is the last moment
   * of the process, so all is done when it comes back. @throws what the file system throws
   */
  follow(programPath: string): void;
}

type LoginApp = Pick<ElectronApi['app'], 'getLoginItemSettings' | 'setLoginItemSettings'>;

export interface AutostartOptions {
  readonly app: LoginApp;
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDir: string;
  readonly execPath: string;
  /** Null in a packed application; else the folder that Electron is given to run. */
  readonly appPath: string | null;
  /** Without which it would be another program that starts, such as its data directory where it was named so. */
  readonly startArgs?: readonly string[];
}

export function createAutostart(options: AutostartOptions): Autostart {
  switch (options.platform) {
    case 'linux':
      return new XdgAutostart(options);
    case 'darwin':
      return new MacAutostart(options);
    case 'win32':
      return new WindowsAutostart(options);
    default: {
      const status: AutostartStatus = { kind: 'not-possible', reason: 'epicstar does not know how on this system.' };
      const told = () => Promise.resolve(status);
      return { status: told, set: told, repair: () => Promise.resolve(), follow: () => undefined };
    }
  }
}

/** Whether this start is the system's own, at login. */
export function isLoginStart(options: {
  readonly app: Pick<LoginApp, 'getLoginItemSettings'>;
  readonly platform: NodeJS.Platform;
  readonly argv: readonly string[];
}): boolean {
  // macOS hands no arguments to login items.
  if (options.platform === 'darwin' && options.app.getLoginItemSettings().wasOpenedAtLogin) return true;
  return options.argv.includes(hiddenArgument);
}

class XdgAutostart implements Autostart {
  readonly #path: string;
  readonly #program: string;
  readonly #args: readonly string[];
  readonly #refusal: string | null;

  constructor({ env, homeDir, execPath, appPath, startArgs = [] }: AutostartOptions) {
    const configHome = env.XDG_CONFIG_HOME ?? '';
    // The specification has relative paths ignored.
    const configDir = isAbsolute(configHome) ? configHome : join(homeDir, '.config');
    this.#path = join(configDir, 'autostart', 'epicstar.desktop');
    this.#program = appImagePath(env, execPath) ?? execPath;
    this.#args = [...(appPath === null ? [] : [appPath]), hiddenArgument, ...startArgs];
    this.#refusal = sandboxOf(env) ?? whyUnfit(this.#program);
  }

  async status(): Promise<AutostartStatus> {
    if (this.#refusal !== null) return { kind: 'not-possible', reason: this.#refusal };
    const entry = await this.#read();
    if (entry === null) return { kind: 'off' };
    return { kind: isSwitchedOff(entry) ? 'by-system-off' : 'on' };
  }

  async set(isOn: boolean): Promise<AutostartStatus> {
    if (this.#refusal === null) {
      await (isOn ? this.#write() : rm(this.#path, { force: true }));
    }
    return this.status();
  }

  async repair(): Promise<void> {
    if ((await this.status()).kind !== 'on') return;
    const named = (await this.#read())?.get('TryExec');
    if (named === undefined || named === escapeString(this.#program) || (await isThere(unescape(named)))) return;
    await this.#write();
  }

  async #read(): Promise<ReadonlyMap<string, string> | null> {
    try {
      return readEntry(await readFile(this.#path, 'utf8'));
    } catch (error) {
      if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
        return null;
      throw error;
    }
  }

  follow(programPath: string): void {
    if (this.#refusal !== null || whyUnfit(programPath) !== null) return;
    let entry: ReadonlyMap<string, string>;
    try {
      entry = readEntry(readFileSync(this.#path, 'utf8'));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
      throw error;
    }
    if (isSwitchedOff(entry) || entry.get('TryExec') !== escapeString(this.#program)) return;
    const draft = `${this.#path}.tmp`;
    writeFileSync(draft, this.#entryFor(programPath), { mode: 0o644 });
    renameSync(draft, this.#path);
  }

  #write(): Promise<void> {
    return replaceFile(this.#path, this.#entryFor(this.#program), { file: 0o644, folder: 0o700 });
  }

  #entryFor(program: string): string {
    const lines = [
      '[Desktop Entry]',
      'Type=Application',
      'Version=1.5',
      'Name=epicstar',
      'Comment=Mirrors your starred GitHub repositories',
      // A program that was removed is not asked for: no complaint at each login.
      `TryExec=${escapeString(program)}`,
      `Exec=${execLine(program, this.#args)}`,
      'Icon=epicstar',
      'Terminal=false',
      'StartupNotify=false',
      'X-GNOME-Autostart-enabled=true',
    ];
    return `${lines.join('\n')}\n`;
  }
}

/** The file of the AppImage that this program was started from: what it unpacks to is gone after the end. */
export function appImagePath(env: AutostartOptions['env'], execPath: string): string | null {
  const { APPIMAGE: file = '', APPDIR: dir = '' } = env;
  // The variables are inherited: they may be another AppImage's, from whose terminal this was started.
  return isAbsolute(file) && dir !== '' && execPath.startsWith(dir + sep) ? file : null;
}

/** Why the session does not see files of ours, or null. */
function sandboxOf(env: AutostartOptions['env']): string | null {
  if ((env.FLATPAK_ID ?? '') !== '')
    return 'Flatpak keeps programs from it; switch it on in the settings of the system.';
  if ((env.SNAP ?? '') !== '') return 'Snap keeps programs from it; switch it on in the settings of the system.';
  return null;
}

/** As the desktops' own settings leave it: KDE and Xfce write the first, GNOME's the second. */
function isSwitchedOff(entry: ReadonlyMap<string, string>): boolean {
  return isSaid(entry.get('Hidden'), ['true', '1']) || isSaid(entry.get('X-GNOME-Autostart-enabled'), ['false', '0']);
}

function isSaid(value: string | undefined, words: readonly string[]): boolean {
  return value !== undefined && words.includes(value.toLowerCase());
}

function unescape(value: string): string {
  return value.replace(/\\(.)/g, (_, sign: string) => (sign === 's' ? ' ' : sign));
}

async function isThere(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

class MacAutostart implements Autostart {
  readonly #app: LoginApp;

  constructor({ app }: AutostartOptions) {
    this.#app = app;
  }

  status(): Promise<AutostartStatus> {
    const { status, openAtLogin } = this.#app.getLoginItemSettings();
    if (status === 'requires-approval') return Promise.resolve({ kind: 'by-system-off' });
    // Before macOS 13 there is no status.
    return Promise.resolve({ kind: openAtLogin || status === 'enabled' ? 'on' : 'off' });
  }

  set(isOn: boolean): Promise<AutostartStatus> {
    this.#app.setLoginItemSettings({ openAtLogin: isOn });
    return this.status();
  }

  /** The system follows an application that was moved. */
  repair(): Promise<void> {
    return Promise.resolve();
  }

  follow(): void {
    // Updates leave it where it is.
  }
}

class WindowsAutostart implements Autostart {
  readonly #app: LoginApp;
  readonly #item: { readonly path: string; readonly args: string[] };

  constructor({ app, execPath, appPath, startArgs = [] }: AutostartOptions) {
    this.#app = app;
    // Electron quotes the path and leaves the arguments as they are; a folder cannot hold a quote on Windows.
    const quoted = (text: string): string => `"${text}"`;
    this.#item = {
      path: execPath,
      args: [...(appPath === null ? [] : [quoted(appPath)]), hiddenArgument, ...startArgs.map(quoted)],
    };
  }

  status(): Promise<AutostartStatus> {
    const { openAtLogin, executableWillLaunchAtLogin } = this.#app.getLoginItemSettings(this.#item);
    if (!openAtLogin) return Promise.resolve({ kind: 'off' });
    // The task manager and the settings keep their no beside the entry.
    return Promise.resolve({ kind: executableWillLaunchAtLogin ? 'on' : 'by-system-off' });
  }

  set(isOn: boolean): Promise<AutostartStatus> {
    this.#app.setLoginItemSettings({ ...this.#item, openAtLogin: isOn, enabled: isOn });
    return this.status();
  }

  /** The installer has one place; it is named anew by each `set`. */
  repair(): Promise<void> {
    return Promise.resolve();
  }

  follow(): void {
    // Updates leave it where it is.
  }
}
