/** @file What every Store promises about comparisons and restore drills. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Drill, noProofs, type Proof } from '../../src-main/engine/domain/proof.ts';
import type { Verdict } from '../../src-main/engine/domain/verdict.ts';
import type { Store } from '../../src-main/engine/ports/store.ts';
import { claim, know, makeError, makeProof, makeRun } from './store-samples.ts';
import type { OpenedStore } from './store-suite.ts';

const same = (at: number): Proof => ({
  result: 'same',
  source: 'verify',
  at,
  refCount: 3,
  differences: [],
  error: null,
});
const differs = (at: number): Proof => ({ ...same(at), result: 'differs', differences: ['refs/heads/a differs'] });
const drilled = (at: number, change: Partial<Drill> = {}): Drill => ({
  result: 'fine',
  at,
  durationMs: 12,
  refCount: 3,
  objects: 40,
  bytes: 4_096,
  findings: [],
  error: null,
  ...change,
});
const gone: Verdict = {
  kind: 'gone',
  evidence: { fullName: null, isStarred: null, reason: null, noticeUrl: null },
  firstAt: 1,
  lastAt: 2,
  confirmedAt: 2,
};

/** Registers the suite for one kind of store. */
export function describeStoreProofs(open: () => Promise<OpenedStore>): void {
  let opened: OpenedStore;
  let store: Store;

  beforeEach(async () => {
    opened = await open();
    store = opened.store;
  });
  afterEach(() => opened.dispose());

  /** Mirrors that a run proved, one after another. */
  const mirror = async (...ids: readonly number[]): Promise<void> => {
    await know(store, ...ids);
    for (const githubId of ids) {
      await store.requestJob({ githubId, cause: 'new-star' }, 600, false);
      const proof = makeProof({ projectId: String(githubId), verifiedAt: 5_000 + githubId, refsDigest: 'abc' });
      await store.settleJob(await claim(store), { state: 'done', proof }, makeRun('done'));
    }
  };
  const uncompared = async (since: number, only: readonly number[] | null = null) =>
    (await store.uncomparedSince(since, only, 200)).map(({ githubId }) => githubId);
  const candidates = async () => (await store.drillCandidates(200)).map(({ githubId }) => githubId);

  describe('a comparison', () => {
    it('is what a run proves, in its own transaction', async () => {
      await mirror(1);
      expect(await store.proofs(1)).toEqual({
        last: { ...same(5_001), source: 'run' },
        proven: { at: 5_001, refCount: 3, digest: 'abc' },
        difference: null,
        drill: null,
      });
      const [row] = await store.repositoryRows([1]);
      expect(row?.proofs).toEqual(await store.proofs(1));
    });

    it('says nothing of what has no mirror', async () => {
      await know(store, 1);
      await store.writeProof(1, same(9_000), 'abc');
      await store.writeDrill(1, drilled(9_000));
      await store.recordDigest(1, 'def');
      expect(await store.proofs(1)).toBeNull();
      const [row] = await store.repositoryRows([1]);
      expect(row?.proofs).toEqual(noProofs);
    });

    it('that fails or differs leaves what was proven, and a difference is told until it is repaired, and after', async () => {
      await mirror(1);
      const failed = { ...same(6_000), result: 'failed', error: makeError() } as const;
      await store.writeProof(1, failed, null);
      const proven = { at: 5_001, refCount: 3, digest: 'abc' };
      expect(await store.proofs(1)).toMatchObject({ last: failed, proven, difference: null });
      await store.writeProof(1, differs(7_000), 'def');
      await store.writeProof(1, { ...differs(8_000), differences: ['refs/heads/b differs'] }, 'def');
      const open = { at: 7_000, differences: ['refs/heads/b differs'], repairedAt: null };
      expect(await store.proofs(1)).toMatchObject({ proven, difference: open });
      await store.writeProof(1, { ...same(9_000), result: 'same-as-proven' }, 'abc');
      expect(await store.proofs(1)).toMatchObject({ proven, difference: { ...open, repairedAt: 9_000 } });
      await store.writeProof(1, same(10_000), 'ghi');
      expect(await store.proofs(1)).toMatchObject({
        proven: { at: 10_000, digest: 'ghi' },
        difference: { ...open, repairedAt: 9_000 },
      });
    });

    it('gets what was never recorded', async () => {
      await mirror(1);
      await store.recordDigest(1, 'def');
      expect((await store.proofs(1))?.proven).toEqual({ at: 5_001, refCount: 3, digest: 'def' });
    });

    it('is a filter', async () => {
      await mirror(1, 2, 3);
      await know(store, 4);
      await store.writeProof(2, differs(8_000), 'def');
      const ids = (isUnproven: boolean) => store.repositoryIds({ text: '', state: null, isUnproven });
      expect(await ids(true)).toEqual([2]);
      expect(await ids(false)).toEqual([1, 3, 4]);
    });

    it('is due in the order of age, of all or some', async () => {
      await know(store, 4);
      await mirror(1, 2, 3);
      expect(await uncompared(5_003)).toEqual([1, 2]);
      await store.writeProof(1, same(9_000), 'abc');
      expect(await uncompared(9_000)).toEqual([2, 3]);
      expect(await uncompared(9_001)).toEqual([2, 3, 1]);
      expect(await uncompared(9_001, [1, 3, 4])).toEqual([3, 1]);
      expect(await store.countMirrors(null)).toBe(3);
      expect(await store.countMirrors([1, 4])).toBe(1);
      await expect(store.uncomparedSince(0, null, 0)).rejects.toMatchObject({ code: 'internal' });
    });

    it('is counted by what came of it', async () => {
      await mirror(1, 2, 3, 4);
      await store.writeProof(1, same(8_000), 'abc');
      await store.writeProof(2, differs(8_000), 'def');
      await store.writeProof(3, { ...same(8_000), result: 'same-as-proven' }, 'abc');
      const counts = { same: 1, sameAsProven: 1, differs: 1, failed: 0, repaired: 0 };
      expect(await store.countProofs(8_000, null)).toEqual(counts);
      await store.writeProof(2, same(8_500), 'abc');
      expect(await store.countProofs(8_000, null)).toEqual({ ...counts, same: 2, differs: 0, repaired: 1 });
      expect(await store.countProofs(8_000, [3, 4])).toEqual({ ...counts, same: 0, differs: 0 });
    });
  });

  describe('a restore drill', () => {
    it('is kept whole, and the newest is told', async () => {
      await mirror(1, 2);
      expect(await store.lastDrill()).toBeNull();
      const damaged = drilled(8_000, { result: 'damaged', findings: ['missing blob'], error: makeError() });
      await store.writeDrill(1, damaged);
      await store.writeDrill(2, drilled(7_000));
      expect((await store.proofs(1))?.drill).toEqual(damaged);
      expect(await store.lastDrill()).toEqual({ githubId: 1, fullName: 'owner1/name-1', drill: damaged });
    });

    it('is due first where there was none, rescued mirrors before others, then the longest ago', async () => {
      await know(store, 5);
      await mirror(1, 2, 3, 4);
      expect(await candidates()).toEqual([1, 2, 3, 4]);
      await store.writeVerdict(3, gone, null);
      expect(await candidates()).toEqual([3, 1, 2, 4]);
      await store.writeDrill(3, drilled(8_000));
      await store.writeDrill(1, drilled(7_000));
      expect(await candidates()).toEqual([2, 4, 1, 3]);
    });

    it('is bad while the mirror is damaged, or the difference that it found is open', async () => {
      await mirror(1, 2, 3);
      await store.writeDrill(1, drilled(8_000, { result: 'damaged' }));
      await store.writeDrill(2, drilled(9_000, { result: 'differs' }));
      await store.writeProof(2, differs(9_000), 'def');
      await store.writeDrill(3, drilled(9_500, { result: 'cut' }));
      const bad = async () => (await store.badDrills(20)).map(({ githubId }) => githubId);
      expect(await bad()).toEqual([2, 1]);
      await store.writeProof(2, same(9_100), 'abc');
      await store.writeProof(1, same(9_100), 'abc');
      expect(await bad()).toEqual([1]);
      await store.writeDrill(1, drilled(9_900));
      expect(await bad()).toEqual([]);
    });

    it('is forgotten with the mirror', async () => {
      await mirror(1, 2);
      await store.writeDrill(1, drilled(8_000));
      await store.writeDrill(2, drilled(8_000));
      await store.markAbsent(new Set([1]), 9_000);
      await store.forgetMirrors();
      expect(await store.proofs(1)).toBeNull();
      expect((await store.proofs(2))?.drill).not.toBeNull();
      expect(await candidates()).toEqual([2]);
      await store.forgetMirror(2, '99');
      expect(await store.proofs(2)).not.toBeNull();
      await store.forgetMirror(2, '2');
      expect(await store.proofs(2)).toBeNull();
    });
  });
}
