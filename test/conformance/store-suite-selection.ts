/** @file What every Store promises about what is mirrored and what is not: decisions, choices, and their jobs. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobCause } from '../../src-main/engine/domain/job.ts';
import type { Selection, SelectionDecision } from '../../src-main/engine/domain/selection.ts';
import type { RepositoryRecord, Store } from '../../src-main/engine/ports/store.ts';
import {
  allRepositories,
  claim,
  firstPage,
  know,
  makeError,
  makeProof,
  makeRun,
  makeStar,
  waitingFor,
} from './store-samples.ts';
import type { OpenedStore } from './store-suite.ts';

const mirror: SelectionDecision = { selection: 'mirror', reason: 'wanted' };
const skip: SelectionDecision = { selection: 'skip', reason: 'archived' };
const ask: SelectionDecision = { selection: 'ask', reason: 'larger than 2 GB' };

/** Why a newly selected repository needs a job. */
const causeOf = (record: RepositoryRecord): JobCause => (record.mirror === null ? 'new-star' : 'pushed');

/** By id: the first list is skipped, the second asked about. */
const selecting =
  (skipped: readonly number[], asked: readonly number[] = []) =>
  ({ githubId, choice }: RepositoryRecord): SelectionDecision => {
    if (choice !== null) return choice === 'include' ? mirror : skip;
    if (skipped.includes(githubId)) return skip;
    return asked.includes(githubId) ? ask : mirror;
  };

