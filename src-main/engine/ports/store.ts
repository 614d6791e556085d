/**
 * @file What survives a restart: repositories, jobs, runs and the watcher's memory. Every method is one transaction.
 * All rejections are bugs or a broken disk (`disk-full`, `database-damaged`), never a normal course of things.
 */
import type { ErrorRecord } from '../domain/errors.ts';
import type { Job, JobCause, JobState, MirrorProof, MirrorReport, Run, RunOutcome, WaitReason } from '../domain/job.ts';
import type { Proofs } from '../domain/proof.ts';
import type { GithubId, Instant, RepositoryFacts, Star } from '../domain/repository.ts';
import type { Choice, Selection, SelectionDecision } from '../domain/selection.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { StoreArchive } from './store-archive.ts';
import type { ExtrasStore } from './store-extras.ts';
import type { HeldStore } from './store-held.ts';
import type { StoreKept } from './store-kept.ts';
import type { StoreLists } from './store-lists.ts';
import type { StoreProofs } from './store-proofs.ts';
import type {
  OutcomeCounts,
  Page,
  PageRequest,
  RepositoryFacets,
  RepositoryFilter,
  RepositoryQuery,
  RepositoryState,
  RunQuery,
  SizeShares,
} from './store-queries.ts';

export type {
  FacetCount,
  OutcomeCounts,
  Page,
  PageRequest,
  RepositoryFacets,
  RepositoryFilter,
  RepositoryOrder,
  RepositoryQuery,
  RepositoryState,
  RunQuery,
  SizeShare,
  SizeShares,
} from './store-queries.ts';
export { repositoryOrders, repositoryStates } from './store-queries.ts';

export interface MirrorRecord {
  readonly projectId: string;
  readonly projectPath: string;
  readonly projectUrl: string | null;
  /** `pushed_at` that the mirror is known to include. */
  readonly pushedAt: Instant | null;
  readonly defaultBranch: string | null;
  /** `unknownTime`: it was found at the target, and nothing is proven of it. */
  readonly verifiedAt: Instant;
  readonly refCount: number;
  readonly cacheBytes: number;
  readonly unfitRefs: number;
}

export interface RepositoryRecord extends RepositoryFacts {
  /** `unknownTime`: it was found at the target alone. */
  readonly starredAt: Instant;
  readonly firstSeenAt: Instant;
  /** Since when a complete list did not have it; null while it is in the list. Never a reason to delete anything. */
  readonly absentSince: Instant | null;
  /** Null until the first run that ended with `done`. */
  readonly mirror: MirrorRecord | null;
  /** Names it had before, newest first. */
  readonly previousNames: readonly string[];
  /** What a person said of it; null: the rules decide. */
  readonly choice: Choice | null;
  /** As it was decided last; `mirror` for what nobody ever decided. */
  readonly selection: Selection;
  /** Why, in a few plain words; empty for what nobody ever decided. */
  readonly selectionReason: string;
  /** Open while it is absent or does not answer; null: nothing was found out. */
  readonly verdict: Verdict | null;
  /** Since when its mirror is in the archive at a person's word, and not mirrored any more; null: it is not. */
  readonly archivedAt: Instant | null;
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
  /** Pending jobs of repositories that were selected before and no longer are. */
  readonly cancelled: number;
}

/** What deciding anew came to. The first three add up to the repositories that were decided on. */
export interface SelectionChange {
  readonly selected: number;
  readonly skipped: number;
  readonly asks: number;
  /** New jobs. */
  readonly requested: number;
  /** Pending jobs of repositories that were selected before and no longer are. */
  readonly cancelled: number;
}

/** Pure and quick; gets the row as it is, with a new choice already in it. */
export type SelectRepository = (record: RepositoryRecord) => SelectionDecision;

/**
 * Asked for every repository that was not selected before, is now, and has no job under way: why it needs one, or
 * null. `record` is the row as it was before. Usually `new-star` where there is no mirror, `pushed` where there is an
 * old one.
 */
export type CauseOfSelected = (record: RepositoryRecord) => JobCause | null;

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

