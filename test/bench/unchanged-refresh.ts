/**
 * @file Section a: what one look costs when nothing has changed.
 *
 * The first run is the program's own and reads the whole list, but mirrors one star alone; the others are then settled
 * in its database as that one was. Making a thousand mirrors would take minutes and leave the same rows behind.
 */
import { join } from 'node:path';
import { emptyReport } from '../../src-main/engine/domain/job.ts';
import { openSqliteStore } from '../../src-main/engine/adapters/sqlite/index.ts';
import { generateSmall } from '../playground/repositories/index.ts';
import { runProgram, type Runs } from './runs.ts';
import { type Line, median, milliseconds, megabytes } from './report.ts';
import { StandIns } from './stand-ins.ts';

const mostRequests = 3;
const sharedNameCount = 40;

export async function measureUnchangedRefresh(
  options: { readonly stars: number; readonly rounds: number },
  signal: AbortSignal,
  say: (text: string) => void,
): Promise<{ readonly lines: readonly Line[]; readonly runs: Runs }> {
  const standIns = await StandIns.start();
  try {
    const first = await starAll(standIns, options.stars);
    const run = await standIns.fresh();
    say(`a: a first look at ${options.stars} stars`);
    await runProgram(run, ['sync', '--json', '--only', first], signal);
    await settleAll(run.dataDir);
    const measured = [];
    for (let round = 1; round <= options.rounds; round += 1) {
      signal.throwIfAborted();
      run.onedev.log.clear();
      standIns.github.log.clear();
      const result = await runProgram(run, ['sync', '--json'], signal);
      if (result.summary.unchanged !== options.stars) {
        throw new Error(`${result.summary.unchanged} of ${options.stars} mirrors were found unchanged`);
      }
      say(`a: unchanged refresh ${round} of ${options.rounds}: ${Math.round(result.wallMs)} ms`);
      measured.push(result);
    }
    await run.close();
    const requests = Math.max(...measured.map(({ cost }) => cost.githubRest + cost.githubGit));
    const gits = Math.max(
      ...measured.map(({ summary, cost }) => summary.gitProcesses + cost.githubGit + cost.onedevGit),
    );
    const what = `unchanged refresh of ${options.stars} stars`;
    const lines: Line[] = [
      {
        what: `${what}: GitHub requests`,
        bound: `≤ ${mostRequests}`,
        measured: String(requests),
        isFirm: true,
        ok: requests <= mostRequests,
      },
      { what: `${what}: git processes`, bound: '0', measured: String(gits), isFirm: true, ok: gits === 0 },
      { what: `${what}: OneDev requests`, measured: String(Math.max(...measured.map(({ cost }) => cost.onedevRest))) },
      {
        what: `${what}: look and summary`,
        measured: milliseconds(median(measured.map(({ summary }) => summary.durationMs))),
      },
      { what: `${what}: whole process`, measured: milliseconds(median(measured.map(({ wallMs }) => wallMs))) },
      { what: `${what}: CPU time`, measured: milliseconds(median(measured.map(({ cpuMs }) => cpuMs))) },
      {
        what: `${what}: peak memory`,
        measured: megabytes(Math.max(...measured.map(({ peakRssBytes }) => peakRssBytes))),
      },
    ];
    return { lines, runs: { epicstar: measured } };
  } finally {
    await standIns.close();
  }
}

/** All share one small bare repository; none of it is read but for one. @returns the name of the newest star */
async function starAll(standIns: StandIns, count: number): Promise<string> {
  const [shared] = await generateSmall(join(standIns.dir, 'upstream'), 1);
  if (shared === undefined) throw new Error('no repository was generated');
  const { world } = standIns.github;
  const firstMs = Date.now() - (count + 60) * 60_000;
  let fullName = '';
  for (let index = 0; index < count; index += 1) {
    fullName = `owner-${Math.floor(index / sharedNameCount)}/star-${index}`;
    // Pushes and stars lie a minute apart, as nothing is equal in a real list either.
    const atMs = firstMs + index * 60_000;
    world.star(world.addRepository({ fullName, bareDir: shared.bareDir, pushedAtMs: atMs }), atMs);
  }
  return fullName;
}

async function settleAll(dataDir: string): Promise<void> {
  const store = await openSqliteStore({ dataDir });
  try {
    for (;;) {
      const at = Date.now();
      const job = await store.claimNextJob(at, true);
      if (job === null) return;
      const repository = await store.repository(job.githubId);
      const proof = {
        projectId: String(job.githubId),
        projectPath: `github/${job.fullName}`,
        projectUrl: null,
        fullName: job.fullName,
        defaultBranch: repository?.defaultBranch ?? null,
        pushedAt: repository?.pushedAt ?? null,
        verifiedAt: at,
        refCount: 1,
        cacheBytes: 0,
      };
      const facts = { startedAt: at, finishedAt: at, outcome: 'done', report: emptyReport, error: null } as const;
      await store.settleJob(job.id, { state: 'done', proof }, facts);
    }
  } finally {
    await store.close();
  }
}
