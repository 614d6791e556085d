/** @file Repositories: what GitHub tells of them, what the star list said, and what the last good mirror run proved. */
import type { Migration } from '../migrate.ts';

const flag = 'INTEGER NOT NULL CHECK (%s IN (0, 1))';
const flags = ['is_private', 'is_fork', 'is_archived', 'is_disabled', 'has_wiki'];

export const repositories: Migration = {
  version: 1,
  name: 'repositories',
  statements: `
    CREATE TABLE repositories (
      github_id INTEGER PRIMARY KEY CHECK (github_id > 0),
      node_id TEXT NOT NULL,
      full_name TEXT NOT NULL CHECK (full_name LIKE '_%/_%'),
      description TEXT,
      default_branch TEXT NOT NULL,
      size_kb INTEGER NOT NULL CHECK (size_kb >= 0),
      ${flags.map((name) => `${name} ${flag.replace('%s', name)},`).join('\n')}
      pushed_at INTEGER,
      language TEXT,
      license_spdx TEXT,
      topics TEXT NOT NULL CHECK (json_valid(topics) AND json_type(topics) = 'array'),
      homepage TEXT,
      html_url TEXT NOT NULL,
      starred_at INTEGER NOT NULL,
      first_seen_at INTEGER NOT NULL,
      absent_since INTEGER,
      previous_names TEXT NOT NULL CHECK (json_valid(previous_names) AND json_type(previous_names) = 'array'),
      search_text TEXT NOT NULL,
      mirror_project_id TEXT,
      mirror_project_path TEXT,
      mirror_project_url TEXT,
      mirror_pushed_at INTEGER,
      mirror_default_branch TEXT,
      mirror_verified_at INTEGER,
      mirror_ref_count INTEGER CHECK (mirror_ref_count >= 0),
      mirror_cache_bytes INTEGER CHECK (mirror_cache_bytes >= 0),
      mirror_unfit_refs INTEGER CHECK (mirror_unfit_refs >= 0),
      CHECK (
        (mirror_verified_at IS NOT NULL AND mirror_project_id IS NOT NULL AND mirror_project_path IS NOT NULL
          AND mirror_ref_count IS NOT NULL AND mirror_cache_bytes IS NOT NULL AND mirror_unfit_refs IS NOT NULL)
        OR
        (mirror_verified_at IS NULL AND mirror_project_id IS NULL AND mirror_project_path IS NULL
          AND mirror_project_url IS NULL AND mirror_pushed_at IS NULL AND mirror_default_branch IS NULL
          AND mirror_ref_count IS NULL AND mirror_cache_bytes IS NULL AND mirror_unfit_refs IS NULL)
      )
    ) STRICT;

    CREATE INDEX repositories_name ON repositories (full_name COLLATE NOCASE, github_id);
    CREATE INDEX repositories_starred ON repositories (starred_at DESC, github_id);
    CREATE INDEX repositories_size ON repositories (size_kb DESC, github_id);
    CREATE INDEX repositories_verified ON repositories (mirror_verified_at DESC, github_id);
    -- Holds all that the totals count.
    CREATE INDEX repositories_totals ON repositories (absent_since, mirror_verified_at);
  `,
};
