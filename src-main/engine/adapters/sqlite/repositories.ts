/** @file Statements on repositories. Each function is a part of a transaction that the caller opened. */
import { type Selectable, sql } from 'kysely';
import { EpicstarError } from '../../domain/errors.ts';
import type { JobCause, MirrorProof } from '../../domain/job.ts';
import type { GithubId, Instant, RepositoryFacts, Star } from '../../domain/repository.ts';
import type { SelectionDecision } from '../../domain/selection.ts';
import type { Verdict } from '../../domain/verdict.ts';
import type { JobRequest, MirrorRecord, RepositoryRecord } from '../../ports/store.ts';
import type { Connection } from './connection.ts';
import { factColumns, namesBefore, toRepository } from './rows.ts';
import type { RepositoriesTable } from './schema.ts';

type RepositoryRow = Selectable<RepositoriesTable>;

export function findRepository(db: Connection, githubId: GithubId): RepositoryRecord | null {
  const row = db.first(db.build.selectFrom('repositories').selectAll().where('github_id', '=', githubId));
  return row === null ? null : toRepository(row);
}

/** A name may have been reused: what is in the star list comes first, then what was seen last. */
export function findRepositoryByName(db: Connection, fullName: string): RepositoryRecord | null {
  const row = db.first(sql<RepositoryRow>`
    SELECT * FROM repositories WHERE full_name = ${fullName} COLLATE NOCASE
    ORDER BY absent_since IS NOT NULL, first_seen_at DESC, github_id DESC LIMIT 1`);
  return row === null ? null : toRepository(row);
}

function findKnown(db: Connection, ids: readonly GithubId[]): ReadonlyMap<GithubId, RepositoryRecord> {
  const rows = db.all(sql<RepositoryRow>`
    SELECT * FROM repositories WHERE github_id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`);
  return new Map(rows.map((row) => [row.github_id, toRepository(row)]));
}

const factNames = [
  'node_id',
  'full_name',
  'description',
  'default_branch',
  'size_kb',
  'is_private',
  'is_fork',
  'is_archived',
  'is_disabled',
  'has_wiki',
  'pushed_at',
  'language',
  'license_spdx',
  'topics',
  'homepage',
  'html_url',
  'previous_names',
  'search_text',
] as const satisfies readonly (keyof RepositoriesTable)[];

const starNames = [
  'github_id',
  ...factNames,
  'starred_at',
  'first_seen_at',
  'selection',
  'selection_reason',
] as const satisfies readonly (keyof RepositoriesTable)[];

interface Seen {
  readonly star: Star;
  readonly previousNames: readonly string[];
  readonly decision: SelectionDecision;
}

const verdictNames = [
  'verdict_kind',
  'verdict_evidence',
  'verdict_first_at',
  'verdict_last_at',
  'verdict_confirmed_at',
  'examine_at',
] as const satisfies readonly (keyof RepositoriesTable)[];

/** What is in the list and does not answer keeps its verdict: it was never away. */
const forgottenOnReturn = sql.join(
  verdictNames.map(
    (name) => sql`${sql.ref(name)} = iif(absent_since IS NULL, ${sql.ref(`repositories.${name}`)}, NULL)`,
  ),
);

const noVerdict = {
  verdict_kind: null,
  verdict_evidence: null,
  verdict_first_at: null,
  verdict_last_at: null,
  verdict_confirmed_at: null,
} as const;

/** One statement for a whole page; what the mirror proved and when it was first seen stay as they are. */
function upsertStars(db: Connection, seen: readonly Seen[], at: Instant): void {
  const rows = seen.map(({ star, previousNames, decision }) => ({
    ...factColumns(star.repository),
    starred_at: star.starredAt,
    first_seen_at: at,
    previous_names: JSON.stringify(previousNames),
    selection: decision.selection,
    selection_reason: decision.reason,
  }));
  const values = starNames.map((name) => sql`value ->> ${sql.lit(name)}`);
  const changes = [...factNames, 'starred_at', 'selection', 'selection_reason'].map(
    (name) => sql`${sql.ref(name)} = excluded.${sql.ref(name)}`,
  );
  // `WHERE true` keeps the parser from reading ON CONFLICT as a part of a join.
  db.run(sql`
    INSERT INTO repositories (${sql.join(starNames.map((name) => sql.ref(name)))})
    SELECT ${sql.join(values)} FROM json_each(${JSON.stringify(rows)}) WHERE true ORDER BY key
    ON CONFLICT (github_id) DO UPDATE SET ${sql.join(changes)}, ${forgottenOnReturn}, absent_since = NULL`);
}

export interface Observed {
  readonly added: readonly GithubId[];
  readonly requests: readonly JobRequest[];
  /** Selected before, and not any more. */
  readonly dropped: readonly GithubId[];
}

function keepDecision(known: RepositoryRecord | null): SelectionDecision {
  return known === null
    ? { selection: 'mirror', reason: '' }
    : { selection: known.selection, reason: known.selectionReason };
}

