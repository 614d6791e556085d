/** @file Rows to values and back. What was stored as JSON is parsed, not believed. */
import type { Selectable } from 'kysely';
import { z } from 'zod';
import { EpicstarError, type ErrorCode, type ErrorRecord, errorSpecs } from '../../domain/errors.ts';
import { type Job, type MirrorReport, mirrorPhases, type Run } from '../../domain/job.ts';
import type { RepositoryFacts } from '../../domain/repository.ts';
import type { Verdict } from '../../domain/verdict.ts';
import type { MirrorRecord, RepositoryRecord } from '../../ports/store.ts';
import type { JobsTable, RepositoriesTable, RunsTable } from './schema.ts';
import { searchTextOf } from './search.ts';

const stringsSchema = z.array(z.string());
const oidSchema = z.string().nullable();

const errorSchema = z.object({
  code: z.custom<ErrorCode>((code) => typeof code === 'string' && Object.hasOwn(errorSpecs, code)),
  message: z.string(),
  nextStep: z.string(),
  action: z.enum([
    'wait',
    'retry',
    'sign-in-github',
    'sign-in-target',
    'open-settings',
    'grant-right',
    'free-disk',
    'resolve-clash',
    'follow-loss',
    'mirror-builds',
    'install-git',
    'report',
  ]),
  data: z.object({
    until: z.number().exactOptional(),
    status: z.number().exactOptional(),
    right: z.string().exactOptional(),
    noticeUrl: z.string().exactOptional(),
    concernsOne: z.boolean().exactOptional(),
    freeBytes: z.number().exactOptional(),
    neededBytes: z.number().exactOptional(),
    fullName: z.string().exactOptional(),
    blockReason: z.string().exactOptional(),
    output: z.string().exactOptional(),
  }),
});

const reportSchema = z.object({
  phases: z.array(z.object({ phase: z.enum(mirrorPhases), durationMs: z.number() })),
  created: z.number(),
  fastForwarded: z.number(),
  rewritten: z.number(),
  deleted: z.number(),
  kept: z.number(),
  letGo: z.number().exactOptional(),
  unchanged: z.number(),
  moved: z.array(
    z.object({
      ref: z.string(),
      kind: z.enum(['create', 'fast-forward', 'rewrite', 'delete']),
      from: oidSchema,
      to: oidSchema,
      keptAs: z.string().nullable(),
    }),
  ),
  unfit: z.array(z.object({ ref: z.string(), reason: z.string() })),
  bytesReceived: z.number(),
  bytesSent: z.number(),
  lfsFiles: z.number().exactOptional(),
  lfsMissing: z.number().exactOptional(),
});

/**
 * Reads a stored JSON text.
 *
 * @param what named in the error
 * @throws EpicstarError `database-damaged` for a text of another shape
 */
export function parseJson<T>(schema: z.ZodType<T>, text: string, what: string): T {
  const parsed = schema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new EpicstarError('database-damaged', `A stored ${what} has an unknown shape.`, { cause: parsed.error });
}

export function parseError(text: string | null): ErrorRecord | null {
  return text === null ? null : parseJson<ErrorRecord>(errorSchema, text, 'error');
}

function toMirror(row: Selectable<RepositoriesTable>): MirrorRecord | null {
  const { mirror_project_id: projectId, mirror_project_path: projectPath, mirror_verified_at: verifiedAt } = row;
  if (projectId === null || projectPath === null || verifiedAt === null) return null;
  return {
    projectId,
    projectPath,
    projectUrl: row.mirror_project_url,
    pushedAt: row.mirror_pushed_at,
    defaultBranch: row.mirror_default_branch,
    verifiedAt,
    refCount: row.mirror_ref_count ?? 0,
    cacheBytes: row.mirror_cache_bytes ?? 0,
    unfitRefs: row.mirror_unfit_refs ?? 0,
  };
}

