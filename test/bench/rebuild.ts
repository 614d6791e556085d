/** @file Section e: a new machine, with an empty data directory, goes on from the mirrors that OneDev holds. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { addCommit, generateSmall } from '../playground/repositories/index.ts';
import { type Line, median, megabytes, milliseconds } from './report.ts';
import { type ProgramRun, runProgram, type Runs } from './runs.ts';
import { StandIns } from './stand-ins.ts';

interface Watch {
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

/** Repositories that got a commit while no machine ran, and such that are gone from GitHub. */
const changed = 10;
const gone = 5;

interface Measured extends ProgramRun {
  /** Of git itself, to GitHub: a fetch each. */
  readonly fetches: number;
  /** Bytes of GitHub's answers to git. */
  readonly gitBytes: number;
}

/** First all of them as they are, then once more after some changed and some went. */
export async function measureRebuild(
  options: { readonly repositories: number; readonly rounds: number },
  { signal, say }: Watch,
): Promise<{ readonly lines: readonly Line[]; readonly runs: Runs }> {
  const { repositories: count, rounds } = options;
  const standIns = await StandIns.start();
  const { github } = standIns;
  try {
    say(`e: generating ${count} repositories`);
    const generated = await generateSmall(join(standIns.dir, 'upstream'), count);
    const ids = generated.map((one) => github.world.addRepository(one));
    for (const id of ids) github.world.star(id);
    const run = await standIns.fresh();
    const first = await runProgram(run, ['sync', '--json'], signal);
    say(`e: ${first.summary.mirrored} mirrors were made in ${milliseconds(first.wallMs)}`);
    const rebuildOnce = async (): Promise<Measured> => {
      await rm(run.dataDir, { recursive: true });
      run.onedev.log.clear();
      github.log.clear();
      const result = await runProgram(run, ['rebuild', '--json'], signal);
      const git = github.log.filter({ kind: 'git' });
      return {
        ...result,
        fetches: git.filter(({ path }) => path.endsWith('/info/refs')).length,
        gitBytes: git.reduce((sum, { bytesOut }) => sum + bytesOut, 0),
      };
    };
    const equal: Measured[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      signal.throwIfAborted();
      equal.push(await rebuildOnce());
      say(`e: rebuild of ${count} mirrors, round ${round} of ${rounds}: ${milliseconds(equal.at(-1)?.wallMs ?? 0)}`);
    }
    for (const [index, { bareDir, defaultBranch }] of generated.slice(0, changed).entries()) {
      await addCommit(bareDir, defaultBranch, 'while no machine ran');
      github.world.pushed(ids[index] ?? 0);
    }
    for (const id of ids.slice(-gone)) github.world.remove(id);
    const later = await rebuildOnce();
    const projects = run.onedev.world.projects.size;
    await run.close();
    const what = `rebuild of ${count} mirrors`;
    const most = (pick: (one: Measured) => number): number => Math.max(...equal.map(pick));
    const isEqual = equal.every(({ summary }) => summary.unchanged === count);
    return {
      runs: { epicstar: [...equal, later] },
      lines: [
        { what: `${what}: found and equal`, bound: 'all', measured: String(isEqual), isFirm: true, ok: isEqual },
        {
          what: `${what}: fetches from GitHub`,
          bound: '0',
          measured: String(most(({ fetches }) => fetches)),
          isFirm: true,
          ok: most(({ fetches }) => fetches) === 0,
        },
        { what: `${what}: whole process`, measured: milliseconds(median(equal.map(({ wallMs }) => wallMs))) },
        { what: `${what}: CPU time`, measured: milliseconds(median(equal.map(({ cpuMs }) => cpuMs))) },
        { what: `${what}: GitHub REST requests`, measured: String(most(({ cost }) => cost.githubRest)) },
        { what: `${what}: GitHub git requests (refs of each)`, measured: String(most(({ cost }) => cost.githubGit)) },
        { what: `${what}: bytes of git from GitHub`, measured: `${most(({ gitBytes }) => gitBytes)} B` },
        { what: `${what}: OneDev REST requests`, measured: String(most(({ cost }) => cost.onedevRest)) },
        { what: `${what}: OneDev git requests`, measured: String(most(({ cost }) => cost.onedevGit)) },
        { what: `${what}: git processes`, measured: String(most(({ summary }) => summary.gitProcesses)) },
        { what: `${what}: peak memory`, measured: megabytes(most(({ peakRssBytes }) => peakRssBytes)) },
        {
          what: `${what}, ${changed} changed and ${gone} gone: fetches from GitHub`,
          bound: String(changed),
          measured: String(later.fetches),
          isFirm: true,
          ok: later.fetches === changed,
        },
        {
          what: `${what}, ${changed} changed and ${gone} gone: bytes of git from GitHub`,
          measured: `${later.gitBytes} B`,
        },
        {
          what: `${what}, ${changed} changed and ${gone} gone: mirrored, projects on OneDev`,
          measured: `${later.summary.mirrored}, ${projects}`,
        },
      ],
    };
  } finally {
    await standIns.close();
  }
}
