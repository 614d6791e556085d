/**
 * @file Kills the program at random moments of a backfill, again and again on the same data, while upstream goes on
 * changing: at the end nothing is lost, doubled or stuck.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSqliteStore } from '../../src-main/engine/adapters/sqlite/index.ts';
import type { Run } from '../../src-main/engine/domain/job.ts';
import type { RepositoryRow } from '../../src-main/engine/ports/store.ts';
import { type Github, startGithub } from '../playground/github/index.ts';
import { type Onedev, startOnedev } from '../playground/onedev/index.ts';
import {
  addCommit,
  type GeneratedRepository,
  generateSmall,
  readTips,
  runGit,
} from '../playground/repositories/index.ts';

const programPath = fileURLToPath(new URL('../../src-main/headless.ts', import.meta.url));
const repositoryCount = 30;
const crashes = Number(process.env['EPICSTAR_CRASHES'] ?? '100');
/** The program needs about 600 ms to its first request; a backfill of 30 takes some seconds. */
const leastLifeMs = 350;
const mostLifeMs = 1_400;

let dir: string;
let github: Github;
let onedev: Onedev;
let generated: readonly GeneratedRepository[];
const ids = new Map<string, number>();
let env: Record<string, string>;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'epicstar-crash-'));
  [github, onedev] = await Promise.all([startGithub(), startOnedev({ dataDir: join(dir, 'onedev') })]);
  generated = await generateSmall(join(dir, 'upstream'), repositoryCount);
  for (const one of generated) {
    const id = github.world.addRepository(one);
    ids.set(one.fullName, id);
    github.world.star(id);
  }
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('EPICSTAR_'),
  );
  env = {
    ...Object.fromEntries(inherited),
    // Starts are half as long with it, so that kills meet more work.
    NODE_COMPILE_CACHE: join(tmpdir(), 'epicstar-compile-cache'),
    EPICSTAR_DATA_DIR: join(dir, 'data'),
    EPICSTAR_GITHUB_API_URL: github.apiUrl,
    EPICSTAR_GITHUB_TOKEN: github.addToken(),
    EPICSTAR_ONEDEV_URL: onedev.url,
    EPICSTAR_ONEDEV_TOKEN: onedev.adminToken,
  };
});

afterAll(async () => {
  await Promise.all([github.close(), onedev.close()]);
  await rm(dir, { recursive: true, force: true });
});

it(`loses, doubles and wedges nothing over ${crashes} kills at random moments`, async () => {
  const random = seeded(20_261_124);
  for (let crash = 0; crash < crashes; crash += 1) {
    const child = start();
    const ended = exitOf(child);
    await Promise.race([delay(leastLifeMs + random() * (mostLifeMs - leastLifeMs)), ended]);
    killTree(child);
    await ended;
    // There is always something left to do, of every kind.
    if (crash % 3 === 2) await changeUpstream(random);
  }

  const last = start('--full');
  expect(await exitOf(last)).toBe(0);

  const store = await openSqliteStore({ dataDir: join(dir, 'data') });
  try {
    const { items } = await store.repositories({ text: '', state: null, order: 'name', offset: 0, limit: 200 });
    const totals = await store.totals();
    expect(totals).toMatchObject({ starred: repositoryCount, mirrored: repositoryCount, failed: 0 });
    expect(totals.jobs).toMatchObject({ queued: 0, running: 0, waiting: 0 });
    expect(new Set(items.map(({ repository }) => repository.githubId)).size).toBe(repositoryCount);
    await expectOneProjectEach(items);
    for (const one of generated) await expectEqual(one);
    expectHistory(await allRuns());
  } finally {
    await store.close();
  }
  await expectNoLocks();

  async function allRuns(): Promise<readonly Run[]> {
    const runs: Run[] = [];
    for (;;) {
      const query = { githubId: null, outcome: null, since: null, offset: runs.length, limit: 200 } as const;
      const page = await store.runs(query);
      runs.push(...page.items);
      if (runs.length >= page.total) return runs;
    }
  }
}, 280_000);

