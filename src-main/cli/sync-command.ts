/** @file `epicstar sync`: looks once, mirrors all that is due, prints a summary. */
import {
  EpicstarError,
  type ErrorRecord,
  type LookReport,
  type NextAction,
  type RepositoryRow,
} from '../engine/core/engine-api.ts';
import type { Application, ApplicationHost, Terminal } from './application.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { showProgress } from './sync-progress.ts';
import { allRepositories, summarize, summaryLines, watchRuns } from './sync-summary.ts';
import { formatBytes, plural, printable } from './texts.ts';
import { type CommandOptions, untilInterrupted } from './with-application.ts';

export interface SyncOptions extends CommandOptions {
  readonly only: readonly string[];
  readonly dryRun: boolean;
  readonly full: boolean;
  /** Repositories that are followed although they lost most of their refs at once. */
  readonly acceptLoss: readonly string[];
  /** Repositories that are mirrored with their build definitions from now on. */
  readonly mirrorBuilds: readonly string[];
}

/** Quick retries come back within this time and are waited for; longer waits are reported instead. */
const patienceMs = 75_000;
/** Failures that nobody here can remove; what they concern comes again when something moves on GitHub. */
const hopelessActions: ReadonlySet<NextAction> = new Set(['wait', 'report']);

export function sync(host: ApplicationHost, terminal: Terminal, options: SyncOptions): Promise<ExitCode> {
  return untilInterrupted(host, terminal, options, (application) =>
    options.dryRun ? dryRun(application, terminal, options) : run(application, terminal, options),
  );
}

async function run(application: Application, terminal: Terminal, options: SyncOptions): Promise<ExitCode> {
  const { engine } = application;
  const startedMs = performance.now();
  const runs = watchRuns(engine);
  const progress = options.json ? null : showProgress(engine, terminal);
  let look: LookReport;
  let only: ReadonlySet<number> | null = null;
  try {
    if (options.only.length > 0) engine.limitTo([]);
    await engine.startOnce();
    if (await engine.awaitsSelection()) {
      const detail = 'The set-up was begun in the window and not finished: it was not chosen yet what to mirror.';
      throw new EpicstarError('config-invalid', `${detail} Finish it there: epicstar serve --open`);
    }
    look = await engine.lookNow(options.full);
    if (options.only.length > 0) {
      only = await idsOf(application, '--only', options.only);
      engine.limitTo([...only]);
      await engine.mirrorNow([...only]);
    } else {
      await engine.mirrorNow(await idsToTryAgain(application));
    }
    for (const githubId of await idsOf(application, '--accept-loss', options.acceptLoss))
      await engine.followLoss(githubId);
    for (const githubId of await idsOf(application, '--mirror-builds', options.mirrorBuilds))
      await engine.mirrorBuilds(githubId);
    await engine.drained(patienceMs);
  } finally {
    progress?.close();
  }
  if (terminal.interrupted.aborted) return exitCodes.interrupted;
  const { summary, troubles } = await summarize(engine, runs, {
    starsSeen: look.starsSeen ?? 0,
    durationMs: Math.round(performance.now() - startedMs),
    only,
  });
  if (options.json) terminal.out(JSON.stringify(summary, null, 2));
  else for (const line of summaryLines(summary)) terminal.out(line);
  for (const error of troubles) tellTrouble(terminal, error);
  if (troubles.some(({ action }) => action.startsWith('sign-in'))) return exitCodes.signedOut;
  // Whoever waits is named as skipped; that is no failure of theirs, but all is not well.
  return summary.failed.length > 0 || troubles.length > 0 ? exitCodes.someFailed : exitCodes.well;
}

function tellTrouble(terminal: Terminal, { message, nextStep }: ErrorRecord): void {
  terminal.err(`epicstar: ${printable(message)}`);
  terminal.err(nextStep);
}

/** Whoever granted a right or corrected a setting runs `sync` again and expects what failed for it to be mirrored. */
async function idsToTryAgain(application: Application): Promise<readonly number[]> {
  const ids: number[] = [];
  for await (const row of allRepositories(application.engine)) {
    if (isToTryAgain(row)) ids.push(row.repository.githubId);
  }
  return ids;
}

function isToTryAgain({ state, job, repository }: RepositoryRow): boolean {
  if (state !== 'failed' || repository.absentSince !== null || job === null || job.error === null) return false;
  return !hopelessActions.has(job.error.action);
}

/** Looks on a copy of the database and says what a real run would do. */
async function dryRun(application: Application, terminal: Terminal, options: SyncOptions): Promise<ExitCode> {
  const { engine } = application;
  engine.limitTo([]);
  await engine.startOnce();
  const look = await engine.lookNow(options.full);
  const only = options.only.length > 0 ? await idsOf(application, '--only', options.only) : null;
  const due = [];
  for await (const row of allRepositories(engine)) {
    const { repository, job } = row;
    if (only !== null && !only.has(repository.githubId)) continue;
    const isDue = job !== null && (job.state === 'queued' || job.state === 'waiting' || job.state === 'running');
    if (!isDue && only === null && !isToTryAgain(row)) continue;
    const { githubId, fullName, sizeKb } = repository;
    due.push({ githubId, fullName, cause: isDue ? job.cause : 'user', sizeKb });
  }
  const starsSeen = look.starsSeen ?? 0;
  if (options.json) {
    terminal.out(JSON.stringify({ dryRun: true, starsSeen, newStars: look.newStars, wouldMirror: due }, null, 2));
    return exitCodes.well;
  }
  for (const { fullName, cause, sizeKb } of due) {
    terminal.out(`would mirror  ${printable(fullName)} (${cause}, about ${formatBytes(sizeKb * 1024)})`);
  }
  terminal.out(
    `${plural(starsSeen, 'star', 'stars')}; ${plural(due.length, 'mirror run', 'mirror runs')} would be made.`,
  );
  return exitCodes.well;
}

/** Rejects with `config-invalid` for a name that is not among the stars. */
async function idsOf(
  application: Application,
  option: '--only' | '--accept-loss' | '--mirror-builds',
  names: readonly string[],
): Promise<ReadonlySet<number>> {
  const wanted = new Map(names.map((name) => [name.toLowerCase(), name]));
  const ids = new Set<number>();
  for await (const { repository } of allRepositories(application.engine)) {
    if (wanted.delete(repository.fullName.toLowerCase())) ids.add(repository.githubId);
  }
  const [missing] = wanted.values();
  if (missing !== undefined) {
    throw new EpicstarError('config-invalid', `${option} ${printable(missing)}: no starred repository has this name.`);
  }
  return ids;
}
