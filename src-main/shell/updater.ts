/**
 * @file Updates of this program: looks once a day, tells what there is, downloads and installs on a press. Knows neither
 * window nor tray. The library that does the work comes in by argument and is loaded with the first look.
 */
import type { SetTimer } from '../../src-preload/contract/client.ts';
import type { DesktopUpdatesView, UpdateChannel } from '../../src-preload/contract/desktop-updates.ts';
import { EpicstarError } from '../engine/core/engine-api.ts';
import type { Preferences } from './preferences.ts';
import type { TrayUpdate } from './tray-view.ts';
import { brief, type FoundUpdate, type UpdateLog, UpdateSource, type UpdaterLibrary } from './update-library.ts';
import { updateProblemOf } from './update-problem.ts';
import { readRelease } from './update-release.ts';
import { canLook, downloadable, type UpdateEvent, type UpdateState, updateStateAfter } from './update-state.ts';
import type { NoUpdateReason } from './update-support.ts';
import { describeUpdate } from './update-words.ts';
import type { Updates } from './updates.ts';

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
  /** The new version lies at `path`, and this one is gone. */
  readonly onRenamed: (path: string) => void;
  readonly log: UpdateLog;
}

const secondMs = 1_000;
const hourMs = 3_600 * secondMs;
/** The start belongs to what the person started the program for. */
const firstLookMs = 45 * secondMs;
const lookEveryMs = 24 * hourMs;
const lookAgainMs = 0.9 * hourMs;
const lookLimitMs = 60 * secondMs;

export class Updater implements Updates {
  readonly #options: UpdaterOptions;
  readonly #listeners = new Set<() => void>();
  #state: UpdateState;
  #lastLookedAt: number | null = null;
  #nextLookAt: number | null = null;
  #cancelTimer: (() => void) | null = null;
  readonly #source: UpdateSource;
  #looking: Promise<void> | null = null;
  #found: FoundUpdate | null = null;
  /** Of the choice of channel; what was begun before another choice counts no more. */
  #turn = 0;
  #isInstalling = false;
  readonly #isNew: boolean;

  constructor(options: UpdaterOptions) {
    const { preferences, version, whyNot } = options;
    this.#options = options;
    this.#source = new UpdateSource({
      load: options.load,
      onProgress: (percent) => this.#take({ kind: 'progressed', percent: Math.floor(percent) }),
      onRenamed: options.onRenamed,
      log: options.log,
    });
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
    this.#source.forget(this.#found);
    this.#found = null;
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
    if (release === null || this.#found === null) throw nothingThere();
    const turn = this.#turn;
    this.#take({ kind: 'download-began' });
    log.info('a newer version is downloaded', { version: release.version });
    this.#source.download(this.#found).then(
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
    if (!this.#isInstalling) return 'nothing-to-do';
    this.#options.beforeInstall();
    return this.#source.install() ? 'ends' : 'failed';
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
      const asked = this.#source.ask(this.#channel === 'beta' ? 'beta' : 'stable', () => turn === this.#turn);
      const found = await this.#within(lookLimitMs, asked);
      if (turn !== this.#turn) return;
      if (found === null) throw new Error('the updater does not look');
      const release = readRelease(found.updateInfo, platform);
      this.#lastLookedAt = now();
      if (this.#state.kind !== 'downloading') this.#found = found;
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

  #within<T>(limitMs: number, work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const stop = this.#options.setTimer(limitMs, () => {
        reject(new Error('timed out'));
        // A download goes over the same connections.
        if (this.#state.kind !== 'downloading') this.#source.hangUp();
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
