/** @file The engine: composes watcher, runner and sweeper, and offers them as one public face. */
import type { Job, Outcome, Run } from '../domain/job.ts';
import type { GithubId, Instant } from '../domain/repository.ts';
import type { SelectionRules } from '../domain/selection.ts';
import type { SelectionPreview } from '../domain/selection-preview.ts';
import type { PageRequest } from '../ports/store.ts';
import { AccountReader } from './account-reader.ts';
import { readAsks } from './asks.ts';
import { CacheBudget } from './cache-budget.ts';
import type {
  Asks,
  EngineControl,
  EngineTopic,
  EngineTopics,
  LookReport,
  Overview,
  QuietReason,
  WorkItem,
} from './engine-api.ts';
import { EngineExtras } from './engine-extras.ts';
import { EngineLists } from './engine-lists.ts';
import { readOverview } from './engine-overview.ts';
import type { EngineParts } from './engine-parts.ts';
import { HistoryKeeper } from './history-keeper.ts';
import { type JobCall, JobRunner } from './job-runner.ts';
import { askForFailed } from './job-wishes.ts';
import { Knocker } from './knocker.ts';
import type { LookLoop } from './look-loop.ts';
import { type Looks, makeLooks } from './looks.ts';
import { makeMirrorParts } from './mirror-parts.ts';
import { runMirrorJob } from './mirror-work.ts';
import { PauseKeeper } from './pause-keeper.ts';
import { QuietKeeper } from './quiet-keeper.ts';
import { defaultRetryPolicy } from './retry-policy.ts';
import { RunCounters } from './run-counters.ts';
import { SelectionKeeper } from './selection-keeper.ts';
import { ServiceGates } from './service-gates.ts';
import { Sweeper } from './sweeper.ts';
import { noteTarget, placeKeyOf } from './target-memory.ts';
import { Topics } from './topics.ts';
import { VerdictKeeper } from './verdict-keeper.ts';

export type { EngineOptions, EngineParts } from './engine-parts.ts';

export function createEngine(parts: EngineParts): EngineControl {
  return new EngineCore(parts);
}

class EngineCore extends EngineExtras implements EngineControl {
  readonly #parts: EngineParts;
  readonly #topics: Topics;
  readonly #gates: ServiceGates;
  readonly #runner: JobRunner;
  readonly #looks: LookLoop;
  readonly #walk: Looks['walk'];
  readonly #sweeper: Sweeper;
  readonly #knocker: Knocker;
  readonly #history: HistoryKeeper;
  readonly #pause: PauseKeeper;
  readonly #quiet: QuietKeeper;
  readonly #counters: RunCounters;
  protected readonly selection: SelectionKeeper;
  readonly #lists: EngineLists;
  readonly #verdicts: VerdictKeeper;
  readonly #account: AccountReader;
  readonly #budget: CacheBudget;
  readonly #startedAt: Instant;
  #revision = 0;
  #stopNetwork: (() => void) | null = null;
  #stopping: Promise<void> | null = null;

