/**
 * @file The next page of runs after those that were read already. Runs that end meanwhile stand before all others and
 * push them on: they are stepped over, and nothing is read twice or missed.
 */
import type { Client } from '../../../src-preload/contract/client.ts';
import type { RunView } from '../../../src-preload/contract/views.ts';
import type { RunQuery } from './run-filter.ts';

export interface ReadRuns {
  readonly runs: readonly RunView[];
  /** All that matched when the first page was read. */
  readonly total: number;
  /** How many matching runs ended since the first page was read. */
  readonly newer: number;
}

/** @param before what was read so far; null: nothing */
export async function readNextPage(
  client: Client,
  query: RunQuery,
  before: ReadRuns | null,
  limit: number,
): Promise<ReadRuns> {
  const runs = before?.runs ?? [];
  const offset = runs.length + (before?.newer ?? 0);
  const { items, total } = await client.call('runs.list', { ...query, offset, limit });
  const known = new Set(runs.map(({ id }) => id));
  const read = [...runs, ...items.filter(({ id }) => !known.has(id))];
  const firstTotal = before?.total ?? total;
  return {
    runs: read,
    // An empty page where more were promised: they were forgotten.
    total: items.length === 0 ? read.length : Math.max(firstTotal, read.length),
    newer: Math.max(0, total - firstTotal),
  };
}
