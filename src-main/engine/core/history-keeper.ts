/** @file Forgets what was done long ago, so that the history does not grow for ever. Touches no job. */
import type { Instant } from '../domain/repository.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

export interface HistoryKeeperParts {
  readonly clock: Clock;
  readonly log: Log;
  /** How long a run is remembered. */
  readonly keepMs: number;
  readonly forgetRuns: (before: Instant) => Promise<number>;
}

const everyMs = 3_600_000;
/** A start has more urgent things to do. */
const firstMs = 5 * 60_000;

export class HistoryKeeper {
  readonly #parts: HistoryKeeperParts;
  #cancelTimer: (() => void) | null = null;

  constructor(parts: HistoryKeeperParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#arm(firstMs);
  }

  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  #arm(delayMs: number): void {
    const { clock, log } = this.#parts;
    this.#cancelTimer = clock.setTimer(delayMs, () => {
      this.#arm(everyMs);
      this.#forget().catch((error: unknown) => log.error('old runs could not be forgotten', { error }));
    });
  }

  async #forget(): Promise<void> {
    const { clock, log, keepMs, forgetRuns } = this.#parts;
    const forgotten = await forgetRuns(clock.now() - keepMs);
    if (forgotten > 0) log.info('forgot old runs of the history', { forgotten });
  }
}
