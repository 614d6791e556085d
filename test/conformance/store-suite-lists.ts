/** @file What every Store promises about repositories, lists, and small values. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobCause } from '../../src-main/engine/domain/job.ts';
import type { RepositoryQuery, RepositoryRecord, Store } from '../../src-main/engine/ports/store.ts';
import {
  allRepositories,
  allRuns,
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
import type { OpenedStore } from './store-suite.ts';

/** Registers the suite for one kind of store. */
export function describeStoreLists(open: () => Promise<OpenedStore>): void {
  let opened: OpenedStore;
  let store: Store;

  beforeEach(async () => {
    opened = await open();
    store = opened.store;
  });
  afterEach(() => opened.dispose());

  const found = async (query: Partial<RepositoryQuery>) => {
    const { items } = await store.repositories({ ...allRepositories, ...query });
    return items.map((row) => row.repository.githubId);
  };

  describe('stars', () => {
    it('are kept as GitHub told them', async () => {
      const star = makeStar(7, {
        isPrivate: true,
        isFork: true,
        isArchived: true,
        isDisabled: true,
        hasWiki: false,
        description: 'Ünïcödé "quotes" \u0007 \u{1f680}\nline',
        pushedAt: null,
        language: null,
        licenseSpdx: null,
        topics: [],
        homepage: 'https://example.org/?a=1&b="2"',
      });
      await store.observeStars([star], 500, () => null);
      expect(await store.repository(7)).toEqual({
        ...star.repository,
        starredAt: star.starredAt,
        firstSeenAt: 500,
        absentSince: null,
        mirror: null,
        previousNames: [],
        choice: null,
        selection: 'mirror',
        selectionReason: '',
        verdict: null,
        archivedAt: null,
      });
      expect(await store.repository(8)).toBeNull();
    });

    it('ask for jobs in the same step, by what was known before', async () => {
      const asked: [number, RepositoryRecord | null][] = [];
      const decide = (known: RepositoryRecord | null, { repository }: { repository: { githubId: number } }) => {
        asked.push([repository.githubId, known]);
        return known === null ? ('new-star' satisfies JobCause) : null;
      };
      expect(await store.observeStars([makeStar(2), makeStar(1)], 500, decide)).toMatchObject({
        added: [2, 1],
        requested: 2,
      });
      expect(asked).toEqual([
        [2, null],
        [1, null],
      ]);
      expect(await store.observeStars([makeStar(1), makeStar(3)], 600, decide)).toMatchObject({
        added: [3],
        requested: 1,
      });
      expect(asked[2]?.[1]).toMatchObject({ githubId: 1, firstSeenAt: 500 });
      expect((await store.jobs(['queued'], firstPage)).items.map((job) => job.githubId)).toEqual([2, 1, 3]);
      expect(await store.observeStars([makeStar(1)], 700, () => 'user')).toMatchObject({ added: [], requested: 0 });
      expect(await store.observeStars([], 700, () => 'user')).toMatchObject({ added: [], requested: 0 });
    });

    it('count once where a page names a repository twice: what it says last holds', async () => {
      const twice = [makeStar(1, { description: 'old' }), makeStar(2), makeStar(1, { description: 'new' })];
      expect(await store.observeStars(twice, 500, () => 'new-star')).toMatchObject({ added: [1, 2], requested: 2 });
      expect(await store.repository(1)).toMatchObject({ description: 'new', previousNames: [] });
    });

    it('leave nothing behind when the decision throws', async () => {
      const broken = store.observeStars([makeStar(1)], 500, () => {
        throw new RangeError('no decision');
      });
      await expect(broken).rejects.toThrow('no decision');
      expect(await store.repository(1)).toBeNull();
      expect((await store.totals()).repositories).toBe(0);
    });

    it('become absent only by a complete walk, and come back', async () => {
      await know(store, 1, 2, 3);
      expect(await store.markAbsent(new Set([2, 99]), 800)).toEqual([1, 3]);
      expect(await store.markAbsent(new Set([2]), 900)).toEqual([]);
      expect(await store.repository(1)).toMatchObject({ absentSince: 800 });
      expect(await store.starredIds()).toEqual([2]);
      expect(await store.totals()).toMatchObject({ repositories: 3, starred: 1, absent: 2 });
      await store.updateFacts(makeFacts(1, { description: 'still there' }));
      expect(await store.repository(1)).toMatchObject({ absentSince: 800, description: 'still there' });
      expect(await store.observeStars([makeStar(1)], 950, () => null)).toMatchObject({ added: [1], requested: 0 });
      expect(await store.repository(1)).toMatchObject({ absentSince: null, firstSeenAt: 500 });
      expect(await store.markAbsent(new Set(), 990)).toEqual([1, 2]);
    });

    it('remember former names, newest first, each once', async () => {
      await know(store, 1);
      const names = ['Owner1/Name-1', 'a/b', 'c/d', 'a/b', 'e/f'];
      for (const fullName of names) await store.updateFacts(makeFacts(1, { fullName }));
      expect(await store.repository(1)).toMatchObject({
        fullName: 'e/f',
        previousNames: ['a/b', 'c/d', 'Owner1/Name-1'],
      });
      await store.observeStars([makeStar(1, { fullName: 'g/h' })], 900, () => null);
      expect((await store.repository(1))?.previousNames).toEqual(['e/f', 'a/b', 'c/d', 'Owner1/Name-1']);
    });

    it('reject facts about a repository that is not known', async () => {
      await expect(store.updateFacts(makeFacts(5))).rejects.toMatchObject({ code: 'internal' });
    });

    it('are found by name without regard to case; of two with one name the one still in the list', async () => {
      await store.observeStars([makeStar(1, { fullName: 'Mona/Lisa' })], 500, () => null);
      await store.markAbsent(new Set(), 600);
      expect(await store.repositoryByName('mona/LISA')).toMatchObject({ githubId: 1 });
      await store.observeStars([makeStar(9, { fullName: 'mona/lisa' })], 550, () => null);
      expect(await store.repositoryByName('mona/lisa')).toMatchObject({ githubId: 9 });
      expect(await store.repositoryByName('mona/l%')).toBeNull();
    });
  });

  describe('the list of repositories', () => {
    it('matches name, description and topics literally, without regard to case', async () => {
      const stars = [
        makeStar(1, { fullName: 'Foo/Bar', description: null, topics: [] }),
        makeStar(2, { fullName: 'x/y', description: 'ÜBER 100% schnell', topics: [] }),
        makeStar(3, { fullName: 'x/z', description: 'a_b', topics: ['Foo-Topic', "it's"] }),
      ];
      await store.observeStars(stars, 500, () => null);
      expect(await found({ text: 'FOO' })).toEqual([1, 3]);
      expect(await found({ text: 'über' })).toEqual([2]);
      expect(await found({ text: '100%' })).toEqual([2]);
      expect(await found({ text: '%' })).toEqual([2]);
      expect(await found({ text: 'a_b' })).toEqual([3]);
      expect(await found({ text: "it's" })).toEqual([3]);
      expect(await found({ text: 'nothing' })).toEqual([]);
    });

    it('is ordered, with pages that do not overlap', async () => {
      const stars = [
        makeStar(1, { fullName: 'b/B', sizeKb: 5 }, 30),
        makeStar(2, { fullName: 'a/z', sizeKb: 9 }, 10),
        makeStar(3, { fullName: 'B/a', sizeKb: 9 }, 30),
      ];
      await store.observeStars(stars, 500, (_, { repository }) => (repository.githubId === 2 ? 'user' : null));
      await store.settleJob(await claim(store), { state: 'done', proof: makeProof() }, makeRun('done'));
      expect(await found({ order: 'name' })).toEqual([2, 3, 1]);
      expect(await found({ order: 'starred' })).toEqual([1, 3, 2]);
      expect(await found({ order: 'size' })).toEqual([2, 3, 1]);
      expect(await found({ order: 'verified' })).toEqual([2, 1, 3]);
      expect(await found({ order: 'stalest' })).toEqual([3, 1, 2]);
      expect(await found({ order: 'name', offset: 1, limit: 1 })).toEqual([3]);
      expect((await store.repositories({ ...allRepositories, offset: 1, limit: 1 })).total).toBe(3);
      expect(await found({ offset: 3 })).toEqual([]);
    });

    it('can be read by id, in the order that was asked for, without those unknown', async () => {
      await store.observeStars([makeStar(1, {}), makeStar(2, {})], 500, (_, { repository }) =>
        repository.githubId === 2 ? 'user' : null,
      );
      const rows = await store.repositoryRows([2, 9, 1]);
      expect(rows.map(({ repository, state }) => [repository.githubId, state])).toEqual([
        [2, 'queued'],
        [1, 'unknown'],
      ]);
    });

    it('can be narrowed to a state', async () => {
      await store.observeStars(
        [1, 2, 3, 4, 5, 6].map((id) => makeStar(id)),
        500,
        (_, { repository }) => (repository.githubId < 6 ? 'new-star' : null),
      );
      const error = makeError();
      await store.settleJob(await claim(store), { state: 'done', proof: makeProof() }, makeRun('done'));
      await store.settleJob(await claim(store), { state: 'failed', error }, makeRun('failed', { error }));
      await store.settleJob(await claim(store), waitingFor(), makeRun('retry'));
      await claim(store);
      const states = ['mirrored', 'failed', 'waiting', 'running', 'queued', 'unknown'] as const;
      for (const [index, state] of states.entries()) {
        const { items, total } = await store.repositories({ ...allRepositories, state });
        expect(items.map((row) => [row.state, row.repository.githubId])).toEqual([[state, index + 1]]);
        expect(total).toBe(1);
      }
      expect(await found({ state: 'failed', text: 'name-1' })).toEqual([]);
    });

    it('takes pages of 1 to 200 only', async () => {
      for (const page of [{ limit: 0 }, { limit: 201 }, { offset: -1 }, { offset: 0.5 }]) {
        await expect(store.repositories({ ...allRepositories, ...page })).rejects.toMatchObject({ code: 'internal' });
        await expect(store.jobs(['queued'], { ...firstPage, ...page })).rejects.toMatchObject({ code: 'internal' });
        await expect(store.runs({ ...allRuns, ...page })).rejects.toMatchObject({ code: 'internal' });
      }
    });
  });

  describe('lists of jobs and runs', () => {
    it('show jobs that run, then what is next, then what waits, then what is over, across pages', async () => {
      await know(store, 1, 2, 3, 4, 5, 6);
      const requests = [1, 2, 3, 4, 5, 6].map((githubId) => ({ githubId, cause: 'sweep' }) as const);
      await store.requestJobs(requests, 1_000);
      await store.settleJob(await claim(store), { state: 'cancelled' }, makeRun('cancelled', { finishedAt: 3_000 }));
      const done = { state: 'done', proof: makeProof() } as const;
      await store.settleJob(await claim(store), done, makeRun('done', { finishedAt: 4_000 }));
      await store.settleJob(await claim(store), waitingFor({ runAfter: null, reason: 'paused' }), makeRun('waiting'));
      await store.settleJob(await claim(store), waitingFor({ runAfter: 8_000 }), makeRun('retry'));
      await claim(store);
      const states = ['cancelled', 'done', 'waiting', 'running', 'queued', 'failed'] as const;
      const ids: number[] = [];
      for (let offset = 0; offset < 8; offset += 2) {
        const { items, total } = await store.jobs(states, { offset, limit: 2 });
        expect(total).toBe(6);
        ids.push(...items.map((job) => job.id));
      }
      expect(ids).toEqual([5, 6, 4, 3, 2, 1]);
      expect((await store.jobs(['done'], firstPage)).items.map((job) => job.id)).toEqual([2]);
      expect(await store.jobs([], firstPage)).toEqual({ items: [], total: 0 });
      expect(await store.job(99)).toBeNull();
    });

    it('show runs newest first, by repository, outcome and time', async () => {
      await know(store, 1, 2);
      for (const [index, githubId] of [1, 2, 1].entries()) {
        await store.requestJob({ githubId, cause: 'user' }, 1_000, false);
        const finishedAt = 3_000 + index;
        const settlement =
          index === 2 ? ({ state: 'cancelled' } as const) : ({ state: 'done', proof: makeProof() } as const);
        await store.settleJob(await claim(store), settlement, makeRun(settlement.state, { finishedAt }));
      }
      const ids = async (query: Partial<typeof allRuns>) => {
        const { items, total } = await store.runs({ ...allRuns, ...query });
        return [items.map((run) => run.id), total];
      };
      expect(await ids({})).toEqual([[3, 2, 1], 3]);
      expect(await ids({ githubId: 1 })).toEqual([[3, 1], 2]);
      expect(await ids({ outcome: 'done' })).toEqual([[2, 1], 2]);
      expect(await ids({ since: 3_001 })).toEqual([[3, 2], 2]);
      expect(await ids({ githubId: 1, outcome: 'done', since: 3_000 })).toEqual([[1], 1]);
      expect(await ids({ offset: 1, limit: 1 })).toEqual([[2], 3]);
      expect(await store.run(4)).toBeNull();
    });
  });

  describe('small values', () => {
    it('of the watcher change one by one', async () => {
      const nothing = {
        head: null,
        total: null,
        pushedWatermark: null,
        lastLookAt: null,
        lastFullWalkAt: null,
        lastSweepAt: null,
      };
      expect(await store.watcherMemory()).toEqual(nothing);
      const head = { githubId: 3, starredAt: 77 };
      await store.rememberWatcher({ head, total: 12, lastLookAt: 5 });
      await store.rememberWatcher({ total: null, lastSweepAt: 6 });
      await store.rememberWatcher({});
      expect(await store.watcherMemory()).toEqual({ ...nothing, head, lastLookAt: 5, lastSweepAt: 6 });
    });

    it('of the engine are JSON texts', async () => {
      expect(await store.readValue('pause')).toBeNull();
      await store.writeValue('pause', '{"until": 5}');
      await store.writeValue('other', 'null');
      await store.writeValue('pause', '{"until": 6}');
      expect(await store.readValue('pause')).toBe('{"until": 6}');
      expect(await store.readValue('other')).toBe('null');
      await store.writeValue('pause', null);
      expect(await store.readValue('pause')).toBeNull();
      await expect(store.writeValue('pause', '{')).rejects.toMatchObject({ code: 'internal' });
    });
  });

  it('refuses everything once it is closed, and may be closed twice', async () => {
    await store.close();
    await store.close();
    await expect(store.totals()).rejects.toMatchObject({ code: 'internal' });
    await expect(store.writeValue('a', '1')).rejects.toMatchObject({ code: 'internal' });
  });
}
