/**
 * @file Section d: what the desktop costs a person who does nothing, on the Electron of the tests, attached to an engine
 * whose stars are all safe. Linux alone.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type Desktop, DesktopBench, type EngineAddress, refusal } from '../electron/desktop-bench.ts';
import { Program } from '../support/program.ts';
import { costOf, type ProcessCost } from './process-cost.ts';
import { type Line, median, megabytes, milliseconds } from './report.ts';
import { runProgram, type Runs } from './runs.ts';
import { settleAll, starAll } from './settled-stars.ts';
import { type Run, StandIns } from './stand-ins.ts';

interface DesktopOptions {
  readonly stars: number;
  readonly rounds: number;
  readonly minutes: number;
}

interface Hooks {
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

/** What a start leaves to be done is done by then. */
const settleMs = 20_000;

export async function measureDesktop(
  options: DesktopOptions,
  hooks: Hooks,
): Promise<{ readonly lines: readonly Line[]; readonly runs: Runs }> {
  if (refusal !== null) throw new Error(refusal);
  const standIns = await StandIns.start();
  let bench: DesktopBench | null = null;
  let engine: Program | null = null;
  let run: Run | null = null;
  try {
    const first = await starAll(standIns, options.stars);
    run = await standIns.fresh();
    hooks.say(`d: a first look at ${options.stars} stars`);
    await runProgram(run, ['sync', '--json', '--only', first], hooks.signal);
    await settleAll(run.dataDir);
    engine = new Program(['serve', '--port', '0', '--json'], run.environment);
    const [, address = ''] = await engine.waitFor(/"urlWithToken":"([^"]+)"/);
    const url = new URL(address);
    bench = await DesktopBench.open();
    const parts: Parts = {
      bench,
      engine: { url: `${url.origin}/`, token: url.searchParams.get('token') ?? '' },
      says: /stars are safe/,
      ...hooks,
    };
    const lines = [
      ...(await measureStarts(parts, options.rounds)),
      ...(await measureRest(parts, engine.pid, options.minutes)),
    ];
    return { lines, runs: { epicstar: [] } };
  } finally {
    await bench?.close();
    await engine?.stop();
    await run?.close();
    await standIns.close();
  }
}

interface Parts extends Hooks {
  readonly bench: DesktopBench;
  readonly engine: EngineAddress;
  /** What the tray says when it knows. */
  readonly says: RegExp;
}

async function measureStarts({ bench, engine, says, signal, say }: Parts, rounds: number): Promise<readonly Line[]> {
  const trays: number[] = [];
  const truths: number[] = [];
  const windows: number[] = [];
  // The first one fills the caches of the system and is not counted.
  for (let round = 0; round <= rounds; round += 1) {
    signal.throwIfAborted();
    const home = await bench.makeHome();
    const startMs = performance.now();
    const start = bench.start(home, engine);
    const at = async (pattern: RegExp): Promise<number> => {
      await start.says(pattern);
      return performance.now() - startMs;
    };
    const [tray, truth, window] = await Promise.all([at(/tray: /), at(says), at(/window: ready/)]);
    await start.kill();
    if (round === 0) continue;
    trays.push(tray);
    truths.push(truth);
    windows.push(window);
    say(`d: start ${round} of ${rounds}: tray ${milliseconds(tray)}, window ${milliseconds(window)}`);
  }
  return [
    { what: 'start to tray', measured: milliseconds(median(trays)) },
    { what: 'start to the truth in the tray', measured: milliseconds(median(truths)) },
    { what: 'start to the first picture of the window', measured: milliseconds(median(windows)) },
  ];
}

async function measureRest(parts: Parts, enginePid: number, minutes: number): Promise<readonly Line[]> {
  const { bench, engine, says, signal, say } = parts;
  const home = await bench.makeHome();
  const hidden = bench.start(home, engine, ['--hidden']);
  await hidden.says(says);
  await delay(settleMs, undefined, { signal });
  say(`d: ${minutes} minutes at rest, no window made`);
  const watched = await Promise.all([atRest(hidden.pid, minutes, signal), atRest(enginePid, minutes, signal)]);
  const lines = [...linesOf('no window made yet', watched[0]), ...linesOf('the engine beside it', watched[1])];
  await hidden.kill();

  const desktop = await bench.launch(await bench.makeHome(), engine);
  const pid = desktop.app.process().pid ?? 0;
  await desktop.window();
  await desktop.tooltip(says);
  await delay(settleMs, undefined, { signal });
  lines.push({ what: 'memory, window shown', measured: megabytes(costOf(pid).pssBytes) });
  await hide(desktop);
  await delay(settleMs, undefined, { signal });
  say(`d: ${minutes} minutes at rest, window hidden`);
  lines.push(...linesOf('window hidden', await atRest(pid, minutes, signal)));
  await desktop.kill();
  return lines;
}

async function hide(desktop: Desktop): Promise<void> {
  await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().forEach((window) => window.close()));
  await desktop.visible(0);
}

interface Rest {
  readonly before: ProcessCost;
  readonly after: ProcessCost;
  readonly minutes: number;
}

async function atRest(pid: number, minutes: number, signal: AbortSignal): Promise<Rest> {
  const before = costOf(pid);
  await delay(minutes * 60_000, undefined, { signal });
  return { before, after: costOf(pid), minutes };
}

function linesOf(what: string, { before, after, minutes }: Rest): Line[] {
  const perMinute = (count: (cost: ProcessCost) => number): number => (count(after) - count(before)) / minutes;
  const cpuMs = perMinute((cost) => cost.cpuMs);
  const wakes = perMinute((cost) => cost.wakes) / 60;
  return [
    { what: `memory, ${what}`, measured: `${megabytes(after.pssBytes)} in ${after.processes} processes` },
    { what: `CPU a minute, ${what}`, measured: `${milliseconds(cpuMs)} (${(cpuMs / 600).toFixed(2)} %)` },
    { what: `wakes a second, ${what}`, measured: wakes.toFixed(1) },
  ];
}
