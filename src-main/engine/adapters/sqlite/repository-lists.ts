/** @file Pages of repositories as a person looks for them, and the totals. */
import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { GithubId } from '../../domain/repository.ts';
import type { Page, RepositoryQuery, RepositoryRow, RepositoryState, StoreTotals } from '../../ports/store.ts';
import type { Connection } from './connection.ts';
import { type JobRow, partSeparator, toJob, toRepository } from './rows.ts';
import type { RepositoriesTable } from './schema.ts';

/** Each is an index; `github_id` makes the order total, so that pages do not overlap. */
const orders: Readonly<Record<RepositoryQuery['order'], RawBuilder<unknown>>> = {
  name: sql`r.full_name COLLATE NOCASE, r.github_id`,
  starred: sql`r.starred_at DESC, r.github_id`,
  size: sql`r.size_kb DESC, r.github_id`,
  verified: sql`r.mirror_verified_at DESC, r.github_id`,
  stalest: sql`r.mirror_verified_at, r.github_id DESC`,
};

/** The same rule as `stateOf`, for the filter. */
const stateColumn = sql`
  CASE
    WHEN j.state IN ('queued', 'running', 'waiting', 'failed') THEN j.state
    WHEN r.mirror_verified_at IS NOT NULL THEN 'mirrored'
    ELSE 'unknown'
  END`;

function stateOf(jobState: JobRow['state'] | undefined, isMirrored: boolean): RepositoryState {
  if (jobState !== undefined && jobState !== 'done' && jobState !== 'cancelled') return jobState;
  return isMirrored ? 'mirrored' : 'unknown';
}

/** Ids first: sorting whole rows, with their texts, would cost more than reading the few that are shown. */
function findIds(db: Connection, { text, state, order, offset, limit }: RepositoryQuery) {
  const from =
    state === null
      ? sql`repositories r`
      : sql`repositories r LEFT JOIN jobs j ON j.github_id = r.github_id AND j.is_current = 1`;
  const isImpossible = text.includes(partSeparator);
  const contains = isImpossible ? sql`false` : sql`instr(r.search_text, ${text.toLowerCase()}) > 0`;
  const matchesText = text === '' ? sql`true` : contains;
  const matchesState = state === null ? sql`true` : sql`${stateColumn} = ${state}`;
  const source = sql`FROM ${from} WHERE ${matchesText} AND ${matchesState}`;
  const total = db.first(sql<{ readonly total: number }>`SELECT count(*) AS total ${source}`)?.total ?? 0;
  const rows = db.all(sql<{ readonly github_id: number }>`
    SELECT r.github_id ${source} ORDER BY ${orders[order]} LIMIT ${limit} OFFSET ${offset}`);
  return { total, ids: rows.map((row) => row.github_id) };
}

function currentJobs(db: Connection, ids: string): ReadonlyMap<GithubId, JobRow> {
  const rows = db.all(sql<JobRow>`
    SELECT jobs.*, repositories.full_name FROM jobs
    JOIN repositories ON repositories.github_id = jobs.github_id
    WHERE jobs.is_current = 1 AND jobs.github_id IN (SELECT value FROM json_each(${ids}))`);
  return new Map(rows.map((row) => [row.github_id, row]));
}

export function listRepositories(db: Connection, query: RepositoryQuery): Page<RepositoryRow> {
  const { total, ids } = findIds(db, query);
  return { items: readRepositoryRows(db, ids), total };
}

/** In the order of the ids; unknown ones are left out. */
export function readRepositoryRows(db: Connection, ids: readonly GithubId[]): readonly RepositoryRow[] {
  const idsText = JSON.stringify(ids);
  const jobs = currentJobs(db, idsText);
  const rows = db.all(sql<Selectable<RepositoriesTable>>`
    SELECT r.* FROM json_each(${idsText}) AS wanted
    JOIN repositories r ON r.github_id = wanted.value ORDER BY wanted.key`);
  return rows.map((row) => {
    const job = jobs.get(row.github_id);
    const state = stateOf(job?.state, row.mirror_verified_at !== null);
    return { repository: toRepository(row), state, job: job === undefined ? null : toJob(job) };
  });
}

interface Counts {
  readonly repositories: number;
  readonly absent: number;
  readonly mirrored: number;
}

/** Six small rows, one index of the repositories, and the failed ones: quick whatever the history holds. */
export function readTotals(db: Connection): StoreTotals {
  const counts = db.first(sql<Counts>`
    SELECT count(*) AS repositories, count(absent_since) AS absent, count(mirror_verified_at) AS mirrored
    FROM repositories`);
  const failed = db.first(sql<{ readonly failed: number }>`
    SELECT count(*) AS failed FROM jobs WHERE state = 'failed' AND is_current = 1`);
  const totals = db.all(db.build.selectFrom('job_totals').selectAll());
  const jobs = { queued: 0, running: 0, waiting: 0, done: 0, failed: 0, cancelled: 0 };
  let pendingKb = 0;
  for (const row of totals) {
    jobs[row.state] = row.jobs;
    if (row.state === 'queued' || row.state === 'running' || row.state === 'waiting') pendingKb += row.size_kb;
  }
  const repositories = counts?.repositories ?? 0;
  const absent = counts?.absent ?? 0;
  const mirrored = counts?.mirrored ?? 0;
  return {
    repositories,
    starred: repositories - absent,
    absent,
    mirrored,
    failed: failed?.failed ?? 0,
    jobs,
    pendingKb,
  };
}
