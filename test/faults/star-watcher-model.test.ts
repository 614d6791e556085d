/**
 * @file The star watcher against random histories, over real HTTP: stars, unstars, renames, deletions, hidden and
 * blocked repositories, pushes, lists that are cut, wrong or broken, and a world that changes between two pages.
 */
import fc from 'fast-check';
import { Agent } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGithub } from '../../src-main/engine/adapters/github/github.ts';
import { createRedactor } from '../../src-main/engine/adapters/system/redactor.ts';
import type { LookReport } from '../../src-main/engine/core/engine-api.ts';
import { StarWatcher } from '../../src-main/engine/core/star-watcher.ts';
import { toEpicstarError } from '../../src-main/engine/domain/errors.ts';
import type { Log } from '../../src-main/engine/ports/log.ts';
import type { RepositoryRecord, Store } from '../../src-main/engine/ports/store.ts';
import { createMemoryStore } from '../conformance/memory-store.ts';
import { type Fault, type Github as GithubStandIn, startGithub } from '../playground/github/index.ts';
import { ManualClock } from '../support/manual-clock.ts';

const log: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => log,
};
const agent = new Agent();
/** Three pages, so that items move over page borders. */
const firstStars = 215;
const hourMs = 3_600_000;

type Change =
  | { readonly kind: 'star' }
  | {
      readonly kind: 'unstar' | 'rename' | 'remove' | 'hide' | 'reveal' | 'block' | 'push' | 'restar';
      readonly pick: number;
    };
type Command =
  | Change
  | {
      readonly kind: 'look';
      readonly full: boolean;
      readonly trouble: 'none' | 'truncated' | 'empty' | 'wrong-page' | 'error' | 'nulls' | 'race';
      readonly skip: number;
      readonly race: Change;
    };

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: 'star' } as const) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom('unstar', 'rename', 'remove', 'hide', 'reveal', 'block', 'push', 'restar'),
      pick: fc.nat(10_000),
    }),
  },
);
const look = fc.record({
  kind: fc.constant('look' as const),
  full: fc.boolean(),
  trouble: fc.constantFrom('none', 'none', 'none', 'truncated', 'empty', 'wrong-page', 'error', 'nulls', 'race'),
  skip: fc.nat(3),
  race: change,
});
const history = fc.array(fc.oneof(change, look), { minLength: 6, maxLength: 14 });

class World {
  readonly github: GithubStandIn;
  readonly ids: number[] = [];
  readonly hidden = new Set<number>();
  #names = 0;

  constructor(github: GithubStandIn) {
    this.github = github;
  }

  apply({ kind, ...rest }: Change): void {
    const { world } = this.github;
    if (kind === 'star') {
      this.#names += 1;
      const id = world.addRepository({
        fullName: `owner-${this.#names % 7}/repository-${this.#names}`,
        pushedAtMs: Date.UTC(2026, 0, 1) + this.#names * 60_000,
      });
      this.ids.push(id);
      world.star(id);
      return;
    }
    const alive = this.ids.filter((id) => world.findById(id) !== null);
    const pool = kind === 'reveal' ? [...this.hidden].filter((id) => alive.includes(id)) : alive;
    const id = pool[('pick' in rest ? rest.pick : 0) % Math.max(pool.length, 1)];
    if (id === undefined) return;
    switch (kind) {
      case 'unstar':
        if (world.isStarred(id)) world.unstar(id);
        break;
      case 'restar':
        if (world.isStarred(id)) world.unstar(id);
        if (!this.hidden.has(id)) world.star(id);
        break;
      case 'rename':
        this.#names += 1;
        world.rename(id, `renamed/repository-${this.#names}`);
        break;
      case 'remove':
        world.remove(id);
        break;
      case 'hide':
        this.hidden.add(id);
        world.hide(id);
        break;
      case 'reveal':
        this.hidden.delete(id);
        world.reveal(id);
        break;
      case 'block':
        world.block(id, 'dmca');
        break;
      case 'push':
        world.touch(id);
        break;
    }
  }

