/**
 * @file Statements on jobs. Each function is a part of a transaction that the caller opened. Who is current is told in
 * [Note: current job], migrations/0002-jobs.ts.
 */
import { type Selectable, sql } from 'kysely';
import { EpicstarError } from '../../domain/errors.ts';
import { causePriority, type Job, type JobCause, type WaitReason } from '../../domain/job.ts';
import type { GithubId, Instant } from '../../domain/repository.ts';
import type { JobRequest } from '../../ports/store.ts';
import type { Connection } from './connection.ts';
import { type JobRow, toJob } from './rows.ts';
import type { JobsTable } from './schema.ts';

export type StoredJob = Selectable<JobsTable>;

export function jobRow(db: Connection, jobId: number): JobRow | null {
  return db.first(
    db.build
      .selectFrom('jobs')
      .innerJoin('repositories', 'repositories.github_id', 'jobs.github_id')
      .selectAll('jobs')
      .select('repositories.full_name')
      .where('jobs.id', '=', jobId),
  );
}

/** @throws EpicstarError `internal` when there is no such job */
export function existingJob(db: Connection, jobId: number): Job {
  const row = jobRow(db, jobId);
  if (row === null) throw new EpicstarError('internal', `There is no job ${jobId}.`);
  return toJob(row);
}

export function runningJob(db: Connection, jobId: number): JobRow {
  const row = jobRow(db, jobId);
  if (row?.state !== 'running') throw new EpicstarError('internal', `Job ${jobId} does not run.`);
  return row;
}

export function isRunning(db: Connection, githubId: GithubId): boolean {
  const query = db.build.selectFrom('jobs').select('id').where('github_id', '=', githubId);
  return db.first(query.where('state', '=', 'running')) !== null;
}

export function pendingJob(db: Connection, githubId: GithubId): StoredJob | null {
  return db.first(
    db.build
      .selectFrom('jobs')
      .selectAll()
      .where('github_id', '=', githubId)
      .where(sql<boolean>`state IN ('queued', 'waiting')`),
  );
}

/** Inserts a job for each repository that has none pending; returns how many. */
export function insertJobs(db: Connection, requests: readonly JobRequest[], at: Instant): number {
  if (requests.length === 0) return 0;
  const first = new Map<GithubId, JobCause>();
  for (const { githubId, cause } of requests) {
    if (!first.has(githubId)) first.set(githubId, cause);
  }
  const wanted = JSON.stringify([...first].map(([id, cause]) => ({ id, cause, priority: causePriority[cause] })));
  // A job that is over makes room for the new one. Where one is pending already, none that is over is current.
  db.run(sql`
    UPDATE jobs SET is_current = 0
    WHERE is_current = 1 AND finished_at IS NOT NULL
      AND github_id IN (SELECT value ->> 'id' FROM json_each(${wanted}))`);
  // The left join makes an unknown id fail by NOT NULL instead of being passed over.
  return db.run(sql`
    INSERT INTO jobs (github_id, state, is_current, cause, priority, attempt, size_kb, queued_at)
    SELECT
      wanted.value ->> 'id', 'queued',
      NOT EXISTS (SELECT 1 FROM jobs r WHERE r.github_id = wanted.value ->> 'id' AND r.state = 'running'),
      wanted.value ->> 'cause', wanted.value ->> 'priority', 0, repositories.size_kb, ${at}
    FROM json_each(${wanted}) AS wanted
    LEFT JOIN repositories ON repositories.github_id = wanted.value ->> 'id'
    WHERE NOT EXISTS (
      SELECT 1 FROM jobs p WHERE p.github_id = wanted.value ->> 'id' AND p.state IN ('queued', 'waiting')
    )
    ORDER BY wanted.key`);
}

/** Makes a pending job due now and, where the new cause is stronger, gives it that. */
export function hurryJob(db: Connection, job: StoredJob, cause: JobCause): void {
  const strongest = causePriority[cause] < job.priority ? cause : job.cause;
  db.run(
    db.build
      .updateTable('jobs')
      .set({
        state: 'queued',
        run_after: null,
        wait_reason: null,
        cause: strongest,
        priority: causePriority[strongest],
      })
      .where('id', '=', job.id),
  );
}

export function queueDueJobs(db: Connection, at: Instant): void {
  db.run(sql`
    UPDATE jobs SET state = 'queued', run_after = NULL, wait_reason = NULL
    WHERE state = 'waiting' AND run_after <= ${at}`);
}

/** Null: no matter which. */
export interface ClaimLimits {
  readonly allowHuge: boolean;
  readonly only: ReadonlySet<GithubId> | null;
  readonly onlyCause: JobCause | null;
}

