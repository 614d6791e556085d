/**
 * @file Ten thousand repositories and a long history. The bounds are twenty times what was measured: they find what grows
 * with the square of the rows, not what a busy computer does to a figure.
 */
import { performance } from 'node:perf_hooks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../../src-main/engine/adapters/sqlite/index.ts';
import type { Star } from '../../../src-main/engine/domain/repository.ts';
import type { Store } from '../../../src-main/engine/ports/store.ts';
import { allRepositories, allRuns, makeProof, makeRun, makeStar } from '../../conformance/store-samples.ts';

const count = 10_000;
const pageSize = 100;
let dataDir: string;
let store: Store;

const starsOf = (page: number, change = {}): Star[] =>
  Array.from({ length: pageSize }, (_, index) => makeStar(page * pageSize + index + 1, change));

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'epicstar-speed-'));
  store = await openSqliteStore({ dataDir });
  for (let page = 0; page < count / pageSize; page += 1) {
    await store.observeStars(starsOf(page), 5, () => 'new-star');
  }
  for (let index = 0; index < count / 5; index += 1) {
    const job = await store.claimNextJob(10 + index, true);
    if (job === null) throw new Error('there is no job to claim');
    await store.settleJob(job.id, { state: 'done', proof: makeProof() }, makeRun('done'));
  }
});

afterAll(async () => {
  await store.close();
  await rm(dataDir, { recursive: true });
});

async function bestMs(work: (turn: number) => Promise<unknown>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < 7; turn += 1) {
    const start = performance.now();
    await work(turn);
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

it('sees a page of 100 stars again without going through all others, changed or not', async () => {
  expect(await bestMs((turn) => store.observeStars(starsOf(turn), 6, () => 'sweep'))).toBeLessThan(400);
  const renamed = (turn: number) => starsOf(turn, { description: `changed ${turn}`, sizeKb: 20_000 + turn });
  expect(await bestMs((turn) => store.observeStars(renamed(turn), 7, () => null))).toBeLessThan(400);
});

it.each([
  ['first page', {}],
  ['last page', { offset: 9_800 }],
  ['search', { text: 'number 77' }],
  ['search for what is everywhere', { text: 'git', order: 'size' as const }],
  ['one state', { state: 'queued' as const, order: 'starred' as const }],
  ['one state and a search', { state: 'mirrored' as const, text: 'name-1', order: 'verified' as const }],
])('lists repositories without delay: %s', async (_, query) => {
  expect(await bestMs(() => store.repositories({ ...allRepositories, ...query }))).toBeLessThan(1000);
});

it('adds up, claims and looks into history without delay', async () => {
  expect(await bestMs(() => store.totals())).toBeLessThan(100);
  expect(await bestMs(() => store.nextDueAt())).toBeLessThan(100);
  expect(await bestMs(() => store.claimNextJob(99_000, false))).toBeLessThan(100);
  expect(await bestMs(() => store.runs({ ...allRuns, limit: 50 }))).toBeLessThan(400);
  expect(await bestMs(() => store.jobs(['queued', 'done'], { offset: 8_000, limit: 50 }))).toBeLessThan(1000);
});

it('takes ten thousand ids at once', async () => {
  const ids = await store.starredIds();
  expect(ids).toHaveLength(count);
  expect(await store.markAbsent(new Set(ids), 9)).toEqual([]);
  const requests = ids.map((githubId) => ({ githubId, cause: 'sweep' }) as const);
  const before = (await store.totals()).jobs.queued;
  const added = await store.requestJobs(requests, 9);
  expect((await store.totals()).jobs.queued).toBe(before + added);
  expect(added).toBeGreaterThan(1_000);
});
