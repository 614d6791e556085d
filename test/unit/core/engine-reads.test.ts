/** @file What the engine answers without changing what is worked on: history, statistics, kept refs. */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine, SizeShares } from '../../../src-main/engine/core/engine-api.ts';
import type { RunOutcome } from '../../../src-main/engine/domain/job.ts';
import type { Store } from '../../../src-main/engine/ports/store.ts';
import { allRuns, firstPage, makeProof, makeRun, makeStar, waitingFor } from '../../conformance/store-samples.ts';
import { generateSmall, readTips, rewriteHistory, runGit } from '../../playground/repositories/index.ts';
import { MirrorBench } from '../../support/mirror-bench.ts';

const dayMs = 24 * 3_600_000;
const never = new AbortController().signal;

describe('history and statistics', () => {
  let bench: MirrorBench;
  let engine: Engine;
  let store: Store;
  /** Until when the store was told to forget, in order. */
  let portions: (number | null)[];

  beforeEach(async () => {
    bench = await MirrorBench.start({ targetKind: 'folder' });
    engine = await bench.open();
    ({ store } = bench);
    portions = [];
    const forget = store.forgetRuns.bind(store);
    store.forgetRuns = (before) => {
      portions.push(before);
      return forget(before);
    };
  });
  afterEach(() => bench.close());

  /** A run of this repository that finished then; a retry leaves its job under way. */
  async function run(githubId: number, outcome: RunOutcome, finishedAt: number, language = 'C'): Promise<void> {
    const star = makeStar(githubId, { fullName: `o${githubId % 2}/r${githubId}`, language });
    await store.observeStars([star], 1, () => 'new-star');
    await store.requestJob({ githubId, cause: 'user' }, finishedAt - 10, true);
    const job = await store.claimNextJob(finishedAt - 5, true);
    if (job === null) throw new Error('there is no job to claim');
    const settlement =
      outcome === 'retry' ? waitingFor({ runAfter: 85 * dayMs }) : ({ state: 'done', proof: makeProof() } as const);
    await store.settleJob(job.id, settlement, makeRun(outcome, { startedAt: finishedAt - 5, finishedAt }));
  }
  const left = async () => (await engine.runs(allRuns)).items.map(({ finishedAt }) => finishedAt).toReversed();

  it('are forgotten week by week, and no further than was asked for', async () => {
    const times = [1, 2, 9, 10, 40, 41, 100].map((day) => day * dayMs);
    for (const [index, at] of times.entries()) await run(index + 1, 'done', at);
    expect(await engine.forgetRuns(40 * dayMs)).toBe(4);
    expect(await left()).toEqual([40, 41, 100].map((day) => day * dayMs));
    expect(portions).toEqual([8 * dayMs, 16 * dayMs, 40 * dayMs]);
    expect(await engine.forgetRuns(40 * dayMs)).toBe(0);
    expect(await engine.forgetRuns(null)).toBe(3);
    expect(await left()).toEqual([]);
    expect(await engine.forgetRuns(null)).toBe(0);
    expect((await engine.jobs(['done'], firstPage)).total).toBe(7);
  });

  it('are kept of jobs under way, wherever they stand', async () => {
    await run(1, 'retry', 1 * dayMs);
    await run(2, 'done', 2 * dayMs);
    await run(3, 'done', 30 * dayMs);
    await run(4, 'retry', 31 * dayMs);
    await run(5, 'done', 60 * dayMs);
    // Claimed again: both run while history is cleared.
    expect(await store.claimNextJob(90 * dayMs, true)).not.toBeNull();
    expect(await store.claimNextJob(90 * dayMs, true)).not.toBeNull();
    expect(await engine.forgetRuns(40 * dayMs)).toBe(2);
    expect(await left()).toEqual([1, 31, 60].map((day) => day * dayMs));
    expect(await engine.forgetRuns(null)).toBe(1);
    expect(await left()).toEqual([1 * dayMs, 31 * dayMs]);
    expect((await engine.jobs(['running'], firstPage)).total).toBe(2);
  });

  it('are forgotten although a clock was put back in between', async () => {
    await run(1, 'done', 500 * dayMs);
    await run(2, 'done', 1 * dayMs);
    await run(3, 'done', 50 * dayMs);
    expect(await engine.forgetRuns(40 * dayMs)).toBe(1);
    expect(await left()).toEqual([500 * dayMs, 50 * dayMs]);
  });

  it('are counted by day, language, owner and time of starring', async () => {
    await run(1, 'done', 1 * dayMs + 5);
    await run(2, 'done', 2 * dayMs, 'Ada');
    await run(3, 'retry', 2 * dayMs + 1);
    const statistics = await engine.statistics({
      days: [1 * dayMs, 2 * dayMs],
      starBounds: [0, 10_002, 10_003],
    });
    const none = { done: 0, retry: 0, waiting: 0, failed: 0, cancelled: 0, interrupted: 0 };
    expect(statistics).toMatchObject({
      outcomes: [
        { ...none, done: 1 },
        { ...none, done: 1, retry: 1 },
      ],
      stars: [1, 1, 1],
    });
    const counts = ({ items }: SizeShares) => items.map(({ value, count }) => [value, count]);
    expect(counts(statistics.byLanguage)).toEqual([
      ['C', 2],
      ['Ada', 1],
    ]);
    expect(counts(statistics.byOwner)).toEqual([
      ['o1', 2],
      ['o0', 1],
    ]);
  });

  it('count nothing where nothing was asked for', async () => {
    await run(1, 'done', 1 * dayMs);
    expect(await engine.statistics({ days: [], starBounds: [] })).toMatchObject({ outcomes: [], stars: [] });
  });

  it('refuse a repository that is not known', async () => {
    await expect(engine.keptRefs(7, never)).rejects.toMatchObject({ code: 'config-invalid' });
    await expect(engine.verify(7, never)).rejects.toMatchObject({ code: 'config-invalid' });
    expect(await engine.repository(7)).toBeNull();
  });
});