/** The one statement that claims: who updates the row has the job. Returns its id. */
export function claimJob(db: Connection, at: Instant, { allowHuge, only, onlyCause }: ClaimLimits): number | null {
  const sizeLimit = allowHuge ? sql`` : sql`AND size_class < 3`;
  const among =
    only === null ? sql`` : sql`AND github_id IN (SELECT value FROM json_each(${JSON.stringify([...only])}))`;
  const ofCause = onlyCause === null ? sql`` : sql`AND cause = ${onlyCause}`;
  const claimed = db.first(sql<{ readonly id: number }>`
    UPDATE jobs SET state = 'running', started_at = ${at}, attempt = attempt + 1, error = NULL
    WHERE id = (
      SELECT id FROM jobs
      WHERE state = 'queued' AND is_current = 1 ${sizeLimit} ${among} ${ofCause}
      ORDER BY priority, size_class, queued_at, id
      LIMIT 1
    )
    RETURNING id`);
  return claimed?.id ?? null;
}

/**
 * Puts a running job back among the pending ones. A successor is not needed then: it disappears (it never ran, so
 * nothing refers to it), and the stronger cause stays.
 */
export function putBack(
  db: Connection,
  job: StoredJob,
  change: Pick<StoredJob, 'attempt' | 'run_after' | 'wait_reason' | 'error'> & { readonly state: 'queued' | 'waiting' },
): void {
  const successor = pendingJob(db, job.github_id);
  if (successor !== null) db.run(db.build.deleteFrom('jobs').where('id', '=', successor.id));
  const cause = successor !== null && successor.priority < job.priority ? successor.cause : job.cause;
  db.run(
    db.build
      .updateTable('jobs')
      .set({ ...change, started_at: null, cause, priority: causePriority[cause] })
      .where('id', '=', job.id),
  );
}

/** Ends a running job for good; a successor becomes the current job. */
export function endJob(
  db: Connection,
  job: StoredJob,
  change: Pick<StoredJob, 'finished_at' | 'error'> & { readonly state: 'done' | 'failed' | 'cancelled' },
): void {
  const successor = pendingJob(db, job.github_id);
  const isCurrent = successor === null ? 1 : 0;
  db.run(
    db.build
      .updateTable('jobs')
      .set({ ...change, is_current: isCurrent })
      .where('id', '=', job.id),
  );
  if (successor !== null) {
    db.run(db.build.updateTable('jobs').set({ is_current: 1 }).where('id', '=', successor.id));
  }
}

export function cancelPendingJob(db: Connection, jobId: number, at: Instant): boolean {
  const changed = db.run(
    db.build
      .updateTable('jobs')
      .set({ state: 'cancelled', finished_at: at, run_after: null, wait_reason: null, error: null })
      .where('id', '=', jobId)
      .where('state', 'in', ['queued', 'waiting']),
  );
  return changed === 1;
}

/** The same for all pending jobs of these repositories; returns how many there were. */
export function cancelPendingJobsOf(db: Connection, githubIds: readonly GithubId[], at: Instant): number {
  if (githubIds.length === 0) return 0;
  return db.run(sql`
    UPDATE jobs SET state = 'cancelled', finished_at = ${at}, run_after = NULL, wait_reason = NULL, error = NULL
    WHERE state IN ('queued', 'waiting')
      AND github_id IN (SELECT value FROM json_each(${JSON.stringify(githubIds)}))`);
}

/** Repositories whose job is under way. */
export function busyRepositories(db: Connection): ReadonlySet<GithubId> {
  const rows = db.all(sql<{ readonly github_id: GithubId }>`
    SELECT github_id FROM jobs WHERE state = 'running'
    UNION SELECT github_id FROM jobs WHERE state IN ('queued', 'waiting')`);
  return new Set(rows.map((row) => row.github_id));
}

export function runningJobs(db: Connection): readonly JobRow[] {
  return db.all(
    db.build
      .selectFrom('jobs')
      .innerJoin('repositories', 'repositories.github_id', 'jobs.github_id')
      .selectAll('jobs')
      .select('repositories.full_name')
      .where(sql<boolean>`jobs.state = 'running'`)
      .orderBy('jobs.id'),
  );
}

/** @param cause given to those whose own is weaker; null: to none */
export function wakeWaiting(db: Connection, reasons: readonly WaitReason[], cause: JobCause | null): number {
  if (reasons.length === 0) return 0;
  const priority = cause === null ? null : causePriority[cause];
  const strengthen =
    cause === null
      ? sql``
      : sql`, cause = iif(${priority} < priority, ${cause}, cause), priority = min(${priority}, priority)`;
  return db.run(sql`
    UPDATE jobs SET state = 'queued', run_after = NULL, wait_reason = NULL ${strengthen}
    WHERE state = 'waiting' AND wait_reason IN (${sql.join(reasons)})`);
}

export function earliestDue(db: Connection): Instant | null {
  const row = db.first(sql<{ readonly due: number | null }>`
    SELECT min(run_after) AS due FROM jobs WHERE state = 'waiting'`);
  return row?.due ?? null;
}
