/** @file Stars, proofs and runs with sensible values, for tests of the stores. */
import { EpicstarError, type ErrorRecord } from '../../src-main/engine/domain/errors.ts';
import { emptyReport, type MirrorProof, type MirrorReport, type RunOutcome } from '../../src-main/engine/domain/job.ts';
import type { RepositoryFacts, Star } from '../../src-main/engine/domain/repository.ts';
import type { RepositoryQuery, RunFacts, RunQuery, Settlement, Store } from '../../src-main/engine/ports/store.ts';

export function makeFacts(githubId: number, change: Partial<RepositoryFacts> = {}): RepositoryFacts {
  const fullName = change.fullName ?? `owner${githubId % 7}/name-${githubId}`;
  return {
    githubId,
    nodeId: `R_${githubId}`,
    fullName,
    description: `Repository number ${githubId}`,
    defaultBranch: 'main',
    sizeKb: 100,
    isPrivate: false,
    isFork: false,
    isArchived: false,
    isDisabled: false,
    hasWiki: true,
    pushedAt: 1_000 + githubId,
    language: 'TypeScript',
    licenseSpdx: 'MIT',
    topics: ['git', 'mirror'],
    homepage: null,
    htmlUrl: `https://github.com/${fullName}`,
    ...change,
  };
}

export function makeStar(githubId: number, change: Partial<RepositoryFacts> = {}, starredAt = 10_000 + githubId): Star {
  return { starredAt, repository: makeFacts(githubId, change) };
}

export function makeProof(change: Partial<MirrorProof> = {}): MirrorProof {
  return {
    projectId: '42',
    projectPath: 'github/owner/name',
    projectUrl: 'https://onedev.example.org/github/owner/name',
    fullName: 'owner/name',
    defaultBranch: 'main',
    pushedAt: 1_001,
    verifiedAt: 5_000,
    refCount: 3,
    cacheBytes: 4_096,
    ...change,
  };
}

export function makeError(detail = 'for a test'): ErrorRecord {
  return new EpicstarError('git-network', detail, { data: { status: 502, output: 'fatal: early EOF' } }).toRecord();
}

export const busyReport: MirrorReport = {
  ...emptyReport,
  phases: [{ phase: 'fetch', durationMs: 12 }],
  created: 1,
  kept: 1,
  moved: [
    {
      ref: 'refs/heads/main',
      kind: 'rewrite',
      from: 'a'.repeat(40),
      to: 'b'.repeat(40),
      keptAs: 'refs/epicstar/kept/x',
    },
  ],
  unfit: [{ ref: 'refs/heads/a,b', reason: 'has a comma' }],
  bytesReceived: 1_000,
};

export function makeRun(outcome: RunOutcome, change: Partial<RunFacts> = {}): RunFacts {
  return { startedAt: 2_000, finishedAt: 3_000, outcome, report: emptyReport, error: null, ...change };
}

export function waitingFor(change: Partial<Extract<Settlement, { readonly state: 'waiting' }>> = {}): Settlement {
  return { state: 'waiting', runAfter: 9_000, reason: 'retry', error: makeError(), countsAsAttempt: true, ...change };
}

export const allRepositories: RepositoryQuery = { text: '', state: null, order: 'name', offset: 0, limit: 200 };
export const allRuns: RunQuery = { githubId: null, outcome: null, since: null, offset: 0, limit: 200 };
export const firstPage = { offset: 0, limit: 200 };

/** Makes repositories known without asking for jobs. */
export async function know(store: Store, ...ids: readonly number[]): Promise<void> {
  await store.observeStars(
    ids.map((id) => makeStar(id)),
    500,
    () => null,
  );
}

/** Claims the next job; fails where there is none. */
export async function claim(store: Store, at = 2_000): Promise<number> {
  const job = await store.claimNextJob(at, true);
  if (job === null) throw new Error('there is no job to claim');
  return job.id;
}
