/**
 * @file electron-updater's side of updates: loaded with the first question, set so that it does nothing by itself, asked
 * one question at a time. Knows no state of updates and no schedule.
 */
import type { AuthInfo, Session } from 'electron';
import type { AppUpdater } from 'electron-updater';
import type { UpdateChannel } from '../../src-preload/contract/desktop-updates.ts';

/** The part of electron-updater's AppUpdater that is used. */
export interface UpdaterLibrary
  extends Pick<
    AppUpdater,
    | 'autoDownload'
    | 'autoInstallOnAppQuit'
    | 'allowDowngrade'
    | 'channel'
    | 'disableWebInstaller'
    | 'logger'
    | 'requestHeaders'
    | 'checkForUpdates'
    | 'downloadUpdate'
    | 'quitAndInstall'
  > {
  readonly netSession: Pick<Session, 'closeAllConnections'>;
  on(event: 'download-progress', listener: (progress: { readonly percent: number }) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'appimage-filename-updated', listener: (path: string) => void): unknown;
  on(event: 'login', listener: (info: AuthInfo, answer: () => void) => void): unknown;
}

/** What was found, or that there is nothing newer. */
export type FoundUpdate = NonNullable<Awaited<ReturnType<UpdaterLibrary['checkForUpdates']>>>;

export interface UpdateLog {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

export interface LibraryOptions {
  readonly load: () => Promise<UpdaterLibrary>;
  /** From 0 to 100. */
  readonly onProgress: (percent: number) => void;
  /** The new version got another name than this one: an AppImage with the version in its name. */
  readonly onRenamed: (path: string) => void;
  readonly log: UpdateLog;
}

export class UpdateSource {
  readonly #options: LibraryOptions;
  #library: UpdaterLibrary | null = null;
  /** The library answers a second question with the answer to the first. */
  #asked: Promise<unknown> = Promise.resolve();
  #errors = 0;

  constructor(options: LibraryOptions) {
    this.#options = options;
  }

  /**
   * What the channel has. Rejects with whatever the library, Chromium or Node throw.
   *
   * @param isWanted false by the time that it is this question's turn: it is not asked
   */
  ask(channel: Exclude<UpdateChannel, 'off'>, isWanted: () => boolean): Promise<FoundUpdate | null> {
    const before = this.#asked;
    const ask = async (): Promise<FoundUpdate | null> => {
      await before.catch(() => undefined);
      this.#library ??= this.#settle(await this.#options.load());
      if (!isWanted()) return null;
      // Setting a channel allows going back to an older version, which is taken back at once.
      this.#library.channel = channel === 'beta' ? 'beta' : 'latest';
      this.#library.allowDowngrade = false;
      return this.#library.checkForUpdates();
    };
    const asked = ask();
    this.#asked = asked;
    return asked;
  }

  /** Downloads what was found last; it is then installed when the program ends. Rejects as `ask` does. */
  async download(found: FoundUpdate): Promise<void> {
    if (this.#library === null) throw new Error('nothing was found yet');
    this.#library.autoInstallOnAppQuit = true;
    await this.#library.downloadUpdate(found.cancellationToken);
  }

  /** What was downloaded is not installed, and what is under way ends. */
  forget(found: FoundUpdate | null): void {
    found?.cancellationToken?.cancel();
    if (this.#library !== null) this.#library.autoInstallOnAppQuit = false;
    this.hangUp();
  }

  /** Ends requests whose answers nobody wants any more, or that never come: Chromium's have no bound of their own. */
  hangUp(): void {
    this.#library?.netSession
      .closeAllConnections()
      .catch((error: unknown) => this.#options.log.warn('the updater could not hang up', { error: brief(error) }));
  }

  /** @returns true: the library ends this program by itself, and starts the new version; false: it could not */
  install(): boolean {
    if (this.#library === null) return false;
    const before = this.#errors;
    // Without a word, and start it afterwards.
    this.#library.quitAndInstall(true, true);
    return this.#errors === before;
  }

  #settle(library: UpdaterLibrary): UpdaterLibrary {
    const { log, onProgress, onRenamed } = this.#options;
    library.autoDownload = false;
    library.autoInstallOnAppQuit = false;
    library.disableWebInstaller = true;
    // It would tell one installation from another.
    library.requestHeaders = { 'x-user-staging-id': '-' };
    library.logger = {
      info: () => undefined,
      warn: (message: unknown) => log.warn('the updater warns', { message: brief(message) }),
      error: (message: unknown) => log.warn('the updater failed', { message: brief(message) }),
    };
    library.on('download-progress', ({ percent }) => {
      if (Number.isFinite(percent)) onProgress(Math.min(100, Math.max(0, percent)));
    });
    library.on('error', () => {
      this.#errors += 1;
    });
    library.on('appimage-filename-updated', (path) => {
      try {
        onRenamed(path);
      } catch (error) {
        // The new version is in its place, and goes on from there.
        log.warn('not all followed the new name of the program', { path, error: brief(error) });
      }
    });
    // A proxy that asks for a name and a password gets none, and then says no, instead of waiting forever.
    library.on('login', (_info, answer) => answer());
    return library;
  }
}

/** What servers answered is in there, at any length. */
export function brief(thrown: unknown): string {
  return (thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)).slice(0, 500);
}
