/** @file The watcher's memory and the engine's own small values. */
import { sql } from 'kysely';
import { z } from 'zod';
import type { WatcherMemory } from '../../ports/store.ts';
import type { Connection } from './connection.ts';
import { parseJson } from './rows.ts';

const instantSchema = z.number().nullable();

const watcherSchemas = {
  head: z.object({ githubId: z.number(), starredAt: z.number() }).nullable(),
  total: z.number().nullable(),
  pushedWatermark: instantSchema,
  lastLookAt: instantSchema,
  lastFullWalkAt: instantSchema,
  lastSweepAt: instantSchema,
} as const satisfies { readonly [K in keyof WatcherMemory]: z.ZodType<WatcherMemory[K]> };

type Table = 'watcher_memory' | 'engine_values';

function put(db: Connection, table: Table, key: string, value: string): void {
  db.run(
    db.build
      .insertInto(table)
      .values({ key, value })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value })),
  );
}

export function readWatcher(db: Connection): WatcherMemory {
  const stored = new Map(db.all(db.build.selectFrom('watcher_memory').selectAll()).map((row) => [row.key, row.value]));
  const read = <T>(key: keyof WatcherMemory, schema: z.ZodType<T>): T | null => {
    const text = stored.get(key);
    return text === undefined ? null : parseJson(schema, text, `memory of the watcher (${key})`);
  };
  return {
    head: read('head', watcherSchemas.head),
    total: read('total', watcherSchemas.total),
    pushedWatermark: read('pushedWatermark', watcherSchemas.pushedWatermark),
    lastLookAt: read('lastLookAt', watcherSchemas.lastLookAt),
    lastFullWalkAt: read('lastFullWalkAt', watcherSchemas.lastFullWalkAt),
    lastSweepAt: read('lastSweepAt', watcherSchemas.lastSweepAt),
  };
}

export function changeWatcher(db: Connection, change: Partial<WatcherMemory>): void {
  for (const [key, value] of Object.entries(change)) put(db, 'watcher_memory', key, JSON.stringify(value));
}

export function readEngineValue(db: Connection, key: string): string | null {
  return db.first(db.build.selectFrom('engine_values').select('value').where('key', '=', key))?.value ?? null;
}

export function writeEngineValue(db: Connection, key: string, value: string | null): void {
  if (value === null) db.run(sql`DELETE FROM engine_values WHERE key = ${key}`);
  else put(db, 'engine_values', key, value);
}