  constructor(parts: EngineParts) {
    super(parts);
    const { store, github, target, git, disk, clock, random, network, log, options } = parts;
    this.#parts = parts;
    this.#startedAt = clock.now();
    this.#topics = new Topics({ clock, log, overview: () => this.overview() });
    this.#gates = new ServiceGates(clock);
    this.#pause = new PauseKeeper({ store, clock, log, onEnd: () => this.#goOn() });
    this.#quiet = new QuietKeeper({
      clock,
      log,
      hours: options.quietHours ?? null,
      hold: () => this.#hold('paused'),
      goOn: () => this.#goOn(),
      onChange: () => this.#topics.overviewChanged(),
    });
    this.#counters = new RunCounters(parts);
    this.selection = new SelectionKeeper({ store, disk, target, clock, log, onChanged: () => this.jobsCame() });
    this.#lists = new EngineLists(parts, {
      keeper: this.selection,
      isHeld: () => this.isHeld(),
      onJobs: () => this.jobsCame(),
    });
    this.#account = new AccountReader({
      github,
      log,
      onChange: () => this.#topics.overviewChanged(),
      untilEnd: (signal) => this.untilEnd(signal),
    });
    this.#verdicts = new VerdictKeeper({
      github,
      target,
      store,
      clock,
      log,
      followsUnstarred: options.followsUnstarred ?? false,
      isHeld: () => this.isHeld(),
      onChange: (githubIds) => this.#topics.rowsChanged(githubIds),
      onJobs: () => this.jobsCame(),
    });
    this.#budget = new CacheBudget({ git, log, limitBytes: options.cacheLimitBytes });
    const mirrorParts = makeMirrorParts(parts, {
      names: this.names,
      inHand: this.inHand,
      lists: this.#lists,
      foundMirrors: (githubId, signal) => this.finder.looked(githubId, signal),
    });
    this.#runner = new JobRunner({
      store,
      clock,
      random,
      network,
      log,
      gates: this.#gates,
      retry: options.retry ?? defaultRetryPolicy,
      concurrency: options.concurrency,
      work: (job: Job, call: JobCall): Promise<Outcome> => runMirrorJob(mirrorParts, this.#budget, job, call),
      onRun: (run) => this.#noteRun(run),
      onWork: (items) => this.#topics.emit('work', items),
      onJobsChanged: (githubIds) => this.#topics.rowsChanged(githubIds),
    });
    const looks = makeLooks(parts, {
      select: this.selection.select,
      isHeld: () => this.isHeld(),
      onChange: () => this.#topics.overviewChanged(),
      onJobs: () => this.jobsCame(),
      onLooked: () => this.#looked(),
    });
    this.#looks = looks.loop;
    this.#walk = looks.walk;
    this.#knocker = new Knocker({ store, gates: this.#gates, clock, log, onJobs: () => this.jobsCame() });
    this.#history = new HistoryKeeper({
      clock,
      log,
      keepMs: options.historyMs,
      forgetRuns: (before) => this.forgetRuns(before),
    });
    this.#sweeper = new Sweeper({
      store,
      clock,
      log,
      periodMs: options.sweepEveryMs,
      isHeld: () => this.isHeld(),
      onJobs: () => this.jobsCame(),
    });
  }

  async start(): Promise<void> {
    this.#quiet.start();
    await this.startOnce();
    this.#lists.readNowAndThen();
    this.startProofs();
    this.#looks.start();
    this.#sweeper.start();
    this.#knocker.start();
    this.#history.start();
  }

  async startOnce(): Promise<void> {
    const { store, target, clock, log, network } = this.#parts;
    const orphans = await store.recoverOrphans(clock.now());
    if (orphans > 0) log.info('jobs of a run that did not end well are queued again', { orphans });
    await Promise.all([
      this.#pause.load(),
      this.selection.load(),
      this.finder.load(),
      this.loadProofs(),
      this.handouts.tidy(),
    ]);
    // Whoever signed in, or plugged the network in, while nothing ran could wake nobody.
    const free = this.#pause.current === null ? (['paused'] as const) : [];
    await store.wakeJobs(['signed-out', 'offline', ...free], clock.now());
    if (target.kind !== 'none') await noteTarget(this.#parts, placeKeyOf(this.#parts));
    const { lastLookAt } = await store.watcherMemory();
    if (lastLookAt !== null && lastLookAt > clock.now() + 60_000) await this.#knocker.clockWasPutBack();
    this.#stopNetwork = network.onChange((online) => {
      this.#networkChanged(online).catch((error: unknown) => log.error('a network change was not handled', { error }));
    });
    if (this.#parts.options.ownsCaches ?? true) await this.#budget.start();
    this.#runner.start(
      () => this.#pause.current !== null || this.#quiet.isAsleep || this.selection.isAwaited,
      () => this.#quiet.isQuiet,
    );
    if (this.selection.isAwaited && !this.isHeld()) this.#lists.refresh();
    this.finder.refresh();
    this.acts.refresh();
    this.#topics.overviewChanged();
  }

  stop(): Promise<void> {
    return (this.#stopping ??= this.#stop());
  }

  async #stop(): Promise<void> {
    this.endReads();
    this.#stopNetwork?.();
    this.#sweeper.stop();
    this.#knocker.stop();
    this.#history.stop();
    this.#pause.stop();
    this.#quiet.stop();
    await Promise.all([
      this.acts.stop(),
      this.finder.stop(),
      this.#looks.stop(),
      this.#runner.stop(),
      this.#budget.settled(),
      this.#lists.stop(),
      this.#verdicts.stop(),
      this.handouts.stop(),
      this.stopProofs(),
    ]);
    this.#topics.stop();
    await this.#parts.store.close();
    await this.#parts.release?.();
  }

  overview(): Promise<Overview> {
    return readOverview(this.#parts, {
      nextRevision: () => {
        this.#revision += 1;
        return this.#revision;
      },
      startedAt: this.#startedAt,
      account: this.#account,
      selection: this.selection,
      pause: this.#pause,
      quiet: this.#quiet,
      looks: this.#looks,
      walk: this.#walk,
      counters: this.#counters,
      gates: this.#gates,
      finder: this.finder,
      rounds: this.rounds,
      drills: this.drills,
    });
  }

  work(): Promise<readonly WorkItem[]> {
    return Promise.resolve(this.#runner.work());
  }

  lookNow(full: boolean): Promise<LookReport> {
    return this.#looks.lookNow(full);
  }

  async pause(until: Instant | null): Promise<void> {
    await this.#pause.set(until);
    await this.#hold('paused');
    // Resumed while jobs were still ending: they came to wait after everybody had been woken.
    if (this.#pause.current === null) await this.#goOn();
    this.#topics.overviewChanged();
  }

  async resume(): Promise<void> {
    await this.#pause.clear();
    await this.#goOn();
  }

  setQuiet(reasons: readonly QuietReason[]): Promise<void> {
    return this.#quiet.set(reasons);
  }

  async retryFailed(): Promise<number> {
    this.#gates.open();
    const asked = await askForFailed(this.#parts);
    this.jobsCame();
    return asked;
  }

  async cancelJob(jobId: number): Promise<boolean> {
    const { store, clock } = this.#parts;
    const ended = (await this.#runner.cancel(jobId)) || (await store.cancelJob(jobId, clock.now()));
    this.#topics.rowsChanged([]);
    return ended;
  }

  async credentialsChanged(): Promise<void> {
    const { store, clock } = this.#parts;
    this.#account.forget();
    this.#lists.forget();
    this.#gates.open();
    await store.wakeJobs(['signed-out'], clock.now());
    this.#looks.wake();
    this.jobsCame();
  }

  async saveSelection(rules: SelectionRules): Promise<SelectionPreview> {
    await this.#lists.readFor(rules);
    return this.selection.saveSelection(rules);
  }

  asks(page: PageRequest): Promise<Asks> {
    return readAsks(this.#parts, this.#budget, page);
  }

  subscribe<T extends EngineTopic>(topic: T, listener: (value: EngineTopics[T]) => void): () => void {
    return this.#topics.subscribe(topic, listener);
  }

  limitTo(githubIds: readonly GithubId[]): void {
    this.#runner.limitTo(new Set(githubIds));
  }

  async drained(horizonMs: number): Promise<void> {
    // They may ask for jobs.
    await Promise.all([this.#lists.settled(), this.finder.settled(), this.acts.settled()]);
    await Promise.all([this.#verdicts.settled(), this.rounds.settled()]);
    await this.#runner.drained(horizonMs);
    return this.#lists.settled();
  }

  protected isHeld(): boolean {
    return this.#pause.current !== null || this.#quiet.isAsleep || !this.#parts.network.isOnline();
  }

  protected mirrorsFound(): void {
    this.jobsCame();
    this.#topics.overviewChanged();
    this.selection.refreshChoices();
    // What entered as absent may only not have been read yet.
    if (!this.#looks.isLooking && this.#looks.starsSeen !== null) this.#verdicts.refresh();
  }

  protected isQuiet(): boolean {
    return this.#quiet.isQuiet;
  }

  protected overviewChanged(): void {
    this.#topics.overviewChanged();
  }

  protected rowsChanged(githubIds: readonly GithubId[]): void {
    this.#topics.rowsChanged(githubIds);
  }

  protected dropCache(githubId: GithubId): Promise<void> {
    return this.#budget.drop(githubId);
  }

  protected jobsCame(): void {
    this.#runner.kick();
    this.#topics.rowsChanged([]);
  }

  #noteRun(run: Run): void {
    const { log } = this.#parts;
    this.#counters.note(run);
    this.#lists.noteRun(run);
    if (run.error?.code === 'github-gone' || run.error?.code === 'github-blocked') {
      this.#verdicts.doubt(run.githubId).catch((error: unknown) => log.error('a doubt was not kept', { error }));
    }
    this.#topics.emit('run', run);
    this.#topics.overviewChanged();
  }

  #looked(): void {
    const { log } = this.#parts;
    this.#topics.overviewChanged();
    this.#lists.refresh();
    this.finder.refresh();
    this.selection.refreshChoices();
    this.acts.refresh();
    this.#verdicts.refresh();
    if (this.#gates.isShutFor('github-signed-out')) {
      this.#knocker.knock().catch((error: unknown) => log.error('jobs were not tried again', { error }));
    }
    void this.#account.read();
  }

  async #hold(reason: 'paused' | 'offline'): Promise<void> {
    await Promise.all([this.#looks.hold(), this.#runner.interrupt(reason), this.holdProofs()]);
  }

  async #goOn(): Promise<void> {
    this.#gates.openOutages();
    await this.#parts.store.wakeJobs(['paused', 'offline', 'unavailable'], this.#parts.clock.now());
    this.#looks.wake();
    this.rounds.refresh();
    this.jobsCame();
  }

  async #networkChanged(online: boolean): Promise<void> {
    if (!online) await this.#hold('offline');
    // Also where the network came back while jobs were still ending.
    if (this.#parts.network.isOnline()) await this.#goOn();
    this.#topics.overviewChanged();
  }
}
