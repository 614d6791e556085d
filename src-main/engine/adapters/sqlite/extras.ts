/** @file Statements on LFS files, submodules and wikis. Each function is a part of a transaction that the caller opened. */
import { sql } from 'kysely';
import { z } from 'zod';
import { describeIncomplete, type Extras, type LfsPointer, noExtras } from '../../domain/extras.ts';
import type { GithubId, Instant } from '../../domain/repository.ts';
import type { Connection } from './connection.ts';
import { parseJson } from './rows.ts';

const lfsSchema = z.object({
  objects: z.number(),
  bytes: z.number(),
  missing: z.number(),
  reason: z.string().nullable(),
  checkedAt: z.number(),
});

const wikiSchema = z.object({
  kind: z.enum(['mirrored', 'absent', 'incomplete']),
  projectId: z.string().nullable(),
  projectPath: z.string().nullable(),
  projectUrl: z.string().nullable(),
  refCount: z.number(),
  reason: z.string().nullable(),
  checkedAt: z.number(),
});

const submodulesSchema = z.array(z.object({ path: z.string(), address: z.string(), fullName: z.string().nullable() }));

interface ExtrasRow {
  readonly mark: string | null;
  readonly lfs: string | null;
  readonly submodules: string;
  readonly wiki: string | null;
  readonly retry_at: number | null;
}

export function findExtras(db: Connection, githubId: GithubId): Extras {
  const row = db.first(sql<ExtrasRow>`
    SELECT mark, lfs, submodules, wiki, retry_at FROM extras WHERE github_id = ${githubId}`);
  if (row === null) return noExtras;
  return {
    mark: row.mark,
    lfs: row.lfs === null ? null : parseJson(lfsSchema, row.lfs, 'state of LFS'),
    submodules: parseJson(submodulesSchema, row.submodules, 'list of submodules'),
    wiki: row.wiki === null ? null : parseJson(wikiSchema, row.wiki, 'state of a wiki'),
    retryAt: row.retry_at,
  };
}

export function changeExtras(
  db: Connection,
  githubId: GithubId,
  extras: Extras,
  newPointers: readonly LfsPointer[],
): void {
  const { mark, lfs, submodules, wiki, retryAt } = extras;
  db.run(sql`DELETE FROM extras WHERE github_id = ${githubId}`);
  db.run(sql`
    INSERT INTO extras (github_id, mark, lfs, submodules, wiki, incomplete, retry_at)
    SELECT github_id, ${mark}, ${lfs === null ? null : JSON.stringify(lfs)}, ${JSON.stringify(submodules)},
      ${wiki === null ? null : JSON.stringify(wiki)}, ${describeIncomplete(extras)}, ${retryAt}
    FROM repositories WHERE github_id = ${githubId}`);
  if (newPointers.length === 0) return;
  db.run(sql`
    INSERT OR IGNORE INTO lfs_pointers (github_id, oid, size)
    SELECT r.github_id, value ->> 'oid', value ->> 'size'
    FROM json_each(${JSON.stringify(newPointers)}) JOIN repositories r ON r.github_id = ${githubId}`);
}

export function listPointers(db: Connection, githubId: GithubId): readonly LfsPointer[] {
  return db.all(sql<LfsPointer>`SELECT oid, size FROM lfs_pointers WHERE github_id = ${githubId} ORDER BY oid`);
}

export function dueForExtras(db: Connection, at: Instant, most: number): readonly GithubId[] {
  const rows = db.all(sql<{ readonly github_id: number }>`
    SELECT e.github_id FROM extras e JOIN repositories r ON r.github_id = e.github_id
    WHERE e.retry_at <= ${at} AND r.absent_since IS NULL AND r.selection = 'mirror'
    ORDER BY e.retry_at, e.github_id LIMIT ${most}`);
  return rows.map((row) => row.github_id);
}

/** What is not in each of these mirrors, in words. */
export function incompleteOf(db: Connection, idsText: string): ReadonlyMap<GithubId, string> {
  const rows = db.all(sql<{ readonly github_id: number; readonly incomplete: string }>`
    SELECT github_id, incomplete FROM extras
    WHERE incomplete IS NOT NULL AND github_id IN (SELECT value FROM json_each(${idsText}))`);
  return new Map(rows.map((row) => [row.github_id, row.incomplete]));
}

/** Whoever is made anew elsewhere has neither files nor a wiki there. Their pointers stay true. */
export function clearExtras(db: Connection): void {
  db.run(sql`DELETE FROM extras WHERE github_id IN (SELECT github_id FROM repositories WHERE absent_since IS NULL)`);
}
