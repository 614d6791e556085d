/** @file Statements on mirrors that a person put away or removed. Each function is a part of a transaction of the caller. */
import { sql } from 'kysely';
import type { GithubId, Instant } from '../../domain/repository.ts';
import type { Connection } from './connection.ts';
import { forgetProofs } from './proofs.ts';
import { noMirror } from './repositories.ts';

export function writeArchived(db: Connection, githubIds: readonly GithubId[], archivedAt: Instant | null): void {
  db.run(sql`
    UPDATE repositories SET archived_at = iif(${archivedAt} IS NULL, NULL, coalesce(archived_at, ${archivedAt}))
    WHERE github_id IN (SELECT value FROM json_each(${JSON.stringify(githubIds)}))`);
}

export function dropMirror(db: Connection, githubId: GithubId, projectId: string): void {
  const dropped = db.run(
    db.build
      .updateTable('repositories')
      .set({ ...noMirror, archived_at: null })
      .where('github_id', '=', githubId)
      .where('mirror_project_id', '=', projectId),
  );
  if (dropped === 0) return;
  forgetProofs(db, githubId);
  // A mirror that is made anew has neither labels nor files of LFS.
  for (const table of [sql`extras`, sql`list_marks`, sql`build_refs`]) {
    db.run(sql`DELETE FROM ${table} WHERE github_id = ${githubId}`);
  }
}
