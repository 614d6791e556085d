/** @file What every Store promises about mirrors that were found at the target. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src-main/engine/ports/store.ts';
import type { FoundMirror } from '../../src-main/engine/ports/store-held.ts';
import { claim, know, makeFacts, makeProof, makeRun, makeStar } from './store-samples.ts';
import type { OpenedStore } from './store-suite.ts';

function found(githubId: number, change: Partial<FoundMirror> = {}): FoundMirror {
  const facts = makeFacts(githubId, { pushedAt: null, sizeKb: 0, defaultBranch: '' });
  const projectPath = `github/${facts.fullName}`;
  return { facts, place: { projectId: String(githubId), projectPath, projectUrl: null }, copies: [], ...change };
}

/** Registers the suite for one kind of store. */
export function describeStoreHeld(open: () => Promise<OpenedStore>): void {
  let opened: OpenedStore;
  let store: Store;

  beforeEach(async () => {
    opened = await open();
    store = opened.store;
  });
  afterEach(() => opened.dispose());

  const mirrorOf = async (githubId: number) => (await store.repository(githubId))?.mirror;

  async function prove(githubId: number, projectPath: string): Promise<void> {
    await store.requestJob({ githubId, cause: 'user' }, 1_000, true);
    const proof = makeProof({ projectId: String(githubId), projectPath, projectUrl: null });
    await store.settleJob(await claim(store), { state: 'done', proof }, makeRun('done'));
  }

  describe('a mirror that was found', () => {
    it('of what is not known enters as absent, to be asked about at once, with nothing proven', async () => {
      const { entered, placed, moved } = await store.adoptMirrors([found(1), found(2)], 7_000);
      expect({ entered, placed, moved }).toEqual({ entered: [1, 2], placed: [], moved: [] });
      const row = await store.repository(1);
      expect(row).toMatchObject({ ...found(1).facts, starredAt: 0, firstSeenAt: 7_000, absentSince: 7_000 });
      expect(row).toMatchObject({ selection: 'mirror', choice: null, verdict: null, previousNames: [] });
      expect(row?.mirror).toEqual({
        projectId: '1',
        projectPath: `github/${found(1).facts.fullName}`,
        projectUrl: null,
        pushedAt: null,
        defaultBranch: null,
        verifiedAt: 0,
        refCount: 0,
        cacheBytes: 0,
        unfitRefs: 0,
      });
      expect((await store.dueExaminations(7_000, 10)).map(({ githubId }) => githubId)).toEqual([1, 2]);
      expect(await store.totals()).toMatchObject({ repositories: 2, starred: 0, absent: 2, mirrored: 0 });
      expect((await store.totals()).jobs.queued).toBe(0);
    });

    it('changes nothing the second time', async () => {
      await store.adoptMirrors([found(1)], 7_000);
      const before = await store.repository(1);
      expect(await store.adoptMirrors([found(1)], 8_000)).toMatchObject({ entered: [], placed: [], moved: [] });
      expect(await store.repository(1)).toEqual(before);
    });

    it('is kept when the repository turns out to be starred, and is compared then', async () => {
      await store.adoptMirrors([found(1)], 7_000);
      const seen = await store.observeStars([makeStar(1)], 8_000, (known) =>
        (known?.mirror ?? null) === null ? 'new-star' : 'pushed',
      );
      expect(seen).toMatchObject({ added: [1], requested: 1 });
      expect(await store.repository(1)).toMatchObject({
        absentSince: null,
        starredAt: makeStar(1).starredAt,
        sizeKb: 100,
      });
      expect((await mirrorOf(1))?.projectId).toBe('1');
      expect(await store.dueExaminations(99_000, 10)).toEqual([]);
      expect((await store.totals()).mirrored).toBe(0);
    });

    it('gives a known repository its place, and asks for no job', async () => {
      await know(store, 1);
      expect(await store.adoptMirrors([found(1)], 7_000)).toMatchObject({ entered: [], placed: [1], moved: [] });
      expect(await store.repository(1)).toMatchObject({ absentSince: null, mirror: { projectId: '1', verifiedAt: 0 } });
      expect((await store.totals()).jobs.queued).toBe(0);
    });

    it('keeps what was proven, wherever it stands now', async () => {
      await know(store, 1);
      await prove(1, 'github/old/place');
      expect(await store.adoptMirrors([found(1)], 7_000)).toMatchObject({ placed: [], moved: [1] });
      expect(await mirrorOf(1)).toMatchObject({
        projectPath: found(1).place.projectPath,
        verifiedAt: 5_000,
        refCount: 3,
      });
      expect((await store.totals()).mirrored).toBe(1);
    });

    it('is the one that is known where several claim it, and else nothing is proven of it', async () => {
      await know(store, 1, 2);
      await prove(1, 'github/mine');
      const other = { projectId: '77', projectPath: 'github/copy', projectUrl: null };
      const mine = { projectId: '1', projectPath: 'github/mine', projectUrl: null };
      expect(await store.adoptMirrors([found(1, { place: other, copies: [mine] })], 7_000)).toMatchObject({
        placed: [],
        moved: [],
      });
      expect(await mirrorOf(1)).toMatchObject({ projectId: '1', verifiedAt: 5_000 });
      expect(await store.adoptMirrors([found(1, { place: other })], 7_000)).toMatchObject({ placed: [1] });
      expect(await mirrorOf(1)).toMatchObject({ projectId: '77', verifiedAt: 0, refCount: 0 });
    });
  });
}
