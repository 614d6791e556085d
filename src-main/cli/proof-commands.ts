/** @file Commands that prove mirrors: `verify` compares both ends, `drill` tries a restore. What they find is kept. */
import {
  type Drill,
  type DrillOf,
  type DrillResult,
  type EngineControl,
  EpicstarError,
  type VerifyReport,
} from '../engine/core/engine-api.ts';
import type { ApplicationHost, Terminal } from './application.ts';
import { type ExitCode, exitCodeOf, exitCodes } from './exit-codes.ts';
import { chosen, find, type ReadOptions } from './read-commands.ts';
import { formatBytes, formatCount } from '../../src-preload/contract/words.ts';
import { formatTime, plural, printable } from './texts.ts';
import { withApplication } from './with-application.ts';

/** Beside another epicstar that works on the same data directory nothing is kept. */
function proving(
  host: ApplicationHost,
  options: ReadOptions,
  work: (engine: EngineControl) => Promise<ExitCode>,
): Promise<ExitCode> {
  return withApplication(host, options, { mode: 'work-or-read' }, ({ engine }) => work(engine));
}

export interface VerifyOptions extends ReadOptions {
  /** Empty: all mirrors. */
  readonly names: readonly string[];
}

/** Each takes one request to GitHub and a listing of either end. */
const lanes = 4;

export function verify(host: ApplicationHost, terminal: Terminal, options: VerifyOptions): Promise<ExitCode> {
  return proving(host, options, async (engine) => {
    const rows = await chosen(engine, options.names);
    const reports: VerifyReport[] = [];
    const rest = rows.entries();
    await Promise.all(
      Array.from({ length: lanes }, async () => {
        for (const [index, { repository }] of rest) {
          if (terminal.interrupted.aborted) return;
          const report = await engine.verify(repository.githubId, terminal.interrupted);
          reports[index] = report;
          if (!options.json) terminal.out(verifyLine(report));
        }
      }),
    );
    if (terminal.interrupted.aborted) return exitCodes.interrupted;
    if (options.json) terminal.out(JSON.stringify(reports, null, 2));
    else for (const line of summaryOf(reports)) terminal.out(line);
    if (reports.some(({ error }) => error?.action.startsWith('sign-in'))) return exitCodes.signedOut;
    return reports.every(isWell) ? exitCodes.well : exitCodes.someFailed;
  });
}

function isWell({ state }: VerifyReport): boolean {
  return state === 'same' || state === 'same-as-proven';
}

function summaryOf(reports: readonly VerifyReport[]): readonly string[] {
  const count = (state: VerifyReport['state']): number => reports.filter((report) => report.state === state).length;
  const proven = count('same-as-proven');
  const told = `${count('same')} of ${plural(reports.length, 'mirror', 'mirrors')} equal GitHub`;
  const asked = reports.filter(({ isRepairAsked }) => isRepairAsked).length;
  return [
    proven === 0 ? `${told}.` : `${told}, ${proven} more are as they were proven.`,
    ...(asked === 0 ? [] : [`${plural(asked, 'mirror is', 'mirrors are')} mirrored again at the next sync.`]),
  ];
}

function verifyLine(report: VerifyReport): string {
  const name = printable(report.fullName);
  switch (report.state) {
    case 'same': {
      const unfit = report.unfitRefs === 0 ? '' : `, ${plural(report.unfitRefs, 'ref', 'refs')} left out`;
      return `same          ${name}: ${plural(report.refCount, 'ref', 'refs')}${unfit}`;
    }
    case 'same-as-proven': {
      const when = report.provenAt === null ? '' : ` on ${formatTime(report.provenAt)} UTC`;
      return `as proven     ${name}: ${plural(report.refCount, 'ref', 'refs')}, as they were proven${when}`;
    }
    case 'differs':
      return `DIFFERS       ${name}: ${report.differences.map(printable).join('; ')}`;
    case 'not-mirrored':
      return `not mirrored  ${name}`;
    case 'failed':
      return `FAILED        ${name}: ${printable(report.error?.message ?? '')} ${report.error?.nextStep ?? ''}`.trimEnd();
  }
}

export interface DrillOptions extends ReadOptions {
  /** Null: the longest not tried. */
  readonly repository: string | null;
}

export function drill(host: ApplicationHost, terminal: Terminal, options: DrillOptions): Promise<ExitCode> {
  return proving(host, options, async (engine) => {
    const tried = await tryOne(engine, terminal, options.repository);
    if (options.json) terminal.out(JSON.stringify(tried, null, 2));
    else terminal.out(drillLine(tried));
    const { result, error } = tried.drill;
    if (error !== null && result === 'failed') return exitCodeOf(new EpicstarError(error.code, ''));
    return result === 'fine' ? exitCodes.well : exitCodes.someFailed;
  });
}

async function tryOne(engine: EngineControl, terminal: Terminal, name: string | null): Promise<DrillOf> {
  const repository = name === null ? await engine.nextToDrill() : (await find(engine, name)).repository;
  if (repository === null)
    throw new EpicstarError('config-invalid', 'There is no mirror yet that could be restored from.');
  const { githubId, fullName } = repository;
  return { githubId, fullName, drill: await engine.drill(githubId, terminal.interrupted) };
}

const words: Readonly<Record<DrillResult, string>> = {
  fine: 'fine    ',
  differs: 'DIFFERS ',
  damaged: 'DAMAGED ',
  failed: 'FAILED  ',
  cut: 'FAILED  ',
};

function drillLine({ fullName, drill: tried }: DrillOf): string {
  const { result, refCount, objects, bytes, durationMs, findings, error }: Drill = tried;
  const start = `${words[result]}  ${printable(fullName)}: `;
  if (result === 'failed' || result === 'cut')
    return `${start}${printable(error?.message ?? '')} ${error?.nextStep ?? ''}`.trimEnd();
  const got = `${plural(refCount, 'ref', 'refs')}, ${formatCount(objects)} objects, ${formatBytes(bytes)}, ${(durationMs / 1_000).toFixed(1)} s`;
  if (result === 'fine') return `${start}${got}`;
  const found = findings.length > 0 ? findings.map(printable).join('; ') : printable(error?.message ?? '');
  return `${start}${found}. Not repaired: what is still on GitHub is mirrored anew once its project is renamed or removed.`;
}
