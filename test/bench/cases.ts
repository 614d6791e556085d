/** @file What is measured: an unchanged refresh, a backfill of many small repositories, one large repository. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { openSqliteStore } from '../../src-main/engine/adapters/sqlite/index.ts';
import { emptyReport } from '../../src-main/engine/domain/job.ts';
import { type Github, startGithub } from '../playground/github/index.ts';
import { type Onedev, startOnedev } from '../playground/onedev/index.ts';
import { type GeneratedRepository, generateLarge, generateSmall } from '../playground/repositories/index.ts';
import { type Figure, median } from './figures.ts';
import { type Measured, runMeasured } from './measured-process.ts';

const programPath = fileURLToPath(new URL('../../src-main/headless.ts', import.meta.url));
const plainPath = fileURLToPath(new URL('plain-mirror.ts', import.meta.url));
const width = 4;

const summarySchema = z.object({
  mirrored: z.number(),
  unchanged: z.number(),
  failed: z.array(z.unknown()),
  githubRequests: z.number(),
  gitProcesses: z.number(),
});

interface Stage {
  readonly dir: string;
  readonly github: Github;
  readonly onedev: Onedev;
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

async function setStage(): Promise<Stage> {
  const dir = await mkdtemp(join(tmpdir(), 'epicstar-bench-'));
  const [github, onedev] = await Promise.all([startGithub(), startOnedev({ dataDir: join(dir, 'onedev') })]);
  const env = {
    EPICSTAR_DATA_DIR: join(dir, 'data'),
    EPICSTAR_GITHUB_API_URL: github.apiUrl,
    EPICSTAR_GITHUB_TOKEN: github.addToken(),
    EPICSTAR_ONEDEV_URL: onedev.url,
    EPICSTAR_ONEDEV_TOKEN: onedev.adminToken,
    EPICSTAR_CONCURRENCY: String(width),
    EPICSTAR_LOG_LEVEL: 'warn',
  };
  const close = async (): Promise<void> => {
    await Promise.all([github.close(), onedev.close()]);
    await rm(dir, { recursive: true, force: true });
  };
  return { dir, github, onedev, env, close };
}

async function runSync(stage: Stage, expected: { readonly mirrored: number; readonly unchanged: number }) {
  const measured = await runMeasured([programPath, 'sync', '--json'], stage.env);
  const summary = summarySchema.parse(JSON.parse(measured.stdout));
  if (summary.mirrored !== expected.mirrored || summary.unchanged !== expected.unchanged) {
    throw new Error(`the run did not do what is measured: ${measured.stdout}`);
  }
  return { measured, summary };
}

/**
 * A thousand stars of which nothing moved. The mirrors are written into the store, since making a thousand for this
 * would measure something else; the watcher's memory comes from a real look.
 */
export async function measureRefresh(stars: number): Promise<readonly Figure[]> {
  const stage = await setStage();
  try {
    for (let index = 0; index < stars; index += 1) {
      const fullName = `owner-${index % 40}/repository-${index}`;
      stage.github.world.star(
        stage.github.world.addRepository({ fullName, pushedAtMs: Date.UTC(2026, 0, 1) + index * 1000 }),
      );
    }
    await seed(stage);
    const before = stage.github.log.count({ kind: 'rest' });
    const { measured, summary } = await runSync(stage, { mirrored: 0, unchanged: stars });
    const requests = stage.github.log.count({ kind: 'rest' }) - before;
    const of = `unchanged refresh of ${stars} stars`;
    return [
      { what: `${of}: GitHub requests`, value: requests, unit: '', most: 3, isCount: true },
      { what: `${of}: git processes`, value: summary.gitProcesses, unit: '', most: 0, isCount: true },
      {
        what: `${of}: wall time, start of the program included`,
        value: measured.wallMs / 1000,
        unit: 's',
        most: null,
        isCount: false,
      },
      { what: `${of}: peak RSS`, value: (measured.peakRssBytes ?? 0) / 1e6, unit: 'MB', most: null, isCount: false },
    ];
  } finally {
    await stage.close();
  }
}

