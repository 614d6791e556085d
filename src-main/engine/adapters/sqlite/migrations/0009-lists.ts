/** @file GitHub Lists, what was done because of them, and which mirrors carry a definition of builds. */
import type { Migration } from '../migrate.ts';

export const lists: Migration = {
  version: 9,
  name: 'lists',
  statements: `
    CREATE TABLE github_list_items (
      name TEXT NOT NULL,
      -- Perhaps of a repository that is not known, or not any more.
      github_id INTEGER NOT NULL,
      PRIMARY KEY (github_id, name)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX github_list_items_name ON github_list_items (name COLLATE NOCASE, github_id);
    INSERT OR IGNORE INTO github_list_items (name, github_id)
      SELECT list.value ->> 'name', item.value
      FROM engine_values, json_each(engine_values.value) AS list, json_each(list.value, '$.githubIds') AS item
      WHERE engine_values.key = 'github-lists' AND json_type(engine_values.value) = 'array'
        AND json_type(list.value, '$.name') = 'text' AND item.type = 'integer';

    CREATE TABLE list_marks (
      github_id INTEGER PRIMARY KEY REFERENCES repositories (github_id) ON DELETE CASCADE,
      place TEXT,
      labels TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(labels))
    ) STRICT;

    CREATE TABLE build_refs (
      github_id INTEGER PRIMARY KEY REFERENCES repositories (github_id) ON DELETE CASCADE,
      refs INTEGER NOT NULL CHECK (refs > 0)
    ) STRICT;
  `,
};
