/** @file Statements on what old tips cost. Each function is a part of a transaction that the caller opened. */
import { sql } from 'kysely';
import type { GithubId } from '../../domain/repository.ts';
import type { KeptCost, KeptTotals } from '../../ports/store-kept.ts';
import type { Connection } from './connection.ts';

export function changeKeptCost(db: Connection, githubId: GithubId, cost: KeptCost | null): void {
  if (cost === null || cost.refs === 0) {
    db.run(sql`DELETE FROM kept_costs WHERE github_id = ${githubId}`);
    return;
  }
  const { refs, bytes, measuredAt } = cost;
  db.run(sql`
    INSERT INTO kept_costs (github_id, refs, bytes, measured_at)
    SELECT github_id, ${refs}, ${bytes}, ${measuredAt} FROM repositories WHERE github_id = ${githubId}
    ON CONFLICT (github_id) DO UPDATE SET refs = excluded.refs, bytes = excluded.bytes, measured_at = excluded.measured_at`);
}

export function findKeptCost(db: Connection, githubId: GithubId): KeptCost | null {
  return db.first(sql<KeptCost>`
    SELECT refs, bytes, measured_at AS measuredAt FROM kept_costs JOIN repositories USING (github_id)
    WHERE github_id = ${githubId} AND mirror_project_id IS NOT NULL`);
}

export function sumKeptCosts(db: Connection): KeptTotals {
  const sums = db.first(sql<KeptTotals>`
    SELECT count(*) AS mirrors, coalesce(sum(refs), 0) AS refs, coalesce(sum(bytes), 0) AS bytes,
      count(*) - count(bytes) AS unmeasured
    FROM kept_costs JOIN repositories USING (github_id) WHERE mirror_project_id IS NOT NULL`);
  return sums ?? { mirrors: 0, refs: 0, bytes: 0, unmeasured: 0 };
}