  /** What the list shows now, by id. */
  shown(): ReadonlyMap<
    number,
    { readonly fullName: string; readonly pushedAt: number | null; readonly starredAt: number }
  > {
    const stars = this.github.world.stars(this.github.world.viewer.login, 'created', 'desc');
    return new Map(
      stars.map(({ repository, starredAtMs }) => [
        repository.id,
        // GitHub tells times to the second.
        {
          fullName: `${repository.owner}/${repository.name}`,
          pushedAt: repository.pushedAtMs === null ? null : Math.floor(repository.pushedAtMs / 1000) * 1000,
          starredAt: Math.floor(starredAtMs / 1000) * 1000,
        },
      ]),
    );
  }
}

describe('the star watcher', () => {
  const opened: GithubStandIn[] = [];
  afterAll(async () => {
    await Promise.all(opened.map((github) => github.close()));
    await agent.close();
  });

  const begin = async () => {
    const github = await startGithub({ rateLimits: { user: 1_000_000 } });
    opened.push(github);
    const world = new World(github);
    for (let index = 0; index < firstStars; index += 1) world.apply({ kind: 'star' });
    const token = github.addToken();
    const clock = new ManualClock(Date.now());
    const store = createMemoryStore();
    const adapter = createGithub({
      apiUrl: github.apiUrl,
      version: 'test',
      dispatcher: agent,
      clock,
      log,
      redactor: createRedactor(),
      secrets: {
        read: () => Promise.resolve(token),
        write: () => Promise.resolve(),
        origin: () => Promise.resolve(null),
      },
    });
    const watcher = new StarWatcher({
      github: adapter,
      store,
      clock,
      log,
      fullWalkEveryMs: 1_000 * hourMs,
      onWalk: () => undefined,
      onJobs: () => undefined,
    });
    const lookOnce = (full: boolean): Promise<LookReport> => watcher.look(full, new AbortController().signal);
    return { github, world, store, clock, lookOnce };
  };

  let shared: Awaited<ReturnType<typeof begin>>;
  beforeAll(async () => {
    shared = await begin();
  });

  it('never takes a star for gone, and misses none after the next undisturbed walk', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (commands) => {
        const { github, world, store, clock, lookOnce } = await begin();
        try {
          await lookOnce(true);
          await expectSame(store, world);
          for (const command of [...commands, quiet(false), quiet(true)]) {
            if (command.kind !== 'look') {
              world.apply(command);
              continue;
            }
            // Walks that proved nothing are waited for; here that time passes between two looks.
            await clock.advance(24 * hourMs);
            await lookThrough(command, { github, world, store, lookOnce });
          }
        } finally {
          await github.close();
        }
      }),
      { numRuns: 20, interruptAfterTimeLimit: 60_000 },
    );
  }, 110_000);

  it('looks at an unchanged list with at most three requests', async () => {
    const { github, lookOnce } = shared;
    await lookOnce(true);
    await lookOnce(false);
    const before = github.log.count({ kind: 'rest' });
    const report = await lookOnce(false);
    expect(github.log.count({ kind: 'rest' }) - before).toBeLessThanOrEqual(3);
    expect(report).toMatchObject({ kind: 'quick', newStars: 0, jobsRequested: 0 });
  });

  it('sees one new star without a walk', async () => {
    const { github, world, lookOnce } = shared;
    await lookOnce(true);
    world.apply({ kind: 'star' });
    const before = github.log.count({ kind: 'rest' });
    expect(await lookOnce(false)).toMatchObject({ kind: 'quick', newStars: 1, jobsRequested: 1 });
    expect(github.log.count({ kind: 'rest' }) - before).toBeLessThanOrEqual(4);
  });

  it('walks when the count disagrees, and finds what was unstarred', async () => {
    const { world, lookOnce } = shared;
    await lookOnce(true);
    world.apply({ kind: 'unstar', pick: 5 });
    expect(await lookOnce(false)).toMatchObject({ kind: 'full', absent: 1, isEvidence: true });
  });
});

