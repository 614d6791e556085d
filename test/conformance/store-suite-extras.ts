/** @file What every Store promises about LFS files, submodules and wikis. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Extras, noExtras } from '../../src-main/engine/domain/extras.ts';
import type { Store } from '../../src-main/engine/ports/store.ts';
import { know } from './store-samples.ts';
import type { OpenedStore } from './store-suite.ts';

const oidOf = (letter: string): string => letter.repeat(64);
const lfs = { objects: 2, bytes: 30, missing: 1, reason: '1 of 2 LFS files is not in the mirror.', checkedAt: 5_000 };
const wiki = {
  kind: 'incomplete',
  projectId: '7',
  projectPath: 'github/ada/engine.wiki',
  projectUrl: null,
  refCount: 1,
  reason: 'It broke.',
  checkedAt: 6_000,
} as const;
const submodules = [{ path: 'lib', address: '../lib', fullName: 'ada/lib' }];
const some: Extras = { mark: 'm', lfs, submodules, wiki, retryAt: 9_000 };

/** Registers the suite for one kind of store. */
export function describeStoreExtras(open: () => Promise<OpenedStore>): void {
  let opened: OpenedStore;
  let store: Store;

  beforeEach(async () => {
    opened = await open();
    store = opened.store;
  });
  afterEach(() => opened.dispose());

  const incomplete = async (githubId: number) => (await store.repositoryRows([githubId]))[0]?.incomplete;
  const filtered = (isIncomplete: boolean) => store.repositoryIds({ text: '', state: null, isIncomplete });

  describe('extras', () => {
    it('are none until they are written, and then what was written last', async () => {
      await know(store, 1, 2);
      expect(await store.extras(1)).toEqual(noExtras);
      await store.writeExtras(1, some, []);
      expect(await store.extras(1)).toEqual(some);
      expect(await store.extras(2)).toEqual(noExtras);
      await store.writeExtras(1, { ...some, wiki: null, lfs: null }, []);
      expect(await store.extras(1)).toEqual({ ...some, wiki: null, lfs: null });
      // Of a repository that is not known nothing is kept.
      await store.writeExtras(9, some, [{ oid: oidOf('a'), size: 1 }]);
      expect(await store.extras(9)).toEqual(noExtras);
      expect(await store.lfsPointers(9)).toEqual([]);
    });

    it('keep every pointer, each once', async () => {
      await know(store, 1, 2);
      await store.writeExtras(1, some, [
        { oid: oidOf('b'), size: 2 },
        { oid: oidOf('a'), size: 1 },
      ]);
      await store.writeExtras(1, some, [
        { oid: oidOf('c'), size: 3 },
        { oid: oidOf('a'), size: 99 },
      ]);
      expect(await store.lfsPointers(1)).toEqual([
        { oid: oidOf('a'), size: 1 },
        { oid: oidOf('b'), size: 2 },
        { oid: oidOf('c'), size: 3 },
      ]);
      expect(await store.lfsPointers(2)).toEqual([]);
    });

    it('tell what is missing, and are found by it', async () => {
      await know(store, 1, 2);
      await store.writeExtras(1, some, []);
      await store.writeExtras(2, { ...some, lfs: { ...lfs, missing: 0, reason: null }, wiki: null }, []);
      expect(await incomplete(1)).toBe('1 of 2 LFS files is not in the mirror. Wiki: It broke.');
      expect(await incomplete(2)).toBeNull();
      expect(await filtered(true)).toEqual([1]);
      expect(await filtered(false)).toEqual([2]);
    });

    it('are due when they are to be tried again, while their repository is wanted', async () => {
      await know(store, 1, 2, 3);
      await store.writeExtras(1, { ...some, retryAt: 9_000 }, []);
      await store.writeExtras(2, { ...some, retryAt: 8_000 }, []);
      await store.writeExtras(3, { ...some, retryAt: null }, []);
      expect(await store.dueExtras(7_999, 10)).toEqual([]);
      expect(await store.dueExtras(9_000, 10)).toEqual([2, 1]);
      expect(await store.dueExtras(9_000, 1)).toEqual([2]);
      await store.markAbsent(new Set([1, 3]), 10_000);
      expect(await store.dueExtras(20_000, 10)).toEqual([1]);
    });

    it('are forgotten with the mirrors of what is starred, but for the pointers', async () => {
      await know(store, 1, 2);
      for (const id of [1, 2]) await store.writeExtras(id, some, [{ oid: oidOf('a'), size: 1 }]);
      await store.markAbsent(new Set([1]), 10_000);
      await store.forgetMirrors();
      expect(await store.extras(1)).toEqual(noExtras);
      expect(await store.lfsPointers(1)).toHaveLength(1);
      expect(await store.extras(2)).toEqual(some);
    });
  });
}
