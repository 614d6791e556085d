/**
 * @file The engine's public face: what bridge, web host, command line and shell may use. Every argument and answer is
 * plain JSON and asynchronous, lists come in pages, so it can be offered over any wire.
 */
import type { ErrorRecord } from '../domain/errors.ts';
import type { Job, JobCause, JobState, MirrorPhase, Run } from '../domain/job.ts';
import type { QuietReason } from '../domain/quiet.ts';
import type { GithubId, Instant } from '../domain/repository.ts';
import type { GitProgress } from '../ports/git.ts';
import type { Choice, SelectionRules } from '../domain/selection.ts';
import type { SelectionPreview } from '../domain/selection-preview.ts';
import type { CheckItem } from '../ports/mirror-target.ts';
import type {
  OutcomeCounts,
  Page,
  PageRequest,
  RepositoryFacets,
  RepositoryFilter,
  RepositoryQuery,
  RepositoryRow,
  RunQuery,
  SizeShares,
  StoreTotals,
} from '../ports/store.ts';

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
export type { QuietReason } from '../domain/quiet.ts';
export { quietReasons } from '../domain/quiet.ts';
export type { GithubId, Instant } from '../domain/repository.ts';
export type { Choice, SelectionRules } from '../domain/selection.ts';
export type { Amount, SelectionPreview } from '../domain/selection-preview.ts';
export type { GitProgress } from '../ports/git.ts';
export type { Redactor } from '../ports/log.ts';
export type { CheckItem } from '../ports/mirror-target.ts';
export type { SecretName, Secrets } from '../ports/secrets.ts';
export type {
  MirrorRecord,
  OutcomeCounts,
  Page,
  PageRequest,
  RepositoryFacets,
  RepositoryFilter,
  RepositoryQuery,
  RepositoryRecord,
  RepositoryRow,
  RepositoryState,
  RunQuery,
  SizeShares,
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
  /** Null: none is set yet. */
  readonly target: { readonly kind: 'onedev' | 'folder'; readonly address: string } | null;
  /** Nothing is mirrored before a person has said what. */
  readonly awaitsSelection: boolean;
  readonly pause: Pause | null;
  /** While there are any, only what a person asks for is mirrored. */
  readonly quiet: readonly QuietReason[];
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

/** A ref that the mirror keeps although upstream rewrote or deleted it. */
export interface KeptRef {
  /** Full name in the mirror. */
  readonly ref: string;
  /** Full name that it had; null: not told by its name. */
  readonly origin: string | null;
  readonly sha: string;
  /** Null: not told by its name. */
  readonly keptAt: Instant | null;
}

export interface StatisticsQuery {
  /** Ascending starts of days, 1 or more; each day ends where the next begins, the last one never. */
  readonly days: readonly Instant[];
  /** Ascending bounds, 1 or more, between which stars are counted. */
  readonly starBounds: readonly Instant[];
}

export interface Statistics {
  readonly outcomes: readonly OutcomeCounts[];
  readonly byLanguage: SizeShares;
  readonly byOwner: SizeShares;
  readonly stars: readonly number[];
}

export interface RestoredRef {
  /** Full name of the branch. */
  readonly ref: string;
  readonly sha: string;
  /** False: it had been restored before. */
  readonly isNew: boolean;
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
  /** Ids of all that match, at most 10 000. */
  repositoryIds(filter: RepositoryFilter): Promise<readonly GithubId[]>;
  facets(filter: RepositoryFilter): Promise<RepositoryFacets>;
  /** Newest first. Asks the target; rejects with a `target-*` code, empty where there is no mirror. */
  keptRefs(githubId: GithubId, signal: AbortSignal): Promise<readonly KeptRef[]>;
  /**
   * Makes a branch in the mirror of an old tip that it keeps; mirror runs leave it alone. Rejects with
   * `config-invalid` for a ref that is not kept there, else as the target and git do.
   */
  restoreKeptRef(githubId: GithubId, keptRef: string, signal: AbortSignal): Promise<RestoredRef>;
  runs(query: RunQuery): Promise<Page<Run>>;
  /** Forgets runs that finished before an instant (null: all), never one whose job is under way; jobs go on. */
  forgetRuns(before: Instant | null): Promise<number>;
  statistics(query: StatisticsQuery): Promise<Statistics>;
  /** A person's own word about repositories, null: back to the rules. Answers how many of them are known. */
  choose(githubIds: readonly GithubId[], choice: Choice | null): Promise<number>;

  /** Looks now; `full` reads all pages. A look under way is joined. */
  lookNow(full: boolean): Promise<LookReport>;
  /** Null: until resumed. Jobs in work are ended and wait, their attempts given back. */
  pause(until: Instant | null): Promise<void>;
  resume(): Promise<void>;
  /** Asks for a mirror run of each, ahead of all others; answers how many are new. Unknown ids are left out. */
  mirrorNow(githubIds: readonly GithubId[]): Promise<number>;
  /** The next run of this repository follows what upstream lost at once, and is asked for. False: it is not known. */
  followLoss(githubId: GithubId): Promise<boolean>;
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

/** What to mirror, as set-up decides it. */
export interface SelectionControl {
  selectionRules(): Promise<SelectionRules>;
  /** What these rules would mirror of the stars known so far; changes nothing. */
  previewSelection(rules: SelectionRules): Promise<SelectionPreview>;
  /** Keeps the rules, decides anew on everything, and lets work begin where it was held for this. */
  saveSelection(rules: SelectionRules): Promise<SelectionPreview>;
  /** Holds all work until rules are saved, if nothing was mirrored yet and none ever were. */
  awaitSelection(): Promise<void>;
  awaitsSelection(): Promise<boolean>;
  /** Whether nothing was ever mirrored and no rules were ever saved. */
  isUntouched(): Promise<boolean>;
}

/** What command line, set-up and the desktop's shell need beside the public face. */
export interface EngineControl extends Engine, SelectionControl {
  /** Like `start`, but looks only when asked, and never sweeps. */
  startOnce(): Promise<void>;
  /**
   * The reasons outside the engine for which only what a person asks for is mirrored, from now on; they are not kept
   * over a restart. Looks go on, and jobs in work end by themselves; but `asleep` holds everything as a pause does.
   * Without the last one everything catches up once.
   */
  setQuiet(reasons: readonly QuietReason[]): Promise<void>;
  /** Only jobs of these repositories are begun from now on. */
  limitTo(githubIds: readonly GithubId[]): void;
  /** Resolves when no job runs and none becomes due by itself within `horizonMs`. */
  drained(horizonMs: number): Promise<void>;
}
