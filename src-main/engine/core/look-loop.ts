/** @file When the watcher looks: at its pace, when asked, never twice at once, and not while a rate limit forbids it. */
import { type EpicstarError, type ErrorRecord, toEpicstarError } from '../domain/errors.ts';
import type { Instant } from '../domain/repository.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { LookReport } from './engine-api.ts';
import type { StarWatcher } from './star-watcher.ts';

export interface LookLoopParts {
  readonly watcher: StarWatcher;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Between two looks of its own, at least {@link lookFloorMs}. */
  readonly everyMs: number;
  /** Asked before each look of its own: true while paused or offline. */
  readonly isHeld: () => boolean;
  readonly onChange: () => void;
  readonly onLooked: (report: LookReport) => void;
}

/** GitHub is never looked at more often by itself than this. */
export const lookFloorMs = 30_000;
/** After failures the pace slows to this at most. */
const mostBackoffMs = 15 * 60_000;

export class LookLoop {
  readonly #parts: LookLoopParts;
  #current: { readonly isFull: boolean; readonly report: Promise<LookReport> } | null = null;
  #controller: AbortController | null = null;
  #cancelTimer: (() => void) | null = null;
  #isStarted = false;
  #nextLookAt: Instant | null = null;
  #error: ErrorRecord | null = null;
  #failures = 0;
  #failingSince: Instant = 0;
  #starsSeen: number | null = null;

  constructor(parts: LookLoopParts) {
    this.#parts = parts;
  }

  get isLooking(): boolean {
    return this.#current !== null;
  }

  get nextLookAt(): Instant | null {
    return this.#nextLookAt;
  }

  get error(): ErrorRecord | null {
    return this.#error;
  }

  /** Since when looks fail; meaningful while {@link error} is not null. */
  get failingSince(): Instant {
    return this.#failingSince;
  }

  get starsSeen(): number | null {
    return this.#starsSeen;
  }

  start(): void {
    this.#isStarted = true;
    this.#arm(0);
  }

  /** Ends a look under way and all to come. */
  async stop(): Promise<void> {
    this.#isStarted = false;
    this.#disarm();
    await this.#end();
  }

  /** Ends a look under way; the next one comes when {@link wake} is called. */
  async hold(): Promise<void> {
    this.#disarm();
    await this.#end();
  }

  /** Looks soon: after a pause, after sleep, when the network is back. */
  wake(): void {
    if (this.#isStarted) this.#arm(0);
  }

  /** Looks now. A look under way is joined, unless all pages are asked for and it does not read them. */
  async lookNow(full: boolean): Promise<LookReport> {
    // Two that wait for the same look to end both get here: the second joins the first.
    for (let current = this.#current; current !== null; current = this.#current) {
      if (current.isFull || !full) return current.report;
      await current.report.catch(throwIfEnded);
    }
    return this.#look(full);
  }

  #look(full: boolean): Promise<LookReport> {
    const { watcher, onChange, onLooked } = this.#parts;
    this.#disarm();
    const controller = new AbortController();
    this.#controller = controller;
    const report = watcher.look(full, controller.signal).then(
      (seen) => {
        this.#failures = 0;
        this.#error = null;
        this.#starsSeen = seen.starsSeen;
        this.#ended(this.#parts.everyMs);
        onLooked(seen);
        return seen;
      },
      (thrown: unknown) => {
        const error = toEpicstarError(thrown);
        this.#ended(this.#noteFailure(error));
        throw error;
      },
    );
    this.#current = { isFull: full, report };
    onChange();
    return report;
  }

  #ended(nextAfterMs: number): void {
    this.#current = null;
    this.#controller = null;
    if (this.#isStarted) this.#arm(nextAfterMs);
    this.#parts.onChange();
  }

  /** @returns milliseconds until the next look */
  #noteFailure(error: EpicstarError): number {
    const { clock, everyMs } = this.#parts;
    if (error.kind === 'cancelled') return everyMs;
    if (this.#failures === 0) this.#failingSince = clock.now();
    this.#failures += 1;
    this.#error = error.toRecord();
    const backoffMs = Math.min(everyMs * 2 ** Math.min(this.#failures - 1, 10), Math.max(mostBackoffMs, everyMs));
    const until = error.data.until;
    return until === undefined ? backoffMs : Math.max(until - clock.now(), everyMs);
  }

  #arm(delayMs: number): void {
    const { clock, random, everyMs } = this.#parts;
    this.#disarm();
    const floorMs = delayMs === 0 ? 0 : Math.max(delayMs, lookFloorMs);
    // A little skew, so that many installations do not ask in the same second.
    const skewMs = delayMs === 0 ? 0 : Math.round(random() * 0.1 * everyMs);
    this.#nextLookAt = clock.now() + floorMs + skewMs;
    this.#cancelTimer = clock.setTimer(floorMs + skewMs, () => this.#fire());
  }

  #fire(): void {
    this.#cancelTimer = null;
    this.#nextLookAt = null;
    if (!this.#isStarted || this.#current !== null || this.#parts.isHeld()) return;
    this.#look(false).catch((thrown: unknown) => {
      const { code, message } = toEpicstarError(thrown);
      this.#parts.log.warn('a look at the starred list failed', { code, message });
    });
  }

  #disarm(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#nextLookAt = null;
  }

  async #end(): Promise<void> {
    this.#controller?.abort(new DOMException('the look was ended', 'AbortError'));
    await this.#current?.report.catch(() => undefined);
    this.#disarm();
  }
}

/** What ended a look ends whoever waited for it to begin another. */
function throwIfEnded(thrown: unknown): void {
  const error = toEpicstarError(thrown);
  if (error.kind === 'cancelled') throw error;
}
