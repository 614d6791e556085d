/** @file Small values: what the star watcher remembers, and what the engine itself does, such as a pause. */
import type { Migration } from '../migrate.ts';

export const memory: Migration = {
  version: 4,
  name: 'memory',
  statements: `
    CREATE TABLE watcher_memory (
      key TEXT PRIMARY KEY CHECK (key IN (
        'head', 'total', 'pushedWatermark', 'lastLookAt', 'lastFullWalkAt', 'lastSweepAt'
      )),
      value TEXT NOT NULL CHECK (json_valid(value))
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE engine_values (
      key TEXT PRIMARY KEY CHECK (key <> ''),
      value TEXT NOT NULL CHECK (json_valid(value))
    ) STRICT, WITHOUT ROWID;
  `,
};
