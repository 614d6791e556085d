/** @file What a filter of repositories is in SQL, and the state of a repository in SQL and in words. */
import { type RawBuilder, sql } from 'kysely';
import type { Selection } from '../../domain/selection.ts';
import { isUpstreamLost, type Verdict } from '../../domain/verdict.ts';
import type { RepositoryFilter, RepositoryState } from '../../ports/store.ts';
import type { JobRow } from './rows.ts';
import { textConditions } from './search.ts';

/** The same rule as `isUpstreamLost`, for what has a mirror; on `repositories r`. */
export const isRescuedColumn = sql`
  (r.verdict_kind IN ('gone', 'blocked') AND r.verdict_confirmed_at IS NOT NULL AND r.mirror_verified_at IS NOT NULL)`;

/** The same rule as {@link stateOf}, on `repositories r` and the current job `j`. */
export const stateColumn = sql`
  CASE
    WHEN j.state IN ('queued', 'running', 'waiting') THEN j.state
    WHEN r.mirror_verified_at IS NULL AND r.selection = 'skip' THEN 'excluded'
    WHEN r.mirror_verified_at IS NULL AND r.selection = 'ask' THEN 'asks'
    WHEN j.state = 'failed' AND ${isRescuedColumn} IS NOT TRUE THEN 'failed'
    WHEN r.mirror_verified_at IS NOT NULL THEN 'mirrored'
    ELSE 'unknown'
  END`;

export function stateOf(
  jobState: JobRow['state'] | undefined,
  isMirrored: boolean,
  selection: Selection,
  verdict: Verdict | null,
): RepositoryState {
  if (jobState === 'queued' || jobState === 'running' || jobState === 'waiting') return jobState;
  if (!isMirrored && selection !== 'mirror') return selection === 'skip' ? 'excluded' : 'asks';
  if (jobState === 'failed' && !(isMirrored && isUpstreamLost(verdict))) return 'failed';
  return isMirrored ? 'mirrored' : 'unknown';
}

/** A filter that a facet leaves out of its own counts. */
export type OwnFilter = 'languages' | 'owners' | 'lists' | 'states';

function flag(column: RawBuilder<unknown>, wanted: boolean | null | undefined): readonly RawBuilder<unknown>[] {
  return wanted === null || wanted === undefined ? [] : [sql`${column} = ${Number(wanted)}`];
}

function oneOf(column: RawBuilder<unknown>, wanted: readonly string[] | null | undefined) {
  if (wanted === null || wanted === undefined || wanted.length === 0) return [];
  return [sql`${column} COLLATE NOCASE IN (SELECT value FROM json_each(${JSON.stringify(wanted)}))`];
}

function listConditions(wanted: readonly string[] | null | undefined): readonly RawBuilder<unknown>[] {
  if (wanted === null || wanted === undefined || wanted.length === 0) return [];
  const onOne = sql`r.github_id IN (
    SELECT i.github_id FROM github_list_items i
    WHERE i.name COLLATE NOCASE IN (SELECT value FROM json_each(${JSON.stringify(wanted)})))`;
  if (!wanted.includes('')) return [onOne];
  return [sql`(${onOne} OR NOT EXISTS (SELECT 1 FROM github_list_items i WHERE i.github_id = r.github_id))`];
}

function stateConditions({ state, states }: RepositoryFilter): readonly RawBuilder<unknown>[] {
  const one = state === null ? [] : [sql`${stateColumn} = ${state}`];
  return [...one, ...oneOf(stateColumn, states)];
}

function sizeConditions({ minSizeKb, maxSizeKb }: RepositoryFilter): readonly RawBuilder<unknown>[] {
  const least = minSizeKb ?? null;
  const most = maxSizeKb ?? null;
  return [
    ...(least === null ? [] : [sql`r.size_kb >= ${least}`]),
    ...(most === null ? [] : [sql`r.size_kb <= ${most}`]),
  ];
}

/** The plus keeps SQLite from reading almost all rows by the index of totals, which knows nothing of other filters. */
function absenceConditions(isAbsent: boolean | null): readonly RawBuilder<unknown>[] {
  if (isAbsent === null) return [];
  return [isAbsent ? sql`r.absent_since IS NOT NULL` : sql`+r.absent_since IS NULL`];
}

function rescueConditions(isRescued: boolean | null): readonly RawBuilder<unknown>[] {
  if (isRescued === null) return [];
  return [isRescued ? isRescuedColumn : sql`${isRescuedColumn} IS NOT TRUE`];
}

function incompleteConditions(isIncomplete: boolean | null): readonly RawBuilder<unknown>[] {
  if (isIncomplete === null) return [];
  const one = sql`r.github_id IN (SELECT e.github_id FROM extras e WHERE e.incomplete IS NOT NULL)`;
  return [isIncomplete ? one : sql`NOT ${one}`];
}

const unprovenColumn = sql`
  (EXISTS (SELECT 1 FROM proofs p WHERE p.github_id = r.github_id AND p.result IN ('differs', 'failed')))`;

/**
 * `FROM … WHERE …` for a filter: repositories are `r`; their current job is `j`, where it is needed.
 *
 * @param own left out of the conditions
 */
export function matching(filter: RepositoryFilter, own: OwnFilter | null = null): RawBuilder<unknown> {
  const states = own === 'states' ? [] : stateConditions(filter);
  const needsJob = own === 'states' || states.length > 0;
  const selection = filter.selection ?? null;
  const conditions = [
    sql`true`,
    ...textConditions(filter.text),
    ...states,
    ...(own === 'languages' ? [] : oneOf(sql`coalesce(r.language, '')`, filter.languages)),
    ...(own === 'owners' ? [] : oneOf(sql`r.owner`, filter.owners)),
    ...(own === 'lists' ? [] : listConditions(filter.lists)),
    ...flag(sql`r.is_private`, filter.isPrivate),
    ...flag(sql`r.is_archived`, filter.isArchived),
    ...flag(sql`r.is_fork`, filter.isFork),
    ...sizeConditions(filter),
    ...(selection === null ? [] : [sql`r.selection = ${selection}`]),
    ...absenceConditions(filter.isAbsent ?? null),
    ...rescueConditions(filter.isRescued ?? null),
    ...flag(unprovenColumn, filter.isUnproven),
    ...incompleteConditions(filter.isIncomplete ?? null),
  ];
  const job = needsJob ? sql`LEFT JOIN jobs j ON j.github_id = r.github_id AND j.is_current = 1` : sql``;
  return sql`FROM repositories r ${job} WHERE ${sql.join(conditions, sql` AND `)}`;
}