describe.each(['folder', 'onedev'] as const)('kept refs of a mirror in %s', (targetKind) => {
  let bench: MirrorBench;

  beforeEach(async () => {
    bench = await MirrorBench.start({ targetKind });
  });
  afterEach(() => bench.close());

  it('tell what was rewritten and deleted upstream, newest first', { timeout: 60_000 }, async () => {
    const [one] = await generateSmall(join(bench.dir, 'upstream'), 1);
    if (one === undefined) throw new Error('no repository was generated');
    const head = (await runGit(one.bareDir, ['rev-parse', 'HEAD'])).trim();
    for (const ref of ['refs/heads/feature', 'refs/heads/doomed', 'refs/tags/latest']) {
      await runGit(one.bareDir, ['update-ref', ref, head]);
    }
    const id = bench.github.world.addRepository(one);
    bench.github.world.star(id);
    await bench.sync();
    expect(await bench.engine.keptRefs(id, never)).toEqual([]);
    const from = Date.now();
    const { before, movedBranch, movedTag, deletedBranch } = await rewriteHistory(one.bareDir);
    bench.github.world.pushed(id);
    await bench.sync();
    const first = await bench.engine.keptRefs(id, never);
    expect(first.map(({ origin, sha }) => [origin, sha])).toEqual(
      expect.arrayContaining([movedBranch, movedTag, deletedBranch].map((ref) => [ref, before[ref]])),
    );
    for (const { ref, keptAt } of first) {
      expect(ref).toMatch(/^refs\/epicstar\/kept\/[0-9TZ]+\/(heads|tags)\//);
      expect(keptAt).toBeGreaterThanOrEqual(from);
      expect(keptAt).toBeLessThanOrEqual(Date.now());
    }
    await runGit(one.bareDir, ['update-ref', '-d', movedBranch]);
    bench.github.world.pushed(id);
    await bench.sync();
    const second = await bench.engine.keptRefs(id, never);
    expect(second).toHaveLength(first.length + 1);
    expect(second[0]?.origin).toBe(movedBranch);
    expect(second.slice(1)).toEqual(first);
  });

  it('are never those of another mirror, whatever is written down of places', { timeout: 60_000 }, async () => {
    const [one, other] = await generateSmall(join(bench.dir, 'upstream'), 2);
    if (one === undefined || other === undefined) throw new Error('no repositories were generated');
    const [id, otherId] = [one, other].map((each) => bench.github.world.addRepository(each));
    if (id === undefined || otherId === undefined) throw new Error('there are two');
    for (const each of [id, otherId]) bench.github.world.star(each);
    await bench.sync();
    const { mirror } = (await bench.row(otherId)).repository;
    if (mirror === null) throw new Error('it is mirrored');
    // As where the mirrors went to another server, on which the id is given anew.
    const { projectId, projectPath, projectUrl } = mirror;
    const place = { projectId, projectPath, projectUrl };
    await bench.store.adoptMirrors([{ facts: (await bench.row(id)).repository, place, copies: [] }], 1_000);
    const missing = { code: 'target-project-missing' };
    await expect(bench.engine.keptRefs(id, never)).rejects.toMatchObject(missing);
    const ref = 'refs/epicstar/kept/20200101T000000000Z/heads/main';
    await expect(bench.engine.restoreKeptRef(id, ref, never)).rejects.toMatchObject(missing);
    await expect(bench.engine.bundleTo(id, join(bench.dir, 'a.bundle'), true, { signal: never })).rejects.toMatchObject(
      { code: 'config-invalid' },
    );
    expect(await bench.engine.deleteMirrors([{ githubId: id, typedName: one.fullName }], never)).toMatchObject([
      { state: 'failed', error: { code: 'target-name-clash' } },
    ]);
    expect(await readTips(bench.mirrorDir(other.fullName))).not.toEqual({});
  });

  it('are made branches again, which every later run leaves alone', { timeout: 60_000 }, async () => {
    const [one] = await generateSmall(join(bench.dir, 'upstream'), 1);
    if (one === undefined) throw new Error('no repository was generated');
    const head = (await runGit(one.bareDir, ['rev-parse', 'HEAD'])).trim();
    const blob = (await runGit(one.bareDir, ['hash-object', '-w', join(one.bareDir, 'HEAD')])).trim();
    for (const ref of ['refs/heads/feature', 'refs/heads/doomed', 'refs/tags/latest']) {
      await runGit(one.bareDir, ['update-ref', ref, head]);
    }
    await runGit(one.bareDir, ['update-ref', 'refs/tags/of-a-file', blob]);
    const id = bench.github.world.addRepository(one);
    bench.github.world.star(id);
    await bench.sync();
    const { before, deletedBranch } = await rewriteHistory(one.bareDir);
    await runGit(one.bareDir, ['update-ref', '-d', 'refs/tags/of-a-file']);
    bench.github.world.pushed(id);
    await bench.sync();
    const { engine } = bench;
    const kept = await engine.keptRefs(id, never);
    const ofBranch = kept.find(({ origin }) => origin === deletedBranch);
    const ofFile = kept.find(({ origin }) => origin === 'refs/tags/of-a-file');
    if (ofBranch === undefined || ofFile === undefined) throw new Error('these are kept');

    const restored = await engine.restoreKeptRef(id, ofBranch.ref, never);
    expect(restored).toMatchObject({ sha: before[deletedBranch], isNew: true });
    expect(restored.ref).toMatch(/^refs\/heads\/epicstar-restored\/[0-9TZ]+\/heads\//);
    expect(await engine.restoreKeptRef(id, ofBranch.ref, never)).toEqual({ ...restored, isNew: false });
    await expect(engine.restoreKeptRef(id, ofFile.ref, never)).rejects.toMatchObject({ code: 'git-failed' });
    for (const ref of ['refs/heads/main', 'refs/epicstar/kept/20200101T000000000Z/heads/main']) {
      await expect(engine.restoreKeptRef(id, ref, never)).rejects.toMatchObject({ code: 'config-invalid' });
    }
    expect((await engine.verify(id, never)).state).toBe('same');

    await runGit(one.bareDir, ['update-ref', 'refs/heads/newer', head]);
    bench.github.world.pushed(id);
    await bench.sync();
    const row = await bench.row(id);
    const tips = await readTips(bench.mirrorDir(row.repository.fullName));
    expect(tips[restored.ref]).toBe(before[deletedBranch]);
    expect(tips['refs/heads/newer']).toBe(head);
    expect((await bench.engine.keptRefs(id, never)).length).toBe(kept.length);
    expect(row.repository.mirror?.unfitRefs).toBe(0);
  });
});
