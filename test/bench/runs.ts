/** @file One measured run of the program, or of the plain script. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { bundledGitDir, locateGit } from '../../src-main/engine/adapters/git/location.ts';
import { type Measured, runMeasured } from './measured-program.ts';
import type { Order } from './plain-mirror.ts';
import { type Cost, cpuOfAllMs, type Run } from './stand-ins.ts';

const programPath = fileURLToPath(new URL('../../src-main/headless.ts', import.meta.url));
const plainPath = fileURLToPath(new URL('plain-mirror.ts', import.meta.url));

const summarySchema = z.object({
  mirrored: z.number(),
  unchanged: z.number(),
  githubRequests: z.number(),
  gitProcesses: z.number(),
  bytesReceived: z.number(),
  durationMs: z.number(),
});

export type Summary = z.output<typeof summarySchema>;

export interface SideRun extends Omit<Measured, 'stdout'> {
  readonly cost: Cost;
  /** What the stand-ins took for it, their git included; null where the system does not tell. */
  readonly standInsCpuMs: number | null;
}

export interface ProgramRun extends SideRun {
  readonly summary: Summary;
}

export interface Runs {
  readonly epicstar: readonly ProgramRun[];
  readonly plain?: readonly SideRun[];
}

async function measure(run: Run, work: () => Promise<Measured>): Promise<SideRun & Pick<Measured, 'stdout'>> {
  const beforeMs = cpuOfAllMs();
  const measured = await work();
  const afterMs = cpuOfAllMs();
  const standInsCpuMs = beforeMs === null || afterMs === null ? null : afterMs - beforeMs - measured.cpuMs;
  return { ...measured, cost: run.cost(), standInsCpuMs };
}

/** @param change more of the environment */
export async function runProgram(
  run: Run,
  args: readonly string[],
  signal: AbortSignal,
  change: Readonly<Record<string, string>> = {},
): Promise<ProgramRun> {
  const { stdout, ...rest } = await measure(run, () =>
    runMeasured({
      scriptPath: programPath,
      args,
      env: { ...run.environment, ...change },
      usageFile: join(run.dir, 'usage.json'),
      signal,
    }),
  );
  return { ...rest, summary: summarySchema.parse(JSON.parse(stdout)) };
}

export interface PlainWork {
  readonly width: number;
  readonly gitUrl: string;
  readonly fullNames: readonly string[];
}

/** Root and owners are made beforehand and not counted. */
export async function runPlain(run: Run, work: PlainWork, signal: AbortSignal): Promise<SideRun> {
  const repositories = [];
  for (const fullName of work.fullNames) {
    const [owner = '', name = ''] = fullName.split('/');
    const parentPath = `github/${owner}`;
    const parent = await run.onedev.ensureProject(parentPath);
    repositories.push({ cloneUrl: `${work.gitUrl}/${fullName}.git`, parentId: parent.id, parentPath, name });
  }
  const workDir = join(run.dir, 'plain');
  await mkdir(workDir);
  const { binary, env } = await usedGit();
  const order: Order = {
    git: { binary, env },
    onedevUrl: run.onedev.url,
    token: run.onedev.adminToken,
    width: work.width,
    workDir,
    repositories,
  };
  const { stdout: _, ...rest } = await measure(run, () =>
    runMeasured({
      scriptPath: plainPath,
      args: [],
      env: {},
      input: JSON.stringify(order),
      usageFile: join(run.dir, 'usage.json'),
      signal,
    }),
  );
  return rest;
}

/** Where compiled sources are kept, the first start alone compiles, which is not to be measured. */
export async function warmUp(signal: AbortSignal): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'epicstar-measure-'));
  try {
    await runMeasured({
      scriptPath: programPath,
      args: ['status', '--json'],
      env: { EPICSTAR_DATA_DIR: join(dir, 'data'), EPICSTAR_TARGET: 'folder', EPICSTAR_FOLDER: join(dir, 'mirrors') },
      usageFile: join(dir, 'usage.json'),
      signal,
    });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** The git that the program finds, so that both sides run the same one. */
export function usedGit() {
  return locateGit({ processEnv: process.env, platform: process.platform, bundledDir: bundledGitDir() });
}
