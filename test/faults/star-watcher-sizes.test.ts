/** @file What a look costs, counted in requests, and lists of the size that the largest collectors have. */
import { Agent } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { setStarStage, type StarStage } from '../support/star-world.ts';

const agent = new Agent();
afterAll(() => agent.close());

describe('a look at a thousand stars', () => {
  let stage: StarStage;
  beforeAll(async () => {
    stage = await setStarStage(1_000, agent);
  });
  beforeEach(async () => {
    stage.github.faults.clear();
    await stage.look(true);
  });
  afterAll(() => stage.close());

  const countOf = async (work: () => Promise<unknown>): Promise<number> => {
    const before = stage.github.log.count({ kind: 'rest' });
    await work();
    return stage.github.log.count({ kind: 'rest' }) - before;
  };

  it('takes three requests at most where nothing changed', async () => {
    const requests = await countOf(async () => {
      expect(await stage.look(false)).toMatchObject({ kind: 'quick', starsSeen: 1_000, newStars: 0, jobsRequested: 0 });
    });
    expect(requests).toBeLessThanOrEqual(3);
  });

  it('takes four at most where one star is new and one repository was pushed to', async () => {
    stage.world.apply({ kind: 'star' });
    stage.world.apply({ kind: 'push', pick: 3 });
    const job = await stage.store.claimNextJob(stage.clock.now(), true);
    expect(job).not.toBeNull();
    const requests = await countOf(async () => {
      expect(await stage.look(false)).toMatchObject({ kind: 'quick', newStars: 1 });
    });
    expect(requests).toBeLessThanOrEqual(4);
  });

  it('walks where the count disagrees, and finds what was unstarred', async () => {
    stage.world.apply({ kind: 'unstar', pick: 500 });
    expect(await stage.look(false)).toMatchObject({ kind: 'full', absent: 1, isEvidence: true });
  });

  it('does not take a star for gone that another pushed over the border of a page and left again', async () => {
    const total = stage.world.shown().size;
    let passing: number | null = null;
    // Never met: only told of each page before it is answered.
    const match = ({ query }: { readonly query: URLSearchParams }): boolean => {
      if (query.get('per_page') !== '100' || query.get('sort') === 'updated') return false;
      if ((query.get('page') ?? '1') === '1' && passing === null) {
        stage.world.apply({ kind: 'star' });
        passing = stage.world.ids.at(-1) ?? 0;
      } else if (query.get('page') === '2' && passing !== null) {
        stage.github.world.unstar(passing);
      }
      return false;
    };
    stage.github.faults.add({ match, kind: 'endless-link' });
    // Read again in the same look, undisturbed: the one that passed is gone, and no other.
    expect(await stage.look(true)).toMatchObject({ kind: 'full', starsSeen: total, absent: 1, isEvidence: true });
    expect(passing).not.toBeNull();
    expect((await stage.store.repository(passing ?? 0))?.absentSince).not.toBeNull();
    expect((await stage.store.starredIds()).length).toBe(total);
  });

  it('ends a walk over a list that has no end, and believes none of it', async () => {
    const total = stage.world.shown().size;
    const match = ({ query }: { readonly query: URLSearchParams }): boolean => query.get('per_page') === '100';
    stage.github.faults.add({ match, kind: 'endless-link' });
    const requests = await countOf(async () => {
      expect(await stage.look(true)).toMatchObject({ kind: 'full', absent: 0, isEvidence: false });
    });
    expect(requests).toBeLessThan(3 * (total / 100 + 15));
  });

  it('does not follow a list that was cut while it was read for pushes, but reads it again', async () => {
    const ids = stage.world.ids.slice(10, 160);
    // Three seconds apart, so that the newest of them do not stand on one page with the others.
    ids.forEach((id, index) => {
      for (let touch = 0; touch <= index / 50; touch += 1) stage.github.world.touch(id);
    });
    const match = ({ query }: { readonly query: URLSearchParams }): boolean => query.get('sort') === 'updated';
    stage.github.faults.add({ match, times: 1, kind: 'truncated-list', keep: 2 });
    await stage.look(false);
    await stage.look(false);
    const shown = stage.world.shown();
    const known = await Promise.all(ids.map(async (id) => [id, (await stage.store.repository(id))?.pushedAt]));
    expect(known).toEqual(ids.map((id) => [id, shown.get(id)?.pushedAt]));
  });
});

describe('ten thousand stars', () => {
  it('are walked whole, and looked at in three requests from then on', async () => {
    const stage = await setStarStage(10_000, agent);
    try {
      expect(await stage.look(false)).toMatchObject({ kind: 'full', newStars: 10_000, isEvidence: true });
      expect(await stage.store.totals()).toMatchObject({ starred: 10_000, jobs: { queued: 10_000 } });
      const before = stage.github.log.count({ kind: 'rest' });
      expect(await stage.look(false)).toMatchObject({ kind: 'quick', newStars: 0, jobsRequested: 0 });
      expect(stage.github.log.count({ kind: 'rest' }) - before).toBeLessThanOrEqual(3);
    } finally {
      await stage.close();
    }
  });
});
