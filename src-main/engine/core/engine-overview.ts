/** @file The engine at one glance, put together from its parts. */
import type { Instant } from '../domain/repository.ts';
import type { DrillOf } from '../domain/proof.ts';
import { EpicstarError } from '../domain/errors.ts';
import type { AccountReader } from './account-reader.ts';
import type { DrillKeeper } from './drill-keeper.ts';
import type { Overview, Trouble, WatcherView } from './engine-api.ts';
import type { EngineParts } from './engine-parts.ts';
import type { LookLoop } from './look-loop.ts';
import type { MirrorFinder } from './mirror-finder.ts';
import type { PauseKeeper } from './pause-keeper.ts';
import type { ProofRounds } from './proof-rounds.ts';
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
  readonly finder: Pick<MirrorFinder, 'rebuilt'>;
  readonly rounds: Pick<ProofRounds, 'view'>;
  readonly drills: Pick<DrillKeeper, 'current'>;
}

export async function readOverview(
  { store, target, network, clock }: Pick<EngineParts, 'store' | 'target' | 'network' | 'clock'>,
  sources: OverviewSources,
): Promise<Overview> {
  const { looks } = sources;
  const [totals, memory, rebuilt, round, lastDrill, badDrills] = await Promise.all([
    store.totals(),
    store.watcherMemory(),
    sources.finder.rebuilt(),
    sources.rounds.view(),
    store.lastDrill(),
    store.badDrills(mostBadDrills),
  ]);
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
    rebuilt,
    proof: { round, drill: sources.drills.current, lastDrill },
    troubles: [...troublesOf(sources), ...troubleOfDrills(badDrills, clock.now())],
  };
}

/** A look that failed for what a gate is shut for is no second trouble. */
function troublesOf({ gates, looks }: OverviewSources): readonly Trouble[] {
  const troubles = gates.troubles();
  const { error } = looks;
  if (error === null || troubles.some((trouble) => trouble.error.code === error.code)) return troubles;
  return [{ error, since: looks.failingSince, until: looks.nextLookAt }, ...troubles];
}

const mostBadDrills = 20;
/** So long a mirror run has to repair what a drill found to differ. */
const repairMs = 3_600_000;
const mostNamed = 3;

/** One trouble, however many there are. */
function troubleOfDrills(bad: readonly DrillOf[], now: Instant): readonly Trouble[] {
  const open = bad.filter(({ drill }) => drill.result === 'damaged' || now - drill.at > repairMs);
  const since = Math.min(...open.map(({ drill }) => drill.at));
  if (open.length === 0) return [];
  const names = open.slice(0, mostNamed).map(({ fullName }) => fullName);
  const more = open.length > names.length ? ' and others' : '';
  return [{ error: new EpicstarError('mirror-damaged', `${names.join(', ')}${more}.`).toRecord(), since, until: null }];
}
