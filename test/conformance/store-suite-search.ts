/** @file What every Store promises about looking for repositories: words, filters, orders and counts. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RepositoryFacts } from '../../src-main/engine/domain/repository.ts';
import type { RepositoryQuery, Store } from '../../src-main/engine/ports/store.ts';
import { allRepositories, claim, makeError, makeFacts, makeProof, makeRun, makeStar } from './store-samples.ts';
import type { OpenedStore } from './store-suite.ts';

/** Registers the suite for one kind of store. */
export function describeStoreSearch(open: () => Promise<OpenedStore>): void {
  let opened: OpenedStore;
  let store: Store;

  beforeEach(async () => {
    opened = await open();
    store = opened.store;
  });
  afterEach(() => opened.dispose());

  const observe = (changes: readonly Partial<RepositoryFacts>[]) =>
    store.observeStars(
      changes.map((change, index) => makeStar(index + 1, { description: null, topics: [], ...change })),
      500,
      () => null,
    );
  /** In ascending order of ids. */
  const found = async (query: Partial<RepositoryQuery>) => {
    const page = await store.repositories({ ...allRepositories, ...query });
    const ids = page.items.map((row) => row.repository.githubId).sort((a, b) => a - b);
    expect(page.total).toBe(ids.length);
    expect(await store.repositoryIds({ ...allRepositories, ...query })).toEqual(ids);
    return ids;
  };

  describe('a search', () => {
    beforeEach(() =>
      observe([
        { fullName: 'torvalds/linux', description: 'The kernel' },
        { fullName: 'ada/.github', description: 'Café résumé, naïve ÅNGSTRÖM' },
        { fullName: 'gcc-mirror/gcc', description: 'A C++ compiler', topics: ['c', 'c-plus-plus'] },
        { fullName: 'x/y', description: 'say "hello" OR NEAR(a b) * ^ - : {}', topics: ["it's"] },
        { fullName: 'x/z', description: '日本語のテスト 100% a_b', topics: ['html5'] },
      ]),
    );

    const searches: readonly (readonly [string, readonly number[]])[] = [
      ['linux', [1]],
      ['TORVALDS', [1]],
      ['torv', [1]],
      ['vald', [1]],
      ['linux kern', [1]],
      ['kern linux', [1]],
      ['  kernel   linux ', [1]],
      ['linux gcc', []],
      ['torvalds/linux', [1]],
      ['torvalds/lin', [1]],
      ['s/l', [1]],
      ['.github', [2]],
      ['ada/.g', [2]],
      ['cafe', [2]],
      ['CAFÉ', [2]],
      ['resume', [2]],
      ['naive angstrom', [2]],
      ['C++', [3]],
      ['c++', [3]],
      ['++', [3]],
      ['c-plus', [3]],
      ['gcc-mirror', [3]],
      ['"hello"', [4]],
      ['"', [4]],
      ['hello" OR "linux', []],
      ['near(', [4]],
      ['*', [4]],
      ['^', [4]],
      ['{}', [4]],
      ['OR', [1, 3, 4]],
      ["it's", [4]],
      ['search_text:linux', []],
      ['日本', [5]],
      ['日本語のテスト', [5]],
      ['テ', [5]],
      ['100%', [5]],
      ['%', [5]],
      ['a_b', [5]],
      ['5', [5]],
      ['x', [1, 4, 5]],
      ['\u0301', [1, 2, 3, 4, 5]],
      [' \t\n ', [1, 2, 3, 4, 5]],
      ['linux\u0000kernel', [1]],
      ['\ud800', []],
      ['kernel\ud83d', []],
    ];
    it('finds every word anywhere, whatever it is made of', async () => {
      for (const [text, ids] of searches) expect(await found({ text }), JSON.stringify(text)).toEqual(ids);
    });

    it('for no end of words, or one without end, still answers', async () => {
      const many = Array.from({ length: 2_000 }, (_, index) => `w${index}`).join(' ');
      expect(await found({ text: many })).toEqual([]);
      expect(await found({ text: 'linux'.repeat(4_000) })).toEqual([]);
      expect(await found({ text: 'l i n u x t o r v a d s the kernel' })).toEqual([1]);
      expect(await found({ text: 'tor orv rva val ald lds lin inu nux ern rne nel' })).toEqual([1]);
      expect(await found({ text: 'tor orv rva val ald lds lin inu nux ern rne nel x y' })).toEqual([]);
    });

    it('finds one long word whole, not by its beginning', async () => {
      const word = 'ab'.repeat(60);
      await observe([{ fullName: 'a/b', description: word }]);
      expect(await found({ text: word })).toEqual([1]);
      expect(await found({ text: `${word}c` })).toEqual([]);
    });

    it('knows what is new and forgets what was', async () => {
      await store.updateFacts(makeFacts(1, { fullName: 'torvalds/kernel', description: null, topics: ['os'] }));
      expect(await found({ text: 'linux' })).toEqual([]);
      expect(await found({ text: 'torvalds/kernel os' })).toEqual([1]);
    });

    it('does not find across the parts of a repository', async () => {
      expect(await found({ text: 'linuxthe' })).toEqual([]);
      expect(await found({ text: 'compilerc' })).toEqual([]);
    });
  });

  describe('filters', () => {
    beforeEach(async () => {
      await observe([
        { fullName: 'Mona/a', language: 'Go', sizeKb: 5, isPrivate: true },
        { fullName: 'mona/b', language: 'go', sizeKb: 50, isFork: true },
        { fullName: 'ada/c', language: null, sizeKb: 500, isArchived: true },
        { fullName: 'bob/d', language: 'C++', sizeKb: 5_000 },
      ]);
      await store.markAbsent(new Set([1, 2, 3]), 600);
      await store.applySelection(
        700,
        ({ githubId }) => ({ selection: githubId === 3 ? 'skip' : githubId === 4 ? 'ask' : 'mirror', reason: 'r' }),
        () => null,
      );
    });

    const filters: readonly (readonly [string, Partial<RepositoryQuery>, readonly number[]])[] = [
      ['languages', { languages: ['GO', 'rust'] }, [1, 2]],
      ['no language', { languages: [''] }, [3]],
      ['none of either', { languages: [], owners: [], states: [] }, [1, 2, 3, 4]],
      ['nulls', { languages: null, owners: null, states: null, isFork: null, selection: null }, [1, 2, 3, 4]],
      ['owners', { owners: ['MONA', 'bob'] }, [1, 2, 4]],
      ['part of an owner', { owners: ['mon'] }, []],
      ['private', { isPrivate: true }, [1]],
      ['public', { isPrivate: false }, [2, 3, 4]],
      ['archived', { isArchived: true }, [3]],
      ['forks', { isFork: true }, [2]],
      ['sources', { isFork: false }, [1, 3, 4]],
      ['least size', { minSizeKb: 50 }, [2, 3, 4]],
      ['most size', { maxSizeKb: 50 }, [1, 2]],
      ['size of none', { minSizeKb: 51, maxSizeKb: 50 }, []],
      ['absent', { isAbsent: true }, [4]],
      ['present', { isAbsent: false }, [1, 2, 3]],
      ['skipped', { selection: 'skip' }, [3]],
      ['states', { states: ['excluded', 'asks'] }, [3, 4]],
      ['a state of several', { state: 'asks', states: ['excluded', 'asks'] }, [4]],
      ['a state of none', { state: 'unknown', states: ['excluded', 'asks'] }, []],
      ['several at once', { owners: ['mona'], languages: ['go'], isFork: false, text: 'a' }, [1]],
    ];
    it('narrow the list, each alone and together', async () => {
      for (const [words, query, ids] of filters) expect(await found(query), words).toEqual(ids);
    });

    it('have counts, each without its own filter', async () => {
      const all = { unknown: 2, queued: 0, running: 0, waiting: 0, mirrored: 0, failed: 0, excluded: 1, asks: 1 };
      expect(await store.facets(allRepositories)).toEqual({
        languages: [
          { value: 'Go', count: 2 },
          { value: '', count: 1 },
          { value: 'C++', count: 1 },
        ],
        lists: [],
        owners: [
          { value: 'Mona', count: 2 },
          { value: 'ada', count: 1 },
          { value: 'bob', count: 1 },
        ],
        states: all,
      });
      const none = { ...all, unknown: 0, excluded: 0, asks: 0 };
      expect(
        await store.facets({ ...allRepositories, owners: ['ada', 'mona'], languages: ['go'], state: 'unknown' }),
      ).toEqual({
        languages: [{ value: 'Go', count: 2 }],
        lists: [],
        owners: [{ value: 'Mona', count: 2 }],
        states: { ...none, unknown: 2 },
      });
      expect(await store.facets({ ...allRepositories, text: 'nothing' })).toEqual({
        languages: [],
        lists: [],
        owners: [],
        states: none,
      });
    });

    it('name the hundred owners with the most', async () => {
      await store.observeStars(
        Array.from({ length: 120 }, (_, index) => makeStar(100 + index, { fullName: `zed${index}/name` })),
        800,
        () => null,
      );
      const { owners } = await store.facets(allRepositories);
      expect(owners).toHaveLength(100);
      expect(owners[0]).toEqual({ value: 'Mona', count: 2 });
    });
  });

  it('every order goes both ways, with pages that meet', async () => {
    const stars = [
      makeStar(1, { fullName: 'b/B', sizeKb: 5, pushedAt: 70 }, 30),
      makeStar(2, { fullName: 'a/z', sizeKb: 9, pushedAt: null }, 10),
      makeStar(3, { fullName: 'B/a', sizeKb: 9, pushedAt: 70 }, 30),
      makeStar(4, { fullName: 'a/Z', sizeKb: 7, pushedAt: 80 }, 20),
    ];
    await store.observeStars(stars, 500, (_, { repository }) => (repository.githubId === 2 ? 'user' : null));
    const error = makeError();
    await store.settleJob(await claim(store), { state: 'done', proof: makeProof() }, makeRun('done'));
    await store.requestJob({ githubId: 3, cause: 'user' }, 900, false);
    await store.settleJob(await claim(store), { state: 'failed', error }, makeRun('failed', { error }));
    const usual = {
      name: [2, 4, 3, 1],
      starred: [1, 3, 4, 2],
      size: [2, 3, 4, 1],
      verified: [2, 1, 3, 4],
      stalest: [4, 3, 1, 2],
      pushed: [4, 1, 3, 2],
    } as const;
    const listed = async (query: Partial<RepositoryQuery>) => {
      const pages = [0, 3].map((offset) => store.repositories({ ...allRepositories, ...query, offset, limit: 3 }));
      return (await Promise.all(pages)).flatMap(({ items }) => items.map((row) => row.repository.githubId));
    };
    for (const order of ['name', 'starred', 'size', 'verified', 'stalest', 'pushed'] as const) {
      const isUsuallyDescending = order !== 'name' && order !== 'stalest';
      expect(await listed({ order }), order).toEqual(usual[order]);
      expect(await listed({ order, descending: null }), order).toEqual(usual[order]);
      expect(await listed({ order, descending: isUsuallyDescending }), order).toEqual(usual[order]);
      expect(await listed({ order, descending: !isUsuallyDescending }), order).toEqual(usual[order].toReversed());
    }
  });
}
