/** @file The overview and what is in work, as the window is shown them. Pure. */
import type { OverviewView, WorkView } from '../../src-preload/contract/views.ts';
import type { Overview, WorkItem } from '../engine/core/engine-api.ts';
import { describeState } from './describe-state.ts';
import type { Links } from './links.ts';
import { plainLine } from './plain-text.ts';
import { shapeProofOverview } from './shape-proofs.ts';
import { shapeError, shapeErrorOrNull } from './shape-error.ts';

/** More are never shown: what stops everything is said once. */
const troublesShown = 20;

export function shapeOverview(
  overview: Overview,
  work: readonly WorkItem[],
  links: Links,
  version: string,
): OverviewView {
  const { account, target, watcher } = overview;
  return {
    revision: overview.revision,
    version,
    startedAt: overview.startedAt,
    state: describeState(overview, work),
    account:
      account === null
        ? null
        : {
            login: plainLine(account.login, 100),
            host: plainLine(account.host, 300),
            page: links.account(account.login),
          },
    target:
      target === null ? null : { kind: target.kind, address: plainLine(target.address, 2_000), page: links.target },
    pause: overview.pause,
    quiet: overview.quiet,
    isOnline: overview.isOnline,
    watcher: { ...watcher, error: shapeErrorOrNull(watcher.error, links) },
    totals: overview.totals,
    counters: overview.counters,
    rebuilt:
      overview.rebuilt === null ? null : { ...overview.rebuilt, address: plainLine(overview.rebuilt.address, 2_000) },
    proof: shapeProofOverview(overview.proof),
    troubles: overview.troubles
      .slice(0, troublesShown)
      .map(({ error, since, until }) => ({ error: shapeError(error, links), since, until })),
  };
}

export function shapeWork(work: readonly WorkItem[], links: Links): WorkView {
  return work.slice(0, 200).map((item) => ({
    ...item,
    fullName: plainLine(item.fullName, 300),
    githubPage: links.repository(item.fullName),
  }));
}
