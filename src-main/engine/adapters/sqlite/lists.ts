/**
 * @file Statements on GitHub Lists, on what was done because of them, and on mirrors with a definition of builds. Each
 * function is a part of a transaction that the caller opened.
 */
import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { GithubId } from '../../domain/repository.ts';
import type { FacetCount } from '../../ports/store-queries.ts';
import type { KnownList, ListMark } from '../../ports/store-lists.ts';
import type { Connection } from './connection.ts';
import { parseJson } from './rows.ts';

const namesSchema = z.array(z.string());

export function replaceLists(db: Connection, lists: readonly KnownList[]): void {
  db.run(sql`DELETE FROM github_list_items`);
  const items = lists.flatMap(({ name, githubIds }) => githubIds.map((githubId) => ({ name, githubId })));
  db.run(sql`
    INSERT OR IGNORE INTO github_list_items (name, github_id)
    SELECT value ->> 'name', value ->> 'githubId' FROM json_each(${JSON.stringify(items)})`);
}

/** Names of the Lists that each of these is on, by name. */
export function listNamesOf(db: Connection, idsText: string): ReadonlyMap<GithubId, readonly string[]> {
  const rows = db.all(sql<{ readonly github_id: number; readonly names: string }>`
    SELECT github_id, json_group_array(name) AS names FROM github_list_items
    WHERE github_id IN (SELECT value FROM json_each(${idsText})) GROUP BY github_id`);
  return new Map(rows.map((row) => [row.github_id, sorted(parseJson(namesSchema, row.names, 'list of names'))]));
}

function sorted(names: readonly string[]): readonly string[] {
  const rank = (name: string): string => name.toLowerCase();
  return names.toSorted((a, b) => (rank(a) < rank(b) ? -1 : Number(rank(a) > rank(b))));
}

/** @param source `FROM … WHERE …` on `repositories r` */
export function countLists(db: Connection, source: RawBuilder<unknown>): readonly FacetCount[] {
  const counted = db.all(sql<FacetCount>`
    SELECT min(i.name) AS value, count(*) AS count FROM github_list_items i
    WHERE i.github_id IN (SELECT r.github_id ${source}) GROUP BY i.name COLLATE NOCASE
    ORDER BY i.name COLLATE NOCASE`);
  const none = db.first(sql<{ readonly count: number }>`
    SELECT count(*) AS count ${source} AND NOT EXISTS (
      SELECT 1 FROM github_list_items i WHERE i.github_id = r.github_id)`);
  // Where there are no Lists at all, nobody asks who is on none.
  const isAny =
    db.first(
      sql<{
        readonly name: string;
      }>`SELECT i.name FROM github_list_items i JOIN repositories r ON r.github_id = i.github_id LIMIT 1`,
    ) !== null;
  return isAny && none !== null && none.count > 0 ? [...counted, { value: '', count: none.count }] : counted;
}

export function readMarks(db: Connection): ReadonlyMap<GithubId, ListMark> {
  const rows = db.all(sql<{ readonly github_id: number; readonly place: string | null; readonly labels: string }>`
    SELECT github_id, place, labels FROM list_marks`);
  return new Map(
    rows.map(({ github_id: githubId, place, labels }) => [
      githubId,
      { place, labels: parseJson(namesSchema, labels, 'list of labels') },
    ]),
  );
}

export function changeMark(db: Connection, githubId: GithubId, { place, labels }: Partial<ListMark>): void {
  db.run(sql`
    INSERT OR IGNORE INTO list_marks (github_id) SELECT github_id FROM repositories WHERE github_id = ${githubId}`);
  if (place !== undefined) db.run(sql`UPDATE list_marks SET place = ${place} WHERE github_id = ${githubId}`);
  if (labels !== undefined) {
    db.run(sql`UPDATE list_marks SET labels = ${JSON.stringify(labels)} WHERE github_id = ${githubId}`);
  }
  db.run(sql`DELETE FROM list_marks WHERE github_id = ${githubId} AND place IS NULL AND labels = '[]'`);
}

export function changeBuildRefs(db: Connection, githubId: GithubId, refs: number): void {
  db.run(sql`DELETE FROM build_refs WHERE github_id = ${githubId}`);
  if (refs === 0) return;
  db.run(sql`
    INSERT INTO build_refs (github_id, refs) SELECT github_id, ${refs} FROM repositories WHERE github_id = ${githubId}`);
}

export function countBuildMirrors(db: Connection): number {
  return db.first(sql<{ readonly count: number }>`SELECT count(*) AS count FROM build_refs`)?.count ?? 0;
}

export function buildRefsOf(db: Connection, idsText: string): ReadonlyMap<GithubId, number> {
  const rows = db.all(sql<{ readonly github_id: number; readonly refs: number }>`
    SELECT github_id, refs FROM build_refs WHERE github_id IN (SELECT value FROM json_each(${idsText}))`);
  return new Map(rows.map((row) => [row.github_id, row.refs]));
}

/** Whoever is made anew elsewhere has neither labels nor a place of a List there. */
export function clearMarks(db: Connection): void {
  for (const table of [sql`list_marks`, sql`build_refs`]) {
    db.run(sql`DELETE FROM ${table} WHERE github_id IN (
      SELECT github_id FROM repositories WHERE mirror_verified_at IS NOT NULL AND absent_since IS NULL)`);
  }
}
