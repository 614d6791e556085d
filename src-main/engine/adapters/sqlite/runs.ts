/** @file History: writing and deleting runs, and pages of runs, newest first. */
import { type Selectable, sql } from 'kysely';
import type { Run } from '../../domain/job.ts';
import type { Instant } from '../../domain/repository.ts';
import type { Page, RunFacts, RunQuery } from '../../ports/store.ts';
import type { Connection } from './connection.ts';
import type { StoredJob } from './jobs.ts';
import { toRun } from './rows.ts';
import type { RunsTable } from './schema.ts';
import { searchWords, wordConditions } from './search.ts';

/** @param job as it was while it ran */
export function writeRun(db: Connection, job: StoredJob, fullName: string, run: RunFacts): void {
  db.run(
    db.build.insertInto('runs').values({
      job_id: job.id,
      github_id: job.github_id,
      full_name: fullName,
      cause: job.cause,
      attempt: job.attempt,
      queued_at: job.queued_at,
      started_at: run.startedAt,
      finished_at: run.finishedAt,
      outcome: run.outcome,
      report: JSON.stringify(run.report),
      error: run.error === null ? null : JSON.stringify(run.error),
    }),
  );
}

export function readRun(db: Connection, runId: number): Run | null {
  const row = db.first(db.build.selectFrom('runs').selectAll().where('id', '=', runId));
  return row === null ? null : toRun(row);
}

/**
 * Ids first: where few of many match, only the rows that are shown are read with their reports. A search goes through
 * the index of names, since no other holds all that it reads.
 */
export function listRuns(db: Connection, query: RunQuery): Page<Run> {
  const { githubId, outcome, since } = query;
  const until = query.until ?? null;
  const words = searchWords(query.text ?? '');
  const isWideSearch = words.length > 0 && githubId === null;
  const conditions = [
    sql`true`,
    ...(githubId === null ? [] : [sql`github_id = ${githubId}`]),
    ...(outcome === null ? [] : [sql`outcome = ${outcome}`]),
    ...(since === null ? [] : [sql`finished_at >= ${since}`]),
    ...(until === null ? [] : [sql`finished_at < ${until}`]),
    ...wordConditions(sql`lower(full_name)`, words),
  ];
  const source = sql`FROM runs ${isWideSearch ? sql`INDEXED BY runs_names` : sql``}
    WHERE ${sql.join(conditions, sql` AND `)}`;
  const total = db.first(sql<{ readonly total: number }>`SELECT count(*) AS total ${source}`)?.total ?? 0;
  // With the plus, SQLite reads an index of times and sorts what it finds, not all rows from the newest on.
  const order = isWideSearch || since !== null || until !== null ? sql`+id` : sql`id`;
  const ids = db.all(sql<{ readonly id: number }>`
    SELECT id ${source} ORDER BY ${order} DESC LIMIT ${query.limit} OFFSET ${query.offset}`);
  const rows = db.all(sql<Selectable<RunsTable>>`
    SELECT * FROM runs WHERE id IN (SELECT value FROM json_each(${JSON.stringify(ids.map((row) => row.id))}))
    ORDER BY id DESC`);
  return { items: rows.map(toRun), total };
}

export function deleteRuns(db: Connection, before: Instant | null): number {
  const isOld = before === null ? sql`true` : sql`finished_at < ${before}`;
  return db.run(sql`
    DELETE FROM runs WHERE ${isOld} AND job_id NOT IN (
      SELECT id FROM jobs WHERE state = 'running' UNION SELECT id FROM jobs WHERE state IN ('queued', 'waiting')
    )`);
}
