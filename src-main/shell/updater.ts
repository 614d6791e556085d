/**
 * @file Updates of this program: looks once a day, tells what there is, downloads and installs on a press. Knows neither
 * window nor tray. The library that does the work comes in by argument and is loaded with the first look.
 */
import type { AuthInfo, Session } from 'electron';
import type { AppUpdater } from 'electron-updater';
import type { SetTimer } from '../../src-preload/contract/client.ts';
import type { DesktopUpdatesView, UpdateChannel } from '../../src-preload/contract/desktop-updates.ts';
import { EpicstarError } from '../engine/core/engine-api.ts';
import type { Preferences } from './preferences.ts';
import type { TrayUpdate } from './tray-view.ts';
import { updateProblemOf } from './update-problem.ts';
import { readRelease } from './update-release.ts';
import { canLook, downloadable, type UpdateEvent, type UpdateState, updateStateAfter } from './update-state.ts';
import type { NoUpdateReason } from './update-support.ts';
import { describeUpdate } from './update-words.ts';
import type { Updates } from './updates.ts';

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
  on(event: 'login', listener: (info: AuthInfo, answer: () => void) => void): unknown;
}

export interface UpdaterOptions {
  /** The one that runs. */
  readonly version: string;
  /** What is new in it, as plain text. */
  readonly notes: string | null;
  readonly platform: NodeJS.Platform;
  /** Why this program cannot update itself; null: it can. */
  readonly whyNot: NoUpdateReason | null;
  readonly preferences: Pick<Preferences, 'get' | 'set'>;
  readonly load: () => Promise<UpdaterLibrary>;
  readonly now: () => number;
  readonly setTimer: SetTimer;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Asks the program to end. */
  readonly quit: () => void;
  /** Right before the new version is put in place and started. */
  readonly beforeInstall: () => void;
  readonly log: {
    info(message: string, fields?: Readonly<Record<string, unknown>>): void;
    warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  };
}

const secondMs = 1_000;
const hourMs = 3_600 * secondMs;
/** The start belongs to what the person started the program for. */
const firstLookMs = 45 * secondMs;
const lookEveryMs = 24 * hourMs;
const lookAgainMs = 0.9 * hourMs;
/** Chromium's requests have no bound of their own. */
const lookLimitMs = 60 * secondMs;

type FoundUpdate = NonNullable<Awaited<ReturnType<UpdaterLibrary['checkForUpdates']>>>;

export class Updater implements Updates {
  readonly #options: UpdaterOptions;
  readonly #listeners = new Set<() => void>();
  #state: UpdateState;
  #lastLookedAt: number | null = null;
  #nextLookAt: number | null = null;
  #cancelTimer: (() => void) | null = null;
  #library: UpdaterLibrary | null = null;
  #looking: Promise<void> | null = null;
  /** What the library itself is at: it answers a second question with the answer to the first. */
  #asked: Promise<unknown> = Promise.resolve();
  #found: FoundUpdate | null = null;
  /** Of the choice of channel; what was begun before another choice counts no more. */
  #turn = 0;
  #isInstalling = false;
  #hasFailedToInstall = false;
  readonly #isNew: boolean;

  constructor(options: UpdaterOptions) {
    const { preferences, version, whyNot } = options;
    this.#options = options;
    const tried = preferences.get('updateTried');
    if (tried !== null) preferences.set('updateTried', null);
    const seen = preferences.get('seenVersion');
    this.#isNew = seen !== null && seen !== version && options.notes !== null;
    if (!this.#isNew && seen !== version) preferences.set('seenVersion', version);
    if (whyNot !== null) this.#state = { kind: 'unsupported', why: whyNot };
    else if (this.#channel === 'off') this.#state = { kind: 'off' };
    else if (tried !== null && tried !== version) this.#state = { kind: 'not-installed', version: tried };
    else this.#state = { kind: 'idle' };
    this.#schedule(firstLookMs);
  }

  get state(): UpdateState {
    return this.#state;
  }

  get #channel(): UpdateChannel {
    return this.#options.preferences.get('updateChannel') ?? channelOf(this.#options.version);
  }

  get #isUnread(): boolean {
    return this.#isNew && this.#options.preferences.get('seenVersion') !== this.#options.version;
  }

