/** @file What was found out about repositories that left the starred list or stopped answering. */
import type { Migration } from '../migrate.ts';

export const verdicts: Migration = {
  version: 8,
  name: 'verdicts',
  statements: `
    ALTER TABLE repositories ADD COLUMN verdict_kind TEXT
      CHECK (verdict_kind IN ('unstarred', 'made-private', 'gone', 'blocked', 'moved'));
    ALTER TABLE repositories ADD COLUMN verdict_evidence TEXT
      CHECK ((verdict_evidence IS NULL) = (verdict_kind IS NULL) AND json_valid(verdict_evidence));
    ALTER TABLE repositories ADD COLUMN verdict_first_at INTEGER
      CHECK ((verdict_first_at IS NULL) = (verdict_kind IS NULL));
    ALTER TABLE repositories ADD COLUMN verdict_last_at INTEGER
      CHECK ((verdict_last_at IS NULL) = (verdict_kind IS NULL));
    ALTER TABLE repositories ADD COLUMN verdict_confirmed_at INTEGER
      CHECK (verdict_confirmed_at IS NULL OR verdict_kind IS NOT NULL);
    -- When GitHub is asked about it; NULL: there is nothing to ask.
    ALTER TABLE repositories ADD COLUMN examine_at INTEGER;

    UPDATE repositories SET examine_at = absent_since WHERE absent_since IS NOT NULL;
    CREATE INDEX repositories_examine ON repositories (examine_at) WHERE examine_at IS NOT NULL;
    -- Of two mirrors that are said to stand at one path, one had to make way.
    CREATE INDEX repositories_place ON repositories (mirror_project_path COLLATE NOCASE)
      WHERE mirror_project_path IS NOT NULL;
    CREATE INDEX repositories_verdict ON repositories (verdict_kind, verdict_confirmed_at) WHERE verdict_kind IS NOT NULL;
  `,
};
