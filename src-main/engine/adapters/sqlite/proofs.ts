/**
 * @file Statements on comparisons and restore drills. Each function is a part of a transaction that the caller opened.
 */
import { type RawBuilder, type Selectable, sql } from 'kysely';
import { z } from 'zod';
import {
  type Drill,
  type DrillOf,
  type DrillResult,
  noProofs,
  type Proof,
  type ProofResult,
  type Proofs,
  type ProofSource,
  withProof,
} from '../../domain/proof.ts';
import type { GithubId, Instant } from '../../domain/repository.ts';
import type { RepositoryRecord } from '../../ports/store.ts';
import type { ProofCounts } from '../../ports/store-proofs.ts';
import type { Connection } from './connection.ts';
import { isRescuedColumn } from './repository-filters.ts';
import { parseJson, parseError, toRepository } from './rows.ts';
import type { RepositoriesTable } from './schema.ts';

interface ProofRow {
  readonly github_id: number;
  readonly result: ProofResult;
  readonly source: ProofSource;
  readonly at: number;
  readonly ref_count: number;
  readonly differences: string;
  readonly error: string | null;
  readonly proven_at: number | null;
  readonly proven_refs: number | null;
  readonly proven_digest: string | null;
  readonly differed_at: number | null;
  readonly differed_refs: string | null;
  readonly repaired_at: number | null;
}

interface DrillRow {
  readonly github_id: number;
  readonly result: DrillResult;
  readonly at: number;
  readonly duration_ms: number;
  readonly ref_count: number;
  readonly objects: number;
  readonly bytes: number;
  readonly findings: string;
  readonly error: string | null;
}

type NamedDrillRow = DrillRow & { readonly full_name: string };

const wordsSchema = z.array(z.string());
const words = (text: string): readonly string[] => parseJson(wordsSchema, text, 'list of differences');

function toProofs(row: ProofRow): Proofs {
  const { proven_at: provenAt, differed_at: differedAt, differed_refs: differed } = row;
  return {
    last: {
      result: row.result,
      source: row.source,
      at: row.at,
      refCount: row.ref_count,
      differences: words(row.differences),
      error: parseError(row.error),
    },
    proven: provenAt === null ? null : { at: provenAt, refCount: row.proven_refs ?? 0, digest: row.proven_digest },
    difference:
      differedAt === null || differed === null
        ? null
        : { at: differedAt, differences: words(differed), repairedAt: row.repaired_at },
    drill: null,
  };
}

function toDrill(row: DrillRow): Drill {
  return {
    result: row.result,
    at: row.at,
    durationMs: row.duration_ms,
    refCount: row.ref_count,
    objects: row.objects,
    bytes: row.bytes,
    findings: words(row.findings),
    error: parseError(row.error),
  };
}

/** Those of the ids of which anything is known. */
export function proofsOf(db: Connection, idsText: string): ReadonlyMap<GithubId, Proofs> {
  const proofRows = db.all(sql<ProofRow>`
    SELECT * FROM proofs WHERE github_id IN (SELECT value FROM json_each(${idsText}))`);
  const drillRows = db.all(sql<DrillRow>`
    SELECT * FROM drills WHERE github_id IN (SELECT value FROM json_each(${idsText}))`);
  const found = new Map(proofRows.map((row) => [row.github_id, toProofs(row)]));
  for (const row of drillRows) {
    found.set(row.github_id, { ...(found.get(row.github_id) ?? noProofs), drill: toDrill(row) });
  }
  return found;
}

export function findProofs(db: Connection, githubId: GithubId): Proofs | null {
  return proofsOf(db, JSON.stringify([githubId])).get(githubId) ?? null;
}

function isMirrored(db: Connection, githubId: GithubId): boolean {
  const row = db.first(sql<{ readonly github_id: number }>`
    SELECT github_id FROM repositories WHERE github_id = ${githubId} AND mirror_verified_at IS NOT NULL`);
  return row !== null;
}

export function noteProof(db: Connection, githubId: GithubId, proof: Proof, digest: string | null): void {
  if (!isMirrored(db, githubId)) return;
  const { last, proven, difference } = withProof(findProofs(db, githubId) ?? noProofs, proof, digest);
  if (last === null) return;
  db.run(sql`
    INSERT OR REPLACE INTO proofs (
      github_id, result, source, at, ref_count, differences, error,
      proven_at, proven_refs, proven_digest, differed_at, differed_refs, repaired_at
    ) VALUES (
      ${githubId}, ${last.result}, ${last.source}, ${last.at}, ${last.refCount}, ${JSON.stringify(last.differences)},
      ${last.error === null ? null : JSON.stringify(last.error)},
      ${proven?.at ?? null}, ${proven?.refCount ?? null}, ${proven?.digest ?? null},
      ${difference?.at ?? null}, ${difference === null ? null : JSON.stringify(difference.differences)},
      ${difference?.repairedAt ?? null}
    )`);
}

