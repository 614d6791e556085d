/**
 * @file `epicstar rebuild`: finds the mirrors that the target holds, looks at the starred list, compares both ends of all
 * that is due, and says what was found.
 */
import type { FoundReport } from '../engine/core/engine-api.ts';
import type { Application, ApplicationHost, Terminal } from './application.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { showProgress } from './sync-progress.ts';
import { allRepositories, summarize, summaryLines, watchRuns } from './sync-summary.ts';
import { plural, printable } from './texts.ts';
import { type CommandOptions, untilInterrupted } from './with-application.ts';

export interface RebuildOptions extends CommandOptions {
  /** Says what is there, on a copy of the database. */
  readonly dryRun: boolean;
}

/** Quick retries come back within this time and are waited for; longer waits are reported instead. */
const patienceMs = 75_000;

export function rebuild(host: ApplicationHost, terminal: Terminal, options: RebuildOptions): Promise<ExitCode> {
  return untilInterrupted(host, terminal, options, (application) => run(application, terminal, options));
}

async function run({ engine }: Application, terminal: Terminal, options: RebuildOptions): Promise<ExitCode> {
  const { json, dryRun } = options;
  const startedMs = performance.now();
  const runs = watchRuns(engine);
  if (dryRun) engine.limitTo([]);
  await engine.startOnce();
  const found = await engine.findMirrors(terminal.interrupted);
  if (!json) for (const line of foundLines(found)) terminal.out(line);
  const look = await engine.lookNow(true);
  const progress = json || dryRun ? null : showProgress(engine, terminal);
  try {
    await engine.drained(patienceMs);
  } finally {
    progress?.close();
  }
  if (terminal.interrupted.aborted) return exitCodes.interrupted;
  const missing = await notStarred(engine);
  const costs = { starsSeen: look.starsSeen ?? 0, durationMs: Math.round(performance.now() - startedMs), only: null };
  const { summary, troubles } = await summarize(engine, runs, costs);
  if (json) terminal.out(JSON.stringify({ dryRun, found, notStarred: missing, ...summary }, null, 2));
  else {
    for (const { fullName, verdict } of missing) {
      terminal.out(`not starred   ${printable(fullName)}: ${verdictWords[verdict ?? 'none']}`);
    }
    if (!dryRun) for (const line of summaryLines(summary)) terminal.out(line);
  }
  for (const { message, nextStep } of troubles) terminal.err(`epicstar: ${printable(message)} ${nextStep}`);
  if (troubles.some(({ action }) => action.startsWith('sign-in'))) return exitCodes.signedOut;
  return summary.failed.length > 0 || (troubles.length > 0 && !dryRun) ? exitCodes.someFailed : exitCodes.well;
}

const verdictWords = {
  none: 'GitHub is asked about it at the next look',
  unstarred: 'it is on GitHub and has no star of yours; its mirror stays as it is',
  'made-private': 'it was made private; its mirror stays as it is',
  gone: 'GitHub has it no more; it is asked once more in an hour',
  blocked: 'GitHub shows a notice in its place; it is asked once more in an hour',
  moved: 'it has another name now',
} as const;

interface NotStarred {
  readonly githubId: number;
  readonly fullName: string;
  readonly verdict: Exclude<keyof typeof verdictWords, 'none'> | null;
}

/** Mirrors of what is not in the starred list. */
async function notStarred(engine: Application['engine']): Promise<readonly NotStarred[]> {
  const missing: NotStarred[] = [];
  for await (const { repository } of allRepositories(engine)) {
    const { githubId, fullName, verdict, absentSince, mirror } = repository;
    if (absentSince !== null && mirror !== null) missing.push({ githubId, fullName, verdict: verdict?.kind ?? null });
  }
  return missing;
}

function foundLines(found: FoundReport): readonly string[] {
  const { address, moved, ofOtherGithub, copies, unreadable } = found;
  return [
    `${plural(found.found, 'mirror', 'mirrors')} found on ${printable(address)}.`,
    ...(moved === 0 ? [] : [`${plural(moved, 'stands', 'stand')} elsewhere than was known.`]),
    ...(ofOtherGithub === 0 ? [] : [`${ofOtherGithub} of another GitHub were left alone.`]),
    ...[...copies, ...unreadable].map((text) => `note          ${printable(text)}`),
  ];
}
