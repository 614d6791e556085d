/**
 * @file The engine's public face: what bridge, web host, command line and shell may use. Every argument and answer is
 * plain JSON and asynchronous, lists come in pages, so it can be offered over any wire.
 */
import type { EngineAsks } from './engine-asks-api.ts';
import type { EngineExtrasReads } from './engine-extras-api.ts';
import type { ErrorRecord } from '../domain/errors.ts';
import type { Job, JobCause, JobState, MirrorPhase, Run } from '../domain/job.ts';
import type { QuietReason } from '../domain/quiet.ts';
import type { GithubId, Instant } from '../domain/repository.ts';
import type { GitProgress } from '../ports/git.ts';
import type { OtherAddress } from '../ports/other-remote.ts';
import type { KeptCost, KeptTotals } from '../ports/store-kept.ts';
import type { WorkPart } from './work-part.ts';
import type { EngineMirrorActs } from './engine-acts-api.ts';
import type { BundleFile, Handout } from './handouts.ts';
import type { BundleMade, CopyCall, PushedMirror } from './mirror-copy.ts';
import type { Answer, SelectionRules } from '../domain/selection.ts';
import type { ChosenIds } from './config-file.ts';
import type { SelectionPreview } from '../domain/selection-preview.ts';
import type { ProofFace, ProofOverview } from './proof-api.ts';
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
export { bundleFileName } from '../domain/copy-plan.ts';
export type { UnfitRef } from '../domain/plan.ts';
export type { Drill, DrillOf, DrillResult, Proof, ProofResult, Proofs, ProofSource } from '../domain/proof.ts';
export { drillResults, noProofs, proofResults, proofSources } from '../domain/proof.ts';
export type { ProofCounts } from '../ports/store-proofs.ts';
export type { DrillUnderWay, ProofOverview, ProofRound, VerifyReport } from './proof-api.ts';
export type { QuietReason } from '../domain/quiet.ts';
export { quietReasons } from '../domain/quiet.ts';
export type { GithubId, Instant } from '../domain/repository.ts';
export type { Answer, Choice, SelectionRules } from '../domain/selection.ts';
export type { Amount, SelectionPreview } from '../domain/selection-preview.ts';
export type { GitProgress } from '../ports/git.ts';
export type { OtherAddress } from '../ports/other-remote.ts';
export type { KeptCost, KeptTotals } from '../ports/store-kept.ts';
export type { MirrorAct } from './act-journal.ts';
export { mirrorActKinds } from './act-journal.ts';
export type { ActReport, DeletionWish } from './engine-acts-api.ts';
export { mostActsAtOnce } from './engine-acts-api.ts';
export type { Ask, Asks, CacheCost } from './engine-asks-api.ts';
export type { BundleFile, Handout, HandoutBundle } from './handouts.ts';
export type { BundleMade, CopyCall, CopyStep, PushedMirror, RefusedRef } from './mirror-copy.ts';
export type { Redactor } from '../ports/log.ts';
export type { CheckItem } from '../ports/mirror-target.ts';
export type { SecretName, Secrets } from '../ports/secrets.ts';
export { repositoryStates } from '../ports/store-queries.ts';
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
  /** Of a transfer that goes in parts; null: it goes at once, or nothing is moved. */
  readonly part: WorkPart | null;
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
  readonly proof: ProofOverview;
  /** The history begins where mirrors were found; null: with the first mirror. */
  readonly rebuilt: Rebuilt | null;
  /**
   * What stops more than one repository, newest first: signed out on either side, target away, disk full, rate limit.
   * Empty when all is well.
   */
  readonly troubles: readonly Trouble[];
}

/** A data directory that was new when the target held mirrors already. */
export interface Rebuilt {
  readonly at: Instant;
  readonly mirrors: number;
  /** Of the target, for a person. */
  readonly address: string;
}

