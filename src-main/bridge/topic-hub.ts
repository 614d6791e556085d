/**
 * @file The engine's topics, shaped once for all clients. Listens to the engine only while somebody listens here.
 */
import type { TopicSource, TopicSources } from '../../src-preload/contract/server.ts';
import type { EngineTopicName, TopicValue } from '../../src-preload/contract/schema.ts';
import type { Engine, Overview, Run, WorkItem } from '../engine/core/engine-api.ts';
import type { Setup } from '../engine/core/setup-api.ts';
import type { Links } from './links.ts';
import { mirrorPages } from './mirror-pages.ts';
import { shapeOverview, shapeWork } from './shape-overview.ts';
import { shapeRun } from './shape-runs.ts';
import { shapeSetup } from './shape-setup.ts';

export interface TopicHubOptions {
  readonly engine: Engine;
  readonly setup: Setup;
  readonly links: Links;
  readonly version: string;
  readonly onFault: (where: string, thrown: unknown) => void;
}

/** Starts `start` with the first listener and ends it after the last. */
function share<V>(start: (publish: (value: V) => void) => () => void): TopicSource<V>['subscribe'] {
  const listeners = new Set<(value: V) => void>();
  let stop: (() => void) | null = null;
  const publish = (value: V): void => {
    listeners.forEach((listener) => listener(value));
  };
  return (listener) => {
    const own = (value: V): void => listener(value);
    listeners.add(own);
    stop ??= start(publish);
    return () => {
      listeners.delete(own);
      if (listeners.size > 0) return;
      stop?.();
      stop = null;
    };
  };
}

export function makeTopicSources({
  engine,
  setup,
  links,
  version,
  onFault,
}: TopicHubOptions): TopicSources<EngineTopicName> {
  async function readBoth(): Promise<readonly [Overview, readonly WorkItem[]]> {
    return Promise.all([engine.overview(), engine.work()]);
  }

  async function shapeEndedRun(run: Run): Promise<TopicValue<'run'>> {
    const pages = await mirrorPages(engine, [run.githubId]);
    return { run: shapeRun(run, pages.get(run.githubId) ?? null, links), skipped: 0 };
  }

  return {
    overview: {
      snapshot: async () => {
        const [overview, work] = await readBoth();
        return shapeOverview(overview, work, links, version);
      },
      // The sentence of state tells of both, so either changes it.
      subscribe: share((publish) => {
        let overview: Overview | null = null;
        let work: readonly WorkItem[] = [];
        let isEnded = false;
        const tell = (): void => {
          if (!isEnded && overview !== null) publish(shapeOverview(overview, work, links, version));
        };
        const stopOverview = engine.subscribe('overview', (value) => {
          overview = value;
          tell();
        });
        const stopWork = engine.subscribe('work', (value) => {
          work = value;
          tell();
        });
        // What was published meanwhile is newer than what is read here.
        const readFirst = async (): Promise<void> => {
          const [readOverview, readWork] = await readBoth();
          if (overview !== null) return;
          overview = readOverview;
          if (work.length === 0) work = readWork;
          tell();
        };
        readFirst().catch((thrown: unknown) => onFault('overview', thrown));
        return () => {
          isEnded = true;
          stopOverview();
          stopWork();
        };
      }),
    },
    work: {
      snapshot: async () => shapeWork(await engine.work(), links),
      subscribe: share((publish) => engine.subscribe('work', (work) => publish(shapeWork(work, links)))),
    },
    run: {
      snapshot: null,
      subscribe: share((publish) =>
        engine.subscribe('run', (run) => {
          shapeEndedRun(run).then(publish, (thrown: unknown) => onFault('run', thrown));
        }),
      ),
    },
    repositories: {
      snapshot: null,
      subscribe: share((publish) =>
        engine.subscribe('repositories', (ids) => publish({ githubIds: ids.length > 200 ? [] : ids })),
      ),
    },
    setup: {
      snapshot: async () => shapeSetup(await setup.state(), links),
      subscribe: share((publish) => setup.subscribe((state) => publish(shapeSetup(state, links)))),
    },
  };
}
