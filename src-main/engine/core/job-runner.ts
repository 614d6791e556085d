/**
 * @file Takes jobs from the store, runs a few at a time and settles them. What a job does is handed in; retries,
 * waits, pause, cancellation and the clean stop are decided here.
 */
import type { Job, MirrorPhase, Outcome, Run } from '../domain/job.ts';
import { sizeClass } from '../domain/job.ts';
import { toEpicstarError } from '../domain/errors.ts';
import type { GithubId, Instant } from '../domain/repository.ts';
import { type Clock, type Random, sleep } from '../ports/clock.ts';
import type { GitProgress } from '../ports/git.ts';
import type { Log } from '../ports/log.ts';
import type { Network } from '../ports/network.ts';
import type { Settlement, Store } from '../ports/store.ts';
import type { WorkItem } from './engine-api.ts';
import { bytesOf, errorOf, interrupted, offlineOutcome, outcomeOfBug, runOutcomeOf } from './job-outcomes.ts';
import { type RetryPolicy, retryDelayMs } from './retry-policy.ts';
import type { ServiceGates } from './service-gates.ts';
import type { WorkPart } from './work-part.ts';

export interface JobCall {
  readonly signal: AbortSignal;
  readonly onPhase: (phase: MirrorPhase) => void;
  readonly onGit: (progress: GitProgress) => void;
  readonly onPart?: (part: WorkPart | null) => void;
}

export interface JobRunnerParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly network: Network;
  readonly log: Log;
  readonly gates: ServiceGates;
  readonly retry: RetryPolicy;
  /** Jobs at once, 1 or more. */
  readonly concurrency: number;
  readonly work: (job: Job, call: JobCall) => Promise<Outcome>;
  readonly onRun: (run: Run) => void;
  readonly onWork: (items: readonly WorkItem[]) => void;
  readonly onJobsChanged: (githubIds: readonly GithubId[]) => void;
}

type StopReason = 'cancelled' | 'paused' | 'offline' | 'shutdown';

interface InWork {
  readonly job: Job;
  readonly controller: AbortController;
  readonly startedAt: Instant;
  item: WorkItem;
  stopReason: StopReason | null;
  /** Null until its end is recorded. */
  endedAs: Settlement['state'] | null;
  settled: Promise<void>;
}

/** Five updates of the jobs in work a second at most. */
const workUpdateMs = 200;
/** A clean stop leaves jobs behind after this long; the next start finds them as crash orphans. */
const stopPatienceMs = 9_000;
/** The wall clock may jump, and stands still in the timers of a computer that sleeps: what is due is looked up anew. */
const longestSleepMs = 5 * 60_000;
/** How long to wait before the end of a job that could not be recorded is tried to be recorded again. */
const recordAgainMs = 5_000;
/** A full disk is waited out; what else keeps the end of a job from being recorded is not. */
const mostRecordAttempts = 12;

export class JobRunner {
  readonly #parts: JobRunnerParts;
  readonly #inWork = new Map<number, InWork>();
  readonly #drainWaiters: { readonly horizonMs: number; readonly resolve: () => void }[] = [];
  readonly #stopped = new AbortController();
  #state: 'new' | 'running' | 'stopped' = 'new';
  #isHeld: () => boolean = () => false;
  #isQuiet: () => boolean = () => false;
  #only: ReadonlySet<GithubId> | undefined;
  #filling: Promise<void> | null = null;
  #fillAgain = false;
  #cancelTimer: (() => void) | null = null;
  #workTimer: (() => void) | null = null;
  #lastWorkMs = Number.NEGATIVE_INFINITY;

  constructor(parts: JobRunnerParts) {
    this.#parts = parts;
  }

  /**
   * @param isHeld asked before each claim: true while paused
   * @param isQuiet the same: true while only what a person asked for is begun
   */
  start(isHeld: () => boolean, isQuiet = (): boolean => false): void {
    this.#isHeld = isHeld;
    this.#isQuiet = isQuiet;
    this.#state = 'running';
    this.kick();
  }

  /** Looks for work; harmless at any time. */
  kick(): void {
    if (this.#state !== 'running') return;
    this.#fillAgain = true;
    this.#filling ??= this.#fill().finally(() => {
      this.#filling = null;
      if (this.#fillAgain) this.kick();
    });
  }

  /** From now on only jobs of these repositories are claimed. */
  limitTo(only: ReadonlySet<GithubId>): void {
    this.#only = only;
  }

