/** @file What every Store promises about the cost of old tips. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src-main/engine/ports/store.ts';
import { claim, know, makeProof, makeRun } from './store-samples.ts';
import type { OpenedStore } from './store-suite.ts';

const none = { mirrors: 0, refs: 0, bytes: 0, unmeasured: 0 };

/** Registers the suite for one kind of store. */
export function describeStoreKept(open: () => Promise<OpenedStore>): void {
  let opened: OpenedStore;
  let store: Store;

  beforeEach(async () => {
    opened = await open();
    store = opened.store;
  });
  afterEach(() => opened.dispose());

  async function mirror(...githubIds: readonly number[]): Promise<void> {
    await know(store, ...githubIds);
    for (const githubId of githubIds) {
      await store.requestJob({ githubId, cause: 'user' }, 1_000, false);
      await store.settleJob(await claim(store), { state: 'done', proof: makeProof() }, makeRun('done'));
    }
  }

  describe('what old tips cost', () => {
    it('is known once it was measured, and added up', async () => {
      await mirror(1, 2, 3);
      expect(await store.keptCost(1)).toBeNull();
      expect(await store.keptTotals()).toEqual(none);
      await store.writeKeptCost(1, { refs: 2, bytes: 5_000, measuredAt: 2_000 });
      await store.writeKeptCost(2, { refs: 1, bytes: null, measuredAt: 3_000 });
      await store.writeKeptCost(3, { refs: 4, bytes: 0, measuredAt: 3_000 });
      expect(await store.keptCost(2)).toEqual({ refs: 1, bytes: null, measuredAt: 3_000 });
      expect(await store.keptTotals()).toEqual({ mirrors: 3, refs: 7, bytes: 5_000, unmeasured: 1 });
      await store.writeKeptCost(1, { refs: 3, bytes: 7_000, measuredAt: 4_000 });
      expect(await store.keptCost(1)).toEqual({ refs: 3, bytes: 7_000, measuredAt: 4_000 });
      expect(await store.keptTotals()).toMatchObject({ refs: 8, bytes: 7_000 });
    });

    it('is gone with the last tip, and is nothing where there is no mirror or no repository', async () => {
      await mirror(1);
      await know(store, 2);
      for (const githubId of [1, 2, 99]) await store.writeKeptCost(githubId, { refs: 1, bytes: 9, measuredAt: 1 });
      expect(await Promise.all([store.keptCost(1), store.keptCost(2), store.keptCost(99)])).toEqual([
        { refs: 1, bytes: 9, measuredAt: 1 },
        null,
        null,
      ]);
      expect(await store.keptTotals()).toEqual({ mirrors: 1, refs: 1, bytes: 9, unmeasured: 0 });
      await store.writeKeptCost(1, { refs: 0, bytes: 0, measuredAt: 2 });
      expect(await store.keptCost(1)).toBeNull();
      await store.writeKeptCost(1, { refs: 1, bytes: 9, measuredAt: 3 });
      await store.writeKeptCost(1, null);
      expect(await store.keptTotals()).toEqual(none);
    });
  });
}
