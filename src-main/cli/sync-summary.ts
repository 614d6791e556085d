/** @file What a `sync` came to: the summary that is printed or given as JSON. */
import type { EngineControl, ErrorRecord, RepositoryRow, Run } from '../engine/core/engine-api.ts';
import { formatBytes, formatDuration, plural, printable } from './texts.ts';

export interface SyncSummary {
  readonly starsSeen: number;
  /** Repositories whose mirror was made or moved in this run. */
  readonly mirrored: number;
  /** Mirrors that needed nothing. */
  readonly unchanged: number;
  readonly skipped: readonly { readonly githubId: number; readonly fullName: string; readonly reason: string }[];
  readonly failed: readonly {
    readonly githubId: number;
    readonly fullName: string;
    readonly error: string;
    readonly message: string;
  }[];
  readonly unfitRefs: number;
  readonly keptRefs: number;
  readonly githubRequests: number;
  readonly gitProcesses: number;
  readonly bytesReceived: number;
  readonly durationMs: number;
}

export interface SyncCosts {
  readonly starsSeen: number;
  readonly durationMs: number;
  /** Where only some were asked for: their ids. */
  readonly only: ReadonlySet<number> | null;
}

export interface SyncResult {
  readonly summary: SyncSummary;
  /** What keeps repositories waiting that should have been mirrored, each once. */
  readonly troubles: readonly ErrorRecord[];
}

const pageSize = 200;

/** What one command saw of runs, by repository. */
export interface SeenRuns {
  readonly last: ReadonlyMap<number, Run>;
  /** Some run was cut or refused while it pushed: what it had to move may have arrived all the same. */
  readonly cutInPush: ReadonlySet<number>;
}

/** Listens from now on. */
export function watchRuns(engine: Pick<EngineControl, 'subscribe'>): SeenRuns {
  const last = new Map<number, Run>();
  const cutInPush = new Set<number>();
  engine.subscribe('run', (run) => {
    last.set(run.githubId, run);
    const hasPushed = run.report.phases.some(({ phase }) => phase === 'push');
    if (run.outcome !== 'done' && hasPushed) cutInPush.add(run.githubId);
  });
  return { last, cutInPush };
}

export async function summarize(engine: EngineControl, runs: SeenRuns, costs: SyncCosts): Promise<SyncResult> {
  const { counters } = await engine.overview();
  const troubleByCode = new Map<string, ErrorRecord>();
  const skipped: SyncSummary['skipped'][number][] = [];
  const failed: SyncSummary['failed'][number][] = [];
  let mirrored = 0;
  let unchanged = 0;
  for await (const row of allRepositories(engine)) {
    const { githubId, fullName } = row.repository;
    if (row.repository.absentSince !== null) continue;
    if (costs.only !== null && !costs.only.has(githubId)) continue;
    const error = failureOf(row);
    if (error !== null) failed.push({ githubId, fullName, error: error.code, message: error.message });
    else if (row.state === 'mirrored' && hasMoved(runs, githubId)) mirrored += 1;
    else if (row.state === 'mirrored') unchanged += 1;
    else {
      skipped.push({ githubId, fullName, reason: skipReason(row) });
      const cause = row.job?.error ?? null;
      if (cause !== null) troubleByCode.set(cause.code, cause);
    }
  }
  const summary: SyncSummary = {
    starsSeen: costs.starsSeen,
    mirrored,
    unchanged,
    skipped,
    failed,
    unfitRefs: sum(runs.last, (run) => run.report.unfit.length),
    keptRefs: sum(runs.last, (run) => run.report.kept),
    githubRequests: counters.githubRequests,
    gitProcesses: counters.gitProcesses,
    bytesReceived: counters.bytesReceived,
    durationMs: costs.durationMs,
  };
  return { summary, troubles: [...troubleByCode.values()] };
}

export function summaryLines(summary: SyncSummary): readonly string[] {
  const counts = [
    `${summary.mirrored} mirrored`,
    `${summary.unchanged} unchanged`,
    ...(summary.skipped.length > 0 ? [`${summary.skipped.length} skipped`] : []),
    ...(summary.failed.length > 0 ? [`${summary.failed.length} failed`] : []),
  ];
  const refs = [
    ...(summary.keptRefs > 0 ? [`${plural(summary.keptRefs, 'old tip', 'old tips')} kept`] : []),
    ...(summary.unfitRefs > 0 ? [`${plural(summary.unfitRefs, 'ref', 'refs')} left out for their names`] : []),
  ];
  return [
    ...summary.skipped.map(({ fullName, reason }) => `skipped  ${printable(fullName)}: ${printable(reason)}`),
    ...summary.failed.map(({ fullName, message }) => `failed   ${printable(fullName)}: ${printable(message)}`),
    `${plural(summary.starsSeen, 'star', 'stars')}: ${[...counts, ...refs].join(', ')}.`,
    `${formatDuration(summary.durationMs)}, ${formatBytes(summary.bytesReceived)} received, ` +
      `${plural(summary.githubRequests, 'GitHub request', 'GitHub requests')}, ` +
      `${plural(summary.gitProcesses, 'git process', 'git processes')}.`,
  ];
}

export async function* allRepositories(engine: EngineControl): AsyncGenerator<RepositoryRow> {
  for (let offset = 0; ; offset += pageSize) {
    const { items, total } = await engine.repositories({
      text: '',
      state: null,
      order: 'name',
      offset,
      limit: pageSize,
    });
    yield* items;
    if (offset + items.length >= total || items.length === 0) return;
  }
}

function failureOf(row: RepositoryRow): { readonly code: string; readonly message: string } | null {
  const { state, job } = row;
  if (job === null || job.error === null) return null;
  const isRetried = state === 'waiting' && (job.waitReason === 'retry' || job.waitReason === 'unavailable');
  return state === 'failed' || isRetried ? job.error : null;
}

function skipReason(row: RepositoryRow): string {
  const { job, state, repository } = row;
  if (state === 'excluded') return `left out: ${repository.selectionReason}`;
  if (state === 'asks') return `asks first: ${repository.selectionReason}`;
  const reason = job?.waitReason ?? null;
  if (reason !== null) return job?.error?.message ?? `waits: ${reason}`;
  return state === 'queued' ? 'still queued' : state;
}

function hasMoved({ last, cutInPush }: SeenRuns, githubId: number): boolean {
  const run = last.get(githubId);
  if (run === undefined || run.outcome !== 'done') return false;
  const { created, fastForwarded, rewritten, deleted } = run.report;
  const moved = created + fastForwarded + rewritten + deleted;
  // A first run of an empty repository moves no ref and is a mirror all the same; one that was found has all its refs.
  return moved > 0 || cutInPush.has(githubId) || (run.cause === 'new-star' && run.report.unchanged === 0);
}

function sum(runs: ReadonlyMap<number, Run>, of: (run: Run) => number): number {
  let total = 0;
  for (const run of runs.values()) if (run.outcome === 'done') total += of(run);
  return total;
}