  work(): readonly WorkItem[] {
    return [...this.#inWork.values()].map(({ item }) => item);
  }

  /**
   * Ends a job in work and resolves when git is gone and the job settled. False: it was not in work, or it came to its
   * own end or to a wait at the same moment.
   */
  async cancel(jobId: number): Promise<boolean> {
    const entry = this.#inWork.get(jobId);
    if (entry === undefined) return false;
    await this.#end(entry, 'cancelled');
    return entry.endedAs === 'cancelled';
  }

  /** Ends all jobs in work; they wait for this reason, their attempts given back. */
  async interrupt(reason: 'paused' | 'offline'): Promise<void> {
    await Promise.all([...this.#inWork.values()].map((entry) => this.#end(entry, reason)));
  }

  async stop(): Promise<void> {
    if (this.#state === 'stopped') return;
    this.#state = 'stopped';
    this.#stopped.abort();
    this.#cancelTimer?.();
    this.#workTimer?.();
    let stopPatience = (): void => undefined;
    const patience = new Promise<'late'>((resolve) => {
      stopPatience = this.#parts.clock.setTimer(stopPatienceMs, () => resolve('late'));
    });
    const all = (async (): Promise<'ended'> => {
      await this.#filling;
      await Promise.all([...this.#inWork.values()].map((entry) => this.#end(entry, 'shutdown')));
      return 'ended';
    })();
    if ((await Promise.race([all, patience])) === 'late') {
      const jobs = [...this.#inWork.values()].map(({ job }) => job.fullName);
      this.#parts.log.warn('jobs did not end in time and are left to the next start', { jobs });
    }
    stopPatience();
    for (const { resolve } of this.#drainWaiters.splice(0)) resolve();
  }

  /**
   * Resolves when no job runs and none will become due by itself within the horizon, or when the runner stops.
   *
   * @param horizonMs how long a wait may be to count as work that is still to come
   */
  drained(horizonMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#drainWaiters.push({ horizonMs, resolve });
      this.kick();
    });
  }

  async #fill(): Promise<void> {
    const { store, clock, log } = this.#parts;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    try {
      while (this.#fillAgain) {
        this.#fillAgain = false;
        while (this.#mayClaim()) {
          const onlyCause = this.#isQuiet() ? 'user' : undefined;
          const job = await store.claimNextJob(clock.now(), this.#allowHuge(), this.#only, onlyCause);
          if (job === null) break;
          if (this.#mayClaim()) this.#begin(job);
          else await store.releaseJob(job.id);
        }
      }
      await this.#armAndReport();
    } catch (error) {
      log.error('the queue cannot be read; it is tried again in 5 s', { error });
      this.#armTimer(5_000);
    }
  }

  #mayClaim(): boolean {
    return (
      this.#state === 'running' &&
      this.#inWork.size < this.#parts.concurrency &&
      !this.#isHeld() &&
      this.#parts.network.isOnline() &&
      this.#parts.gates.shutUntil() === undefined
    );
  }

  /** Huge repositories never take all lanes, so that small ones do not wait for hours behind them. */
  #allowHuge(): boolean {
    const huge = [...this.#inWork.values()].filter(({ job }) => sizeClass(job.sizeKb) === 3).length;
    return huge < Math.max(1, this.#parts.concurrency - 1);
  }

  async #armAndReport(): Promise<void> {
    const { store, clock, gates } = this.#parts;
    const shutUntil = gates.shutUntil();
    const dueAt = await store.nextDueAt();
    const wakeAt = shutUntil === undefined ? dueAt : shutUntil;
    // What is due already and cannot be begun waits for a lane, the network or a person; each of them kicks.
    const isKicked = wakeAt !== null && wakeAt <= clock.now() && !this.#mayClaim();
    if (wakeAt !== null && !isKicked) this.#armTimer(Math.max(wakeAt - clock.now(), 0) + 1);
    if (this.#inWork.size > 0 || this.#fillAgain) return;
    const isHeld = this.#isHeld() || shutUntil === null;
    // Nothing is in work and nothing more could be claimed: what is queued now is somebody else's to run.
    const waitMs = isHeld || wakeAt === null ? null : wakeAt - clock.now();
    const ended = this.#drainWaiters.filter(({ horizonMs }) => waitMs === null || waitMs > horizonMs);
    for (const waiter of ended) {
      this.#drainWaiters.splice(this.#drainWaiters.indexOf(waiter), 1);
      waiter.resolve();
    }
  }

  #armTimer(delayMs: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#parts.clock.setTimer(Math.min(delayMs, longestSleepMs), () => this.kick());
  }

  #begin(job: Job): void {
    const startedAt = this.#parts.clock.now();
    const entry: InWork = {
      job,
      controller: new AbortController(),
      startedAt,
      stopReason: null,
      endedAs: null,
      settled: Promise.resolve(),
      item: {
        jobId: job.id,
        githubId: job.githubId,
        fullName: job.fullName,
        cause: job.cause,
        attempt: job.attempt,
        startedAt,
        phase: 'identify',
        git: null,
        part: null,
        sizeKb: job.sizeKb,
        bytesReceived: 0,
        bytesSent: 0,
      },
    };
    this.#inWork.set(job.id, entry);
    this.#workChanged();
    this.#parts.onJobsChanged([job.githubId]);
    entry.settled = this.#carryOut(entry);
  }

  async #carryOut(entry: InWork): Promise<void> {
    const { clock, gates, network } = this.#parts;
    const { job } = entry;
    try {
      const outcome = await this.#parts
        .work(job, {
          signal: entry.controller.signal,
          onPhase: (phase) => this.#update(entry, { phase, git: null, part: null }),
          onGit: (git) => this.#update(entry, { git, ...bytesOf(entry.item, git) }),
          onPart: (part) => this.#update(entry, { part }),
        })
        .catch(outcomeOfBug);
      const met = network.isOnline() ? outcome : offlineOutcome(outcome, clock.now());
      await this.#record(entry, entry.stopReason === null ? gates.note(met) : interrupted(outcome));
    } finally {
      this.#inWork.delete(job.id);
      this.#workChanged();
      this.#parts.onJobsChanged([job.githubId]);
      this.kick();
    }
  }

  /**
   * Settles, and tries again where the store cannot be written: a row that stays `running` would hold its repository
   * until the next start, which finds it as a crash orphan.
   */
  async #record(entry: InWork, outcome: Outcome): Promise<void> {
    const { clock, log } = this.#parts;
    const { job } = entry;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#settle(entry, outcome);
        return;
      } catch (error) {
        if (attempt === 1) {
          log.error('the end of a job could not be recorded', { job: job.id, fullName: job.fullName, error });
        }
        if (toEpicstarError(error).code !== 'disk-full' && attempt >= mostRecordAttempts) return;
        const isStopped = await sleep(clock, recordAgainMs, this.#stopped.signal).then(
          () => false,
          () => true,
        );
        if (isStopped) return;
      }
    }
  }

