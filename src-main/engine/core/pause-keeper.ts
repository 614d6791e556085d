/** @file A pause, kept over restarts, that ends by itself where a time was given. */
import type { Instant } from '../domain/repository.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';
import type { Pause } from './engine-api.ts';
import { Turns } from './turns.ts';

const key = 'pause';
/** The wall clock may jump, and stands still in the timers of a computer that sleeps: the end is looked up anew. */
const longestSleepMs = 60_000;

export interface PauseKeeperParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Called when a timed pause ended by itself. */
  readonly onEnd: () => Promise<void>;
}

export class PauseKeeper {
  readonly #parts: PauseKeeperParts;
  #current: Pause | null = null;
  #cancelTimer: (() => void) | null = null;
  #isStopped = false;
  /** One change at a time, so that what is stored and what holds never differ. */
  readonly #turns = new Turns();

  constructor(parts: PauseKeeperParts) {
    this.#parts = parts;
  }

  /** Null: not paused. */
  get current(): Pause | null {
    return this.#current;
  }

  async load(): Promise<void> {
    const { store, clock } = this.#parts;
    const stored = parsePause(await store.readValue(key));
    if (stored === null) return;
    if (stored.until !== null && stored.until <= clock.now()) {
      await this.clear();
      await store.wakeJobs(['paused'], clock.now());
      return;
    }
    this.#take(stored);
  }

  set(until: Instant | null): Promise<void> {
    return this.#turns.take(async () => {
      const pause: Pause = { since: this.#current?.since ?? this.#parts.clock.now(), until };
      await this.#parts.store.writeValue(key, JSON.stringify(pause));
      this.#take(pause);
    });
  }

  clear(): Promise<void> {
    return this.#turns.take(() => this.#clear());
  }

  /** Ends the timer alone, for good; the pause itself stays stored. */
  stop(): void {
    this.#isStopped = true;
    this.#disarm();
  }

  #disarm(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  /** Stored first: a pause that cannot be taken back from the store goes on, and can be taken back again. */
  async #clear(): Promise<void> {
    await this.#parts.store.writeValue(key, null);
    this.#disarm();
    this.#current = null;
  }

  #take(pause: Pause): void {
    this.#disarm();
    this.#current = pause;
    if (pause.until !== null) this.#arm(pause, pause.until - this.#parts.clock.now());
  }

  #arm(pause: Pause, restMs: number): void {
    const { clock, log } = this.#parts;
    if (this.#isStopped) return;
    this.#cancelTimer = clock.setTimer(Math.min(Math.max(restMs, 0), longestSleepMs), () => {
      const stillMs = (pause.until ?? 0) - clock.now();
      if (stillMs > 0) {
        this.#arm(pause, stillMs);
        return;
      }
      this.#expire(pause).catch((error: unknown) => {
        log.error('the end of the pause was not handled; it is tried again in a minute', { error });
        if (this.#current === pause || this.#current === null) this.#arm(pause, longestSleepMs);
      });
    });
  }

  /** Another pause that was set meanwhile goes on. */
  async #expire(pause: Pause): Promise<void> {
    await this.#turns.take(async () => {
      if (this.#current === pause) await this.#clear();
    });
    if (this.#current === null) await this.#parts.onEnd();
  }
}

function parsePause(text: string | null): Pause | null {
  if (text === null) return null;
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || !('since' in value) || !('until' in value)) return null;
  const { since, until } = value;
  if (typeof since !== 'number' || (until !== null && typeof until !== 'number')) return null;
  return { since, until };
}