function quiet(full: boolean): Extract<Command, { kind: 'look' }> {
  return { kind: 'look', full, trouble: 'none', skip: 0, race: { kind: 'star' } };
}

interface Stage {
  readonly github: GithubStandIn;
  readonly world: World;
  readonly store: Store;
  lookOnce(full: boolean): Promise<LookReport>;
}

/** One look, with what may go wrong in it, and what has to hold whatever happened. */
async function lookThrough(command: Extract<Command, { kind: 'look' }>, stage: Stage): Promise<void> {
  const { github, world, store, lookOnce } = stage;
  const before = world.shown();
  const absentBefore = new Set((await all(store)).filter(({ absentSince }) => absentSince !== null).map(idOf));
  const fault = command.trouble === 'none' ? null : github.faults.add(faultOf(command, world));
  const report = await lookOnce(command.full).catch((error: unknown) => toEpicstarError(error));
  fault?.remove();
  const after = world.shown();

  for (const row of await all(store)) {
    if (row.absentSince === null || absentBefore.has(row.githubId)) continue;
    // It was in the list from before the look until after it: no look may call it gone.
    expect(before.has(row.githubId) && after.has(row.githubId), `${row.fullName} was taken for gone`).toBe(false);
  }
  if (command.trouble !== 'none' || report instanceof Error) return;
  if (report.kind === 'full') {
    expect(report.isEvidence).toBe(true);
    await expectSame(store, world);
  }
  // Whatever was pushed to is seen by any look, quick ones too, as long as it is known.
  for (const row of await all(store)) {
    const shown = after.get(row.githubId);
    if (shown !== undefined && row.absentSince === null) expect(row.pushedAt, row.fullName).toBe(shown.pushedAt);
  }
}

function faultOf(command: Extract<Command, { kind: 'look' }>, world: World): Fault {
  const target = { path: '/user/starred', skip: command.skip, times: 1 };
  switch (command.trouble) {
    case 'truncated':
      return { ...target, kind: 'truncated-list', keep: 40 };
    case 'empty':
      return { ...target, kind: 'empty-page' };
    case 'wrong-page':
      return { ...target, kind: 'wrong-page', page: 1 };
    case 'nulls':
      return { ...target, kind: 'nulls' };
    case 'error':
      // Four in a row: more than the adapter tries by itself.
      return { ...target, times: 4, kind: 'status', status: 502 };
    default:
      return { ...target, kind: 'run', run: () => world.apply(command.race) };
  }
}

/** What is known is what is shown: ids, names, last pushes; and every repository that was ever new has a job. */
async function expectSame(store: Store, world: World): Promise<void> {
  const shown = world.shown();
  const rows = await all(store);
  const present = rows.filter(({ absentSince }) => absentSince === null);
  expect(present.map(idOf).toSorted((a, b) => a - b)).toEqual([...shown.keys()].toSorted((a, b) => a - b));
  for (const row of present) {
    const { fullName, pushedAt, starredAt } = shown.get(row.githubId) ?? {};
    expect([row.fullName, row.pushedAt, row.starredAt]).toEqual([fullName, pushedAt, starredAt]);
  }
  const jobs = await store.jobs(['queued', 'running', 'waiting'], { offset: 0, limit: 1 });
  expect(jobs.total).toBe(rows.length);
}

function idOf({ githubId }: RepositoryRecord): number {
  return githubId;
}

async function all(store: Store): Promise<readonly RepositoryRecord[]> {
  const rows: RepositoryRecord[] = [];
  for (;;) {
    const query = { text: '', state: null, order: 'name', offset: rows.length, limit: 200 } as const;
    const { items, total } = await store.repositories(query);
    rows.push(...items.map(({ repository }) => repository));
    if (rows.length >= total) return rows;
  }
}
