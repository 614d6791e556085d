/** @file History: writing a run, and pages of runs, newest first. */
import type { Page, RunFacts, RunQuery } from '../../ports/store.ts';
import type { Run } from '../../domain/job.ts';
import type { Connection } from './connection.ts';
import type { StoredJob } from './jobs.ts';
import { toRun } from './rows.ts';

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

export function listRuns(db: Connection, query: RunQuery): Page<Run> {
  let found = db.build.selectFrom('runs');
  if (query.githubId !== null) found = found.where('github_id', '=', query.githubId);
  if (query.outcome !== null) found = found.where('outcome', '=', query.outcome);
  if (query.since !== null) found = found.where('finished_at', '>=', query.since);
  const total = db.first(found.select((eb) => eb.fn.countAll<number>().as('total')))?.total ?? 0;
  const rows = db.all(found.selectAll().orderBy('id', 'desc').limit(query.limit).offset(query.offset));
  return { items: rows.map(toRun), total };
}
