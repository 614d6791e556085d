/**
 * @file The star watcher against random histories, over real HTTP: stars, unstars, renames, names that strangers take,
 * deletions, hidden and blocked repositories, pushes, lists that are cut, wrong or broken, and a world that changes
 * between two pages.
 */
import fc from 'fast-check';
import { Agent } from 'undici';
import { afterAll, describe, expect, it } from 'vitest';
import { toEpicstarError } from '../../src-main/engine/domain/errors.ts';
import { emptyReport } from '../../src-main/engine/domain/job.ts';
import type { RepositoryRecord, Store } from '../../src-main/engine/ports/store.ts';
import type { Fault } from '../playground/github/index.ts';
import { anyChange, type Change, setStarStage, type StarStage } from '../support/star-world.ts';

/** Three pages, so that items move over page borders. */
const firstStars = 215;
const dayMs = 24 * 3_600_000;
const runs = Number(process.env['EPICSTAR_HISTORIES'] ?? '20');

const troubles = ['truncated', 'empty', 'wrong-page', 'error', 'nulls', 'endless', 'race', 'race'] as const;

interface Look {
  readonly kind: 'look';
  readonly full: boolean;
  readonly trouble: 'none' | (typeof troubles)[number];
  /** How many requests for a list are answered well first. */
  readonly skip: number;
  /** Happen all at once, in the middle of the look. */
  readonly race: readonly Change[];
}

const anyLook: fc.Arbitrary<Look> = fc.record({
  kind: fc.constant('look' as const),
  full: fc.boolean(),
  trouble: fc.oneof(fc.constant('none' as const), fc.constantFrom(...troubles)),
  skip: fc.nat(4),
  race: fc.array(anyChange, { minLength: 1, maxLength: 3 }),
});
const anyHistory = fc.array(fc.oneof({ weight: 3, arbitrary: anyChange }, { weight: 2, arbitrary: anyLook }), {
  minLength: 6,
  maxLength: 14,
});

const agent = new Agent();
afterAll(() => agent.close());

describe('the star watcher', () => {
  it('never takes a star for gone, misses none after the next undisturbed walk, and follows every push', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, async (history) => {
        const stage = await setStarStage(firstStars, agent);
        try {
          const story = new Story(stage);
          for (const command of [quiet(true), ...history, quiet(false), quiet(true)]) {
            if (command.kind === 'look') await story.look(command);
            else stage.world.apply(command);
          }
        } finally {
          await stage.close();
        }
      }),
      { numRuns: runs, interruptAfterTimeLimit: runs * 3_000 },
    );
  }, 600_000);
});

function quiet(full: boolean): Look {
  return { kind: 'look', full, trouble: 'none', skip: 0, race: [] };
}

class Story {
  readonly #stage: StarStage;
  /** Last pushes that jobs have run for, by id. */
  readonly #followed = new Map<number, number | null>();
  /** Looks that went wrong, one right after the other. */
  #troublesInRow = 0;
  #mayHaveMissed = false;

  constructor(stage: StarStage) {
    this.#stage = stage;
  }

