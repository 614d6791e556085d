/** @file What waits for a person's word, with what it would cost in room here, at the target and in the caches. */
import type { Disk } from '../ports/disk.ts';
import type { Log } from '../ports/log.ts';
import type { MirrorTarget } from '../ports/mirror-target.ts';
import type { PageRequest, Store } from '../ports/store.ts';
import type { CacheBudget } from './cache-budget.ts';
import type { Ask, Asks } from './engine-asks-api.ts';

export interface AsksParts {
  readonly store: Store;
  readonly target: Pick<MirrorTarget, 'freeBytes'>;
  readonly disk: Disk;
  readonly log: Log;
}

export async function readAsks(
  { store, target, disk, log }: AsksParts,
  budget: Pick<CacheBudget, 'costOf'>,
  page: PageRequest,
): Promise<Asks> {
  const query = { text: '', state: 'asks', isAbsent: false, order: 'size', ...page } as const;
  const [{ items, total }, freeBytesHere, freeBytesAtTarget] = await Promise.all([
    store.repositories(query),
    disk.freeBytes(),
    // A place that is away tells nothing, and the question stands all the same.
    target.freeBytes().catch((error: unknown) => {
      log.warn('the free space at the target could not be read', { error });
      return null;
    }),
  ]);
  const asks: Ask[] = [];
  for (const row of items) {
    const bytes = row.repository.sizeKb * 1_024;
    asks.push({ row, bytes, cache: await budget.costOf(row.repository.githubId, bytes) });
  }
  return { items: asks, total, freeBytesHere, freeBytesAtTarget };
}
