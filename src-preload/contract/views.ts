/** @file What the window is shown: the wire's own types. Knows nothing of the engine's. */
import { z } from 'zod';
import { count, githubId, instant, link, list, text, view } from './primitives.ts';
import { proofOverviewView, proofsView } from './proof-views.ts';

/** From the mildest to the most urgent; the icon of tray and window follows it. */
export const tones = ['idle', 'paused', 'working', 'error', 'attention', 'signed-out', 'offline'] as const;
export type Tone = (typeof tones)[number];

/** What can be pressed about the state; null: nothing, or something outside the window. */
export const presses = ['resume', 'retry-failed', 'look', 'sign-in-github', 'set-target', 'set-up'] as const;
export type Press = (typeof presses)[number];

/** A sentence as text and instants: only the reader knows its time zone. */
export const sentence = list(z.union([text(600), view({ time: instant })]), 20);
export type Sentence = z.output<typeof sentence>;

export const stateView = view({
  tone: z.enum(tones),
  sentence,
  /** One more sentence: the next step, or what comes by itself. */
  detail: sentence.nullable(),
  press: z.enum(presses).nullable(),
});
export type StateView = z.output<typeof stateView>;

export const errorView = view({
  code: text(60),
  message: text(2_000),
  nextStep: text(500),
  action: text(60),
  until: instant.nullable(),
  /** A notice to read. */
  notice: link.nullable(),
  /** Words of git, for whoever wants the details. */
  output: text(8_000).nullable(),
});
export type ErrorView = z.output<typeof errorView>;

export const jobStateNames = ['queued', 'running', 'waiting', 'done', 'failed', 'cancelled'] as const;
export const causeNames = ['new-star', 'pushed', 'renamed', 'sweep', 'user', 'verify'] as const;
export const waitReasonNames = [
  'retry',
  'rate-limit',
  'offline',
  'signed-out',
  'paused',
  'disk',
  'quiet-hours',
  'target-starting',
  'unavailable',
] as const;
export const phaseNames = ['identify', 'project', 'compare', 'fetch', 'plan', 'push', 'verify', 'extras'] as const;
/** Why only what a person asks for is mirrored. */
export const quietReasonNames = ['asleep', 'battery', 'metered', 'quiet-hours'] as const;
export const gitPhaseNames = ['counting', 'compressing', 'receiving', 'resolving', 'writing', 'other'] as const;
export const outcomeNames = ['done', 'retry', 'waiting', 'failed', 'cancelled', 'interrupted'] as const;
export const repositoryStateNames = [
  'unknown',
  'queued',
  'running',
  'waiting',
  'mirrored',
  'failed',
  'excluded',
  'asks',
] as const;

export type JobStateName = (typeof jobStateNames)[number];
export type CauseName = (typeof causeNames)[number];
export type WaitReasonName = (typeof waitReasonNames)[number];
export type QuietReasonName = (typeof quietReasonNames)[number];
export type PhaseName = (typeof phaseNames)[number];
export type GitPhaseName = (typeof gitPhaseNames)[number];
export type OutcomeName = (typeof outcomeNames)[number];
export type RepositoryStateName = (typeof repositoryStateNames)[number];

const jobCounts = view({
  queued: count,
  running: count,
  waiting: count,
  done: count,
  failed: count,
  cancelled: count,
});

export const overviewView = view({
  revision: count,
  version: text(60),
  startedAt: instant,
  state: stateView,
  account: view({ login: text(100), host: text(300), page: link.nullable() }).nullable(),
  /** Null: none is set yet. */
  target: view({ kind: z.enum(['onedev', 'folder']), address: text(2_000), page: link.nullable() }).nullable(),
  pause: view({ since: instant, until: instant.nullable() }).nullable(),
  quiet: list(z.enum(quietReasonNames), quietReasonNames.length),
  isOnline: z.boolean(),
  watcher: view({
    isLooking: z.boolean(),
    walk: view({ page: count, pages: count.nullable() }).nullable(),
    lastLookAt: instant.nullable(),
    nextLookAt: instant.nullable(),
    lastFullWalkAt: instant.nullable(),
    error: errorView.nullable(),
    starsSeen: count.nullable(),
  }),
  totals: view({
    repositories: count,
    starred: count,
    absent: count,
    mirrored: count,
    /** Mirrors of what upstream has no more. */
    rescued: count,
    leftOut: count,
    asks: count,
    failed: count,
    jobs: jobCounts,
    pendingKb: count,
  }),
  counters: view({
    githubRequests: count,
    targetRequests: count,
    gitProcesses: count,
    bytesReceived: count,
    bytesSent: count,
    mirrored: count,
  }),
  /** Mirrors that the target held already when this data directory was new; null: none. */
  rebuilt: view({ at: instant, mirrors: count, address: text(2_000) }).nullable(),
  proof: proofOverviewView,
  troubles: list(view({ error: errorView, since: instant, until: instant.nullable() }), 20),
});
export type OverviewView = z.output<typeof overviewView>;

const links = {
  githubPage: link.nullable(),
  mirrorPage: link.nullable(),
};

