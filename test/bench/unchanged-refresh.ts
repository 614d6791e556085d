/** @file Section a: what one look costs when nothing has changed. */
import { runProgram, type Runs } from './runs.ts';
import { type Line, median, milliseconds, megabytes } from './report.ts';
import { settleAll, starAll } from './settled-stars.ts';
import { StandIns } from './stand-ins.ts';

const mostRequests = 3;

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
