/** @file Mirrors that a person put away into the archive. */
import type { Migration } from '../migrate.ts';

export const archive: Migration = {
  version: 11,
  name: 'archive',
  statements: `
    -- Since when; NULL: it is not in the archive.
    ALTER TABLE repositories ADD COLUMN archived_at INTEGER;
  `,
};