export const workItemView = view({
  jobId: count,
  githubId,
  fullName: text(300),
  githubPage: link.nullable(),
  cause: z.enum(causeNames),
  attempt: count,
  startedAt: instant,
  phase: z.enum(phaseNames),
  git: view({
    phase: z.enum(gitPhaseNames),
    done: count,
    total: count.nullable(),
    bytes: count.nullable(),
  }).nullable(),
  /** Of a transfer that goes in parts; `of`: about how many there are. */
  part: view({ number: count, of: count.nullable() }).nullable(),
  /** GitHub's figure: an estimate. */
  sizeKb: count,
  bytesReceived: count,
  bytesSent: count,
});
export type WorkItemView = z.output<typeof workItemView>;

/** All that is in work; there are only as many as lanes. */
export const gitProgressView = view({
  phase: z.enum(gitPhaseNames),
  done: count,
  total: count.nullable(),
  bytes: count.nullable(),
});

export const workView = list(workItemView, 200);
export type WorkView = z.output<typeof workView>;

export const jobView = view({
  id: count,
  githubId,
  fullName: text(300),
  ...links,
  state: z.enum(jobStateNames),
  cause: z.enum(causeNames),
  attempt: count,
  sizeKb: count,
  queuedAt: instant,
  startedAt: instant.nullable(),
  finishedAt: instant.nullable(),
  runAfter: instant.nullable(),
  waitReason: z.enum(waitReasonNames).nullable(),
  error: errorView.nullable(),
});
export type JobView = z.output<typeof jobView>;

export const runView = view({
  id: count,
  jobId: count,
  githubId,
  fullName: text(300),
  ...links,
  cause: z.enum(causeNames),
  attempt: count,
  queuedAt: instant,
  startedAt: instant,
  finishedAt: instant,
  outcome: z.enum(outcomeNames),
  error: errorView.nullable(),
  report: view({
    created: count,
    fastForwarded: count,
    rewritten: count,
    deleted: count,
    kept: count,
    /** Old tips that the mirror keeps no longer. */
    letGo: count,
    /** Files kept by LFS that were brought over, and those that are missing after it. */
    lfsFiles: count,
    lfsMissing: count,
    unchanged: count,
    bytesReceived: count,
    bytesSent: count,
    phases: list(view({ phase: z.enum(phaseNames), durationMs: z.number().min(0) }), 50),
    /** The first few refs that moved, rewrites and deletions before all others. */
    moved: list(
      view({
        ref: text(600),
        kind: z.enum(['create', 'fast-forward', 'rewrite', 'delete']),
        from: text(64).nullable(),
        to: text(64).nullable(),
        keptAs: text(900).nullable(),
      }),
      20,
    ),
    unfit: list(view({ ref: text(600), reason: text(300) }), 20),
    /** Number of all unfit refs. */
    unfitCount: count,
  }),
});
export type RunView = z.output<typeof runView>;

export const verdictKindNames = ['unstarred', 'made-private', 'gone', 'blocked', 'moved'] as const;
export type VerdictKindName = (typeof verdictKindNames)[number];

/** What became of a repository that left the list or does not answer, as GitHub said when it was asked by its id. */
export const verdictView = view({
  kind: z.enum(verdictKindNames),
  /** Its name now; null where GitHub tells none. */
  fullName: text(300).nullable(),
  /** Of a block, such as `dmca`. */
  reason: text(100).nullable(),
  notice: text(2_000).nullable(),
  firstAt: instant,
  lastAt: instant,
  /** Null until a second answer, at least an hour after the first, was the same. */
  confirmedAt: instant.nullable(),
});
export type VerdictView = z.output<typeof verdictView>;

export const repositoryView = view({
  githubId,
  fullName: text(300),
  ...links,
  description: text(1_000).nullable(),
  defaultBranch: text(600),
  sizeKb: count,
  isPrivate: z.boolean(),
  isFork: z.boolean(),
  isArchived: z.boolean(),
  language: text(100).nullable(),
  licenseSpdx: text(100).nullable(),
  topics: list(text(100), 50),
  /** GitHub Lists that it is on, by name. */
  lists: list(text(300), 100),
  /** How many branches and tags of the mirror carry a definition of builds. */
  buildRefs: count,
  /** What is not in the mirror, such as files kept by LFS; null: nothing is known to be missing. */
  incomplete: text(1_000).nullable(),
  previousNames: list(text(300), 20),
  starredAt: instant,
  firstSeenAt: instant,
  pushedAt: instant.nullable(),
  /** Since when a complete list did not have it; says nothing of the reason. */
  absentSince: instant.nullable(),
  verdict: verdictView.nullable(),
  state: z.enum(repositoryStateNames),
  /** What a person said of it; null: the rules decide. */
  choice: z.enum(['include', 'exclude']).nullable(),
  /** Since when its mirror is in the archive, and not mirrored any more. */
  archivedAt: instant.nullable(),
  /** Why it is mirrored, left out or asked about, in a few words. */
  selectionReason: text(300),
  mirror: view({
    path: text(1_000),
    verifiedAt: instant,
    pushedAt: instant.nullable(),
    refCount: count,
    unfitRefs: count,
    defaultBranch: text(600).nullable(),
  }).nullable(),
  proofs: proofsView,
  job: jobView.nullable(),
});
export type RepositoryView = z.output<typeof repositoryView>;
