/** @file Counts over time and shares of size, each read from an index alone. */
import { type RawBuilder, sql } from 'kysely';
import { EpicstarError } from '../../domain/errors.ts';
import { type RunOutcome, runOutcomes } from '../../domain/job.ts';
import type { Instant } from '../../domain/repository.ts';
import type { OutcomeCounts, SizeShare, SizeShares } from '../../ports/store.ts';
import type { Connection } from './connection.ts';

/** Spans from each bound to the next, as JSON for the statement; the last one has no end. */
function spansOf(bounds: readonly Instant[]): string {
  const spans = bounds.map((start, index) => ({ start, end: bounds[index + 1] ?? Number.MAX_SAFE_INTEGER }));
  const wrong = spans.find(({ start, end }) => !(start <= end));
  if (wrong !== undefined) throw new EpicstarError('internal', `Bounds must ascend, not go on from ${wrong.start}.`);
  return JSON.stringify(spans);
}

interface OutcomeCount {
  readonly day: number;
  readonly outcome: RunOutcome;
  readonly count: number;
}

export function countOutcomes(db: Connection, since: Instant, dayStarts: readonly Instant[]): readonly OutcomeCounts[] {
  const days = dayStarts.map(() => ({ done: 0, retry: 0, waiting: 0, failed: 0, cancelled: 0, interrupted: 0 }));
  const rows = db.all(sql<OutcomeCount>`
    SELECT day.key AS day, o.value AS outcome, (
      SELECT count(*) FROM runs
      WHERE outcome = o.value
        AND finished_at >= max(day.value ->> 'start', ${since}) AND finished_at < day.value ->> 'end'
    ) AS count
    FROM json_each(${spansOf(dayStarts)}) AS day CROSS JOIN json_each(${JSON.stringify(runOutcomes)}) AS o`);
  for (const { day, outcome, count } of rows) {
    const counts = days[day];
    if (counts !== undefined) counts[outcome] = count;
  }
  return days;
}

export function countStars(db: Connection, bounds: readonly Instant[]): readonly number[] {
  const rows = db.all(sql<{ readonly count: number }>`
    SELECT (
      SELECT count(*) FROM repositories
      WHERE starred_at >= span.value ->> 'start' AND starred_at < span.value ->> 'end'
    ) AS count FROM json_each(${spansOf(bounds)}) AS span ORDER BY span.key`);
  return rows.map((row) => row.count);
}

const shareColumns: Readonly<Record<'language' | 'owner', RawBuilder<unknown>>> = {
  language: sql`coalesce(language, '')`,
  owner: sql`owner`,
};

const maxShares = 200;

export function shareSizes(db: Connection, kind: 'language' | 'owner', most: number): SizeShares {
  if (!Number.isSafeInteger(most) || most < 1 || most > maxShares) {
    throw new EpicstarError('internal', `Sizes are shared out among 1 to ${maxShares}, not ${most}.`);
  }
  const column = shareColumns[kind];
  const shares = db.all(sql<SizeShare>`
    SELECT min(${column} COLLATE BINARY) AS value, sum(size_kb) AS sizeKb, count(*) AS count
    FROM repositories GROUP BY ${column} COLLATE NOCASE ORDER BY sizeKb DESC, ${column} COLLATE NOCASE`);
  const rest = { sizeKb: 0, count: 0 };
  for (const { sizeKb, count } of shares.slice(most)) {
    rest.sizeKb += sizeKb;
    rest.count += count;
  }
  return { items: shares.slice(0, most), rest };
}
