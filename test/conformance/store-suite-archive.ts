/** @file What every Store promises about mirrors that a person put away or removed. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noExtras } from '../../src-main/engine/domain/extras.ts';
import type { SelectRepository, Store } from '../../src-main/engine/ports/store.ts';
import { claim, know, makeProof, makeRun, makeStar } from './store-samples.ts';
import type { OpenedStore } from './store-suite.ts';

const select: SelectRepository = ({ archivedAt }) =>
  archivedAt === null
    ? { selection: 'mirror', reason: 'chosen by the rules' }
    : { selection: 'skip', reason: 'in the archive' };

/** Registers the suite for one kind of store. */
export function describeStoreArchive(open: () => Promise<OpenedStore>): void {
  let opened: OpenedStore;
  let store: Store;

  beforeEach(async () => {
    opened = await open();
    store = opened.store;
    await know(store, 1, 2);
  });
  afterEach(() => opened.dispose());

  const archive = (ids: readonly number[], archivedAt: number | null, at = 5_000) =>
    store.archiveRepositories(ids, archivedAt, at, select, () => 'pushed');
  const mirror = async (githubId: number, projectId: string): Promise<void> => {
    await store.requestJobs([{ githubId, cause: 'user' }], 2_000);
    const jobId = await claim(store);
    await store.settleJob(jobId, { state: 'done', proof: makeProof({ projectId }) }, makeRun('done'));
  };

  describe('a mirror in the archive', () => {
    it('is left out until it is brought back, and its pending jobs are cancelled', async () => {
      await store.requestJobs([{ githubId: 1, cause: 'sweep' }], 2_000);
      expect(await archive([1, 99], 4_000)).toMatchObject({ selected: 0, skipped: 1, cancelled: 1, requested: 0 });
      expect(await store.repository(1)).toMatchObject({ archivedAt: 4_000, selection: 'skip', choice: null });
      expect((await store.repository(2))?.archivedAt).toBeNull();
      expect(await archive([1], null)).toMatchObject({ selected: 1, requested: 1 });
      expect(await store.repository(1)).toMatchObject({ archivedAt: null, selection: 'mirror' });
    });

    it('is there since when it was put there first, through looks and absence', async () => {
      await archive([1], 4_000);
      await archive([1], 9_000);
      await store.observeStars([makeStar(1)], 10_000, () => null);
      await store.markAbsent(new Set([2]), 11_000);
      await store.observeStars([makeStar(1)], 12_000, () => null);
      expect((await store.repository(1))?.archivedAt).toBe(4_000);
    });
  });

  describe('a mirror that was removed', () => {
    it('is forgotten, with its place in the archive; one at another project is not', async () => {
      await mirror(1, '7');
      await archive([1], 4_000);
      await store.forgetMirror(1, '8');
      expect(await store.repository(1)).toMatchObject({ archivedAt: 4_000, mirror: { projectId: '7' } });
      await store.forgetMirror(1, '7');
      expect(await store.repository(1)).toMatchObject({ archivedAt: null, mirror: null });
      expect((await store.totals()).mirrored).toBe(0);
    });

    it('leaves nothing behind that would be taken for true of a new one', async () => {
      await mirror(1, '7');
      const lfs = { objects: 1, bytes: 3, missing: 0, reason: null, checkedAt: 5_000 };
      await store.writeExtras(1, { ...noExtras, mark: 'm', lfs }, []);
      await store.markList(1, { place: 'art', labels: ['art'] });
      await store.writeBuildRefs(1, 2);
      await store.forgetMirror(1, '8');
      expect((await store.extras(1)).mark).toBe('m');
      await store.forgetMirror(1, '7');
      expect(await store.extras(1)).toEqual(noExtras);
      expect(await store.listMarks()).toEqual(new Map());
      expect(await store.countBuildMirrors()).toBe(0);
    });
  });
}