function start(...options: readonly string[]): ChildProcess {
  const args = ['--disable-warning=ExperimentalWarning', programPath, 'sync', '--json', ...options];
  return spawn(process.execPath, args, { env, stdio: 'ignore', detached: true });
}

/** The program alone: git processes of its run go on for a while, as they would, and the next start meets them. */
function killTree(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  process.kill(-child.pid, 'SIGKILL');
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code));
  });
}

async function changeUpstream(random: () => number): Promise<void> {
  const one = generated[Math.floor(random() * generated.length)];
  if (one === undefined) return;
  const tips = await readTips(one.bareDir);
  if (random() < 0.5) {
    await addCommit(one.bareDir, 'main', `change ${random()}`);
  } else {
    // A force-push: the branch goes back to where another one stands, and forward from there.
    const other = Object.entries(tips).find(([ref]) => ref.startsWith('refs/heads/topic-'))?.[1];
    await runGit(one.bareDir, ['update-ref', 'refs/heads/main', other ?? tips['refs/heads/main'] ?? '']);
    await addCommit(one.bareDir, 'main', `rewrite ${random()}`);
  }
  github.world.pushed(ids.get(one.fullName) ?? 0);
}

async function expectEqual(one: GeneratedRepository): Promise<void> {
  const project = onedev.world.findByPath(`github/${one.fullName}`);
  expect(project, one.fullName).toBeDefined();
  if (project === undefined) return;
  const mirrorDir = onedev.repositoryDir(project);
  const [source, mirror] = await Promise.all([readTips(one.bareDir), readTips(mirrorDir)]);
  const wanted = Object.entries(mirror).filter(([ref]) => /^refs\/(heads|tags)\//.test(ref));
  expect(Object.fromEntries(wanted), one.fullName).toEqual(source);
  await runGit(mirrorDir, ['fsck', '--connectivity-only', '--no-dangling']);
}

async function expectOneProjectEach(rows: readonly RepositoryRow[]): Promise<void> {
  const response = await fetch(`${onedev.url}/~api/projects?query=&offset=0&count=1000`, {
    headers: { authorization: `Bearer ${onedev.adminToken}` },
  });
  const text = await response.text();
  const marks = [...text.matchAll(/epicstar-github-id:(\d+);/g)].map(([, id]) => Number(id));
  expect(marks.toSorted((a, b) => a - b)).toEqual(
    rows.map(({ repository }) => repository.githubId).toSorted((a, b) => a - b),
  );
  const roots = [...text.matchAll(/"path"\s*:\s*"github"/g)];
  expect(roots).toHaveLength(1);
}

/** A run that a kill cut is told as such; none is told twice, and none has no end. */
function expectHistory(runs: readonly Run[]): void {
  const outcomes = new Set(runs.map(({ outcome }) => outcome));
  expect(outcomes).toContain('interrupted');
  expect(outcomes).toContain('done');
  expect(new Set(runs.map(({ id }) => id)).size).toBe(runs.length);
  const ended = runs.filter(({ outcome }) => outcome === 'done').map(({ jobId }) => jobId);
  expect(new Set(ended).size).toBe(ended.length);
  // Every orphan was queued again once: the attempts of a job that took one have no gap and no double.
  const counted = runs.filter(({ outcome }) => ['interrupted', 'retry', 'done'].includes(outcome));
  for (const [jobId, ofJob] of Map.groupBy(counted, (run) => run.jobId)) {
    const attempts = ofJob.map(({ attempt }) => attempt).toSorted((a, b) => a - b);
    expect(attempts, `attempts of the job ${jobId}`).toEqual(attempts.map((_, index) => index + 1));
  }
}

/** What git held when it was killed would keep later runs out, or take room for ever. */
async function expectNoLocks(): Promise<void> {
  const files = await readdir(dir, { recursive: true });
  // The data directory's own lock is a file that stays; who holds it is the system's to know.
  const left = files.filter((file) => /\.lock$|tmp_pack_|incoming-/.test(file) && !file.endsWith('epicstar.lock'));
  expect(left).toEqual([]);
}

/** Mulberry32: the same moments in every run, as far as a machine can be the same. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
