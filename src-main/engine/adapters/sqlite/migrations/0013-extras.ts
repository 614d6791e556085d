/** @file What belongs to a repository beside its branches and tags: LFS files, submodules, the wiki. */
import type { Migration } from '../migrate.ts';

export const extras: Migration = {
  version: 13,
  name: 'extras',
  statements: `
    CREATE TABLE extras (
      github_id INTEGER PRIMARY KEY REFERENCES repositories (github_id) ON DELETE CASCADE,
      -- Digest of the tips that were read.
      mark TEXT,
      lfs TEXT CHECK (lfs IS NULL OR json_valid(lfs)),
      submodules TEXT NOT NULL CHECK (json_valid(submodules)),
      wiki TEXT CHECK (wiki IS NULL OR json_valid(wiki)),
      -- For a person; NULL: nothing is missing.
      incomplete TEXT,
      retry_at INTEGER
    ) STRICT;
    CREATE INDEX extras_incomplete ON extras (github_id) WHERE incomplete IS NOT NULL;
    CREATE INDEX extras_retry ON extras (retry_at) WHERE retry_at IS NOT NULL;

    -- Every pointer that any commit of a mirror ever held.
    CREATE TABLE lfs_pointers (
      github_id INTEGER NOT NULL REFERENCES repositories (github_id) ON DELETE CASCADE,
      oid TEXT NOT NULL CHECK (length(oid) = 64),
      size INTEGER NOT NULL CHECK (size >= 0),
      PRIMARY KEY (github_id, oid)
    ) STRICT, WITHOUT ROWID;
  `,
};