/** One real full look whose jobs are then settled as done. */
async function seed(stage: Stage): Promise<void> {
  const { createSeedEngine } = await import('./seed-engine.ts');
  const dataDir = stage.env['EPICSTAR_DATA_DIR'] ?? '';
  await createSeedEngine(stage.github.apiUrl, stage.env['EPICSTAR_GITHUB_TOKEN'] ?? '', dataDir);
  const store = await openSqliteStore({ dataDir });
  try {
    for (
      let job = await store.claimNextJob(Date.now(), true);
      job !== null;
      job = await store.claimNextJob(Date.now(), true)
    ) {
      const repository = await store.repository(job.githubId);
      if (repository === null) throw new Error(`no row for ${job.githubId}`);
      const proof = {
        projectId: String(job.githubId),
        projectPath: `github/${repository.fullName}`,
        projectUrl: null,
        fullName: repository.fullName,
        defaultBranch: repository.defaultBranch,
        pushedAt: repository.pushedAt,
        verifiedAt: Date.now(),
        refCount: 1,
        cacheBytes: 0,
      };
      const run = {
        startedAt: Date.now(),
        finishedAt: Date.now(),
        outcome: 'done' as const,
        report: emptyReport,
        error: null,
      };
      await store.settleJob(job.id, { state: 'done', proof }, run);
    }
  } finally {
    await store.close();
  }
}

async function ours(repositories: readonly GeneratedRepository[]): Promise<Measured> {
  const stage = await setStage();
  try {
    for (const one of repositories) stage.github.world.star(stage.github.world.addRepository(one));
    return (await runSync(stage, { mirrored: repositories.length, unchanged: 0 })).measured;
  } finally {
    await stage.close();
  }
}

/** The parents are there beforehand; making them is not what is compared. */
async function plain(repositories: readonly GeneratedRepository[]): Promise<Measured> {
  const stage = await setStage();
  try {
    const tasks = [];
    for (const one of repositories) {
      stage.github.world.addRepository(one);
      const [owner = '', name = ''] = one.fullName.split('/');
      const parent = await stage.onedev.ensureProject(`github/${owner}`);
      const cloneUrl = `${stage.github.gitUrl}/${one.fullName}.git`;
      tasks.push({ cloneUrl, name, parentId: parent.id, path: `github/${one.fullName}` });
    }
    const task = { onedevUrl: stage.onedev.url, token: stage.onedev.adminToken, width, repositories: tasks };
    const measured = await runMeasured([plainPath], {}, JSON.stringify(task));
    if (measured.exitCode !== 0) throw new Error('the plain script failed; its words are above');
    return measured;
  } finally {
    await stage.close();
  }
}

async function compare(
  what: string,
  repositories: readonly GeneratedRepository[],
  bounds: { readonly ratio: number; readonly rssMb: number | null },
  rounds: number,
): Promise<readonly Figure[]> {
  const ourRuns: Measured[] = [];
  const plainRuns: Measured[] = [];
  // In turns, so that what else the machine does falls on both.
  for (let round = 0; round < rounds; round += 1) {
    plainRuns.push(await plain(repositories));
    ourRuns.push(await ours(repositories));
  }
  const wall = (runs: readonly Measured[]): number => median(runs.map(({ wallMs }) => wallMs)) / 1000;
  const cpu = (runs: readonly Measured[]): number => median(runs.map(({ cpuMs }) => cpuMs ?? Number.NaN)) / 1000;
  const rss = Math.max(...ourRuns.map(({ peakRssBytes }) => peakRssBytes ?? 0)) / 1e6;
  return [
    { what: `${what}: epicstar`, value: wall(ourRuns), unit: 's', most: null, isCount: false },
    { what: `${what}: plain script`, value: wall(plainRuns), unit: 's', most: null, isCount: false },
    { what: `${what}: ratio`, value: wall(ourRuns) / wall(plainRuns), unit: '', most: bounds.ratio, isCount: false },
    { what: `${what}: CPU with git, epicstar`, value: cpu(ourRuns), unit: 's', most: null, isCount: false },
    { what: `${what}: CPU with git, plain script`, value: cpu(plainRuns), unit: 's', most: null, isCount: false },
    { what: `${what}: peak RSS of epicstar`, value: rss, unit: 'MB', most: bounds.rssMb, isCount: false },
  ];
}

export async function measureBackfill(count: number, rounds: number): Promise<readonly Figure[]> {
  return withUpstream(async (dir) =>
    compare(
      `backfill of ${count} small repositories`,
      await generateSmall(dir, count),
      { ratio: 1.25, rssMb: null },
      rounds,
    ),
  );
}

export async function measureLarge(megabytes: number, rounds: number): Promise<readonly Figure[]> {
  return withUpstream(async (dir) =>
    compare(
      `one repository of ${megabytes} MB`,
      [await generateLarge(dir, megabytes)],
      { ratio: 1.1, rssMb: 200 },
      rounds,
    ),
  );
}

async function withUpstream<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'epicstar-bench-upstream-'));
  try {
    await mkdir(dir, { recursive: true });
    return await work(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
