/** @file Commands that only look: `status`, `history`, `kept`, `doctor`. */
import { describeState } from '../bridge/describe-state.ts';
import {
  type DiagnosisItem,
  EpicstarError,
  type EngineControl,
  type RepositoryRow,
  type RunOutcome,
} from '../engine/core/engine-api.ts';
import type { Application, ApplicationHost, Terminal } from './application.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { runLine } from './sync-progress.ts';
import { allRepositories } from './sync-summary.ts';
import { formatBytes, formatTime, plural, printable, sentenceText } from './texts.ts';
import { type CommandOptions, withApplication } from './with-application.ts';

export type ReadOptions = CommandOptions;

export function reading(
  host: ApplicationHost,
  options: ReadOptions,
  work: (engine: EngineControl, application: Application) => Promise<ExitCode>,
  mayLackTarget = true,
): Promise<ExitCode> {
  // What is missing is told; comparing mirrors alone takes a place for them.
  return withApplication(host, options, { mode: 'read', mayLackTarget }, (application) =>
    work(application.engine, application),
  );
}

export function status(host: ApplicationHost, terminal: Terminal, options: ReadOptions): Promise<ExitCode> {
  return reading(host, options, async (engine) => {
    const overview = await engine.overview();
    if (options.json) {
      terminal.out(JSON.stringify(overview, null, 2));
    } else {
      const { totals, watcher, target } = overview;
      terminal.out(sentenceText(describeState(overview, []).sentence));
      terminal.out(
        `${plural(totals.starred, 'star', 'stars')}, ${totals.mirrored} mirrored, ${totals.jobs.queued} queued, ` +
          `${totals.jobs.running} in work, ${totals.jobs.waiting} waiting, ${totals.failed} failed, ` +
          `${totals.absent} no longer in the list.`,
      );
      terminal.out(
        target === null ? 'No place for mirrors is set yet.' : `Mirrors are kept in ${printable(target.address)}.`,
      );
      terminal.out(
        watcher.lastLookAt === null
          ? 'The starred list was never looked at.'
          : `The starred list was last looked at on ${formatTime(watcher.lastLookAt)} UTC.`,
      );
    }
    return overview.totals.failed > 0 ? exitCodes.someFailed : exitCodes.well;
  });
}

export interface HistoryOptions extends ReadOptions {
  readonly limit: number;
  readonly outcome: RunOutcome | null;
  readonly repository: string | null;
}

export function history(host: ApplicationHost, terminal: Terminal, options: HistoryOptions): Promise<ExitCode> {
  return reading(host, options, async (engine) => {
    const row = options.repository === null ? null : await find(engine, options.repository);
    const { items } = await engine.runs({
      githubId: row?.repository.githubId ?? null,
      outcome: options.outcome,
      since: null,
      offset: 0,
      limit: options.limit,
    });
    if (options.json) terminal.out(JSON.stringify(items, null, 2));
    else {
      if (items.length === 0) terminal.out('No runs yet.');
      for (const run of items) terminal.out(`${formatTime(run.finishedAt)}  ${runLine(run)} (${run.cause})`);
      if (items.length < options.limit && row === null) await tellBeginning(engine, terminal);
    }
    return exitCodes.well;
  });
}

/** Where a history begins with mirrors that were there already. */
async function tellBeginning(engine: EngineControl, terminal: Terminal): Promise<void> {
  const { rebuilt } = await engine.overview();
  if (rebuilt === null) return;
  const { at, mirrors, address } = rebuilt;
  const from = `${plural(mirrors, 'mirror', 'mirrors')} on ${printable(address)}`;
  terminal.out(`${formatTime(at)}  The history begins here: rebuilt from ${from}.`);
}

export interface KeptOptions extends ReadOptions {
  readonly repository: string;
  /** Null: they are listed. */
  readonly restore: string | null;
}

/** What a mirror keeps although upstream rewrote or deleted it; one of them made a branch again. */
export function kept(host: ApplicationHost, terminal: Terminal, options: KeptOptions): Promise<ExitCode> {
  return reading(
    host,
    options,
    async (engine) => {
      const { githubId } = (await find(engine, options.repository)).repository;
      if (options.restore !== null) {
        const restored = await engine.restoreKeptRef(githubId, options.restore, terminal.interrupted);
        const branch = restored.ref.replace(/^refs\/heads\//, '');
        const words = restored.isNew ? 'is in the mirror now' : 'had been restored before';
        terminal.out(options.json ? JSON.stringify(restored, null, 2) : `The branch ${printable(branch)} ${words}.`);
        return exitCodes.well;
      }
      const refs = await engine.keptRefs(githubId, terminal.interrupted);
      if (options.json) terminal.out(JSON.stringify(refs, null, 2));
      else if (refs.length === 0) terminal.out('Nothing was rewritten or deleted upstream.');
      else {
        for (const { ref, sha } of refs) terminal.out(`${sha.slice(0, 12)}  ${printable(ref)}`);
        const cost = await engine.keptCost(githubId);
        const isKnown = cost !== null && cost.bytes !== null && cost.refs === refs.length;
        terminal.out(
          isKnown
            ? `They cost about ${formatBytes(cost.bytes)}.`
            : 'What they cost is not known: the cache here does not hold them.',
        );
      }
      return exitCodes.well;
    },
    false,
  );
}

export function doctor(host: ApplicationHost, terminal: Terminal, options: ReadOptions): Promise<ExitCode> {
  return reading(host, options, async (engine) => {
    const items = await engine.diagnose(terminal.interrupted);
    if (options.json) terminal.out(JSON.stringify(items, null, 2));
    else for (const item of items) terminal.out(diagnosisLine(item));
    return items.some(({ state }) => state === 'failed') ? exitCodes.someFailed : exitCodes.well;
  });
}

function diagnosisLine({ state, area, name, finding, nextStep }: DiagnosisItem): string {
  const mark = { ok: 'ok     ', warning: 'warning', failed: 'FAILED ' }[state];
  const next = nextStep === null ? '' : ` ${printable(nextStep)}`;
  return `${mark}  ${area}, ${name}: ${printable(finding)}${next}`;
}

export async function chosen(engine: EngineControl, names: readonly string[]): Promise<readonly RepositoryRow[]> {
  if (names.length > 0) return Promise.all(names.map((name) => find(engine, name)));
  const rows: RepositoryRow[] = [];
  for await (const row of allRepositories(engine)) if (row.repository.mirror !== null) rows.push(row);
  return rows;
}

export async function find(engine: EngineControl, name: string): Promise<RepositoryRow> {
  for await (const row of allRepositories(engine)) {
    if (row.repository.fullName.toLowerCase() === name.toLowerCase()) return row;
  }
  throw new EpicstarError('config-invalid', `${printable(name)}: no known repository has this name.`);
}