export function changeDigest(db: Connection, githubId: GithubId, digest: string): void {
  db.run(sql`
    UPDATE proofs SET proven_digest = ${digest}, proven_at = coalesce(proven_at, at),
      proven_refs = coalesce(proven_refs, ref_count)
    WHERE github_id = ${githubId}`);
}

function among(only: readonly GithubId[] | null): RawBuilder<unknown> {
  return only === null ? sql`true` : sql`r.github_id IN (SELECT value FROM json_each(${JSON.stringify(only)}))`;
}

type RepositoryRow = Selectable<RepositoriesTable>;

export function listUncompared(
  db: Connection,
  since: Instant,
  only: readonly GithubId[] | null,
  most: number,
): readonly RepositoryRecord[] {
  const rows = db.all(sql<RepositoryRow>`
    SELECT r.* FROM repositories r LEFT JOIN proofs p ON p.github_id = r.github_id
    WHERE r.mirror_verified_at IS NOT NULL AND coalesce(p.at, 0) < ${since} AND ${among(only)}
    ORDER BY coalesce(p.at, 0), r.github_id LIMIT ${most}`);
  return rows.map(toRepository);
}

export function countMirrors(db: Connection, only: readonly GithubId[] | null): number {
  const row = db.first(sql<{ readonly count: number }>`
    SELECT count(*) AS count FROM repositories r WHERE r.mirror_verified_at IS NOT NULL AND ${among(only)}`);
  return row?.count ?? 0;
}

export function countProofs(db: Connection, since: Instant, only: readonly GithubId[] | null): ProofCounts {
  const row = db.first(sql<ProofCounts>`
    SELECT count(*) FILTER (WHERE p.result = 'same') AS same,
      count(*) FILTER (WHERE p.result = 'same-as-proven') AS sameAsProven,
      count(*) FILTER (WHERE p.result = 'differs') AS differs,
      count(*) FILTER (WHERE p.result = 'failed') AS failed,
      count(*) FILTER (WHERE p.differed_at >= ${since} AND p.repaired_at IS NOT NULL) AS repaired
    FROM proofs p JOIN repositories r ON r.github_id = p.github_id
    WHERE p.at >= ${since} AND r.mirror_verified_at IS NOT NULL AND ${among(only)}`);
  return row ?? { same: 0, sameAsProven: 0, differs: 0, failed: 0, repaired: 0 };
}

export function noteDrill(db: Connection, githubId: GithubId, drill: Drill): void {
  if (!isMirrored(db, githubId)) return;
  const { result, at, durationMs, refCount, objects, bytes, findings, error } = drill;
  db.run(sql`
    INSERT OR REPLACE INTO drills (github_id, result, at, duration_ms, ref_count, objects, bytes, findings, error)
    VALUES (${githubId}, ${result}, ${at}, ${Math.round(durationMs)}, ${refCount}, ${objects}, ${bytes},
      ${JSON.stringify(findings)}, ${error === null ? null : JSON.stringify(error)})`);
}

export function listDrillCandidates(db: Connection, most: number): readonly RepositoryRecord[] {
  const rows = db.all(sql<RepositoryRow>`
    SELECT r.* FROM repositories r LEFT JOIN drills d ON d.github_id = r.github_id
    WHERE r.mirror_verified_at IS NOT NULL
    ORDER BY d.at IS NOT NULL, iif(d.at IS NULL, ${isRescuedColumn} IS NOT TRUE, 0), d.at, r.github_id
    LIMIT ${most}`);
  return rows.map(toRepository);
}

const named = sql`SELECT d.*, r.full_name FROM drills d JOIN repositories r ON r.github_id = d.github_id`;

function toDrillOf(row: NamedDrillRow): DrillOf {
  return { githubId: row.github_id, fullName: row.full_name, drill: toDrill(row) };
}

export function newestDrill(db: Connection): DrillOf | null {
  const row = db.first(sql<NamedDrillRow>`
    ${named} WHERE r.mirror_verified_at IS NOT NULL ORDER BY d.at DESC, d.github_id LIMIT 1`);
  return row === null ? null : toDrillOf(row);
}

export function listBadDrills(db: Connection, most: number): readonly DrillOf[] {
  const rows = db.all(sql<NamedDrillRow>`
    ${named} LEFT JOIN proofs p ON p.github_id = d.github_id
    WHERE r.mirror_verified_at IS NOT NULL AND (
      d.result = 'damaged' OR (d.result = 'differs' AND p.differed_at IS NOT NULL AND p.repaired_at IS NULL))
    ORDER BY d.at DESC, d.github_id LIMIT ${most}`);
  return rows.map(toDrillOf);
}

export function forgetProofs(db: Connection, githubId: GithubId): void {
  for (const table of [sql`proofs`, sql`drills`]) db.run(sql`DELETE FROM ${table} WHERE github_id = ${githubId}`);
}

/** Of mirrors that are made anew elsewhere. */
export function clearProofs(db: Connection): void {
  for (const table of [sql`proofs`, sql`drills`]) {
    db.run(sql`DELETE FROM ${table} WHERE github_id IN (
      SELECT github_id FROM repositories WHERE mirror_verified_at IS NOT NULL AND absent_since IS NULL)`);
  }
}
