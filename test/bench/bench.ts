/**
 * @file `npm run bench`: measures the program as a process of its own against stand-ins on this computer. Prints a table
 * and writes test-results/bench.json. Ends with 1 where a bound is broken that no busy machine can excuse.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { measureBackfill, measureLarge } from './backfill.ts';
import type { measureDesktop } from './desktop.ts';
import { measureGrowth } from './growth.ts';
import { type BenchOptions, BenchUsageError, readOptions, type Section, usage } from './options.ts';
import { measurePolite } from './polite.ts';
import { type Line, machineFacts, tableOf, writeReport } from './report.ts';
import { type Runs, usedGit, warmUp } from './runs.ts';
import { measureRebuild } from './rebuild.ts';
import { measureUnchangedRefresh } from './unchanged-refresh.ts';

const reportPath = fileURLToPath(new URL('../../test-results/bench.json', import.meta.url));
const interruptedCode = 130;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    const options = readOptions(args);
    if (options === 'help') {
      process.stdout.write(`${usage}\n`);
      return 0;
    }
    return await bench(options);
  } catch (error) {
    if (!(error instanceof BenchUsageError)) throw error;
    process.stderr.write(`bench: ${error.message}\n\n${usage}\n`);
    return 2;
  }
}

async function bench(options: BenchOptions): Promise<number> {
  const ending = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => ending.abort());
  const { signal } = ending;
  const machine = machineFacts(await gitVersion());
  say(`${machine.cores} cores (${machine.cpu}), load ${machine.load.toFixed(1)}, ${machine.git}, Node ${machine.node}`);
  await warmUp(signal);
  const lines: Line[] = [];
  const runs: Partial<Record<Section, Runs>> = {};
  for (const section of options.only) {
    try {
      const found = await measureSection(section, options, signal);
      lines.push(...found.lines);
      runs[section] = found.runs;
    } catch (error) {
      if (signal.aborted) {
        say('interrupted; what was begun is removed');
        return interruptedCode;
      }
      const words = error instanceof Error ? error.message : String(error);
      lines.push({ what: `section ${section}`, bound: 'runs', measured: 'did not', isFirm: true, ok: false });
      say(`section ${section} could not be measured: ${words}`);
    }
  }
  process.stdout.write(`${tableOf(lines)}\n`);
  await writeReport(reportPath, { at: new Date().toISOString(), machine, options, lines, runs });
  say(`all figures are in ${reportPath}`);
  return lines.some(({ ok, isFirm }) => ok === false && isFirm === true) ? 1 : 0;
}

function measureSection(section: Section, options: BenchOptions, signal: AbortSignal) {
  switch (section) {
    case 'a':
      return measureUnchangedRefresh(options, signal, say);
    case 'b':
      return measureBackfill(options, { signal, say });
    case 'c':
      return measureLarge(options, { signal, say });
    case 'e':
      return measureRebuild(options, { signal, say });
    case 'k':
      return measureGrowth(options, { signal, say });
    case 'p':
      return measurePolite(options, { signal, say });
    case 'd':
      return measureDesktopLate(options, { signal, say });
  }
}

/** It brings a browser's tools along, which the others do without. */
async function measureDesktopLate(...args: Parameters<typeof measureDesktop>): ReturnType<typeof measureDesktop> {
  const desktop = await import('./desktop.ts');
  return desktop.measureDesktop(...args);
}

function say(text: string): void {
  process.stderr.write(`bench: ${text}\n`);
}

async function gitVersion(): Promise<string> {
  const { binary, env } = await usedGit();
  const { stdout } = await promisify(execFile)(binary, ['--version'], { env: { ...process.env, ...env } });
  return stdout.trim();
}