const evidenceSchema = z.object({
  fullName: z.string().nullable(),
  isStarred: z.boolean().nullable(),
  reason: z.string().nullable(),
  noticeUrl: z.string().nullable(),
});

function toVerdict(row: Selectable<RepositoriesTable>): Verdict | null {
  const { verdict_kind: kind, verdict_evidence: told, verdict_first_at: firstAt, verdict_last_at: lastAt } = row;
  if (kind === null || told === null || firstAt === null || lastAt === null) return null;
  const evidence = parseJson(evidenceSchema, told, 'verdict');
  return { kind, evidence, firstAt, lastAt, confirmedAt: row.verdict_confirmed_at };
}

export function toRepository(row: Selectable<RepositoriesTable>): RepositoryRecord {
  return {
    githubId: row.github_id,
    nodeId: row.node_id,
    fullName: row.full_name,
    description: row.description,
    defaultBranch: row.default_branch,
    sizeKb: row.size_kb,
    isPrivate: row.is_private === 1,
    isFork: row.is_fork === 1,
    isArchived: row.is_archived === 1,
    isDisabled: row.is_disabled === 1,
    hasWiki: row.has_wiki === 1,
    pushedAt: row.pushed_at,
    language: row.language,
    licenseSpdx: row.license_spdx,
    topics: parseJson(stringsSchema, row.topics, 'list of topics'),
    homepage: row.homepage,
    htmlUrl: row.html_url,
    starredAt: row.starred_at,
    firstSeenAt: row.first_seen_at,
    absentSince: row.absent_since,
    mirror: toMirror(row),
    previousNames: parseJson(stringsSchema, row.previous_names, 'list of names'),
    choice: row.choice,
    selection: row.selection,
    selectionReason: row.selection_reason,
    verdict: toVerdict(row),
    archivedAt: row.archived_at,
  };
}

/** Columns that GitHub's facts fill. */
export function factColumns(facts: RepositoryFacts) {
  return {
    github_id: facts.githubId,
    node_id: facts.nodeId,
    full_name: facts.fullName,
    description: facts.description,
    default_branch: facts.defaultBranch,
    size_kb: facts.sizeKb,
    is_private: Number(facts.isPrivate),
    is_fork: Number(facts.isFork),
    is_archived: Number(facts.isArchived),
    is_disabled: Number(facts.isDisabled),
    has_wiki: Number(facts.hasWiki),
    pushed_at: facts.pushedAt,
    language: facts.language,
    license_spdx: facts.licenseSpdx,
    topics: JSON.stringify(facts.topics),
    homepage: facts.homepage,
    html_url: facts.htmlUrl,
    search_text: searchTextOf(facts),
  };
}

/** Former names once the repository is called `fullName`: newest first, without it, each once. */
export function namesBefore(known: RepositoryRecord, fullName: string): readonly string[] {
  const isCalled = (name: string, other: string): boolean => name.toLowerCase() === other.toLowerCase();
  if (isCalled(known.fullName, fullName)) return known.previousNames;
  const older = known.previousNames.filter((name) => !isCalled(name, known.fullName) && !isCalled(name, fullName));
  return [known.fullName, ...older];
}

export type JobRow = Selectable<JobsTable> & { readonly full_name: string };

export function toJob(row: JobRow): Job {
  return {
    id: row.id,
    githubId: row.github_id,
    fullName: row.full_name,
    state: row.state,
    cause: row.cause,
    attempt: row.attempt,
    sizeKb: row.size_kb,
    queuedAt: row.queued_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    runAfter: row.run_after,
    waitReason: row.wait_reason,
    error: parseError(row.error),
  };
}

export function toRun(row: Selectable<RunsTable>): Run {
  return {
    id: row.id,
    jobId: row.job_id,
    githubId: row.github_id,
    fullName: row.full_name,
    cause: row.cause,
    attempt: row.attempt,
    queuedAt: row.queued_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    outcome: row.outcome,
    report: parseJson<MirrorReport>(reportSchema, row.report, 'report'),
    error: parseError(row.error),
  };
}
