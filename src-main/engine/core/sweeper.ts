/**
 * @file The slow sweep: whatever the list says, every mirror's refs are compared once in a while, since `pushed_at` is
 * only GitHub's word that something moved, and what failed for good is tried once a day. Spread over the period, so that
 * it is never a burst.
 */
import type { Instant } from '../domain/repository.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { RepositoryRow, Store } from '../ports/store.ts';

const hourMs = 3_600_000;
/** What failed for good is tried again after so long all the same: rights are granted and blocks are lifted unseen. */
const failedAgainMs = 24 * hourMs;
const pageSize = 200;

export interface SweeperParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** A mirror is compared again when its last comparison is older than this. */
  readonly periodMs: number;
  readonly isHeld: () => boolean;
  readonly onJobs: () => void;
}

/** Every repository whose newest job failed. */
export async function allFailed(store: Store): Promise<readonly RepositoryRow[]> {
  const rows: RepositoryRow[] = [];
  for (;;) {
    const query = { text: '', state: 'failed', order: 'name', offset: rows.length, limit: pageSize } as const;
    const { items, total } = await store.repositories(query);
    rows.push(...items);
    if (items.length === 0 || rows.length >= total) return rows;
  }
}

/** Also true for a time that is still to come: then the clock was put back, and nothing is known. */
function isOlder(at: Instant, thanMs: number, now: Instant): boolean {
  return at <= now - thanMs || at > now;
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
      selection: 'mirror',
      // What left the list is asked about, not compared: it may be gone.
      isAbsent: false,
      order: 'stalest',
      offset: 0,
      limit: pageSize,
    });
    const share = Math.max(10, Math.ceil((2 * total * hourMs) / periodMs));
    const due = items
      .filter(({ repository: { mirror } }) => mirror !== null && isOlder(mirror.verifiedAt, periodMs, now))
      .slice(0, share);
    const failed = (await allFailed(store))
      .filter(({ repository, job }) => {
        return (
          repository.selection === 'mirror' &&
          repository.absentSince === null &&
          isOlder(job?.finishedAt ?? now, failedAgainMs, now)
        );
      })
      .slice(0, pageSize);
    const ids = new Set([...due, ...failed].map(({ repository }) => repository.githubId));
    // Files of LFS and wikis that were missing last time.
    for (const githubId of await store.dueExtras(now, pageSize)) ids.add(githubId);
    const requested = await store.requestJobs(
      [...ids].map((githubId) => ({ githubId, cause: 'sweep' as const })),
      now,
    );
    await store.rememberWatcher({ lastSweepAt: now });
    if (requested > 0) {
      log.info('comparing mirrors that were not compared for long, or failed', { requested });
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
