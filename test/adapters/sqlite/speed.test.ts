/**
 * @file Ten thousand repositories and a long history. The bounds are twenty times what was measured: they find what grows
 * with the square of the rows, not what a busy computer does to a figure.
 */
import { performance } from 'node:perf_hooks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
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
  ['search for a part of a name', { text: 'er3/name-7', order: 'starred' as const }],
  ['search for what no index knows', { text: '77', order: 'starred' as const }],
  ['search for what is everywhere', { text: 'git', order: 'size' as const }],
  ['one state', { state: 'queued' as const, order: 'starred' as const }],
  ['filters', { languages: ['typescript'], isFork: false, minSizeKb: 50, states: ['queued' as const] }],
  ['one state and a search', { state: 'mirrored' as const, text: 'name-1', order: 'verified' as const }],
])('lists repositories without delay: %s', async (_, query) => {
  expect(await bestMs(() => store.repositories({ ...allRepositories, ...query }))).toBeLessThan(1000);
});

it('counts what there is among ten thousand in less than 100 ms', async () => {
  expect(await bestMs(() => store.facets(allRepositories))).toBeLessThan(100);
  expect(await bestMs(() => store.facets({ ...allRepositories, text: 'git', languages: ['go'] }))).toBeLessThan(100);
  expect(await bestMs(() => store.repositoryIds({ ...allRepositories, text: 'git' }))).toBeLessThan(100);
  expect(await bestMs(() => store.sizeBy('owner', 20))).toBeLessThan(50);
  expect(await bestMs(() => store.starsOverTime(Array.from({ length: 120 }, (_, day) => day * 200)))).toBeLessThan(50);
});

it('decides anew on ten thousand in less than a second and a half', async () => {
  const decide = (turn: number) =>
    store.applySelection(
      50 + turn,
      ({ githubId }) => ({ selection: githubId % 2 === turn % 2 ? 'mirror' : 'skip', reason: `turn ${turn}` }),
      () => null,
    );
  expect(await bestMs(decide)).toBeLessThan(1_500);
  await store.applySelection(
    60,
    () => ({ selection: 'mirror', reason: '' }),
    () => 'new-star',
  );
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

it('looks through a hundred thousand runs in less than 250 ms', async () => {
  const raw = new Database(join(dataDir, 'epicstar.db'));
  const job = raw.prepare('SELECT id, github_id FROM jobs LIMIT 1').get();
  raw
    .prepare(`
      WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 99999)
      INSERT INTO runs (job_id, github_id, full_name, cause, attempt, queued_at, started_at, finished_at, outcome, report)
      SELECT @id, @github_id, 'owner' || i % 999 || '/name-' || i % 9999, 'sweep', 1, 1, 1, i * 1000,
        CASE i % 3 WHEN 0 THEN 'failed' ELSE 'done' END,
        json_object('phases', json_array(), 'created', i, 'padding', printf('%.600c', '.'))
      FROM n`)
    .run(job);
  raw.close();
  const days = Array.from({ length: 365 }, (_, day) => day * 270_000);
  const none = { ...allRuns, text: 'no such name' };
  expect(await bestMs(() => store.outcomesByDay(0, days))).toBeLessThan(250);
  expect(await bestMs(() => store.runs(none))).toBeLessThan(250);
  expect(await bestMs(() => store.runs({ ...none, outcome: 'failed', since: 5_000, until: 90_000_000 }))).toBeLessThan(
    250,
  );
  expect(await bestMs(() => store.runs({ ...allRuns, since: 99_999_999 }))).toBeLessThan(50);
  expect(await store.forgetRuns(1_000_000)).toBeGreaterThan(900);
});
