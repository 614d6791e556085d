/** @file What every Store promises about repositories that are missing or do not answer. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Verdict } from '../../src-main/engine/domain/verdict.ts';
import type { Store } from '../../src-main/engine/ports/store.ts';
import { allRepositories, claim, know, makeError, makeProof, makeRun, makeStar } from './store-samples.ts';
import type { OpenedStore } from './store-suite.ts';

const gone: Verdict = {
  kind: 'gone',
  evidence: { fullName: null, isStarred: null, reason: null, noticeUrl: null },
  firstAt: 2_000,
  lastAt: 3_000,
  confirmedAt: null,
};
const blocked: Verdict = {
  kind: 'blocked',
  evidence: { fullName: null, isStarred: null, reason: 'dmca', noticeUrl: 'https://github.com/github/dmca' },
  firstAt: 2_000,
  lastAt: 9_000,
  confirmedAt: 8_000,
};

/** Registers the suite for one kind of store. */
export function describeStoreVerdicts(open: () => Promise<OpenedStore>): void {
  let opened: OpenedStore;
  let store: Store;

  beforeEach(async () => {
    opened = await open();
    store = opened.store;
  });
  afterEach(() => opened.dispose());

  const due = async (at: number, most = 200) => (await store.dueExaminations(at, most)).map(({ githubId }) => githubId);
  const verdictOf = async (githubId: number) => (await store.repository(githubId))?.verdict;

  describe('what is missing', () => {
    it('is asked about at once, the longest missing first, and no more than were wanted', async () => {
      await know(store, 1, 2, 3, 4);
      expect(await due(99_000)).toEqual([]);
      await store.markAbsent(new Set([1, 2, 4]), 1_000);
      await store.markAbsent(new Set([1]), 2_000);
      expect(await due(999)).toEqual([]);
      expect(await due(1_000)).toEqual([3]);
      expect(await due(2_000)).toEqual([3, 2, 4]);
      expect(await due(2_000, 2)).toEqual([3, 2]);
      await expect(store.dueExaminations(2_000, 0)).rejects.toMatchObject({ code: 'internal' });
    });

    it('is asked about again when that was said, or never', async () => {
      await know(store, 1, 2);
      await store.markAbsent(new Set(), 1_000);
      await store.writeVerdict(1, gone, 5_000);
      await store.writeVerdict(2, blocked, null);
      expect(await due(4_999)).toEqual([]);
      expect(await due(5_000)).toEqual([1]);
      expect(await verdictOf(1)).toEqual(gone);
      expect(await verdictOf(2)).toEqual(blocked);
      await store.writeVerdict(1, null, 6_000);
      expect(await verdictOf(1)).toBeNull();
      expect(await due(99_000)).toEqual([1]);
    });

    it('is forgotten when it is back in the list', async () => {
      await know(store, 1, 2);
      await store.markAbsent(new Set([2]), 1_000);
      await store.writeVerdict(1, gone, 5_000);
      await store.observeStars([makeStar(1)], 4_000, () => null);
      expect(await store.repository(1)).toMatchObject({ absentSince: null, verdict: null });
      expect(await due(99_000)).toEqual([]);
    });

    it('rejects a verdict on what is not known', async () => {
      await expect(store.writeVerdict(99, gone, null)).rejects.toMatchObject({ code: 'internal' });
    });
  });

  describe('what is in the list and does not answer', () => {
    it('is asked about once, however often that is wished', async () => {
      await know(store, 1);
      await store.requestExamination(1, 4_000);
      await store.requestExamination(1, 1_000);
      await store.requestExamination(99, 1_000);
      expect(await due(3_999)).toEqual([]);
      expect(await due(4_000)).toEqual([1]);
    });

    it('keeps its verdict while the list goes on naming it, until it is mirrored again', async () => {
      await know(store, 1);
      await store.writeVerdict(1, blocked, 50_000);
      await store.observeStars([makeStar(1)], 4_000, () => 'pushed');
      expect(await verdictOf(1)).toEqual(blocked);
      await store.settleJob(await claim(store), { state: 'done', proof: makeProof() }, makeRun('done'));
      expect(await verdictOf(1)).toBeNull();
      expect(await due(99_000)).toEqual([]);
    });

    it('keeps it over a mirror run where it is missing as well', async () => {
      await know(store, 1);
      await store.markAbsent(new Set(), 1_000);
      await store.writeVerdict(1, gone, 50_000);
      await store.requestJob({ githubId: 1, cause: 'user' }, 2_000, true);
      await store.settleJob(await claim(store), { state: 'done', proof: makeProof() }, makeRun('done'));
      expect(await verdictOf(1)).toEqual(gone);
      expect(await due(99_000)).toEqual([1]);
    });
  });

  describe('what only the mirror has', () => {
    const rescuedIds = async (isRescued: boolean) =>
      (await store.repositories({ ...allRepositories, isRescued })).items.map(({ repository }) => repository.githubId);

    it('is counted and found by itself, and no failure of its job counts', async () => {
      await know(store, 1, 2, 3, 4);
      for (const githubId of [1, 2, 3]) {
        await store.requestJob({ githubId, cause: 'new-star' }, 1_000, false);
        await store.settleJob(await claim(store), { state: 'done', proof: makeProof() }, makeRun('done'));
      }
      await store.markAbsent(new Set(), 1_000);
      const confirmedGone = { ...gone, confirmedAt: 8_000 };
      await store.writeVerdict(1, confirmedGone, null);
      await store.writeVerdict(2, gone, null);
      await store.writeVerdict(3, { ...confirmedGone, kind: 'unstarred' }, null);
      await store.writeVerdict(4, confirmedGone, null);
      expect(await rescuedIds(true)).toEqual([1]);
      expect(await rescuedIds(false)).toEqual([2, 3, 4]);
      expect(await store.totals()).toMatchObject({ rescued: 1, mirrored: 3, absent: 4 });
      for (const githubId of [1, 2, 4]) {
        await store.requestJob({ githubId, cause: 'user' }, 9_000, true);
        await store.settleJob(await claim(store), { state: 'failed', error: makeError() }, makeRun('failed'));
      }
      const states = (await store.repositories(allRepositories)).items.map(({ state }) => state);
      expect(states).toEqual(['mirrored', 'failed', 'mirrored', 'failed']);
      expect(await store.totals()).toMatchObject({ failed: 2 });
      expect((await store.facets(allRepositories)).states).toMatchObject({ mirrored: 2, failed: 2 });
    });
  });
}
