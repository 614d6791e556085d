/** @file Indexes that hold all that charts and searches of history read: rows of runs are wide. */
import type { Migration } from '../migrate.ts';

export const statistics: Migration = {
  version: 7,
  name: 'statistics',
  statements: `
    CREATE INDEX runs_days ON runs (outcome, finished_at);
    CREATE INDEX runs_names ON runs (full_name, finished_at, outcome, github_id);
  `,
};
