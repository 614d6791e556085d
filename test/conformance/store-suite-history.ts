/** @file What every Store promises about history: searching and forgetting runs, and counts for charts. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunOutcome } from '../../src-main/engine/domain/job.ts';
import type { RunQuery, Store } from '../../src-main/engine/ports/store.ts';
import { allRuns, claim, know, makeError, makeProof, makeRun, makeStar, waitingFor } from './store-samples.ts';
import type { OpenedStore } from './store-suite.ts';

/** Registers the suite for one kind of store. */
export function describeStoreHistory(open: () => Promise<OpenedStore>): void {
  let opened: OpenedStore;
  let store: Store;

  beforeEach(async () => {
    opened = await open();
    store = opened.store;
  });
  afterEach(() => opened.dispose());

  const run = async (githubId: number, outcome: RunOutcome, finishedAt: number): Promise<void> => {
    await store.requestJob({ githubId, cause: 'user' }, 1_000, true);
    const jobId = await claim(store);
    const facts = makeRun(outcome, { finishedAt });
    const error = makeError();
    if (outcome === 'done') {
      const proof = makeProof({ fullName: (await store.repository(githubId))?.fullName ?? '' });
      await store.settleJob(jobId, { state: 'done', proof }, facts);
    } else if (outcome === 'failed') await store.settleJob(jobId, { state: 'failed', error }, { ...facts, error });
    else if (outcome === 'cancelled') await store.settleJob(jobId, { state: 'cancelled' }, facts);
    else await store.settleJob(jobId, waitingFor(), facts);
  };
  const ids = async (query: Partial<RunQuery>) => {
    const { items, total } = await store.runs({ ...allRuns, ...query });
    expect(total).toBe(items.length);
    return items.map((item) => item.id);
  };

  describe('runs', () => {
    beforeEach(async () => {
      await store.observeStars(
        [makeStar(1, { fullName: 'Mona/Lisa' }), makeStar(2, { fullName: 'ada/.github' })],
        500,
        () => null,
      );
      await run(1, 'done', 3_000);
      await run(2, 'failed', 4_000);
      await run(1, 'cancelled', 5_000);
    });

    it('are found by time and by name', async () => {
      expect(await ids({ until: 4_000 })).toEqual([1]);
      expect(await ids({ until: null })).toEqual([3, 2, 1]);
      expect(await ids({ since: 4_000, until: 5_000 })).toEqual([2]);
      expect(await ids({ since: 5_000, until: 5_000 })).toEqual([]);
      expect(await ids({ text: 'mona' })).toEqual([3, 1]);
      expect(await ids({ text: 'LISA mona/' })).toEqual([3, 1]);
      expect(await ids({ text: '.git' })).toEqual([2]);
      expect(await ids({ text: 'a' })).toEqual([3, 2, 1]);
      expect(await ids({ text: '%' })).toEqual([]);
      expect(await ids({ text: '"' })).toEqual([]);
      expect(await ids({ text: ' ' })).toEqual([3, 2, 1]);
      expect(await ids({ text: null })).toEqual([3, 2, 1]);
      expect(await ids({ text: 'mona', githubId: 2 })).toEqual([]);
      expect(await ids({ text: 'mona', githubId: 1, since: 4_000 })).toEqual([3]);
      expect(await ids({ text: 'mona', outcome: 'done', until: 9_000 })).toEqual([1]);
      const many = Array.from({ length: 2_000 }, (_, index) => `w${index}`).join(' ');
      expect(await ids({ text: many })).toEqual([]);
    });

    it('are found by the name of their time', async () => {
      await store.observeStars([makeStar(1, { fullName: 'new/name' })], 900, () => null);
      expect(await ids({ text: 'mona' })).toEqual([3, 1]);
      expect(await ids({ text: 'new/name' })).toEqual([]);
    });

    it('are forgotten before an instant, or all, and their ids are not used again', async () => {
      expect(await store.forgetRuns(3_000)).toBe(0);
      expect(await store.forgetRuns(4_001)).toBe(2);
      expect(await ids({})).toEqual([3]);
      expect(await store.run(1)).toBeNull();
      expect(await store.job(1)).toMatchObject({ state: 'done' });
      expect(await store.repository(1)).toMatchObject({ mirror: { projectId: '42' } });
      expect(await store.forgetRuns(null)).toBe(1);
      expect(await store.forgetRuns(null)).toBe(0);
      await run(1, 'done', 6_000);
      expect(await ids({})).toEqual([4]);
    });

    it('of a job under way are kept', async () => {
      await run(2, 'retry', 3_500);
      expect(await store.forgetRuns(null)).toBe(3);
      expect(await ids({})).toEqual([4]);
      await store.claimNextJob(9_000, true);
      expect(await store.forgetRuns(null)).toBe(0);
      await store.settleJob(4, { state: 'cancelled' }, makeRun('cancelled', { finishedAt: 9_500 }));
      expect(await store.forgetRuns(9_500)).toBe(1);
      expect(await ids({})).toEqual([5]);
    });
  });

  describe('counts over time', () => {
    it('tell outcomes by day, whatever the length of a day', async () => {
      await know(store, 1);
      for (const finishedAt of [99, 100, 199, 200, 5_000]) await run(1, 'done', finishedAt);
      await run(1, 'failed', 150);
      await run(1, 'retry', 320);
      const none = { done: 0, retry: 0, waiting: 0, failed: 0, cancelled: 0, interrupted: 0 };
      expect(await store.outcomesByDay(0, [100, 200, 300, 300, 310])).toEqual([
        { ...none, done: 2, failed: 1 },
        { ...none, done: 1 },
        none,
        none,
        { ...none, done: 1, retry: 1 },
      ]);
      expect(await store.outcomesByDay(151, [100])).toEqual([{ ...none, done: 3, retry: 1 }]);
      expect(await store.outcomesByDay(0, [])).toEqual([]);
      await expect(store.outcomesByDay(0, [200, 100])).rejects.toMatchObject({ code: 'internal' });
    });

    it('tell stars between bounds, absent ones too', async () => {
      const stars = [5, 10, 10, 19, 40].map((starredAt, index) => makeStar(index + 1, {}, starredAt));
      await store.observeStars(stars, 500, () => null);
      await store.markAbsent(new Set([1]), 600);
      expect(await store.starsOverTime([10, 20, 30])).toEqual([3, 0, 1]);
      expect(await store.starsOverTime([0])).toEqual([5]);
      expect(await store.starsOverTime([])).toEqual([]);
      await expect(store.starsOverTime([2, 1])).rejects.toMatchObject({ code: 'internal' });
    });
  });

  it('sizes are shared out by language and by owner', async () => {
    const stars = [
      makeStar(1, { fullName: 'mona/a', language: 'Go', sizeKb: 5 }),
      makeStar(2, { fullName: 'Mona/b', language: null, sizeKb: 70 }),
      makeStar(3, { fullName: 'bob/c', language: 'go', sizeKb: 65 }),
      makeStar(4, { fullName: 'ada/d', language: 'C', sizeKb: 1 }),
    ];
    await store.observeStars(stars, 500, () => null);
    await store.markAbsent(new Set(), 600);
    expect(await store.sizeBy('language', 2)).toEqual({
      items: [
        { value: '', sizeKb: 70, count: 1 },
        { value: 'Go', sizeKb: 70, count: 2 },
      ],
      rest: { sizeKb: 1, count: 1 },
    });
    expect(await store.sizeBy('owner', 200)).toEqual({
      items: [
        { value: 'Mona', sizeKb: 75, count: 2 },
        { value: 'bob', sizeKb: 65, count: 1 },
        { value: 'ada', sizeKb: 1, count: 1 },
      ],
      rest: { sizeKb: 0, count: 0 },
    });
    for (const most of [0, 201, 1.5]) {
      await expect(store.sizeBy('owner', most)).rejects.toMatchObject({ code: 'internal' });
    }
  });

  it('forgets what was proven of mirrors that are elsewhere now, but for those that nobody makes anew', async () => {
    await know(store, 1, 2, 3);
    for (const githubId of [1, 2]) {
      await store.requestJob({ githubId, cause: 'new-star' }, 1_000, false);
      await store.settleJob(await claim(store), { state: 'done', proof: makeProof() }, makeRun('done'));
    }
    await store.markAbsent(new Set([1, 3]), 600);
    expect((await store.totals()).mirrored).toBe(2);
    expect(await store.forgetMirrors()).toBe(1);
    expect((await store.repository(1))?.mirror).toBeNull();
    expect((await store.repository(2))?.mirror).toMatchObject({ projectId: '42' });
    expect((await store.totals()).mirrored).toBe(1);
    expect(await store.forgetMirrors()).toBe(0);
  });
}
