/** @file What every Store promises about GitHub Lists, what was done because of them, and definitions of builds. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src-main/engine/ports/store.ts';
import { allRepositories, claim, know, makeProof, makeRun } from './store-samples.ts';
import type { OpenedStore } from './store-suite.ts';

/** Registers the suite for one kind of store. */
export function describeStoreArranged(open: () => Promise<OpenedStore>): void {
  let opened: OpenedStore;
  let store: Store;

  beforeEach(async () => {
    opened = await open();
    store = opened.store;
    await know(store, 1, 2, 3, 4);
  });
  afterEach(() => opened.dispose());

  const ids = (lists: readonly string[]) => store.repositoryIds({ ...allRepositories, lists });
  const listsOf = async () => {
    const rows = await store.repositoryRows([1, 2, 3, 4]);
    return rows.map(({ lists }) => lists);
  };

  describe('GitHub Lists', () => {
    it('are told of each repository, by name, and filter without regard to case', async () => {
      await store.writeLists([
        { name: 'zoo', githubIds: [1, 2, 99] },
        { name: 'Art', githubIds: [2, 3] },
      ]);
      expect(await listsOf()).toEqual([['zoo'], ['Art', 'zoo'], ['Art'], []]);
      expect(await ids(['ART'])).toEqual([2, 3]);
      expect(await ids(['art', 'zoo'])).toEqual([1, 2, 3]);
      expect(await ids([''])).toEqual([4]);
      expect(await ids(['', 'zoo'])).toEqual([1, 2, 4]);
      expect(await ids(['nothing'])).toEqual([]);
      expect(await ids([])).toEqual([1, 2, 3, 4]);
    });

    it('are counted by name, those on none last, whatever Lists are chosen', async () => {
      expect((await store.facets(allRepositories)).lists).toEqual([]);
      await store.writeLists([
        { name: 'zoo', githubIds: [1, 2] },
        { name: 'Art', githubIds: [2] },
      ]);
      const all = [
        { value: 'Art', count: 1 },
        { value: 'zoo', count: 2 },
        { value: '', count: 2 },
      ];
      expect((await store.facets(allRepositories)).lists).toEqual(all);
      expect((await store.facets({ ...allRepositories, lists: ['art'] })).lists).toEqual(all);
      expect((await store.facets({ ...allRepositories, lists: ['art'] })).languages.map(({ count }) => count)).toEqual([
        1,
      ]);
    });

    it('are replaced as a whole; two of one name are one', async () => {
      await store.writeLists([{ name: 'old', githubIds: [1, 2] }]);
      await store.writeLists([
        { name: "it's; DROP", githubIds: [3, 3] },
        { name: "it's; DROP", githubIds: [4] },
      ]);
      expect(await listsOf()).toEqual([[], [], ["it's; DROP"], ["it's; DROP"]]);
      await store.writeLists([]);
      expect(await listsOf()).toEqual([[], [], [], []]);
    });
  });

  describe('what was done because of Lists', () => {
    it('is remembered one by one, and forgotten where nothing is left of it', async () => {
      await store.markList(1, { place: 'zoo' });
      await store.markList(1, { labels: ['zoo', 'Art'] });
      await store.markList(2, { labels: ['Art'] });
      await store.markList(99, { place: 'zoo' });
      expect(await store.listMarks()).toEqual(
        new Map([
          [1, { place: 'zoo', labels: ['zoo', 'Art'] }],
          [2, { place: null, labels: ['Art'] }],
        ]),
      );
      await store.markList(1, { place: null });
      await store.markList(2, { labels: [] });
      expect(await store.listMarks()).toEqual(new Map([[1, { place: null, labels: ['zoo', 'Art'] }]]));
    });

    it('is forgotten with the mirrors, but for those that stay', async () => {
      for (const githubId of [1, 2]) {
        await store.requestJob({ githubId, cause: 'user' }, 1, false);
        await store.settleJob(await claim(store), { state: 'done', proof: makeProof() }, makeRun('done'));
        await store.markList(githubId, { place: 'zoo' });
        await store.writeBuildRefs(githubId, 3);
      }
      await store.markAbsent(new Set([1, 3, 4]), 5);
      expect(await store.forgetMirrors()).toBe(1);
      expect([...(await store.listMarks()).keys()]).toEqual([2]);
      expect(await store.countBuildMirrors()).toBe(1);
    });
  });

  describe('definitions of builds', () => {
    it('are counted and told of each mirror', async () => {
      await store.writeBuildRefs(1, 2);
      await store.writeBuildRefs(3, 1);
      await store.writeBuildRefs(3, 5);
      await store.writeBuildRefs(99, 5);
      const refs = async () => (await store.repositoryRows([1, 2, 3])).map(({ buildRefs }) => buildRefs);
      expect(await refs()).toEqual([2, 0, 5]);
      expect(await store.countBuildMirrors()).toBe(2);
      await store.writeBuildRefs(1, 0);
      expect(await refs()).toEqual([0, 0, 5]);
    });
  });
}
