/**
 * @file The engine's public face: what bridge, web host, command line and shell may use. Every argument and answer is
 * plain JSON and asynchronous, lists come in pages, so it can be offered over any wire.
 */
import type { ErrorRecord } from '../domain/errors.ts';
import type { Job, JobCause, JobState, MirrorPhase, Run } from '../domain/job.ts';
import type { GithubId, Instant } from '../domain/repository.ts';
import type { GitProgress } from '../ports/git.ts';
import type { CheckItem } from '../ports/mirror-target.ts';
import type { Page, PageRequest, RepositoryQuery, RepositoryRow, RunQuery, StoreTotals } from '../ports/store.ts';

export type { ErrorCode, ErrorData, ErrorRecord, NextAction } from '../domain/errors.ts';
export { EpicstarError, errorSpecs, toEpicstarError } from '../domain/errors.ts';
export type {
  Job,
  JobCause,
  JobState,
  MirrorPhase,
  MirrorReport,
  MovedRef,
  PhaseDuration,
  Run,
  RunOutcome,
  WaitReason,
} from '../domain/job.ts';
export { jobCauses, jobStates, mirrorPhases, runOutcomes, waitReasons } from '../domain/job.ts';
export type { UnfitRef } from '../domain/plan.ts';
export type { GithubId, Instant } from '../domain/repository.ts';
export type { GitProgress } from '../ports/git.ts';
export type { CheckItem } from '../ports/mirror-target.ts';
export type {
  MirrorRecord,
  Page,
  PageRequest,
  RepositoryQuery,
  RepositoryRecord,
  RepositoryRow,
  RepositoryState,
  RunQuery,
  StoreTotals,
} from '../ports/store.ts';

/** Null `until`: until resumed. */
export interface Pause {
  readonly since: Instant;
  readonly until: Instant | null;
}

export interface WatcherView {
  readonly isLooking: boolean;
  /** While all pages are read: page under way and number of the last one. */
  readonly walk: { readonly page: number; readonly pages: number | null } | null;
  readonly lastLookAt: Instant | null;
  readonly nextLookAt: Instant | null;
  readonly lastFullWalkAt: Instant | null;
  /** Why the last look failed; null after one that succeeded. */
  readonly error: ErrorRecord | null;
  /** Total that GitHub named last. */
  readonly starsSeen: number | null;
}

/** A job in work. */
export interface WorkItem {
  readonly jobId: number;
  readonly githubId: GithubId;
  readonly fullName: string;
  readonly cause: JobCause;
  readonly attempt: number;
  readonly startedAt: Instant;
  readonly phase: MirrorPhase;
  readonly git: GitProgress | null;
  /** GitHub's figure in kibibytes: an estimate. */
  readonly sizeKb: number;
  readonly bytesReceived: number;
  readonly bytesSent: number;
}

/** Since the engine was started. */
export interface EngineCounters {
  readonly githubRequests: number;
  readonly targetRequests: number;
  readonly gitProcesses: number;
  readonly bytesReceived: number;
  readonly bytesSent: number;
  readonly mirrored: number;
}

export interface Overview {
  /** Grows with every change of what this object says, from 1 at start. */
  readonly revision: number;
  readonly startedAt: Instant;
  readonly account: { readonly login: string; readonly host: string } | null;
  readonly target: { readonly kind: 'onedev' | 'folder'; readonly address: string };
  readonly pause: Pause | null;
  readonly isOnline: boolean;
  readonly watcher: WatcherView;
  readonly totals: StoreTotals;
  readonly counters: EngineCounters;
  /**
   * What stops more than one repository, newest first: signed out on either side, target away, disk full, rate limit.
   * Empty when all is well.
   */
  readonly troubles: readonly Trouble[];
}

export interface Trouble {
  readonly error: ErrorRecord;
  readonly since: Instant;
  /** When it is tried again by itself; null: when a person did something. */
  readonly until: Instant | null;
}

export interface EngineTopics {
  readonly overview: Overview;
  /** All jobs in work, at most 5 times a second. */
  readonly work: readonly WorkItem[];
  /** A run that just ended. */
  readonly run: Run;
  /** Ids whose rows changed; empty: many. */
  readonly repositories: readonly GithubId[];
}

export type EngineTopic = keyof EngineTopics;

/** How a look went. */
export interface LookReport {
  readonly kind: 'quick' | 'full';
  readonly starsSeen: number | null;
  readonly newStars: number;
  readonly jobsRequested: number;
  readonly absent: number;
  /** Whether the walk may serve as evidence that something is absent; true for quick looks that needed no walk. */
  readonly isEvidence: boolean;
  /** Items or pages that could not be read. */
  readonly unreadable: readonly string[];
}

export interface VerifyReport {
  readonly githubId: GithubId;
  readonly fullName: string;
  readonly state: 'same' | 'differs' | 'not-mirrored' | 'failed';
  readonly refCount: number;
  /** Refs that differ, at most 50. */
  readonly differences: readonly string[];
  readonly unfitRefs: number;
  readonly error: ErrorRecord | null;
}

export interface Engine {
  /** Recovers crash orphans, starts looking and working. Rejects only for a broken store. */
  start(): Promise<void>;
  /** Ends all work within 10 s, gives attempts back, closes the store. Safe to call twice. */
  stop(): Promise<void>;

  overview(): Promise<Overview>;
  work(): Promise<readonly WorkItem[]>;
  jobs(states: readonly JobState[], page: PageRequest): Promise<Page<Job>>;
  repositories(query: RepositoryQuery): Promise<Page<RepositoryRow>>;
  repository(githubId: GithubId): Promise<RepositoryRow | null>;
  runs(query: RunQuery): Promise<Page<Run>>;

  /** Looks now; `full` reads all pages. A look under way is joined. */
  lookNow(full: boolean): Promise<LookReport>;
  /** Null: until resumed. Jobs in work are ended and wait, their attempts given back. */
  pause(until: Instant | null): Promise<void>;
  resume(): Promise<void>;
  /** Asks for a mirror run of each, ahead of all others; answers how many are new. Unknown ids are left out. */
  mirrorNow(githubIds: readonly GithubId[]): Promise<number>;
  /** The same for every repository whose newest job failed, and for all that wait to be retried. */
  retryFailed(): Promise<number>;
  /** Ends a job that is queued, waiting or in work (git is gone within 2 s). False: it was over already. */
  cancelJob(jobId: number): Promise<boolean>;
  /** Compares both ends of one mirror now, changing nothing on either. */
  verify(githubId: GithubId, signal: AbortSignal): Promise<VerifyReport>;
  /** Tokens were replaced: whoever waits for a sign-in goes on. */
  credentialsChanged(): Promise<void>;

  /** Looks at everything that a mirror needs, one line each. */
  diagnose(signal: AbortSignal): Promise<readonly DiagnosisItem[]>;

  /** Listens to a topic; the returned function ends it. Listeners are called asynchronously, in order. */
  subscribe<T extends EngineTopic>(topic: T, listener: (value: EngineTopics[T]) => void): () => void;
}

export interface DiagnosisItem extends CheckItem {
  readonly area: 'git' | 'github' | 'target' | 'clock' | 'disk' | 'data-directory';
}

/** What the command line needs beside the public face, to look once and end. */
export interface EngineControl extends Engine {
  /** Like `start`, but looks only when asked, and never sweeps. */
  startOnce(): Promise<void>;
  /** Only jobs of these repositories are begun from now on. */
  limitTo(githubIds: readonly GithubId[]): void;
  /** Resolves when no job runs and none becomes due by itself within `horizonMs`. */
  drained(horizonMs: number): Promise<void>;
}
