/**
 * @file Sections b and c: the first mirroring of repositories by the program, against plain git with a script, in turns,
 * so that a machine that grows slower does so for both.
 */
import { join } from 'node:path';
import { type GeneratedRepository, generateLarge, generateSmall, readTips } from '../playground/repositories/index.ts';
import { type Line, median, megabytes, milliseconds, ratio } from './report.ts';
import { type ProgramRun, runPlain, runProgram, type Runs, type SideRun } from './runs.ts';
import { type Run, StandIns } from './stand-ins.ts';

/** The program's own default. */
const width = 4;
/** Mirrors whose refs are looked at after a run; to look at all would take longer than the run. */
const checkedMirrors = 20;

interface Comparison {
  readonly section: 'b' | 'c';
  readonly what: string;
  readonly mostRatio: number;
  /** Of the program's process without git; null: not bounded. */
  readonly mostRssBytes: number | null;
  readonly rounds: number;
}

interface Watch {
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

interface Findings {
  readonly lines: readonly Line[];
  readonly runs: Runs;
}

export function measureBackfill(options: { readonly repositories: number; readonly rounds: number }, watch: Watch) {
  const comparison = {
    section: 'b',
    what: `backfill of ${options.repositories} small repositories`,
    mostRatio: 1.25,
    mostRssBytes: null,
    rounds: options.rounds,
  } as const;
  return compare(comparison, (dir) => generateSmall(dir, options.repositories), watch);
}

export function measureLarge(options: { readonly megabytes: number; readonly rounds: number }, watch: Watch) {
  const comparison = {
    section: 'c',
    what: `one repository of ${options.megabytes} MB`,
    mostRatio: 1.1,
    mostRssBytes: 200e6,
    rounds: options.rounds,
  } as const;
  return compare(comparison, async (dir) => [await generateLarge(dir, options.megabytes)], watch);
}

async function compare(
  comparison: Comparison,
  generate: (dir: string) => Promise<readonly GeneratedRepository[]>,
  { signal, say }: Watch,
): Promise<Findings> {
  const { section, what, rounds } = comparison;
  const standIns = await StandIns.start();
  try {
    say(`${section}: generating ${what.replace(/^backfill of /, '')}`);
    const generated = await generate(join(standIns.dir, 'upstream'));
    for (const one of generated) standIns.github.world.star(standIns.github.world.addRepository(one));
    const plainWork = { width, gitUrl: standIns.github.gitUrl, fullNames: generated.map(({ fullName }) => fullName) };
    const epicstar: ProgramRun[] = [];
    const plain: SideRun[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      signal.throwIfAborted();
      const ours = await withRun(standIns, generated, (run) => runProgram(run, ['sync', '--json'], signal));
      if (ours.summary.mirrored !== generated.length) {
        throw new Error(`${ours.summary.mirrored} of ${generated.length} repositories were mirrored`);
      }
      epicstar.push(ours);
      say(`${section}: epicstar, round ${round} of ${rounds}: ${describe(ours)}`);
      const theirs = await withRun(standIns, generated, (run) => runPlain(run, plainWork, signal));
      plain.push(theirs);
      say(`${section}: plain git, round ${round} of ${rounds}: ${describe(theirs)}`);
    }
    return { lines: linesOf(comparison, epicstar, plain), runs: { epicstar, plain } };
  } finally {
    await standIns.close();
  }
}

function describe({ wallMs, cpuMs }: SideRun): string {
  return `${milliseconds(wallMs)}, CPU ${milliseconds(cpuMs)}`;
}

/** Runs one side on a OneDev of its own and sees that the mirrors are there. */
async function withRun<T>(
  standIns: StandIns,
  generated: readonly GeneratedRepository[],
  work: (run: Run) => Promise<T>,
): Promise<T> {
  const run = await standIns.fresh();
  try {
    const result = await work(run);
    const step = Math.max(1, Math.floor(generated.length / checkedMirrors));
    for (const { fullName, bareDir } of generated.filter((_, index) => index % step === 0)) {
      const project = run.onedev.world.findByPath(`github/${fullName}`);
      if (project === undefined) throw new Error(`OneDev has no project github/${fullName}`);
      const [source, mirror] = await Promise.all([readTips(bareDir), readTips(run.onedev.repositoryDir(project))]);
      if (JSON.stringify(source) !== JSON.stringify(mirror)) throw new Error(`the mirror of ${fullName} differs`);
    }
    return result;
  } finally {
    await run.close();
  }
}

function linesOf(comparison: Comparison, epicstar: readonly ProgramRun[], plain: readonly SideRun[]): readonly Line[] {
  const { what, mostRatio, mostRssBytes } = comparison;
  const of = (runs: readonly SideRun[], pick: (run: SideRun) => number): number => median(runs.map(pick));
  const both = (title: string, pick: (run: SideRun) => number, format: (value: number) => string): Line => ({
    what: `${what}: ${title}, epicstar and plain`,
    measured: `${format(of(epicstar, pick))} and ${format(of(plain, pick))}`,
  });
  const wall = medianOfRounds(epicstar, plain, ({ wallMs }) => wallMs);
  const cpu = medianOfRounds(epicstar, plain, ({ cpuMs }) => cpuMs);
  const stall = median(epicstar.map(({ stallP99Ms }) => stallP99Ms));
  const peak = Math.max(...epicstar.map(({ peakRssBytes }) => peakRssBytes));
  return [
    {
      what: `${what}: time against plain git`,
      bound: `≤ ${mostRatio}`,
      measured: ratio(wall),
      isFirm: false,
      ok: wall <= mostRatio,
    },
    {
      what: `${what}: stalls of the process, 99 of 100 below`,
      bound: '< 50 ms',
      measured: `${milliseconds(stall)} (longest ${milliseconds(Math.max(...epicstar.map((run) => run.stallMostMs)))})`,
      isFirm: false,
      ok: stall < 50,
    },
    { what: `${what}: CPU time against plain git`, measured: ratio(cpu) },
    both('time', ({ wallMs }) => wallMs, milliseconds),
    both('CPU time', ({ cpuMs }) => cpuMs, milliseconds),
    both('of which Node', ({ ownCpuMs }) => ownCpuMs, milliseconds),
    both('CPU time of the stand-ins', ({ standInsCpuMs }) => standInsCpuMs ?? Number.NaN, milliseconds),
    both('REST requests', ({ cost }) => cost.githubRest + cost.onedevRest, String),
    both('git requests', ({ cost }) => cost.githubGit + cost.onedevGit, String),
    {
      what: `${what}: git processes of epicstar`,
      measured: String(median(epicstar.map(({ summary }) => summary.gitProcesses))),
    },
    {
      what: `${what}: peak memory of epicstar's Node`,
      measured: megabytes(peak),
      ...(mostRssBytes === null
        ? {}
        : { bound: `< ${megabytes(mostRssBytes)}`, isFirm: true, ok: peak < mostRssBytes }),
    },
  ];
}

/** Of the ratios within a round, whose two runs follow each other: what slows the machine down slows both. */
function medianOfRounds(
  epicstar: readonly SideRun[],
  plain: readonly SideRun[],
  pick: (run: SideRun) => number,
): number {
  return median(
    plain.flatMap((theirs, round) => epicstar.slice(round, round + 1).map((ours) => pick(ours) / pick(theirs))),
  );
}