  /** One look, with what may go wrong in it, and what has to hold whatever happened. */
  async look({ full, trouble, skip, race }: Look): Promise<void> {
    const { github, world, store, clock, look } = this.#stage;
    // Walks that proved nothing are waited for; here that time passes between two looks.
    await clock.advance(dayMs);
    const before = world.shown();
    const absentBefore = new Set((await allOf(store)).filter(({ absentSince }) => absentSince !== null).map(idOf));
    const change = (): void => race.forEach((one) => world.apply(one));
    const fault = trouble === 'none' ? null : github.faults.add(faultOf(trouble, skip, change));
    const report = await look(full).catch((error: unknown) => toEpicstarError(error));
    fault?.remove();
    const after = world.shown();

    for (const row of await allOf(store)) {
      if (row.absentSince === null || absentBefore.has(row.githubId)) continue;
      // It was in the list from before the look until after it: no look may call it gone.
      expect(before.has(row.githubId) && after.has(row.githubId), `${row.fullName} was taken for gone`).toBe(false);
    }
    await this.#runJobs();
    const isUndisturbed = trouble === 'none' && !(report instanceof Error);
    // An item that is broken for good must not make every look longer, so only one doubtful look is made up for.
    this.#troublesInRow = isUndisturbed ? 0 : this.#troublesInRow + 1;
    this.#mayHaveMissed ||= this.#troublesInRow > 1;
    if (!isUndisturbed) return;
    if (report.kind === 'full') {
      expect(report.isEvidence).toBe(true);
      this.#mayHaveMissed = false;
      await this.#expectSame();
    }
    if (!this.#mayHaveMissed) await this.#expectFollowed();
  }

  /** What is known is what is shown: ids, names, times. */
  async #expectSame(): Promise<void> {
    const shown = this.#stage.world.shown();
    const present = (await allOf(this.#stage.store)).filter(({ absentSince }) => absentSince === null);
    const known = new Map(
      present.map(({ githubId, fullName, pushedAt, starredAt }) => [githubId, { fullName, pushedAt, starredAt }]),
    );
    expect([...known].toSorted(byId)).toEqual([...shown].toSorted(byId));
  }

  /** Of whatever is known and was pushed to, a job ran that knew it. */
  async #expectFollowed(): Promise<void> {
    const shown = this.#stage.world.shown();
    for (const { githubId, absentSince, fullName } of await allOf(this.#stage.store)) {
      const { pushedAt } = shown.get(githubId) ?? {};
      if (absentSince !== null || pushedAt === undefined) continue;
      expect(this.#followed.get(githubId), fullName).toBe(pushedAt);
    }
  }

  async #runJobs(): Promise<void> {
    const { store, clock } = this.#stage;
    const at = clock.now();
    for (let job = await store.claimNextJob(at, true); job !== null; job = await store.claimNextJob(at, true)) {
      const row = await store.repository(job.githubId);
      if (row === null) throw new Error(`a job of nobody: ${job.githubId}`);
      this.#followed.set(row.githubId, row.pushedAt);
      const proof = {
        projectId: String(row.githubId),
        projectPath: row.fullName,
        projectUrl: null,
        fullName: row.fullName,
        defaultBranch: row.defaultBranch,
        pushedAt: row.pushedAt,
        verifiedAt: at,
        refCount: 1,
        cacheBytes: 0,
      };
      const run = { startedAt: at, finishedAt: at, outcome: 'done', report: emptyReport, error: null } as const;
      await store.settleJob(job.id, { state: 'done', proof }, run);
    }
  }
}

function faultOf(trouble: (typeof troubles)[number], skip: number, change: () => void): Fault {
  const target = { path: '/user/starred', skip, times: 1 };
  switch (trouble) {
    case 'truncated':
      return { ...target, kind: 'truncated-list', keep: 2 };
    case 'empty':
      return { ...target, kind: 'empty-page' };
    case 'wrong-page':
      return { ...target, kind: 'wrong-page', page: 1 };
    case 'nulls':
      return { ...target, kind: 'nulls' };
    case 'endless':
      return { match: ({ query }) => query.get('per_page') === '100', skip, kind: 'endless-link' };
    case 'error':
      // Four in a row: more than the adapter tries by itself.
      return { ...target, times: 4, kind: 'status', status: 502 };
    case 'race':
      return { ...target, kind: 'run', run: change };
  }
}

function byId([a]: readonly [number, unknown], [b]: readonly [number, unknown]): number {
  return a - b;
}

function idOf({ githubId }: RepositoryRecord): number {
  return githubId;
}

async function allOf(store: Store): Promise<readonly RepositoryRecord[]> {
  const rows: RepositoryRecord[] = [];
  for (;;) {
    const query = { text: '', state: null, order: 'name', offset: rows.length, limit: 200 } as const;
    const { items, total } = await store.repositories(query);
    rows.push(...items.map(({ repository }) => repository));
    if (rows.length >= total) return rows;
  }
}
