/**
 * @file What survives a restart: repositories, jobs, runs and the watcher's memory. Every method is one transaction.
 * All rejections are bugs or a broken disk (`disk-full`, `database-damaged`), never a normal course of things.
 */
import type { ErrorRecord } from '../domain/errors.ts';
import type { Job, JobCause, JobState, MirrorProof, MirrorReport, Run, RunOutcome, WaitReason } from '../domain/job.ts';
import type { GithubId, Instant, RepositoryFacts, Star } from '../domain/repository.ts';

export interface MirrorRecord {
  readonly projectId: string;
  readonly projectPath: string;
  readonly projectUrl: string | null;
  /** `pushed_at` that the mirror is known to include. */
  readonly pushedAt: Instant | null;
  readonly defaultBranch: string | null;
  readonly verifiedAt: Instant;
  readonly refCount: number;
  readonly cacheBytes: number;
  readonly unfitRefs: number;
}

export interface RepositoryRecord extends RepositoryFacts {
  readonly starredAt: Instant;
  readonly firstSeenAt: Instant;
  /** Since when a complete list did not have it; null while it is in the list. Never a reason to delete anything. */
  readonly absentSince: Instant | null;
  /** Null until the first run that ended with `done`. */
  readonly mirror: MirrorRecord | null;
  /** Names it had before, newest first. */
  readonly previousNames: readonly string[];
}

export interface JobRequest {
  readonly githubId: GithubId;
  readonly cause: JobCause;
}

export interface ObservedStars {
  /** Ids that were not known before, or were absent and are back. */
  readonly added: readonly GithubId[];
  /** Jobs that the callback asked for and that did not exist yet. */
  readonly requested: number;
}

/** How a running job ends; see docs/job-states.md. */
export type Settlement =
  | { readonly state: 'done'; readonly proof: MirrorProof }
  | { readonly state: 'failed'; readonly error: ErrorRecord }
  | { readonly state: 'cancelled' }
  | {
      readonly state: 'waiting';
      /** Null: until {@link Store.wakeJobs}. */
      readonly runAfter: Instant | null;
      readonly reason: WaitReason;
      readonly error: ErrorRecord | null;
      /** False gives the attempt back. */
      readonly countsAsAttempt: boolean;
    };

export interface RunFacts {
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
  readonly outcome: RunOutcome;
  readonly report: MirrorReport;
  readonly error: ErrorRecord | null;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Number of all that match, not only of this page. */
  readonly total: number;
}

export interface PageRequest {
  /** From 0. */
  readonly offset: number;
  /** 1 to 200. */
  readonly limit: number;
}

/** What a person sees as the state of a repository, derived from its newest job and its mirror. */
export type RepositoryState = 'unknown' | 'queued' | 'running' | 'waiting' | 'mirrored' | 'failed';

export interface RepositoryRow {
  readonly repository: RepositoryRecord;
  readonly state: RepositoryState;
  /** The job that runs, else the newest, whatever its state. */
  readonly job: Job | null;
}

export interface RepositoryQuery extends PageRequest {
  /** Matches full name, description and topics without regard to case; empty: all. */
  readonly text: string;
  readonly state: RepositoryState | null;
  /** Largest or newest first, `name` by name; `stalest`: what was never or longest not verified first. */
  readonly order: 'name' | 'starred' | 'size' | 'verified' | 'stalest';
}

export interface RunQuery extends PageRequest {
  readonly githubId: GithubId | null;
  readonly outcome: RunOutcome | null;
  readonly since: Instant | null;
}

export type JobCounts = Readonly<Record<JobState, number>>;

export interface StoreTotals {
  readonly repositories: number;
  readonly starred: number;
  readonly absent: number;
  readonly mirrored: number;
  /** The job that runs, else the newest, failed. */
  readonly failed: number;
  readonly jobs: JobCounts;
  /** Sum of GitHub's sizes over jobs that are queued, running or waiting, in kibibytes. */
  readonly pendingKb: number;
}

