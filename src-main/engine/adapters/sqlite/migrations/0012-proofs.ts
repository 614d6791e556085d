/** @file What comparisons and restore drills told of each mirror. */
import type { Migration } from '../migrate.ts';

export const proofs: Migration = {
  version: 12,
  name: 'proofs',
  statements: `
    CREATE TABLE proofs (
      github_id INTEGER PRIMARY KEY REFERENCES repositories (github_id) ON DELETE CASCADE,
      result TEXT NOT NULL CHECK (result IN ('same', 'same-as-proven', 'differs', 'failed')),
      source TEXT NOT NULL CHECK (source IN ('run', 'verify', 'drill')),
      at INTEGER NOT NULL,
      ref_count INTEGER NOT NULL,
      differences TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(differences)),
      error TEXT CHECK (error IS NULL OR json_valid(error)),
      proven_at INTEGER,
      proven_refs INTEGER CHECK ((proven_refs IS NULL) = (proven_at IS NULL)),
      proven_digest TEXT CHECK (proven_digest IS NULL OR proven_at IS NOT NULL),
      differed_at INTEGER,
      differed_refs TEXT CHECK ((differed_refs IS NULL) = (differed_at IS NULL)),
      repaired_at INTEGER CHECK (repaired_at IS NULL OR differed_at IS NOT NULL)
    ) STRICT;
    INSERT INTO proofs (github_id, result, source, at, ref_count, proven_at, proven_refs)
      SELECT github_id, 'same', 'run', mirror_verified_at, mirror_ref_count, mirror_verified_at, mirror_ref_count
      FROM repositories WHERE mirror_verified_at > 0;
    CREATE INDEX proofs_at ON proofs (at);

    CREATE TABLE drills (
      github_id INTEGER PRIMARY KEY REFERENCES repositories (github_id) ON DELETE CASCADE,
      result TEXT NOT NULL CHECK (result IN ('fine', 'differs', 'damaged', 'failed', 'cut')),
      at INTEGER NOT NULL,
      duration_ms INTEGER NOT NULL,
      ref_count INTEGER NOT NULL,
      objects INTEGER NOT NULL,
      bytes INTEGER NOT NULL,
      findings TEXT NOT NULL CHECK (json_valid(findings)),
      error TEXT CHECK (error IS NULL OR json_valid(error))
    ) STRICT;
    CREATE INDEX drills_at ON drills (at);
    CREATE INDEX drills_bad ON drills (github_id) WHERE result IN ('differs', 'damaged');
  `,
};
