/** @file Pages of repositories as a person looks for them, what there is among them, and the totals. */
import { type RawBuilder, type Selectable, sql } from 'kysely';
import { noProofs } from '../../domain/proof.ts';
import { type GithubId, unknownTime } from '../../domain/repository.ts';
import type {
  FacetCount,
  Page,
  RepositoryFacets,
  RepositoryFilter,
  RepositoryOrder,
  RepositoryQuery,
  RepositoryRow,
  RepositoryState,
  StoreTotals,
} from '../../ports/store.ts';
import type { Connection } from './connection.ts';
import { incompleteOf } from './extras.ts';
import { buildRefsOf, countLists, listNamesOf } from './lists.ts';
import { isRescuedColumn, matching, stateColumn, stateOf } from './repository-filters.ts';
import { proofsOf } from './proofs.ts';
import { type JobRow, toJob, toRepository } from './rows.ts';
import type { RepositoriesTable } from './schema.ts';

interface Order {
  readonly key: RawBuilder<unknown>;
  /** How it is read unless a query says otherwise, and how its index is written. */
  readonly isDescending: boolean;
  readonly isIndexDescending: boolean;
}

const verifiedKey = sql`r.mirror_verified_at`;

const orders: Readonly<Record<RepositoryOrder, Order>> = {
  name: { key: sql`r.full_name COLLATE NOCASE`, isDescending: false, isIndexDescending: false },
  starred: { key: sql`r.starred_at`, isDescending: true, isIndexDescending: true },
  size: { key: sql`r.size_kb`, isDescending: true, isIndexDescending: true },
  verified: { key: verifiedKey, isDescending: true, isIndexDescending: true },
  stalest: { key: verifiedKey, isDescending: false, isIndexDescending: true },
  pushed: { key: sql`r.pushed_at`, isDescending: true, isIndexDescending: true },
};

/** Each reads an index from one end or the other; `github_id` makes the order total, so that pages do not overlap. */
function orderOf({ order, descending }: RepositoryQuery): RawBuilder<unknown> {
  const { key, isDescending: usually, isIndexDescending } = orders[order];
  const isDescending = descending ?? usually;
  const idDirection = isDescending === isIndexDescending ? sql`ASC` : sql`DESC`;
  return sql`${key} ${isDescending ? sql`DESC` : sql`ASC`}, r.github_id ${idDirection}`;
}

/** Ids first: sorting whole rows, with their texts, would cost more than reading the few that are shown. */
function findIds(db: Connection, query: RepositoryQuery) {
  const source = matching(query);
  const total = db.first(sql<{ readonly total: number }>`SELECT count(*) AS total ${source}`)?.total ?? 0;
  const rows = db.all(sql<{ readonly github_id: number }>`
    SELECT r.github_id ${source} ORDER BY ${orderOf(query)} LIMIT ${query.limit} OFFSET ${query.offset}`);
  return { total, ids: rows.map((row) => row.github_id) };
}

const maxIds = 10_000;

export function findAllIds(db: Connection, filter: RepositoryFilter): readonly GithubId[] {
  const rows = db.all(sql<{ readonly github_id: number }>`
    SELECT r.github_id ${matching(filter)} ORDER BY r.github_id LIMIT ${maxIds}`);
  return rows.map((row) => row.github_id);
}

const maxOwners = 100;

function countValues(
  db: Connection,
  column: RawBuilder<unknown>,
  source: RawBuilder<unknown>,
  most: number,
): readonly FacetCount[] {
  return db.all(sql<FacetCount>`
    SELECT min(${column} COLLATE BINARY) AS value, count(*) AS count ${source}
    GROUP BY ${column} COLLATE NOCASE
    ORDER BY count DESC, ${column} COLLATE NOCASE LIMIT ${most}`);
}

export function readFacets(db: Connection, filter: RepositoryFilter): RepositoryFacets {
  const language = sql`coalesce(r.language, '')`;
  const states = { unknown: 0, queued: 0, running: 0, waiting: 0, mirrored: 0, failed: 0, excluded: 0, asks: 0 };
  const counted = db.all(sql<{ readonly state: RepositoryState; readonly count: number }>`
    SELECT ${stateColumn} AS state, count(*) AS count ${matching(filter, 'states')} GROUP BY 1`);
  for (const { state, count } of counted) states[state] = count;
  return {
    languages: countValues(db, language, matching(filter, 'languages'), -1),
    owners: countValues(db, sql`r.owner`, matching(filter, 'owners'), maxOwners),
    lists: countLists(db, matching(filter, 'lists')),
    states,
  };
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
  const lists = listNamesOf(db, idsText);
  const buildRefs = buildRefsOf(db, idsText);
  const proofs = proofsOf(db, idsText);
  const incomplete = incompleteOf(db, idsText);
  const rows = db.all(sql<Selectable<RepositoriesTable>>`
    SELECT r.* FROM json_each(${idsText}) AS wanted
    JOIN repositories r ON r.github_id = wanted.value ORDER BY wanted.key`);
  return rows.map((row) => {
    const job = jobs.get(row.github_id);
    const repository = toRepository(row);
    const state = stateOf(job?.state, repository.mirror !== null, repository.selection, repository.verdict);
    return {
      repository,
      state,
      job: job === undefined ? null : toJob(job),
      lists: lists.get(row.github_id) ?? [],
      buildRefs: buildRefs.get(row.github_id) ?? 0,
      proofs: proofs.get(row.github_id) ?? noProofs,
      incomplete: incomplete.get(row.github_id) ?? null,
    };
  });
}

interface Counts {
  readonly repositories: number;
  readonly absent: number;
  readonly mirrored: number;
  readonly leftOut: number;
  readonly asks: number;
}

/** Six small rows, one index of the repositories, and the failed ones: quick whatever the history holds. */
export function readTotals(db: Connection): StoreTotals {
  const counts = db.first(sql<Counts>`
    SELECT count(*) AS repositories, count(absent_since) AS absent, 
      count(*) FILTER (WHERE mirror_verified_at > ${unknownTime}) AS mirrored,
      count(*) FILTER (WHERE selection = 'skip' AND absent_since IS NULL AND mirror_verified_at IS NULL) AS leftOut,
      count(*) FILTER (WHERE selection = 'ask' AND absent_since IS NULL AND mirror_verified_at IS NULL) AS asks
    FROM repositories`);
  const failed = db.first(sql<{ readonly failed: number }>`
    SELECT count(*) AS failed FROM jobs j JOIN repositories r ON r.github_id = j.github_id
    WHERE j.state = 'failed' AND j.is_current = 1 AND (r.selection = 'mirror' OR r.mirror_verified_at IS NOT NULL)
      AND ${isRescuedColumn} IS NOT TRUE`);
  const rescued = db.first(sql<{ readonly rescued: number }>`
    SELECT count(*) AS rescued FROM repositories r WHERE ${isRescuedColumn}`);
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
    rescued: rescued?.rescued ?? 0,
    leftOut: counts?.leftOut ?? 0,
    asks: counts?.asks ?? 0,
    failed: failed?.failed ?? 0,
    jobs,
    pendingKb,
  };
}