  view(): DesktopUpdatesView {
    const { notes, version } = this.#options;
    return {
      channel: this.#channel,
      lastLookedAt: this.#lastLookedAt,
      state: describeUpdate(this.#state),
      whatIsNew: notes === null ? null : { version, notes, isUnread: this.#isUnread },
    };
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  setChannel(channel: UpdateChannel): void {
    if (channel === this.#channel) return;
    this.#options.preferences.set('updateChannel', channel);
    this.#turn += 1;
    this.#looking = null;
    this.#found?.cancellationToken?.cancel();
    this.#found = null;
    if (this.#library !== null) this.#library.autoInstallOnAppQuit = false;
    this.#hangUp();
    this.#take({ kind: channel === 'off' ? 'switched-off' : 'channel-chosen' });
    // The view has the channel, too.
    this.#tell();
    if (channel === 'off') this.#unschedule();
    else void this.look();
  }

  look(): Promise<void> {
    if (this.#looking !== null) return this.#looking;
    if (!canLook(this.#state)) return Promise.resolve();
    const turn = this.#turn;
    this.#unschedule();
    this.#take({ kind: 'look-began' });
    const looking = this.#ask(turn).finally(() => {
      if (this.#looking === looking) this.#looking = null;
    });
    this.#looking = looking;
    return looking;
  }

  download(): void {
    const release = downloadable(this.#state);
    const { log } = this.#options;
    if (release === null || this.#library === null) throw nothingThere();
    const turn = this.#turn;
    const library = this.#library;
    // What is downloaded after the person's word is installed when the program ends.
    library.autoInstallOnAppQuit = true;
    this.#take({ kind: 'download-began' });
    log.info('a newer version is downloaded', { version: release.version });
    library.downloadUpdate(this.#found?.cancellationToken).then(
      () => {
        if (turn === this.#turn) this.#take({ kind: 'downloaded' });
      },
      (error: unknown) => {
        if (turn !== this.#turn) return;
        log.warn('a newer version could not be downloaded', { version: release.version, error: brief(error) });
        this.#take({ kind: 'download-failed', problem: updateProblemOf(error) });
        this.#schedule(lookAgainMs);
      },
    );
  }

  install(): void {
    if (this.#isInstalling) return;
    if (this.#state.kind !== 'ready') throw nothingThere();
    this.#isInstalling = true;
    this.#options.preferences.set('updateTried', this.#state.release.version);
    this.#options.quit();
  }

  /**
   * When everything else has ended: starts what was downloaded, if the person wanted that.
   *
   * @returns `ends`: the library ends this program by itself, soon; `failed`: it could not be installed
   */
  leave(): 'nothing-to-do' | 'ends' | 'failed' {
    this.#unschedule();
    if (!this.#isInstalling || this.#library === null) return 'nothing-to-do';
    this.#options.beforeInstall();
    // Without a word, and start it afterwards.
    this.#library.quitAndInstall(true, true);
    return this.#hasFailedToInstall ? 'failed' : 'ends';
  }

  trayUpdate(): TrayUpdate | null {
    const state = this.#state;
    if (state.kind === 'ready') return { version: state.release.version, state: 'ready' };
    const release = downloadable(state);
    if (release !== null) return { version: release.version, state: 'available' };
    return this.#isUnread ? { version: this.#options.version, state: 'running' } : null;
  }

  readNotes(): void {
    const { preferences, version } = this.#options;
    if (preferences.get('seenVersion') === version) return;
    preferences.set('seenVersion', version);
    this.#tell();
  }

  /** The computer slept, and timers may have stood still. */
  woke(): void {
    if (this.#nextLookAt === null) return;
    this.#schedule(Math.max(this.#nextLookAt - this.#options.now(), firstLookMs));
  }

  stop(): void {
    this.#unschedule();
    this.#listeners.clear();
  }

  /** Never rejects. */
  async #ask(turn: number): Promise<void> {
    const { log, now, platform } = this.#options;
    try {
      const found = await this.#within(lookLimitMs, this.#askLibrary(turn));
      if (turn !== this.#turn) return;
      if (found === null) throw new Error('the updater does not look');
      const release = readRelease(found.updateInfo, platform);
      this.#lastLookedAt = now();
      this.#found = found;
      this.#take(
        found.isUpdateAvailable ? { kind: 'found', release } : { kind: 'found-nothing', newest: release.version },
      );
      this.#schedule(lookEveryMs);
    } catch (error) {
      if (turn !== this.#turn) return;
      log.warn('it could not be found out whether there is a newer version', { error: brief(error) });
      this.#take({ kind: 'look-failed', problem: updateProblemOf(error) });
      this.#schedule(lookAgainMs);
    }
  }

  async #askLibrary(turn: number): Promise<FoundUpdate | null> {
    const before = this.#asked;
    const ask = async (): Promise<FoundUpdate | null> => {
      await before.catch(() => undefined);
      this.#library ??= this.#settle(await this.#options.load());
      if (turn !== this.#turn) return null;
      // Setting a channel allows going back to an older version, which is taken back at once.
      this.#library.channel = this.#channel === 'beta' ? 'beta' : 'latest';
      this.#library.allowDowngrade = false;
      return this.#library.checkForUpdates();
    };
    const asked = ask();
    this.#asked = asked;
    return asked;
  }

  /** Ends requests whose answers nobody wants any more, or that never come. */
  #hangUp(): void {
    this.#library?.netSession
      .closeAllConnections()
      .catch((error: unknown) => this.#options.log.warn('the updater could not hang up', { error: brief(error) }));
  }

  #settle(library: UpdaterLibrary): UpdaterLibrary {
    const { log } = this.#options;
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
      if (Number.isFinite(percent)) this.#take({ kind: 'progressed', percent: Math.floor(clamp(percent)) });
    });
    library.on('error', () => {
      this.#hasFailedToInstall = this.#isInstalling;
    });
    // A proxy that asks for a name and a password gets none, and then says no, instead of waiting forever.
    library.on('login', (_info, answer) => answer());
    return library;
  }

  #within<T>(limitMs: number, work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const stop = this.#options.setTimer(limitMs, () => {
        reject(new Error('timed out'));
        this.#hangUp();
      });
      work.then(resolve, reject).finally(stop);
    });
  }

  #take(event: UpdateEvent): void {
    const next = updateStateAfter(this.#state, event);
    if (next === this.#state) return;
    this.#state = next;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Up to a tenth later than asked for, so that not all look at once. */
  #schedule(delayMs: number): void {
    this.#unschedule();
    if (this.#state.kind === 'unsupported' || this.#channel === 'off') return;
    const jitteredMs = Math.round(delayMs * (1 + 0.1 * this.#options.random()));
    this.#nextLookAt = this.#options.now() + jitteredMs;
    this.#cancelTimer = this.#options.setTimer(jitteredMs, () => void this.look());
  }

  #unschedule(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#nextLookAt = null;
  }
}

/** Whoever installed a beta gets betas. */
export function channelOf(version: string): UpdateChannel {
  return version.includes('-') ? 'beta' : 'stable';
}

function nothingThere(): EpicstarError {
  return new EpicstarError('config-invalid', 'There is no newer version at hand. Look for updates first.');
}

function clamp(percent: number): number {
  return Math.min(100, Math.max(0, percent));
}

/** What servers answered is in there, at any length. */
function brief(thrown: unknown): string {
  return (thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)).slice(0, 500);
}