/** Where a page names a repository twice, what it says last holds. */
export function observe(
  db: Connection,
  stars: readonly Star[],
  at: Instant,
  decide: (known: RepositoryRecord | null, star: Star) => JobCause | null,
  select: (known: RepositoryRecord | null, star: Star) => SelectionDecision = keepDecision,
): Observed {
  const latest = new Map(stars.map((star) => [star.repository.githubId, star]));
  const known = findKnown(db, [...latest.keys()]);
  const added: GithubId[] = [];
  const requests: JobRequest[] = [];
  const dropped: GithubId[] = [];
  const seen: Seen[] = [];
  for (const [githubId, star] of latest) {
    const record = known.get(githubId) ?? null;
    const decision = select(record, star);
    const cause = decision.selection === 'mirror' ? decide(record, star) : null;
    if (record === null || record.absentSince !== null) added.push(githubId);
    if (cause !== null) requests.push({ githubId, cause });
    if (record?.selection === 'mirror' && decision.selection !== 'mirror') dropped.push(githubId);
    const previousNames = record === null ? [] : namesBefore(record, star.repository.fullName);
    seen.push({ star, previousNames, decision });
  }
  if (seen.length > 0) upsertStars(db, seen, at);
  return { added, requests, dropped };
}

export function markMissing(db: Connection, present: ReadonlySet<GithubId>, at: Instant): readonly GithubId[] {
  const rows = db.all(sql<{ readonly github_id: number }>`
    UPDATE repositories SET absent_since = ${at}, examine_at = ${at}
    WHERE absent_since IS NULL
      AND github_id NOT IN (SELECT value FROM json_each(${JSON.stringify([...present])}))
    RETURNING github_id`);
  return rows.map((row) => row.github_id).sort((a, b) => a - b);
}

export function changeFacts(db: Connection, facts: RepositoryFacts): void {
  const known = findRepository(db, facts.githubId);
  if (known === null) throw new EpicstarError('internal', `There is no repository ${facts.githubId}.`);
  const { github_id: githubId, ...columns } = factColumns(facts);
  const previousNames = JSON.stringify(namesBefore(known, facts.fullName));
  db.run(
    db.build
      .updateTable('repositories')
      .set({ ...columns, previous_names: previousNames })
      .where('github_id', '=', githubId),
  );
}

export function writeMirror(db: Connection, githubId: GithubId, proof: MirrorProof, unfitRefs: number): void {
  db.run(
    db.build
      .updateTable('repositories')
      .set({
        mirror_project_id: proof.projectId,
        mirror_project_path: proof.projectPath,
        mirror_project_url: proof.projectUrl,
        mirror_pushed_at: proof.pushedAt,
        mirror_default_branch: proof.defaultBranch,
        mirror_verified_at: proof.verifiedAt,
        mirror_ref_count: proof.refCount,
        mirror_cache_bytes: proof.cacheBytes,
        mirror_unfit_refs: unfitRefs,
      })
      .where('github_id', '=', githubId),
  );
  // It answers again. What is still absent is found out by asking.
  db.run(
    db.build
      .updateTable('repositories')
      .set({ ...noVerdict, examine_at: null })
      .where('github_id', '=', githubId)
      .where('absent_since', 'is', null),
  );
}

export function examine(db: Connection, githubId: GithubId, at: Instant): void {
  db.run(
    db.build
      .updateTable('repositories')
      .set({ examine_at: at })
      .where('github_id', '=', githubId)
      .where('examine_at', 'is', null),
  );
}

export function dueForExamination(db: Connection, at: Instant, most: number): readonly RepositoryRecord[] {
  const query = db.build.selectFrom('repositories').selectAll().where('examine_at', '<=', at);
  return db.all(query.orderBy('examine_at').orderBy('github_id').limit(most)).map(toRepository);
}

export function changeVerdict(
  db: Connection,
  githubId: GithubId,
  verdict: Verdict | null,
  again: Instant | null,
): void {
  const columns =
    verdict === null
      ? noVerdict
      : {
          verdict_kind: verdict.kind,
          verdict_evidence: JSON.stringify(verdict.evidence),
          verdict_first_at: verdict.firstAt,
          verdict_last_at: verdict.lastAt,
          verdict_confirmed_at: verdict.confirmedAt,
        };
  const changed = db.run(
    db.build
      .updateTable('repositories')
      .set({ ...columns, examine_at: again })
      .where('github_id', '=', githubId),
  );
  if (changed === 0) throw new EpicstarError('internal', `There is no repository ${githubId}.`);
}

export function mirrorsAt(db: Connection, projectPath: string): readonly RepositoryRecord[] {
  const rows = db.all(sql<RepositoryRow>`
    SELECT * FROM repositories WHERE mirror_project_path = ${projectPath} COLLATE NOCASE ORDER BY github_id`);
  return rows.map(toRepository);
}

export function placeMirror(
  db: Connection,
  githubId: GithubId,
  { projectId, projectPath, projectUrl }: Pick<MirrorRecord, 'projectId' | 'projectPath' | 'projectUrl'>,
): void {
  db.run(
    db.build
      .updateTable('repositories')
      .set({ mirror_project_path: projectPath, mirror_project_url: projectUrl })
      .where('github_id', '=', githubId)
      .where('mirror_project_id', '=', projectId),
  );
}

export const noMirror = {
  mirror_project_id: null,
  mirror_project_path: null,
  mirror_project_url: null,
  mirror_pushed_at: null,
  mirror_default_branch: null,
  mirror_verified_at: null,
  mirror_ref_count: null,
  mirror_cache_bytes: null,
  mirror_unfit_refs: null,
} as const;

/** Absent ones keep theirs. */
export function clearMirrors(db: Connection): number {
  return db.run(
    db.build
      .updateTable('repositories')
      .set(noMirror)
      .where('mirror_verified_at', 'is not', null)
      .where('absent_since', 'is', null),
  );
}

export function presentIds(db: Connection): readonly GithubId[] {
  const query = db.build.selectFrom('repositories').select('github_id').where('absent_since', 'is', null);
  return db.all(query.orderBy('github_id')).map((row) => row.github_id);
}
