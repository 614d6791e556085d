/**
 * @file Pages of jobs: first what runs, then what is next in the order of the claim, then what waits by when it is
 * due, then what is over, newest first.
 */
import { type RawBuilder, sql } from 'kysely';
import type { Job, JobState } from '../../domain/job.ts';
import type { Page, PageRequest } from '../../ports/store.ts';
import type { Connection } from './connection.ts';
import { type JobRow, toJob } from './rows.ts';

interface Group {
  readonly states: readonly JobState[];
  readonly order: RawBuilder<unknown>;
}

/** Every group reads along an index of its own; one ORDER BY over all states would sort the whole table. */
const groups: readonly Group[] = [
  { states: ['running'], order: sql`jobs.started_at, jobs.id` },
  { states: ['queued'], order: sql`jobs.priority, jobs.size_class, jobs.queued_at, jobs.id` },
  { states: ['waiting'], order: sql`jobs.run_after IS NULL, jobs.run_after, jobs.id` },
  { states: ['done', 'failed', 'cancelled'], order: sql`jobs.finished_at DESC, jobs.id DESC` },
];

function countIn(db: Connection, states: readonly JobState[]): number {
  const query = db.build.selectFrom('job_totals').select((eb) => eb.fn.sum<number>('jobs').as('jobs'));
  return db.first(query.where('state', 'in', states))?.jobs ?? 0;
}

function readGroup(
  db: Connection,
  states: readonly JobState[],
  order: RawBuilder<unknown>,
  { offset, limit }: PageRequest,
): readonly Job[] {
  // Written out, not bound, so that SQLite sees that the partial indexes apply.
  const isOver = states.includes('done') || states.includes('failed') || states.includes('cancelled');
  const within = isOver ? sql`jobs.finished_at IS NOT NULL AND` : sql``;
  const listed = sql.join(states.map((state) => sql.lit(state)));
  const rows = db.all(sql<JobRow>`
    SELECT jobs.*, repositories.full_name FROM jobs
    JOIN repositories ON repositories.github_id = jobs.github_id
    WHERE ${within} jobs.state IN (${listed})
    ORDER BY ${order} LIMIT ${limit} OFFSET ${offset}`);
  return rows.map(toJob);
}

export function listJobs(db: Connection, states: readonly JobState[], page: PageRequest): Page<Job> {
  const items: Job[] = [];
  let before = 0;
  for (const { states: all, order } of groups) {
    const wanted = all.filter((state) => states.includes(state));
    if (wanted.length === 0) continue;
    const count = countIn(db, wanted);
    const offset = Math.max(page.offset + items.length - before, 0);
    const limit = page.limit - items.length;
    if (limit > 0 && offset < count) items.push(...readGroup(db, wanted, order, { offset, limit }));
    before += count;
  }
  return { items, total: before };
}
