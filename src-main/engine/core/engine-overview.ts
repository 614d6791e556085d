/** @file The engine at one glance, put together from its parts. */
import type { Instant } from '../domain/repository.ts';
import type { AccountReader } from './account-reader.ts';
import type { Overview, Trouble, WatcherView } from './engine-api.ts';
import type { EngineParts } from './engine-parts.ts';
import type { LookLoop } from './look-loop.ts';
import type { PauseKeeper } from './pause-keeper.ts';
import type { QuietKeeper } from './quiet-keeper.ts';
import type { RunCounters } from './run-counters.ts';
import type { SelectionKeeper } from './selection-keeper.ts';
import type { ServiceGates } from './service-gates.ts';

export interface OverviewSources {
  /** Called once all has been read: a later overview never has a lower one. */
  readonly nextRevision: () => number;
  readonly startedAt: Instant;
  readonly account: Pick<AccountReader, 'current'>;
  readonly selection: Pick<SelectionKeeper, 'isAwaited'>;
  readonly pause: Pick<PauseKeeper, 'current'>;
  readonly quiet: Pick<QuietKeeper, 'current'>;
  readonly looks: Pick<LookLoop, 'isLooking' | 'nextLookAt' | 'error' | 'failingSince' | 'starsSeen'>;
  readonly walk: () => WatcherView['walk'];
  readonly counters: Pick<RunCounters, 'current'>;
  readonly gates: Pick<ServiceGates, 'troubles'>;
}

export async function readOverview(
  { store, target, network }: Pick<EngineParts, 'store' | 'target' | 'network'>,
  sources: OverviewSources,
): Promise<Overview> {
  const { looks } = sources;
  const [totals, memory] = await Promise.all([store.totals(), store.watcherMemory()]);
  return {
    revision: sources.nextRevision(),
    startedAt: sources.startedAt,
    account: sources.account.current,
    target: target.kind === 'none' ? null : { kind: target.kind, address: target.address },
    awaitsSelection: sources.selection.isAwaited,
    pause: sources.pause.current,
    quiet: sources.quiet.current,
    isOnline: network.isOnline(),
    watcher: {
      isLooking: looks.isLooking,
      walk: sources.walk(),
      lastLookAt: memory.lastLookAt,
      nextLookAt: looks.nextLookAt,
      lastFullWalkAt: memory.lastFullWalkAt,
      error: looks.error,
      starsSeen: looks.starsSeen ?? memory.total,
    },
    totals,
    counters: sources.counters.current(),
    troubles: troublesOf(sources),
  };
}

/** A look that failed for what a gate is shut for is no second trouble. */
function troublesOf({ gates, looks }: OverviewSources): readonly Trouble[] {
  const troubles = gates.troubles();
  const { error } = looks;
  if (error === null || troubles.some((trouble) => trouble.error.code === error.code)) return troubles;
  return [{ error, since: looks.failingSince, until: looks.nextLookAt }, ...troubles];
}