export interface RepositoryRow {
  readonly repository: RepositoryRecord;
  readonly state: RepositoryState;
  /** The job that runs, else the newest, whatever its state. */
  readonly job: Job | null;
  /** Names of the person's GitHub Lists that it is on, by name. */
  readonly lists: readonly string[];
  /** How many branches and tags of its mirror carry a definition of builds. */
  readonly buildRefs: number;
  readonly proofs: Proofs;
  /** What is not in its mirror, such as files kept by LFS, in one line for a person; null: nothing is known to be missing. */
  readonly incomplete: string | null;
}

export type JobCounts = Readonly<Record<JobState, number>>;

export interface StoreTotals {
  readonly repositories: number;
  readonly starred: number;
  readonly absent: number;
  /** Those that were compared; what was only found at the target does not count. */
  readonly mirrored: number;
  /** Mirrors of what upstream has no more, for certain. */
  readonly rescued: number;
  /** Starred, without a mirror, and the rules or a person leave them out. */
  readonly leftOut: number;
  /** Starred, without a mirror, and a person is asked about them. */
  readonly asks: number;
  /** Those in the state `failed`. */
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

export interface Store extends ExtrasStore, StoreArchive, HeldStore, StoreLists, StoreKept, StoreProofs {
  /**
   * Upserts repositories and, in the same transaction, inserts the jobs that `decide` asks for. `decide` gets the row
   * as it was before (null: unknown) and must be pure and quick. Also clears `absentSince` of what is seen, and the
   * verdict of what was absent and is back.
   *
   * `select`, as pure and quick, is asked first and says for every star whether it is mirrored; without it, known
   * repositories stay as they were decided and new ones are mirrored. `decide` is asked only for those that are: where
   * `known.selection` is not `mirror`, the repository has become selected just now. A pending job of a repository that
   * was selected and no longer is, is cancelled.
   */
  observeStars(
    stars: readonly Star[],
    at: Instant,
    decide: (known: RepositoryRecord | null, star: Star) => JobCause | null,
    select?: (known: RepositoryRecord | null, star: Star) => SelectionDecision,
  ): Promise<ObservedStars>;
  /**
   * Decides anew on all repositories, such as after a change of the rules. Jobs that run are left to end by
   * themselves; pending jobs of what is no longer selected are cancelled.
   */
  applySelection(at: Instant, select: SelectRepository, causeOf: CauseOfSelected): Promise<SelectionChange>;
  /**
   * Keeps what a person chose for these repositories (null: the rules decide again) and decides anew on them alone,
   * else as `applySelection`. Unknown ids are left out.
   */
  chooseRepositories(
    githubIds: readonly GithubId[],
    choice: Choice | null,
    at: Instant,
    select: SelectRepository,
    causeOf: CauseOfSelected,
  ): Promise<SelectionChange>;
  /**
   * After a complete and undisturbed walk: every starred repository that is not in `present` becomes absent, and is to
   * be asked about at once.
   */
  markAbsent(present: ReadonlySet<GithubId>, at: Instant): Promise<readonly GithubId[]>;
  /** Repositories whose mirror is said to stand at this path, without regard to case. */
  mirrorsAt(projectPath: string): Promise<readonly RepositoryRecord[]>;
  /** The mirror of this repository stands elsewhere now, at a place of the same id; changes nothing if it is another. */
  moveMirror(githubId: GithubId, place: Pick<MirrorRecord, 'projectId' | 'projectPath' | 'projectUrl'>): Promise<void>;
  /**
   * The mirrors of all that is starred are somewhere else from now on: what was proven of them is forgotten, so that
   * they count as never made. Absent repositories keep theirs: nobody makes those anew. Returns how many there were.
   */
  forgetMirrors(): Promise<number>;
  /** A repository does not answer: it is to be asked about at `at`, unless that is to be done anyway. */
  requestExamination(githubId: GithubId, at: Instant): Promise<void>;
  /** Repositories that are to be asked about by now, the longest overdue first; `most`: 1 to 200. */
  dueExaminations(at: Instant, most: number): Promise<readonly RepositoryRecord[]>;
  /**
   * What came of asking.
   *
   * @param again when it is asked about again; null: never, unless something new happens
   */
  writeVerdict(githubId: GithubId, verdict: Verdict | null, again: Instant | null): Promise<void>;
  /** Facts learnt by an identity check; keeps star data. */
  updateFacts(facts: RepositoryFacts): Promise<void>;
  repository(githubId: GithubId): Promise<RepositoryRecord | null>;
  /** By current full name, without regard to case. */
  repositoryByName(fullName: string): Promise<RepositoryRecord | null>;
  repositories(query: RepositoryQuery): Promise<Page<RepositoryRow>>;
  /** The rows of these repositories, in this order; unknown ids are left out. At most a page's worth. */
  repositoryRows(githubIds: readonly GithubId[]): Promise<readonly RepositoryRow[]>;
  /** Ids of all that match, ascending; at most the first 10 000. */
  repositoryIds(filter: RepositoryFilter): Promise<readonly GithubId[]>;
  /** How many there are of each kind among those that match. */
  facets(filter: RepositoryFilter): Promise<RepositoryFacets>;
  /** All that were ever seen, by id. For what has to look at each of them: thousands at once. */
  allRepositories(): Promise<readonly RepositoryRecord[]>;
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
   * @param onlyCause where given, jobs of this cause alone
   */
  claimNextJob(
    at: Instant,
    allowHuge: boolean,
    only?: ReadonlySet<GithubId>,
    onlyCause?: JobCause,
  ): Promise<Job | null>;
  /** Ends a running job and writes its run, in one transaction. Answers the job as it is now. */
  settleJob(jobId: number, settlement: Settlement, run: RunFacts): Promise<Job>;
  /** A clean stop: the job is queued again, its attempt given back, no run is written. */
  releaseJob(jobId: number): Promise<void>;
  /** Cancels a queued or waiting job at once; answers false for one that runs or is over. */
  cancelJob(jobId: number, at: Instant): Promise<boolean>;
  /** At start: every running job is a crash orphan: queued again, attempt counted, a run `interrupted` is written. */
  recoverOrphans(at: Instant): Promise<number>;
  /** Makes jobs that wait for one of these reasons due now; those of a weaker cause than the one given get that. */
  wakeJobs(reasons: readonly WaitReason[], at: Instant, cause?: JobCause): Promise<number>;
  /** When the earliest waiting job is due; null: none has a time. */
  nextDueAt(): Promise<Instant | null>;
  jobs(states: readonly JobState[], page: PageRequest): Promise<Page<Job>>;
  job(jobId: number): Promise<Job | null>;

