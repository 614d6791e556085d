/** @file What every Store promises about jobs and runs. The part about repositories is in store-suite-lists.ts. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jobStates, waitReasons } from '../../src-main/engine/domain/job.ts';
import type { Store } from '../../src-main/engine/ports/store.ts';
import {
  allRepositories,
  allRuns,
  busyReport,
  claim,
  firstPage,
  know,
  makeError,
  makeFacts,
  makeProof,
  makeRun,
  makeStar,
  waitingFor,
} from './store-samples.ts';

export interface OpenedStore {
  readonly store: Store;
  dispose(): Promise<void>;
}

/** Registers the suite for one kind of store. */
export function describeStoreJobs(open: () => Promise<OpenedStore>): void {
  let opened: OpenedStore;
  let store: Store;

  beforeEach(async () => {
    opened = await open();
    store = opened.store;
  });
  afterEach(() => opened.dispose());

  const request = (githubId: number, cause: 'sweep' | 'user' | 'new-star' | 'pushed' | 'renamed', hurry = false) =>
    store.requestJob({ githubId, cause }, 1_000, hurry);
  const listed = async () => (await store.jobs(jobStates, firstPage)).items;
  const shownState = async (githubId: number) => {
    const { items } = await store.repositories(allRepositories);
    return items.find((row) => row.repository.githubId === githubId)?.state;
  };

  describe('asking for a job', () => {
    it('queues one, and a second wish changes nothing', async () => {
      await know(store, 1);
      expect(await request(1, 'sweep')).toBe('queued');
      expect(await request(1, 'user')).toBe('waiting');
      expect(await listed()).toEqual([
        {
          id: 1,
          githubId: 1,
          fullName: 'owner1/name-1',
          state: 'queued',
          cause: 'sweep',
          attempt: 0,
          sizeKb: 100,
          queuedAt: 1_000,
          startedAt: null,
          finishedAt: null,
          runAfter: null,
          waitReason: null,
          error: null,
        },
      ]);
    });

    it('gives a pending job the stronger cause when it hurries', async () => {
      await know(store, 1, 2);
      await request(1, 'sweep');
      await request(2, 'pushed');
      expect(await request(1, 'user', true)).toBe('waiting');
      expect(await request(1, 'sweep', true)).toBe('waiting');
      expect(await store.claimNextJob(2_000, true)).toMatchObject({ githubId: 1, cause: 'user', queuedAt: 1_000 });
    });

    it('makes a waiting job due when it hurries, and only then', async () => {
      await know(store, 1);
      await request(1, 'pushed');
      await store.settleJob(await claim(store), waitingFor({ runAfter: null, reason: 'paused' }), makeRun('waiting'));
      expect(await request(1, 'user')).toBe('waiting');
      expect(await store.claimNextJob(99_000, true)).toBeNull();
      expect(await request(1, 'user', true)).toBe('waiting');
      expect(await store.job(1)).toMatchObject({ state: 'queued', runAfter: null, waitReason: null, attempt: 1 });
      expect(await store.claimNextJob(2_000, true)).toMatchObject({ id: 1, attempt: 2, error: null });
    });

    it('queues one successor while one runs', async () => {
      await know(store, 1);
      await request(1, 'sweep');
      await claim(store);
      expect(await request(1, 'sweep')).toBe('successor');
      expect(await request(1, 'user', true)).toBe('successor');
      expect(await listed()).toMatchObject([
        { id: 1, state: 'running' },
        { id: 2, state: 'queued', cause: 'user' },
      ]);
      expect(await store.claimNextJob(2_000, true)).toBeNull();
    });

    it('counts new jobs only, when asked for many', async () => {
      await know(store, 1, 2, 3);
      await request(2, 'user');
      await claim(store);
      await request(3, 'user');
      const requests = [1, 2, 3, 1].map((githubId) => ({ githubId, cause: 'sweep' }) as const);
      expect(await store.requestJobs(requests, 4_000)).toBe(2);
      expect(await store.requestJobs([], 4_000)).toBe(0);
      expect((await store.totals()).jobs).toMatchObject({ queued: 3, running: 1 });
    });

    it('rejects for a repository that is not known, and does nothing of the whole wish', async () => {
      await know(store, 1);
      await expect(request(99, 'user')).rejects.toMatchObject({ code: 'internal' });
      const requests = [1, 99].map((githubId) => ({ githubId, cause: 'sweep' }) as const);
      await expect(store.requestJobs(requests, 1_000)).rejects.toMatchObject({ code: 'internal' });
      expect(await listed()).toEqual([]);
      expect(await request(1, 'user')).toBe('queued');
      expect(await store.job(1)).toMatchObject({ githubId: 1 });
    });
  });

  describe('claiming', () => {
    it('goes by priority, then size class, then age', async () => {
      const sizes = [2_000_000, 50, 9_999, 10_000, 500_000, 100];
      const stars = sizes.map((sizeKb, index) => makeStar(index + 1, { sizeKb }));
      await store.observeStars(stars, 500, () => null);
      await store.requestJob({ githubId: 1, cause: 'user' }, 900, false);
      await store.requestJob({ githubId: 5, cause: 'sweep' }, 100, false);
      await store.requestJob({ githubId: 4, cause: 'sweep' }, 100, false);
      await store.requestJob({ githubId: 3, cause: 'sweep' }, 300, false);
      await store.requestJob({ githubId: 2, cause: 'sweep' }, 200, false);
      await store.requestJob({ githubId: 6, cause: 'pushed' }, 800, false);
      const planned = (await listed()).map((job) => job.githubId);
      const order: number[] = [];
      for (let job = await store.claimNextJob(2_000, true); job; job = await store.claimNextJob(2_000, true)) {
        order.push(job.githubId);
      }
      expect(order).toEqual([1, 6, 2, 3, 4, 5]);
      expect(planned).toEqual(order);
    });

    it('passes over huge repositories where it may not give one', async () => {
      await store.observeStars(
        [makeStar(1, { sizeKb: 1_000_000 }), makeStar(2, { sizeKb: 999_999 })],
        500,
        () => 'user',
      );
      expect(await store.claimNextJob(2_000, false)).toMatchObject({ githubId: 2 });
      expect(await store.claimNextJob(2_000, false)).toBeNull();
      expect(await store.claimNextJob(2_000, true)).toMatchObject({ githubId: 1 });
    });

    it('goes by the size known now, not by that of the time it was asked for', async () => {
      await know(store, 1, 2);
      await request(1, 'sweep');
      await request(2, 'sweep');
      await store.updateFacts(makeFacts(1, { sizeKb: 3_000_000 }));
      expect((await store.totals()).pendingKb).toBe(3_000_100);
      expect(await store.claimNextJob(2_000, true)).toMatchObject({ githubId: 2 });
      expect(await store.claimNextJob(2_000, false)).toBeNull();
      await store.observeStars([makeStar(1, { sizeKb: 5 })], 600, () => null);
      expect(await store.claimNextJob(2_000, false)).toMatchObject({ githubId: 1, sizeKb: 5 });
    });

    it('takes up waiting jobs when they are due, not before', async () => {
      await know(store, 1);
      await request(1, 'user');
      await store.settleJob(await claim(store), waitingFor({ runAfter: 9_000 }), makeRun('retry'));
      expect(await store.nextDueAt()).toBe(9_000);
      expect(await store.claimNextJob(8_999, true)).toBeNull();
      expect(await store.job(1)).toMatchObject({ state: 'waiting' });
      expect(await store.claimNextJob(9_000, true)).toMatchObject({ id: 1, attempt: 2, startedAt: 9_000, error: null });
      expect(await store.nextDueAt()).toBeNull();
    });

    it('keeps to the repositories that it is told, where it is told any', async () => {
      await know(store, 1, 2, 3);
      await request(1, 'user');
      await request(2, 'sweep');
      await request(3, 'sweep');
      expect(await store.claimNextJob(2_000, true, new Set())).toBeNull();
      expect(await store.claimNextJob(2_000, true, new Set([3, 99]))).toMatchObject({ githubId: 3 });
      expect(await store.claimNextJob(2_000, true, new Set([3, 99]))).toBeNull();
      expect(await store.claimNextJob(2_000, true)).toMatchObject({ githubId: 1 });
    });

    it('keeps to the cause that it is told, where it is told any', async () => {
      await know(store, 1, 2, 3);
      await request(1, 'new-star');
      await request(2, 'user');
      await request(3, 'sweep');
      expect(await store.claimNextJob(2_000, true, new Set([1, 3]), 'user')).toBeNull();
      expect(await store.claimNextJob(2_000, true, undefined, 'user')).toMatchObject({ githubId: 2 });
      expect(await store.claimNextJob(2_000, true, undefined, 'user')).toBeNull();
      expect(await store.claimNextJob(2_000, true, undefined, 'sweep')).toMatchObject({ githubId: 3 });
      expect(await store.claimNextJob(2_000, true)).toMatchObject({ githubId: 1 });
    });

    it('answers null when there is nothing', async () => {
      expect(await store.claimNextJob(2_000, true)).toBeNull();
    });
  });

  describe('settling', () => {
    beforeEach(async () => {
      await know(store, 1);
      await request(1, 'pushed');
      await claim(store);
    });

    it('writes the proof, the state and the run together', async () => {
      const proof = makeProof({ fullName: 'owner1/name-1' });
      const run = makeRun('done', { report: busyReport });
      const settled = await store.settleJob(1, { state: 'done', proof }, run);
      expect(settled).toMatchObject({ state: 'done', attempt: 1, startedAt: 2_000, finishedAt: 3_000, error: null });
      expect(await store.job(1)).toEqual(settled);
      const { fullName: _, ...mirror } = proof;
      expect((await store.repository(1))?.mirror).toEqual({ ...mirror, unfitRefs: 1 });
      const expected = {
        id: 1,
        jobId: 1,
        githubId: 1,
        fullName: 'owner1/name-1',
        cause: 'pushed',
        attempt: 1,
        queuedAt: 1_000,
        ...run,
      };
      expect(await store.run(1)).toEqual(expected);
      expect(await store.runs(allRuns)).toEqual({ items: [expected], total: 1 });
      expect(await store.totals()).toMatchObject({ mirrored: 1, failed: 0, pendingKb: 0 });
      expect(await shownState(1)).toBe('mirrored');
    });

    it('keeps error and mirror of a failed job', async () => {
      const error = makeError('it broke');
      expect(await store.settleJob(1, { state: 'failed', error }, makeRun('failed', { error }))).toMatchObject({
        state: 'failed',
        error,
      });
      expect(await store.run(1)).toMatchObject({ outcome: 'failed', error });
      expect(await store.totals()).toMatchObject({ failed: 1, mirrored: 0, jobs: { failed: 1 } });
      expect(await shownState(1)).toBe('failed');
      await request(1, 'user');
      expect(await store.totals()).toMatchObject({ failed: 0, jobs: { failed: 1, queued: 1 } });
      expect(await shownState(1)).toBe('queued');
    });

    it('gives the attempt back where the wait does not count', async () => {
      const wait = waitingFor({ reason: 'rate-limit', countsAsAttempt: false, error: null });
      expect(await store.settleJob(1, wait, makeRun('waiting'))).toMatchObject({
        state: 'waiting',
        attempt: 0,
        startedAt: null,
        runAfter: 9_000,
        waitReason: 'rate-limit',
        error: null,
      });
      expect(await store.run(1)).toMatchObject({ attempt: 1, outcome: 'waiting' });
      expect(await shownState(1)).toBe('waiting');
    });

    it('ends a cancelled one', async () => {
      const settled = await store.settleJob(1, { state: 'cancelled' }, makeRun('cancelled'));
      expect(settled).toMatchObject({ state: 'cancelled', finishedAt: 3_000, startedAt: 2_000 });
      expect(await shownState(1)).toBe('unknown');
    });

    it('refuses a job that does not run, and writes nothing', async () => {
      await store.settleJob(1, { state: 'cancelled' }, makeRun('cancelled'));
      const done = { state: 'done', proof: makeProof() } as const;
      await expect(store.settleJob(1, done, makeRun('done'))).rejects.toMatchObject({ code: 'internal' });
      await expect(store.settleJob(77, done, makeRun('done'))).rejects.toMatchObject({ code: 'internal' });
      await expect(store.releaseJob(1)).rejects.toMatchObject({ code: 'internal' });
      expect((await store.runs(allRuns)).total).toBe(1);
      expect((await store.repository(1))?.mirror).toBeNull();
    });

    it('lets a successor follow a job that is over', async () => {
      await request(1, 'sweep');
      await store.settleJob(1, { state: 'done', proof: makeProof() }, makeRun('done'));
      expect(await shownState(1)).toBe('queued');
      expect(await store.claimNextJob(4_000, true)).toMatchObject({ id: 2, cause: 'sweep', attempt: 1 });
    });

    it('needs no successor where the job will run again, and keeps the stronger cause', async () => {
      await request(1, 'user');
      const settled = await store.settleJob(1, waitingFor(), makeRun('retry'));
      expect(settled).toMatchObject({ id: 1, state: 'waiting', cause: 'user', attempt: 1 });
      expect(await store.job(2)).toBeNull();
      expect((await store.totals()).jobs).toMatchObject({ queued: 0, waiting: 1 });
      expect(await store.run(1)).toMatchObject({ cause: 'pushed' });
    });

    it('keeps its own cause where that is as strong', async () => {
      await request(1, 'renamed');
      expect(await store.settleJob(1, waitingFor(), makeRun('retry'))).toMatchObject({ cause: 'pushed' });
    });
  });

  describe('stopping, cancelling and coming back', () => {
    beforeEach(async () => {
      await know(store, 1, 2);
      await request(1, 'sweep');
    });

    it('gives the attempt of a released job back and writes no run', async () => {
      await claim(store);
      await request(1, 'user');
      await store.releaseJob(1);
      expect(await listed()).toMatchObject([{ id: 1, state: 'queued', cause: 'user', attempt: 0, startedAt: null }]);
      expect((await store.runs(allRuns)).total).toBe(0);
    });

    it('cancels queued and waiting jobs, not those that run or are over', async () => {
      expect(await store.cancelJob(1, 1_500)).toBe(true);
      expect(await store.job(1)).toMatchObject({ state: 'cancelled', finishedAt: 1_500, startedAt: null });
      expect(await store.cancelJob(1, 1_600)).toBe(false);
      expect(await store.cancelJob(55, 1_600)).toBe(false);
      await request(2, 'user');
      await claim(store);
      expect(await store.cancelJob(2, 1_600)).toBe(false);
      await store.settleJob(2, waitingFor(), makeRun('retry'));
      expect(await store.cancelJob(2, 1_700)).toBe(true);
      expect(await store.job(2)).toMatchObject({ state: 'cancelled', runAfter: null, waitReason: null, error: null });
      expect((await store.runs(allRuns)).total).toBe(1);
      expect(await request(1, 'user')).toBe('queued');
    });

    it('cancels a successor without hiding what runs', async () => {
      await claim(store);
      await request(1, 'user');
      expect(await store.cancelJob(2, 2_500)).toBe(true);
      expect(await shownState(1)).toBe('running');
      const error = makeError();
      await store.settleJob(1, { state: 'failed', error }, makeRun('failed', { error }));
      expect(await shownState(1)).toBe('failed');
      expect((await store.totals()).failed).toBe(1);
      expect(await request(1, 'user')).toBe('queued');
    });

    it('shows a repository as running while a successor is queued', async () => {
      await claim(store);
      await request(1, 'user');
      const { items } = await store.repositories({ ...allRepositories, state: 'running' });
      expect(items).toMatchObject([{ state: 'running', job: { id: 1, state: 'running' } }]);
    });

    it('queues orphans again with their attempt counted and a run that tells of it', async () => {
      await claim(store);
      await request(1, 'user');
      await request(2, 'sweep');
      await claim(store, 2_200);
      expect(await store.recoverOrphans(7_000)).toBe(2);
      expect(await store.recoverOrphans(7_000)).toBe(0);
      expect(await listed()).toMatchObject([
        { id: 1, state: 'queued', cause: 'user', attempt: 1 },
        { id: 3, state: 'queued', cause: 'sweep', attempt: 1 },
      ]);
      expect((await store.runs(allRuns)).items).toMatchObject([
        { jobId: 3, outcome: 'interrupted', startedAt: 2_200, finishedAt: 7_000, attempt: 1 },
        { jobId: 1, outcome: 'interrupted', startedAt: 2_000, finishedAt: 7_000, cause: 'sweep' },
      ]);
      expect(await store.claimNextJob(8_000, true)).toMatchObject({ id: 1, attempt: 2 });
    });

    it('wakes the jobs that wait for the named reasons', async () => {
      await request(2, 'user');
      const [first, second] = [await claim(store), await claim(store)];
      await store.settleJob(first, waitingFor({ reason: 'offline', runAfter: null }), makeRun('waiting'));
      await store.settleJob(second, waitingFor({ reason: 'disk', runAfter: 50_000 }), makeRun('waiting'));
      expect(await store.nextDueAt()).toBe(50_000);
      expect(await store.wakeJobs([], 4_000)).toBe(0);
      expect(await store.wakeJobs(['paused', 'offline'], 4_000)).toBe(1);
      expect(await store.claimNextJob(4_000, true)).toMatchObject({ id: first });
      expect(await store.wakeJobs(waitReasons, 4_000)).toBe(1);
      expect(await store.claimNextJob(4_000, true)).toMatchObject({ id: second });
    });

    it('gives the jobs that it wakes a stronger cause where it is told one', async () => {
      await know(store, 3);
      await request(2, 'user');
      await request(3, 'sweep');
      for (const id of [await claim(store), await claim(store), await claim(store)]) {
        await store.settleJob(id, waitingFor({ reason: 'retry', runAfter: 50_000 }), makeRun('waiting'));
      }
      expect(await store.wakeJobs(['retry'], 4_000, 'renamed')).toBe(3);
      const { items } = await store.jobs(['queued'], { offset: 0, limit: 10 });
      const causes = new Map(items.map(({ githubId, cause }) => [githubId, cause]));
      expect([causes.get(2), causes.get(3)]).toEqual(['user', 'renamed']);
      expect(await store.claimNextJob(4_000, true, new Set([1, 3]), 'renamed')).not.toBeNull();
    });
  });
}
