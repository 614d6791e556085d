/** @file Jobs: states, causes, outcomes and the record of a run. The state machine is drawn in docs/job-states.md. */
import type { ErrorRecord } from './errors.ts';
import type { UnfitRef } from './plan.ts';
import type { GithubId, Instant } from './repository.ts';

export const jobStates = ['queued', 'running', 'waiting', 'done', 'failed', 'cancelled'] as const;
export type JobState = (typeof jobStates)[number];

/** Why a job was asked for; kept with every run. */
export const jobCauses = ['new-star', 'pushed', 'renamed', 'sweep', 'user', 'verify'] as const;
export type JobCause = (typeof jobCauses)[number];

/** Why a job waits. `retry` waits count as attempts, the others do not. */
export const waitReasons = [
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
export type WaitReason = (typeof waitReasons)[number];

/** Lower comes first: a person's own wish, then new stars, then what moved, then the slow sweep. */
export const causePriority: Readonly<Record<JobCause, number>> = {
  user: 0,
  'new-star': 1,
  renamed: 2,
  pushed: 2,
  verify: 3,
  sweep: 3,
};

/** From this size on (kibibytes, GitHub's figure) a repository is huge: never all lanes at once are given to such. */
export const hugeSizeKb = 1_000_000;

/** Size class used for ordering: 0 below 10 MB, 1 below 100 MB, 2 below 1 GB, 3 above. */
export function sizeClass(sizeKb: number): 0 | 1 | 2 | 3 {
  if (sizeKb < 10_000) return 0;
  if (sizeKb < 100_000) return 1;
  return sizeKb < hugeSizeKb ? 2 : 3;
}

export interface Job {
  readonly id: number;
  readonly githubId: GithubId;
  readonly fullName: string;
  readonly state: JobState;
  readonly cause: JobCause;
  /** Attempts that were made or are under way; 0 before the first. */
  readonly attempt: number;
  readonly sizeKb: number;
  readonly queuedAt: Instant;
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
  /** While waiting: when it may run again. */
  readonly runAfter: Instant | null;
  readonly waitReason: WaitReason | null;
  readonly error: ErrorRecord | null;
}

/** Phases of a mirror job, in order; each run says how long it was in each. */
export const mirrorPhases = ['identify', 'project', 'compare', 'fetch', 'plan', 'push', 'verify', 'extras'] as const;
export type MirrorPhase = (typeof mirrorPhases)[number];

export interface PhaseDuration {
  readonly phase: MirrorPhase;
  readonly durationMs: number;
}

/** One ref that a run moved; `from` null: created, `to` null: deleted. */
export interface MovedRef {
  readonly ref: string;
  readonly kind: 'create' | 'fast-forward' | 'rewrite' | 'delete';
  readonly from: string | null;
  readonly to: string | null;
  /** Where the old tip was kept, for rewrites and deletes. */
  readonly keptAs: string | null;
}

/** What a mirror run did. Counts are exact; `moved` is cut after `movedRefsKept` entries. */
export interface MirrorReport {
  readonly phases: readonly PhaseDuration[];
  readonly created: number;
  readonly fastForwarded: number;
  readonly rewritten: number;
  readonly deleted: number;
  readonly kept: number;
  /** Old tips that the mirror keeps no longer; left out: none. */
  readonly letGo?: number;
  readonly unchanged: number;
  readonly moved: readonly MovedRef[];
  readonly unfit: readonly UnfitRef[];
  readonly bytesReceived: number;
  readonly bytesSent: number;
  /** Files kept by LFS that were brought over. Left out where the run had none to bring. */
  readonly lfsFiles?: number;
  /** Those that are not in the mirror after it. */
  readonly lfsMissing?: number;
}

/** What came of LFS files and wiki after a run that succeeded. */
export interface ExtrasReport {
  readonly lfsFiles: number;
  readonly lfsMissing: number;
  readonly bytesReceived: number;
  readonly bytesSent: number;
  readonly durationMs: number;
}

/** How many moved refs a run's record lists by name. */
export const movedRefsKept = 200;

export const emptyReport: MirrorReport = {
  phases: [],
  created: 0,
  fastForwarded: 0,
  rewritten: 0,
  deleted: 0,
  kept: 0,
  unchanged: 0,
  moved: [],
  unfit: [],
  bytesReceived: 0,
  bytesSent: 0,
};

/** What a successful mirror job learnt; written to the repository's row in the transaction that ends the job. */
export interface MirrorProof {
  readonly projectId: string;
  readonly projectPath: string;
  readonly projectUrl: string | null;
  /** Name under which it was fetched. */
  readonly fullName: string;
  readonly defaultBranch: string | null;
  /** `pushed_at` as told by the identity check, before refs were read: what this mirror is known to include. */
  readonly pushedAt: Instant | null;
  /** When both ends were compared and found equal. */
  readonly verifiedAt: Instant;
  readonly refCount: number;
  readonly cacheBytes: number;
  /** Of the mirror's branches and tags, see `GitDrills.digestOf`; left out: not recorded. */
  readonly refsDigest?: string;
}

/** What one attempt at a job came to: a value, never an exception. */
export type Outcome =
  | { readonly kind: 'done'; readonly proof: MirrorProof; readonly report: MirrorReport }
  | { readonly kind: 'retry'; readonly error: ErrorRecord; readonly report: MirrorReport }
  | {
      readonly kind: 'wait';
      readonly reason: WaitReason;
      /** Null: until something outside changes (signed in, resumed, online). */
      readonly until: Instant | null;
      readonly error: ErrorRecord | null;
      readonly report: MirrorReport;
    }
  | { readonly kind: 'failed'; readonly error: ErrorRecord; readonly report: MirrorReport }
  | { readonly kind: 'cancelled'; readonly report: MirrorReport };

export const runOutcomes = ['done', 'retry', 'waiting', 'failed', 'cancelled', 'interrupted'] as const;
/** `interrupted`: the process ended while the run was under way. */
export type RunOutcome = (typeof runOutcomes)[number];

/** One attempt, as history keeps it. */
export interface Run {
  readonly id: number;
  readonly jobId: number;
  readonly githubId: GithubId;
  readonly fullName: string;
  readonly cause: JobCause;
  readonly attempt: number;
  readonly queuedAt: Instant;
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
  readonly outcome: RunOutcome;
  readonly report: MirrorReport;
  readonly error: ErrorRecord | null;
}
