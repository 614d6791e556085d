/** @file History: one row for every attempt that ended, however it ended. */
import type { Migration } from '../migrate.ts';

export const runs: Migration = {
  version: 3,
  name: 'runs',
  statements: `
    CREATE TABLE runs (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      job_id INTEGER NOT NULL REFERENCES jobs (id),
      github_id INTEGER NOT NULL REFERENCES repositories (github_id),
      full_name TEXT NOT NULL,
      cause TEXT NOT NULL CHECK (cause IN ('new-star', 'pushed', 'renamed', 'sweep', 'user', 'verify')),
      attempt INTEGER NOT NULL CHECK (attempt > 0),
      queued_at INTEGER NOT NULL,
      started_at INTEGER NOT NULL,
      finished_at INTEGER NOT NULL,
      outcome TEXT NOT NULL CHECK (outcome IN ('done', 'retry', 'waiting', 'failed', 'cancelled', 'interrupted')),
      report TEXT NOT NULL CHECK (json_valid(report) AND json_type(report) = 'object'),
      error TEXT CHECK (json_valid(error) AND json_type(error) = 'object')
    ) STRICT;

    CREATE INDEX runs_job ON runs (job_id);
    CREATE INDEX runs_repository ON runs (github_id, id);
    CREATE INDEX runs_outcome ON runs (outcome, id);
    CREATE INDEX runs_finished ON runs (finished_at);
  `,
};
