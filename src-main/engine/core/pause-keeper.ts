/** @file A pause, kept over restarts, that ends by itself where a time was given. */
import type { Instant } from '../domain/repository.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';
import type { Pause } from './engine-api.ts';

const key = 'pause';

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
  /** One change at a time, so that what is stored and what holds never differ. */
  #tail: Promise<void> = Promise.resolve();

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
    return this.#inTurn(async () => {
      const pause: Pause = { since: this.#current?.since ?? this.#parts.clock.now(), until };
      await this.#parts.store.writeValue(key, JSON.stringify(pause));
      this.#take(pause);
    });
  }

  clear(): Promise<void> {
    return this.#inTurn(async () => {
      this.stop();
      this.#current = null;
      await this.#parts.store.writeValue(key, null);
    });
  }

  /** Ends the timer alone; the pause itself stays stored. */
  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  #inTurn(change: () => Promise<void>): Promise<void> {
    const turn = this.#tail.then(change);
    this.#tail = turn.catch(() => undefined);
    return turn;
  }

  #take(pause: Pause): void {
    const { clock, log } = this.#parts;
    this.stop();
    this.#current = pause;
    if (pause.until === null) return;
    this.#cancelTimer = clock.setTimer(Math.max(pause.until - clock.now(), 0), () => {
      this.#expire().catch((error: unknown) => log.error('the end of the pause was not handled', { error }));
    });
  }

  async #expire(): Promise<void> {
    await this.clear();
    await this.#parts.onEnd();
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
