/** @file Which repositories are mirrored and why, and the indexes of filters and counts over them. */
import type { Migration } from '../migrate.ts';

export const selection: Migration = {
  version: 5,
  name: 'selection',
  statements: `
    ALTER TABLE repositories ADD COLUMN choice TEXT CHECK (choice IN ('include', 'exclude'));
    ALTER TABLE repositories ADD COLUMN selection TEXT NOT NULL DEFAULT 'mirror'
      CHECK (selection IN ('mirror', 'skip', 'ask'));
    ALTER TABLE repositories ADD COLUMN selection_reason TEXT NOT NULL DEFAULT '';
    ALTER TABLE repositories ADD COLUMN owner TEXT
      GENERATED ALWAYS AS (substr(full_name, 1, instr(full_name, '/') - 1)) VIRTUAL;

    CREATE INDEX repositories_pushed ON repositories (pushed_at DESC, github_id);
    CREATE INDEX repositories_owner ON repositories (owner COLLATE NOCASE, size_kb);
    -- Holds what most filters read, so that counting does not walk through the texts of every row.
    CREATE INDEX repositories_filters ON repositories (
      language COLLATE NOCASE, size_kb, selection, is_private, is_archived, is_fork, absent_since, mirror_verified_at
    );
    CREATE INDEX jobs_states ON jobs (github_id, is_current, state);
  `,
};
