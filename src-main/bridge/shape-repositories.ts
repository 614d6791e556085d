/** @file Repositories as the window is shown them. Pure. */
import type { RepositoryView, VerdictView } from '../../src-preload/contract/views.ts';
import type { RepositoryRecord, RepositoryRow } from '../engine/core/engine-api.ts';
import type { Links } from './links.ts';
import { plainLine } from './plain-text.ts';
import { shapeProofs } from './shape-proofs.ts';
import { shapeJob } from './shape-jobs.ts';

function lineOrNull(text: string | null, maxChars: number): string | null {
  return text === null ? null : plainLine(text, maxChars);
}

function shapeVerdict(verdict: RepositoryRecord['verdict'], links: Links): VerdictView | null {
  if (verdict === null) return null;
  const { kind, evidence, firstAt, lastAt, confirmedAt } = verdict;
  return {
    kind,
    fullName: lineOrNull(evidence.fullName, 300),
    reason: lineOrNull(evidence.reason, 100),
    notice: links.notice(evidence.noticeUrl ?? undefined),
    firstAt,
    lastAt,
    confirmedAt,
  };
}

export function shapeRepository(
  { repository, state, job, lists, buildRefs, incomplete, proofs }: RepositoryRow,
  links: Links,
): RepositoryView {
  const { mirror } = repository;
  const projectUrl = mirror?.projectUrl ?? null;
  return {
    githubId: repository.githubId,
    fullName: plainLine(repository.fullName, 300),
    githubPage: links.repository(repository.fullName),
    mirrorPage: links.mirror(projectUrl),
    description: lineOrNull(repository.description, 1_000),
    defaultBranch: plainLine(repository.defaultBranch, 600),
    sizeKb: repository.sizeKb,
    isPrivate: repository.isPrivate,
    isFork: repository.isFork,
    isArchived: repository.isArchived,
    language: lineOrNull(repository.language, 100),
    licenseSpdx: lineOrNull(repository.licenseSpdx, 100),
    lists: lists.slice(0, 100).map((name) => plainLine(name, 300)),
    buildRefs,
    incomplete: lineOrNull(incomplete, 1_000),
    topics: repository.topics.slice(0, 50).map((topic) => plainLine(topic, 100)),
    previousNames: repository.previousNames.slice(0, 20).map((name) => plainLine(name, 300)),
    starredAt: repository.starredAt,
    firstSeenAt: repository.firstSeenAt,
    pushedAt: repository.pushedAt,
    absentSince: repository.absentSince,
    verdict: shapeVerdict(repository.verdict, links),
    state,
    choice: repository.choice,
    archivedAt: repository.archivedAt,
    selectionReason: plainLine(repository.selectionReason, 300),
    mirror:
      mirror === null
        ? null
        : {
            path: plainLine(mirror.projectPath, 1_000),
            verifiedAt: mirror.verifiedAt,
            pushedAt: mirror.pushedAt,
            refCount: mirror.refCount,
            unfitRefs: mirror.unfitRefs,
            defaultBranch: lineOrNull(mirror.defaultBranch, 600),
          },
    proofs: shapeProofs(proofs),
    job: job === null ? null : shapeJob(job, projectUrl, links),
  };
}
