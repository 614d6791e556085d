/**
 * @file Deciding anew which repositories are mirrored, and what that does to their jobs. Each function is a part of a
 * transaction that the caller opened; what is decided is told by the caller.
 */
import { type Selectable, sql } from 'kysely';
import type { GithubId, Instant } from '../../domain/repository.ts';
import type { Choice, SelectionDecision } from '../../domain/selection.ts';
import type {
  CauseOfSelected,
  JobRequest,
  RepositoryRecord,
  SelectionChange,
  SelectRepository,
} from '../../ports/store.ts';
import type { Connection } from './connection.ts';
import { busyRepositories, cancelPendingJobsOf, insertJobs } from './jobs.ts';
import { toRepository } from './rows.ts';
import type { RepositoriesTable } from './schema.ts';

/** @param among null: all */
export function readRecords(db: Connection, among: readonly GithubId[] | null): readonly RepositoryRecord[] {
  const only = among === null ? sql`` : sql`WHERE github_id IN (SELECT value FROM json_each(${JSON.stringify(among)}))`;
  const rows = db.all(sql<Selectable<RepositoriesTable>>`SELECT * FROM repositories ${only} ORDER BY github_id`);
  return rows.map(toRepository);
}

interface Decided extends SelectionDecision {
  readonly id: GithubId;
}

function writeDecisions(db: Connection, decided: readonly Decided[]): void {
  if (decided.length === 0) return;
  db.run(sql`
    UPDATE repositories SET selection = d.value ->> 'selection', selection_reason = d.value ->> 'reason'
    FROM json_each(${JSON.stringify(decided)}) AS d WHERE repositories.github_id = d.value ->> 'id'`);
}

/** @param among null: all */
export function redecide(
  db: Connection,
  among: readonly GithubId[] | null,
  at: Instant,
  select: SelectRepository,
  causeOf: CauseOfSelected,
): SelectionChange {
  const busy = busyRepositories(db);
  const counts = { mirror: 0, skip: 0, ask: 0 };
  const changed: Decided[] = [];
  const requests: JobRequest[] = [];
  const dropped: GithubId[] = [];
  for (const record of readRecords(db, among)) {
    const { githubId } = record;
    const { selection, reason } = select(record);
    counts[selection] += 1;
    const isChanged = selection !== record.selection || reason !== record.selectionReason;
    if (isChanged) changed.push({ id: githubId, selection, reason });
    if (selection !== 'mirror') {
      if (record.selection === 'mirror') dropped.push(githubId);
      continue;
    }
    const cause = record.selection === 'mirror' || busy.has(githubId) ? null : causeOf(record);
    if (cause !== null) requests.push({ githubId, cause });
  }
  writeDecisions(db, changed);
  return {
    selected: counts.mirror,
    skipped: counts.skip,
    asks: counts.ask,
    requested: insertJobs(db, requests, at),
    cancelled: cancelPendingJobsOf(db, dropped, at),
  };
}

export function writeChoice(db: Connection, githubIds: readonly GithubId[], choice: Choice | null): void {
  db.run(sql`
    UPDATE repositories SET choice = ${choice}
    WHERE github_id IN (SELECT value FROM json_each(${JSON.stringify(githubIds)}))`);
}