/** What looking for the target's mirrors came to. */
export interface FoundReport {
  /** Of the target, for a person. */
  readonly address: string;
  /** Mirrors of repositories on this GitHub. */
  readonly found: number;
  /** Of repositories that were not known. */
  readonly entered: number;
  /** Of known repositories that had no mirror, or another one. */
  readonly placed: number;
  /** Those that stand elsewhere than was known. */
  readonly moved: number;
  /** Left alone: their ids are another GitHub's. */
  readonly ofOtherGithub: number;
  /** Repositories that more than one project claims, at most 20, one sentence each. */
  readonly copies: readonly string[];
  /** Projects that do not say of what they are the mirror, at most 20, one sentence each. */
  readonly unreadable: readonly string[];
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

export interface Engine extends EngineAsks, EngineExtrasReads, EngineMirrorActs, ProofFace {
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
  /** What old tips that the mirror keeps cost; null: it keeps none. */
  keptCost(githubId: GithubId): Promise<KeptCost | null>;
  keptTotals(): Promise<KeptTotals>;
  /** Where git clones the mirror from; null: there is no mirror. */
  cloneAddress(githubId: GithubId): Promise<string | null>;
  /**
   * Begins to make a bundle of the mirror's branches and tags, on demand with its kept tips; one that is being made is
   * joined. Rejects with `config-invalid` where there is no mirror. How it goes on: {@link handout}.
   */
  handOutBundle(githubId: GithubId, withKept: boolean): Promise<Handout>;
  /**
   * Begins to push the mirror to another remote, where nothing is overwritten or deleted. Rejects with `config-invalid` or
   * `insecure-address` for an address that cannot be used.
   */
  handOutPush(githubId: GithubId, other: OtherAddress, withKept: boolean): Promise<Handout>;
  /** Null: it is not known, or not any more. */
  handout(id: string): Promise<Handout | null>;
  /** Of one repository, under way or ended within the hour, the newest first. */
  handoutsOf(githubId: GithubId): Promise<readonly Handout[]>;
  /** Ends one that is under way (git is gone within 2 s), or forgets it with its bundle. False: it is not known. */
  endHandout(id: string): Promise<boolean>;
  /** Where a bundle that is made lies until it was fetched; null: there is none. */
  bundleFile(id: string): Promise<BundleFile | null>;
  runs(query: RunQuery): Promise<Page<Run>>;
  /** Forgets runs that finished before an instant (null: all), never one whose job is under way; jobs go on. */
  forgetRuns(before: Instant | null): Promise<number>;
  statistics(query: StatisticsQuery): Promise<Statistics>;
  /**
   * A person's own word about repositories, null: back to the rules. `later` puts the question about the size off, see
   * `isPutOff`. Answers how many of them are known.
   */
  choose(githubIds: readonly GithubId[], answer: Answer | null): Promise<number>;

  /** Looks now; `full` reads all pages. A look under way is joined. */
  lookNow(full: boolean): Promise<LookReport>;
  /** Null: until resumed. Jobs in work are ended and wait, their attempts given back. */
  pause(until: Instant | null): Promise<void>;
  resume(): Promise<void>;
  /** Asks for a mirror run of each, ahead of all others; answers how many are new. Unknown ids are left out. */
  mirrorNow(githubIds: readonly GithubId[]): Promise<number>;
  /** The next run of this repository follows what upstream lost at once, and is asked for. False: it is not known. */
  followLoss(githubId: GithubId): Promise<boolean>;
  /** This repository is mirrored with its definition of builds, now and later. False: it is not known. */
  mirrorBuilds(githubId: GithubId): Promise<boolean>;
  /** The same for every repository whose newest job failed, and for all that wait to be retried. */
  retryFailed(): Promise<number>;
  /** Ends a job that is queued, waiting or in work (git is gone within 2 s). False: it was over already. */
  cancelJob(jobId: number): Promise<boolean>;
  /**
   * Looks for the mirrors that the target holds and makes them known; what is not in the starred list is asked about. Happens
   * by itself once for each place of mirrors. Rejects with a `target-*` code. The second time changes nothing.
   */
  findMirrors(signal: AbortSignal): Promise<FoundReport>;
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
  /** The rules that were saved; null: none ever were. Also where the engine was not started. */
  savedRules(): Promise<SelectionRules | null>;
  /** What a person chose of single repositories, by id, also of those that are not known yet. */
  chosen(): Promise<ChosenIds>;
  /** In place of all choices so far; those about repositories that are not known yet wait for them. */
  replaceChoices(choices: ChosenIds): Promise<void>;
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
  /** Writes a bundle to an absolute path, replacing what is there. */
  bundleTo(githubId: GithubId, file: string, withKept: boolean, call: CopyCall): Promise<BundleMade>;
  /** Pushes to another remote, which may be a folder of this computer; answers when it is over. */
  pushTo(githubId: GithubId, other: OtherAddress, withKept: boolean, call: CopyCall): Promise<PushedMirror>;
  /** Only jobs of these repositories are begun from now on. */
  limitTo(githubIds: readonly GithubId[]): void;
  /** Resolves when no job runs and none becomes due by itself within `horizonMs`. */
  drained(horizonMs: number): Promise<void>;
}
