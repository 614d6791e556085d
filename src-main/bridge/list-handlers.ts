/** @file Handlers of the calls that read and act on lists of repositories and runs. */
import type { EngineCallName } from '../../src-preload/contract/schema.ts';
import type { Handlers } from '../../src-preload/contract/server.ts';
import type { StatisticsView } from '../../src-preload/contract/list-views.ts';
import { repositoryStateNames } from '../../src-preload/contract/views.ts';
import type { Engine, SizeShares } from '../engine/core/engine-api.ts';
import type { CallContext } from './handlers.ts';
import type { Links } from './links.ts';
import { mirrorPages } from './mirror-pages.ts';
import { plainLine } from './plain-text.ts';
import { shapeRepository } from './shape-repositories.ts';
import { shapeRun } from './shape-runs.ts';

type ListCall = Exclude<
  Extract<EngineCallName, `repositories.${string}` | `runs.${string}` | `statistics.${string}`>,
  'repositories.verify'
>;

const keptRefsShown = 200;

export function makeListHandlers(engine: Engine, links: Links): Pick<Handlers<CallContext, EngineCallName>, ListCall> {
  return {
    'repositories.list': async (query) => {
      const { items, total } = await engine.repositories(query);
      return { items: items.map((row) => shapeRepository(row, links)), total };
    },
    'repositories.get': async ({ githubId }) => {
      const row = await engine.repository(githubId);
      return row === null ? null : shapeRepository(row, links);
    },
    'repositories.ids': async (filter) => ({ githubIds: await engine.repositoryIds(filter) }),
    'repositories.facets': async (filter) => {
      const { languages, owners, lists, states } = await engine.facets(filter);
      return {
        languages: shapeFacets(languages, 500),
        owners: shapeFacets(owners, 100),
        lists: shapeFacets(lists, 101),
        states: repositoryStateNames.map((state) => ({ state, count: states[state] })),
      };
    },
    'repositories.choose': async ({ githubIds, choice }) => ({ changed: await engine.choose(githubIds, choice) }),
    'repositories.keptRefs': async ({ githubId }, { signal }) => {
      const refs = await engine.keptRefs(githubId, signal);
      const [cost, cloneAddress] = await Promise.all([engine.keptCost(githubId), engine.cloneAddress(githubId)]);
      const items = refs.slice(0, keptRefsShown).map(({ ref, origin, sha, keptAt }) => ({
        ref: plainLine(ref, 900),
        origin: origin === null ? null : plainLine(origin, 600),
        sha: sha.slice(0, 64),
        keptAt,
      }));
      // What was let go or restored since it was measured is not known.
      const bytes = cost?.refs === refs.length ? cost.bytes : null;
      return {
        items,
        total: refs.length,
        bytes,
        cloneAddress: cloneAddress === null ? null : plainLine(cloneAddress, 2_000),
      };
    },
    'repositories.restore': async ({ githubId, keptRef }, { signal }) => {
      const { ref, sha, isNew } = await engine.restoreKeptRef(githubId, keptRef, signal);
      return { branch: plainLine(ref.replace(/^refs\/heads\//, ''), 900), sha: sha.slice(0, 64), isNew };
    },
    'runs.list': async (query) => {
      const { items, total } = await engine.runs(query);
      const pages = await mirrorPages(
        engine,
        items.map(({ githubId }) => githubId),
      );
      return { items: items.map((run) => shapeRun(run, pages.get(run.githubId) ?? null, links)), total };
    },
    'runs.forget': async ({ before }) => ({ forgotten: await engine.forgetRuns(before) }),
    'statistics.get': async ({ days, starBounds }) => {
      const { outcomes, byLanguage, byOwner, stars } = await engine.statistics({ days, starBounds });
      return { outcomes, byLanguage: shapeShares(byLanguage), byOwner: shapeShares(byOwner), stars };
    },
  };
}

function shapeFacets(facets: readonly { readonly value: string; readonly count: number }[], most: number) {
  return facets.slice(0, most).map(({ value, count }) => ({ value: plainLine(value, 300), count }));
}

function shapeShares({ items, rest }: SizeShares): StatisticsView['byLanguage'] {
  return { items: items.map((share) => ({ ...share, value: plainLine(share.value, 300) })), rest };
}