  runs(query: RunQuery): Promise<Page<Run>>;
  run(runId: number): Promise<Run | null>;
  /**
   * Deletes the runs that finished before an instant (null: all), never one whose job is under way. Jobs stay. Returns
   * how many were deleted.
   */
  forgetRuns(before: Instant | null): Promise<number>;

  /**
   * Runs that finished at or after `since`, by outcome, for each day: from its start to the start of the next, the
   * last one without an end.
   *
   * @param dayStarts ascending
   */
  outcomesByDay(since: Instant, dayStarts: readonly Instant[]): Promise<readonly OutcomeCounts[]>;
  /** How much there is of each language or owner, over all repositories, absent ones too; `most`: 1 to 200. */
  sizeBy(kind: 'language' | 'owner', most: number): Promise<SizeShares>;
  /**
   * How many repositories were starred from each bound to the next, the last one without an end; absent ones count.
   *
   * @param bounds ascending
   */
  starsOverTime(bounds: readonly Instant[]): Promise<readonly number[]>;

  watcherMemory(): Promise<WatcherMemory>;
  rememberWatcher(change: Partial<WatcherMemory>): Promise<void>;
  /** A small value of the engine itself, such as a pause; JSON text. */
  readValue(key: string): Promise<string | null>;
  writeValue(key: string, value: string | null): Promise<void>;

  /** Ends all access and releases the data directory. */
  close(): Promise<void>;
}
