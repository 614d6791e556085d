/**
 * @file The slow sweep: whatever the list says, every mirror's refs are compared once in a while, since `pushed_at` is
 * only GitHub's word that something moved. Spread over the period, so that it is never a burst.
 */
import type { Instant } from '../domain/repository.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';

const hourMs = 3_600_000;

export interface SweeperParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** A mirror is compared again when its last comparison is older than this. */
  readonly periodMs: number;
  readonly isHeld: () => boolean;
  readonly onJobs: () => void;
}

export class Sweeper {
  readonly #parts: SweeperParts;
  #cancelTimer: (() => void) | null = null;

  constructor(parts: SweeperParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#arm();
  }

  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  /** Asks for the comparisons that are due, oldest first and no more than an hour's share; answers how many. */
  async sweep(): Promise<number> {
    const { store, clock, periodMs, log, onJobs } = this.#parts;
    const now: Instant = clock.now();
    const { items, total } = await store.repositories({
      text: '',
      state: 'mirrored',
      order: 'stalest',
      offset: 0,
      limit: 200,
    });
    const share = Math.max(10, Math.ceil((2 * total * hourMs) / periodMs));
    const due = items
      .filter(({ repository }) => repository.mirror !== null && repository.mirror.verifiedAt <= now - periodMs)
      .slice(0, share);
    const requested = await store.requestJobs(
      due.map(({ repository }) => ({ githubId: repository.githubId, cause: 'sweep' as const })),
      now,
    );
    await store.rememberWatcher({ lastSweepAt: now });
    if (requested > 0) {
      log.info('comparing mirrors that were not compared for long', { requested });
      onJobs();
    }
    return requested;
  }

  #arm(): void {
    const { clock, log, periodMs, isHeld } = this.#parts;
    this.#cancelTimer = clock.setTimer(Math.min(hourMs, periodMs), () => {
      this.#arm();
      if (isHeld()) return;
      this.sweep().catch((error: unknown) => log.error('the sweep failed', { error }));
    });
  }
}
