/** @file Runs as the text of a file: CSV for tables, JSON for programs. Times are ISO 8601 in UTC. Pure. */
import { unparse } from 'papaparse';
import { phaseNames, type RunView } from '../../../src-preload/contract/views.ts';

export const exportFormats = ['csv', 'json'] as const;
export type ExportFormat = (typeof exportFormats)[number];

const iso = (at: number): string => new Date(at).toISOString();

function toRow(run: RunView) {
  const { report, error } = run;
  const phaseMs = (name: string): number =>
    report.phases.filter(({ phase }) => phase === name).reduce((sum, { durationMs }) => sum + durationMs, 0);
  return {
    id: run.id,
    repository: run.fullName,
    github_id: run.githubId,
    outcome: run.outcome,
    cause: run.cause,
    attempt: run.attempt,
    queued_at: iso(run.queuedAt),
    started_at: iso(run.startedAt),
    finished_at: iso(run.finishedAt),
    duration_ms: run.finishedAt - run.startedAt,
    ...Object.fromEntries(phaseNames.map((name) => [`${name}_ms`, Math.round(phaseMs(name))])),
    refs_created: report.created,
    refs_forwarded: report.fastForwarded,
    refs_rewritten: report.rewritten,
    refs_deleted: report.deleted,
    refs_kept: report.kept,
    refs_let_go: report.letGo,
    refs_unchanged: report.unchanged,
    refs_unfit: report.unfitCount,
    lfs_files: report.lfsFiles,
    lfs_missing: report.lfsMissing,
    bytes_received: report.bytesReceived,
    bytes_sent: report.bytesSent,
    error: error?.code ?? '',
    error_message: error?.message ?? '',
  };
}

function toRecord(run: RunView) {
  const { githubPage, mirrorPage, queuedAt, startedAt, finishedAt, error, ...facts } = run;
  return {
    ...facts,
    queuedAt: iso(queuedAt),
    startedAt: iso(startedAt),
    finishedAt: iso(finishedAt),
    durationMs: finishedAt - startedAt,
    githubPage,
    mirrorPage,
    error: error === null ? null : { ...error, until: error.until === null ? null : iso(error.until) },
  };
}

/** Text that a table program would take for a formula is marked as text in CSV. */
export function exportText(format: ExportFormat, runs: readonly RunView[]): string {
  if (format === 'json') return `${JSON.stringify(runs.map(toRecord), null, 2)}\n`;
  const [first] = runs;
  if (first === undefined) return '';
  const fields = Object.keys(toRow(first));
  return `${unparse({ fields, data: runs.map(toRow) }, { escapeFormulae: true })}\r\n`;
}
