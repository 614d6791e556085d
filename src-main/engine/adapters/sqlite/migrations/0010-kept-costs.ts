/** @file What old tips that mirrors keep cost. */
import type { Migration } from '../migrate.ts';

export const keptCosts: Migration = {
  version: 10,
  name: 'kept costs',
  statements: `
    CREATE TABLE kept_costs (
      github_id INTEGER PRIMARY KEY REFERENCES repositories (github_id) ON DELETE CASCADE,
      refs INTEGER NOT NULL CHECK (refs > 0),
      -- NULL: not measured.
      bytes INTEGER CHECK (bytes >= 0),
      measured_at INTEGER NOT NULL
    ) STRICT;
  `,
};
