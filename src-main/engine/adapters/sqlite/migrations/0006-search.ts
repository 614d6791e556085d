/**
 * @file The full-text index over `search_text`, by runs of three characters: it finds any part of a word, punctuation
 * included. Case and diacritics are folded before they get here, the same way as what is looked for.
 */
import type { Migration } from '../migrate.ts';

export const search: Migration = {
  version: 6,
  name: 'search',
  statements: `
    CREATE VIRTUAL TABLE repository_search USING fts5 (
      search_text, content = 'repositories', content_rowid = 'github_id', tokenize = 'trigram case_sensitive 1'
    );
    INSERT INTO repository_search (repository_search) VALUES ('rebuild');

    CREATE TRIGGER repositories_search_insert AFTER INSERT ON repositories BEGIN
      INSERT INTO repository_search (rowid, search_text) VALUES (NEW.github_id, NEW.search_text);
    END;
    CREATE TRIGGER repositories_search_delete AFTER DELETE ON repositories BEGIN
      INSERT INTO repository_search (repository_search, rowid, search_text)
      VALUES ('delete', OLD.github_id, OLD.search_text);
    END;
    CREATE TRIGGER repositories_search_update AFTER UPDATE OF search_text ON repositories
    WHEN NEW.search_text <> OLD.search_text BEGIN
      INSERT INTO repository_search (repository_search, rowid, search_text)
      VALUES ('delete', OLD.github_id, OLD.search_text);
      INSERT INTO repository_search (rowid, search_text) VALUES (NEW.github_id, NEW.search_text);
    END;
  `,
};