/** Registers the suite for one kind of store. */
export function describeStoreSelection(open: () => Promise<OpenedStore>): void {
  let opened: OpenedStore;
  let store: Store;

  beforeEach(async () => {
    opened = await open();
    store = opened.store;
  });
  afterEach(() => opened.dispose());

  const queued = async () => (await store.jobs(['queued'], firstPage)).items.map((job) => [job.githubId, job.cause]);
  const states = async () =>
    (await store.repositories(allRepositories)).items.map(({ repository, state }) => [repository.githubId, state]);
  const selectionOf = async (githubId: number): Promise<[Selection, string] | null> => {
    const record = await store.repository(githubId);
    return record === null ? null : [record.selection, record.selectionReason];
  };

  describe('selection while stars are observed', () => {
    it('is kept in the same step, and only what is selected may ask for a job', async () => {
      const asked: number[] = [];
      const observed = await store.observeStars(
        [makeStar(1), makeStar(2), makeStar(3)],
        500,
        (_, { repository }) => {
          asked.push(repository.githubId);
          return 'new-star';
        },
        (_, { repository }) => [mirror, skip, ask][repository.githubId - 1] ?? mirror,
      );
      expect(observed).toEqual({ added: [1, 2, 3], requested: 1, cancelled: 0 });
      expect(asked).toEqual([1]);
      expect(await selectionOf(1)).toEqual(['mirror', 'wanted']);
      expect(await selectionOf(2)).toEqual(['skip', 'archived']);
      expect(await selectionOf(3)).toEqual(['ask', 'larger than 2 GB']);
      expect(await states()).toEqual([
        [1, 'queued'],
        [2, 'excluded'],
        [3, 'asks'],
      ]);
    });

    it('stays as it was where nobody decides, and is "mirror" for what is new', async () => {
      await store.observeStars(
        [makeStar(1)],
        500,
        () => null,
        () => skip,
      );
      const asked: number[] = [];
      const stars = [makeStar(1, { description: 'changed' }), makeStar(2)];
      await store.observeStars(stars, 600, (_, { repository }) => {
        asked.push(repository.githubId);
        return null;
      });
      expect(asked).toEqual([2]);
      expect(await selectionOf(1)).toEqual(['skip', 'archived']);
      expect(await selectionOf(2)).toEqual(['mirror', '']);
      expect(await store.repository(1)).toMatchObject({ description: 'changed' });
    });

    it('that begins shows by what was known before; one that ends cancels what is pending', async () => {
      const observe = (decision: SelectionDecision, at: number) =>
        store.observeStars(
          [makeStar(1)],
          at,
          (known) => (known?.selection === 'mirror' ? null : 'new-star'),
          () => decision,
        );
      expect(await observe(skip, 500)).toEqual({ added: [1], requested: 0, cancelled: 0 });
      expect(await observe(mirror, 600)).toEqual({ added: [], requested: 1, cancelled: 0 });
      expect(await observe(mirror, 700)).toEqual({ added: [], requested: 0, cancelled: 0 });
      expect(await observe(ask, 800)).toEqual({ added: [], requested: 0, cancelled: 1 });
      expect(await store.job(1)).toMatchObject({ state: 'cancelled', finishedAt: 800 });
      expect(await states()).toEqual([[1, 'asks']]);
    });
  });

  describe('deciding anew', () => {
    it('asks for jobs of what is selected now, and cancels what is pending of what no longer is', async () => {
      await store.observeStars(
        [1, 2, 3, 4].map((id) => makeStar(id)),
        500,
        (_, { repository }) => (repository.githubId === 4 ? null : 'sweep'),
        (_, { repository }) => (repository.githubId === 2 ? ask : mirror),
      );
      await store.settleJob(await claim(store), waitingFor(), makeRun('retry'));
      expect(await store.applySelection(700, selecting([1, 3], [4]), causeOf)).toEqual({
        selected: 1,
        skipped: 2,
        asks: 1,
        requested: 1,
        cancelled: 2,
      });
      expect(await queued()).toEqual([[2, 'new-star']]);
      expect(await store.job(1)).toMatchObject({ githubId: 1, state: 'cancelled', finishedAt: 700, waitReason: null });
      expect(await states()).toEqual([
        [1, 'excluded'],
        [2, 'queued'],
        [3, 'excluded'],
        [4, 'asks'],
      ]);
      expect(await store.applySelection(800, selecting([1, 3], [4]), causeOf)).toMatchObject({
        requested: 0,
        cancelled: 0,
      });
    });

    it('leaves what runs to end by itself, and cancels its successor', async () => {
      await store.observeStars([makeStar(1)], 500, () => 'user');
      await claim(store);
      await store.requestJob({ githubId: 1, cause: 'pushed' }, 600, false);
      expect(await store.applySelection(700, selecting([1]), causeOf)).toMatchObject({ skipped: 1, cancelled: 1 });
      expect(await states()).toEqual([[1, 'running']]);
      expect(await store.applySelection(800, selecting([]), causeOf)).toMatchObject({ selected: 1, requested: 0 });
      await store.applySelection(900, selecting([1]), causeOf);
      const error = makeError();
      await store.settleJob(1, { state: 'failed', error }, makeRun('failed', { error }));
      expect(await states()).toEqual([[1, 'excluded']]);
      expect(await store.totals()).toMatchObject({ failed: 0 });
    });

    it('is told what was known, and may want no job', async () => {
      await know(store, 1, 2, 3);
      await store.markAbsent(new Set([1, 2]), 600);
      await store.applySelection(700, selecting([1, 2, 3]), causeOf);
      const asked: [number, Selection, boolean][] = [];
      const change = await store.applySelection(800, selecting([2]), (record) => {
        asked.push([record.githubId, record.selection, record.absentSince !== null]);
        return record.absentSince === null ? 'new-star' : null;
      });
      expect(asked).toEqual([
        [1, 'skip', false],
        [3, 'skip', true],
      ]);
      expect(change).toMatchObject({ selected: 2, requested: 1 });
    });

    it('shows a mirror that is there, whatever is decided', async () => {
      await store.observeStars([makeStar(1)], 500, () => 'new-star');
      await store.settleJob(await claim(store), { state: 'done', proof: makeProof() }, makeRun('done'));
      await store.applySelection(700, selecting([1]), causeOf);
      expect(await states()).toEqual([[1, 'mirrored']]);
      await store.applySelection(800, selecting([]), causeOf);
      expect(await queued()).toEqual([[1, 'pushed']]);
    });

    it('leaves nothing behind when it throws', async () => {
      await know(store, 1, 2);
      const broken = store.applySelection(
        700,
        ({ githubId }) => {
          if (githubId === 2) throw new RangeError('no decision');
          return skip;
        },
        causeOf,
      );
      await expect(broken).rejects.toThrow('no decision');
      expect(await selectionOf(1)).toEqual(['mirror', '']);
    });

    it('keeps a job that a person wants of what was not selected before either', async () => {
      await know(store, 1);
      await store.applySelection(600, selecting([1]), causeOf);
      await store.requestJob({ githubId: 1, cause: 'user' }, 650, true);
      expect(await store.applySelection(700, selecting([1]), causeOf)).toMatchObject({ skipped: 1, cancelled: 0 });
      expect(await states()).toEqual([[1, 'queued']]);
    });
  });

  describe('all repositories', () => {
    it('are told by id, with all that is known of each, absent and skipped ones too', async () => {
      expect(await store.allRepositories()).toEqual([]);
      await know(store, 30, 4, 100, 5);
      await store.requestJob({ githubId: 4, cause: 'user' }, 550, true);
      await store.settleJob(await claim(store), { state: 'done', proof: makeProof() }, makeRun('done'));
      await store.markAbsent(new Set([4, 100]), 600);
      await store.applySelection(700, selecting([5], [30]), causeOf);
      await store.chooseRepositories([100], 'exclude', 800, selecting([5], [30]), causeOf);
      const all = await store.allRepositories();
      expect(all.map(({ githubId }) => githubId)).toEqual([4, 5, 30, 100]);
      expect(all).toEqual(await Promise.all([4, 5, 30, 100].map((id) => store.repository(id))));
      expect(all).toMatchObject([
        { mirror: { projectId: '42' }, absentSince: null, selection: 'mirror' },
        { mirror: null, absentSince: 600, selection: 'skip' },
        { absentSince: 600, selection: 'ask' },
        { choice: 'exclude', selection: 'skip' },
      ]);
    });

    it('are more than a page', async () => {
      await know(store, ...Array.from({ length: 450 }, (_, index) => 1_000 - index));
      const all = await store.allRepositories();
      expect(all.map(({ githubId }) => githubId)).toEqual(Array.from({ length: 450 }, (_, index) => 551 + index));
    });
  });

  describe('what a person chooses', () => {
    it('is kept, decides at once, and reaches only what it names', async () => {
      await know(store, 1, 2, 3);
      await store.applySelection(600, selecting([2], [3]), causeOf);
      const choose = (ids: readonly number[], choice: 'include' | 'exclude' | null, at: number) =>
        store.chooseRepositories(ids, choice, at, selecting([2], [3]), causeOf);
      expect(await choose([2, 3, 99], 'include', 700)).toEqual({
        selected: 2,
        skipped: 0,
        asks: 0,
        requested: 2,
        cancelled: 0,
      });
      expect(await store.repository(2)).toMatchObject({ choice: 'include', selection: 'mirror' });
      expect(await store.repository(1)).toMatchObject({ choice: null, selectionReason: 'wanted' });
      expect(await choose([2], 'exclude', 800)).toMatchObject({ skipped: 1, cancelled: 1 });
      expect(await choose([3], null, 900)).toMatchObject({ asks: 1, cancelled: 1 });
      expect(await choose([], 'exclude', 900)).toEqual({
        selected: 0,
        skipped: 0,
        asks: 0,
        requested: 0,
        cancelled: 0,
      });
      expect(await states()).toEqual([
        [1, 'unknown'],
        [2, 'excluded'],
        [3, 'asks'],
      ]);
    });

    it('stays when the repository is seen again, renamed or absent', async () => {
      await know(store, 1);
      await store.chooseRepositories([1], 'exclude', 600, selecting([]), causeOf);
      await store.markAbsent(new Set(), 700);
      await store.observeStars([makeStar(1, { fullName: 'new/name' })], 800, () => 'new-star');
      expect(await store.repository(1)).toMatchObject({ choice: 'exclude', selection: 'skip', fullName: 'new/name' });
      expect(await queued()).toEqual([]);
    });
  });
}
