/** @file Facts for faces of the product under test: overviews, jobs, runs and repositories with sensible values. */
import {
  type Drill,
  EpicstarError,
  type ErrorCode,
  type ErrorData,
  type ErrorRecord,
  type Job,
  type Overview,
  type RepositoryRow,
  type Run,
  type StoreTotals,
  type WorkItem,
} from '../../src-main/engine/core/engine-api.ts';
import { noProofs } from '../../src-main/engine/domain/proof.ts';

/** 2026-11-24T14:00:00Z */
export const scriptedNow = Date.UTC(2026, 10, 24, 14, 0, 0);
const minuteMs = 60_000;

export function errorRecord(code: ErrorCode, detail = '', data: ErrorData = {}): ErrorRecord {
  return new EpicstarError(code, detail, { data }).toRecord();
}

export const quietTotals: StoreTotals = {
  repositories: 1_204,
  starred: 1_204,
  absent: 0,
  mirrored: 1_204,
  rescued: 0,
  leftOut: 0,
  asks: 0,
  failed: 0,
  jobs: { queued: 0, running: 0, waiting: 0, done: 1_204, failed: 0, cancelled: 0 },
  pendingKb: 0,
};

export function makeTotals(
  change: Partial<Omit<StoreTotals, 'jobs'>> & { jobs?: Partial<StoreTotals['jobs']> } = {},
): StoreTotals {
  return { ...quietTotals, ...change, jobs: { ...quietTotals.jobs, ...change.jobs } };
}

export function makeOverview(change: Partial<Overview> = {}): Overview {
  return {
    revision: 1,
    startedAt: scriptedNow - 90 * minuteMs,
    account: { login: 'mona', host: 'github.com' },
    target: { kind: 'onedev', address: 'https://onedev.example.org' },
    awaitsSelection: false,
    pause: null,
    quiet: [],
    isOnline: true,
    rebuilt: null,
    watcher: {
      isLooking: false,
      walk: null,
      lastLookAt: scriptedNow - minuteMs,
      nextLookAt: scriptedNow + 4 * minuteMs,
      lastFullWalkAt: scriptedNow - 60 * minuteMs,
      error: null,
      starsSeen: 1_204,
    },
    totals: quietTotals,
    counters: {
      githubRequests: 12,
      targetRequests: 40,
      gitProcesses: 7,
      bytesReceived: 1_000_000,
      bytesSent: 900_000,
      mirrored: 5,
    },
    proof: { round: null, drill: null, lastDrill: null },
    troubles: [],
    ...change,
  };
}

export function makeDrill(change: Partial<Drill> = {}): Drill {
  return {
    result: 'fine',
    at: scriptedNow - 30 * minuteMs,
    durationMs: 2_300,
    refCount: 252,
    objects: 3_412,
    bytes: 4_100_000,
    findings: [],
    error: null,
    ...change,
  };
}

export function makeWorkItem(change: Partial<WorkItem> = {}): WorkItem {
  return {
    jobId: 101,
    githubId: 2_325_298,
    fullName: 'torvalds/linux',
    cause: 'new-star',
    attempt: 1,
    startedAt: scriptedNow - 3 * minuteMs,
    phase: 'fetch',
    git: { phase: 'receiving', done: 2_500_000, total: 10_000_000, bytes: 1_200_000_000 },
    part: null,
    sizeKb: 5_000_000,
    bytesReceived: 1_200_000_000,
    bytesSent: 0,
    ...change,
  };
}

export function makeJob(change: Partial<Job> = {}): Job {
  return {
    id: 201,
    githubId: 70_107_786,
    fullName: 'vercel/next.js',
    state: 'queued',
    cause: 'new-star',
    attempt: 0,
    sizeKb: 320_000,
    queuedAt: scriptedNow - 2 * minuteMs,
    startedAt: null,
    finishedAt: null,
    runAfter: null,
    waitReason: null,
    error: null,
    ...change,
  };
}

export function makeRun(change: Partial<Run> = {}): Run {
  return {
    id: 301,
    jobId: 150,
    githubId: 10_270_250,
    fullName: 'facebook/react',
    cause: 'pushed',
    attempt: 1,
    queuedAt: scriptedNow - 10 * minuteMs,
    startedAt: scriptedNow - 9 * minuteMs,
    finishedAt: scriptedNow - 8 * minuteMs,
    outcome: 'done',
    report: {
      phases: [{ phase: 'fetch', durationMs: 41_000 }],
      created: 2,
      fastForwarded: 1,
      rewritten: 0,
      deleted: 0,
      kept: 0,
      unchanged: 250,
      moved: [],
      unfit: [],
      bytesReceived: 4_200_000,
      bytesSent: 4_100_000,
    },
    error: null,
    ...change,
  };
}

export function makeRow(githubId: number, fullName: string, projectUrl: string | null): RepositoryRow {
  return {
    repository: {
      githubId,
      nodeId: `R_${githubId}`,
      fullName,
      description: 'A repository',
      defaultBranch: 'main',
      sizeKb: 4_000,
      isPrivate: false,
      isFork: false,
      isArchived: false,
      isDisabled: false,
      hasWiki: false,
      pushedAt: scriptedNow - 20 * minuteMs,
      language: 'TypeScript',
      licenseSpdx: 'MIT',
      topics: ['tools'],
      homepage: null,
      htmlUrl: `https://github.com/${fullName}`,
      starredAt: scriptedNow - 600 * minuteMs,
      firstSeenAt: scriptedNow - 600 * minuteMs,
      absentSince: null,
      mirror: {
        projectId: String(githubId),
        projectPath: `github/${fullName}`,
        projectUrl,
        pushedAt: scriptedNow - 20 * minuteMs,
        defaultBranch: 'main',
        verifiedAt: scriptedNow - 10 * minuteMs,
        refCount: 252,
        cacheBytes: 4_000_000,
        unfitRefs: 0,
      },
      previousNames: [],
      choice: null,
      selection: 'mirror',
      selectionReason: 'chosen by the rules',
      verdict: null,
      archivedAt: null,
    },
    state: 'mirrored',
    job: null,
    lists: [],
    buildRefs: 0,
    proofs: noProofs,
    incomplete: null,
  };
}
