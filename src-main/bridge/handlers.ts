/** @file One handler for each call of the contract: calls the engine and shapes what it answers. */
import { CallError } from '../../src-preload/contract/messages.ts';
import type { EngineCallName } from '../../src-preload/contract/schema.ts';
import type { Handlers } from '../../src-preload/contract/server.ts';
import type { Engine } from '../engine/core/engine-api.ts';
import type { Setup } from '../engine/core/setup-api.ts';
import type { Links } from './links.ts';
import { makeAskHandlers } from './ask-handlers.ts';
import { makeExtrasHandlers } from './extras-handlers.ts';
import { makeHandoutHandlers } from './handout-handlers.ts';
import { makeListHandlers } from './list-handlers.ts';
import { makeMirrorHandlers } from './mirror-handlers.ts';
import { mirrorPages } from './mirror-pages.ts';
import { plainLine } from './plain-text.ts';
import { shapeJob } from './shape-jobs.ts';
import { shapeOverview, shapeWork } from './shape-overview.ts';
import { makeProofHandlers } from './proof-handlers.ts';
import { makeSetupHandlers } from './setup-handlers.ts';

/** What a handler knows of the client that calls. */
export interface CallContext {
  /** Aborts when the client is gone. */
  readonly signal: AbortSignal;
  setVisible(visible: boolean): void;
}

export interface HandlerOptions {
  readonly engine: Engine;
  readonly setup: Setup;
  readonly links: Links;
  readonly version: string;
  readonly now: () => number;
}

export function makeHandlers({
  engine,
  setup,
  links,
  version,
  now,
}: HandlerOptions): Handlers<CallContext, EngineCallName> {
  return {
    'overview.get': async () => {
      const [overview, work] = await Promise.all([engine.overview(), engine.work()]);
      return shapeOverview(overview, work, links, version);
    },
    'work.get': async () => shapeWork(await engine.work(), links),
    'jobs.list': async ({ states, offset, limit }) => {
      const { items, total } = await engine.jobs(states, { offset, limit });
      const pages = await mirrorPages(
        engine,
        items.map(({ githubId }) => githubId),
      );
      return { items: items.map((job) => shapeJob(job, pages.get(job.githubId) ?? null, links)), total };
    },
    'jobs.cancel': async ({ jobId }) => ({ cancelled: await engine.cancelJob(jobId) }),
    ...makeAskHandlers(engine, links),
    ...makeListHandlers(engine, links),
    ...makeProofHandlers(engine),
    ...makeSetupHandlers(setup, links),
    ...makeHandoutHandlers(engine, links),
    ...makeMirrorHandlers(engine, links),
    ...makeExtrasHandlers(engine, links),
    'look.now': async ({ full }) => {
      const report = await engine.lookNow(full);
      return {
        kind: report.kind,
        starsSeen: report.starsSeen,
        newStars: report.newStars,
        jobsRequested: report.jobsRequested,
        absent: report.absent,
        unreadable: report.unreadable.length,
      };
    },
    'pause.set': async ({ until }) => {
      if (until !== null && until <= now()) {
        throw new CallError('wrong-argument', 'pause.set: until: this time is past');
      }
      await engine.pause(until);
      return {};
    },
    'pause.resume': async () => {
      await engine.resume();
      return {};
    },
    'mirror.now': async ({ githubIds }) => ({ requested: await engine.mirrorNow(githubIds) }),
    'mirror.mirrorBuilds': async ({ githubId }) => ({ requested: (await engine.mirrorBuilds(githubId)) ? 1 : 0 }),
    'mirror.followLoss': async ({ githubId }) => ({ requested: (await engine.followLoss(githubId)) ? 1 : 0 }),
    'mirror.retryFailed': async () => ({ requested: await engine.retryFailed() }),
    'diagnosis.get': async (_argument, { signal }) => {
      const items = await engine.diagnose(signal);
      return items.slice(0, 200).map(({ area, name, state, finding, nextStep }) => ({
        area,
        name: plainLine(name, 100),
        state,
        finding: plainLine(finding, 2_000),
        nextStep: nextStep === null ? null : plainLine(nextStep, 500),
      }));
    },
    'visibility.set': async ({ visible }, context) => {
      context.setVisible(visible);
      return {};
    },
  };
}