/** Memory of the star watcher; each key holds one JSON value. */
export interface WatcherMemory {
  /** Newest star at the last complete look. */
  readonly head: { readonly githubId: GithubId; readonly starredAt: Instant } | null;
  /** Total that GitHub named at the last look that was consistent. */
  readonly total: number | null;
  /** Newest `pushed_at` that was read by order `updated` with everything newer handled. */
  readonly pushedWatermark: Instant | null;
  readonly lastLookAt: Instant | null;
  readonly lastFullWalkAt: Instant | null;
  readonly lastSweepAt: Instant | null;
}

export interface Store {
  /**
   * Upserts repositories and, in the same transaction, inserts the jobs that `decide` asks for. `decide` gets the row
   * as it was before (null: unknown) and must be pure and quick. Also clears `absentSince` of what is seen.
   */
  observeStars(
    stars: readonly Star[],
    at: Instant,
    decide: (known: RepositoryRecord | null, star: Star) => JobCause | null,
  ): Promise<ObservedStars>;
  /** After a complete and undisturbed walk: every starred repository that is not in `present` becomes absent. */
  markAbsent(present: ReadonlySet<GithubId>, at: Instant): Promise<readonly GithubId[]>;
  /** Facts learnt by an identity check; keeps star data. */
  updateFacts(facts: RepositoryFacts): Promise<void>;
  repository(githubId: GithubId): Promise<RepositoryRecord | null>;
  /** By current full name, without regard to case. */
  repositoryByName(fullName: string): Promise<RepositoryRecord | null>;
  repositories(query: RepositoryQuery): Promise<Page<RepositoryRow>>;
  /** The rows of these repositories, in this order; unknown ids are left out. At most a page's worth. */
  repositoryRows(githubIds: readonly GithubId[]): Promise<readonly RepositoryRow[]>;
  /** Ids of starred repositories that are not absent. */
  starredIds(): Promise<readonly GithubId[]>;
  totals(): Promise<StoreTotals>;

  /**
   * Asks for a job. `queued`: a new one; `waiting`: one was there already (a waiting one becomes due now if
   * `hurry`); `successor`: one runs, another will follow it.
   */
  requestJob(request: JobRequest, at: Instant, hurry: boolean): Promise<'queued' | 'waiting' | 'successor'>;
  /** The same for many in one transaction; returns how many new jobs there are. */
  requestJobs(requests: readonly JobRequest[], at: Instant): Promise<number>;
  /**
   * Claims the next job that may run: first by priority of its cause, then by size class, then by age; never one whose
   * repository has a running job. Moves due waiting jobs to queued first. One statement claims.
   *
   * @param allowHuge whether a job of size class 3 may be given
   * @param only where given, jobs of these repositories alone
   */
  claimNextJob(at: Instant, allowHuge: boolean, only?: ReadonlySet<GithubId>): Promise<Job | null>;
  /** Ends a running job and writes its run, in one transaction. Answers the job as it is now. */
  settleJob(jobId: number, settlement: Settlement, run: RunFacts): Promise<Job>;
  /** A clean stop: the job is queued again, its attempt given back, no run is written. */
  releaseJob(jobId: number): Promise<void>;
  /** Cancels a queued or waiting job at once; answers false for one that runs or is over. */
  cancelJob(jobId: number, at: Instant): Promise<boolean>;
  /** At start: every running job is a crash orphan: queued again, attempt counted, a run `interrupted` is written. */
  recoverOrphans(at: Instant): Promise<number>;
  /** Makes jobs that wait for one of these reasons due now. */
  wakeJobs(reasons: readonly WaitReason[], at: Instant): Promise<number>;
  /** When the earliest waiting job is due; null: none has a time. */
  nextDueAt(): Promise<Instant | null>;
  jobs(states: readonly JobState[], page: PageRequest): Promise<Page<Job>>;
  job(jobId: number): Promise<Job | null>;

  runs(query: RunQuery): Promise<Page<Run>>;
  run(runId: number): Promise<Run | null>;

  watcherMemory(): Promise<WatcherMemory>;
  rememberWatcher(change: Partial<WatcherMemory>): Promise<void>;
  /** A small value of the engine itself, such as a pause; JSON text. */
  readValue(key: string): Promise<string | null>;
  writeValue(key: string, value: string | null): Promise<void>;

  /** Ends all access and releases the data directory. */
  close(): Promise<void>;
}