  async #settle(entry: InWork, outcome: Outcome): Promise<void> {
    const { store, clock } = this.#parts;
    const { job, stopReason } = entry;
    if (outcome.kind === 'cancelled' && stopReason === 'shutdown') {
      await store.releaseJob(job.id);
      return;
    }
    const settlement = this.#settlementOf(job, outcome, stopReason);
    const facts = {
      startedAt: entry.startedAt,
      finishedAt: clock.now(),
      outcome: runOutcomeOf(outcome, settlement),
      report: outcome.report,
      error: errorOf(outcome),
    };
    await store.settleJob(job.id, settlement, facts);
    entry.endedAs = settlement.state;
    await this.#tell(job);
  }

  /** Never rejects: a job that is settled cannot be settled again. */
  async #tell({ id, githubId, fullName }: Job): Promise<void> {
    const { store, log, onRun } = this.#parts;
    try {
      const { items } = await store.runs({ githubId, outcome: null, since: null, offset: 0, limit: 1 });
      const [run] = items;
      if (run !== undefined) onRun(run);
    } catch (error) {
      log.error('the run of a job that ended could not be told', { job: id, fullName, error });
    }
  }

  #settlementOf(job: Job, outcome: Outcome, stopReason: StopReason | null): Settlement {
    const { clock, retry, random } = this.#parts;
    switch (outcome.kind) {
      case 'done':
        return { state: 'done', proof: outcome.proof };
      case 'failed':
        return { state: 'failed', error: outcome.error };
      case 'cancelled':
        if (stopReason === 'paused' || stopReason === 'offline') {
          return { state: 'waiting', runAfter: null, reason: stopReason, error: null, countsAsAttempt: false };
        }
        return { state: 'cancelled' };
      case 'wait':
        return {
          state: 'waiting',
          runAfter: outcome.until,
          reason: outcome.reason,
          error: outcome.error,
          countsAsAttempt: false,
        };
      case 'retry':
        return {
          state: 'waiting',
          runAfter: clock.now() + retryDelayMs(retry, job.attempt, random),
          reason: 'retry',
          error: outcome.error,
          countsAsAttempt: true,
        };
    }
  }

  async #end(entry: InWork, reason: StopReason): Promise<void> {
    entry.stopReason ??= reason;
    entry.controller.abort(new DOMException(`ended: ${reason}`, 'AbortError'));
    await entry.settled;
  }

  #update(entry: InWork, change: Partial<WorkItem>): void {
    entry.item = { ...entry.item, ...change };
    this.#workChanged();
  }

  #workChanged(): void {
    if (this.#workTimer !== null || this.#state === 'stopped') return;
    const { clock } = this.#parts;
    const delayMs = Math.max(this.#lastWorkMs + workUpdateMs - clock.monotonicMs(), 0);
    this.#workTimer = clock.setTimer(delayMs, () => {
      this.#workTimer = null;
      this.#lastWorkMs = clock.monotonicMs();
      this.#parts.onWork(this.work());
    });
  }
}
