/**
 * @file One engine for all faces, whose insides can be built anew when settings change: callers wait a moment, listeners
 * stay. Knows nothing of how an engine is built.
 */
import { toEpicstarError } from '../domain/errors.ts';
import type { RepositoryExtras } from './engine-extras-api.ts';
import type { Job, JobState, Run } from '../domain/job.ts';
import type { QuietReason } from '../domain/quiet.ts';
import type { GithubId, Instant } from '../domain/repository.ts';
import type { Answer, SelectionRules } from '../domain/selection.ts';
import type { SelectionPreview } from '../domain/selection-preview.ts';
import type { Log } from '../ports/log.ts';
import type { ChosenIds } from './config-file.ts';
import type {
  Page,
  PageRequest,
  RepositoryFacets,
  RepositoryFilter,
  RepositoryQuery,
  RepositoryRow,
  RunQuery,
} from '../ports/store.ts';
import type {
  Asks,
  BundleFile,
  BundleMade,
  CopyCall,
  DiagnosisItem,
  EngineControl,
  EngineTopic,
  EngineTopics,
  FoundReport,
  Handout,
  KeptCost,
  KeptRef,
  KeptTotals,
  LookReport,
  OtherAddress,
  Overview,
  PushedMirror,
  RestoredRef,
  Statistics,
  StatisticsQuery,
  WorkItem,
} from './engine-api.ts';
import { HostedActs } from './hosted-acts.ts';

export interface EngineHostParts {
  /** Builds an engine from the settings as they are now. */
  readonly build: () => Promise<EngineControl>;
  readonly log: Log;
}

type Listeners = { readonly [T in EngineTopic]: Set<(value: EngineTopics[T]) => void> };

export class EngineHost extends HostedActs implements EngineControl {
  readonly #parts: EngineHostParts;
  readonly #listeners: Listeners = { overview: new Set(), work: new Set(), run: new Set(), repositories: new Set() };
  #engine: Promise<EngineControl>;
  /** A start that comes while an engine is built is not made twice. */
  readonly #started = new WeakSet<EngineControl>();
  #mode: 'new' | 'once' | 'loop' | 'stopped' = 'new';
  #unsubscribe: (() => void)[] = [];
  #revision = 0;
  /** Told to each engine that is built. */
  #quiet: readonly QuietReason[] = [];

  private constructor(parts: EngineHostParts, engine: EngineControl) {
    super();
    this.#parts = parts;
    this.#engine = Promise.resolve(engine);
    this.#listenTo(engine);
  }

  static async open(parts: EngineHostParts): Promise<EngineHost> {
    return new EngineHost(parts, await parts.build());
  }

  /**
   * Ends the engine, builds another and starts it as the one before was. If building fails, this and every later call
   * reject with the reason until a `rebuild` succeeds: put the settings right and call it again.
   */
  async rebuild(): Promise<void> {
    if (this.#isStopped()) return;
    const before = this.#engine;
    const next = before
      .catch(() => null)
      .then(async (engine) => {
        for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
        // A database that cannot be read any more is no reason to keep it open.
        const wasInUse = engine !== null && !(await engine.isUntouched().catch(() => false));
        await engine?.stop();
        const built = await this.#parts.build();
        this.#listenTo(built);
        try {
          // Another database knows nothing of what was chosen: that is asked for before everything is mirrored.
          if (wasInUse && (await built.isUntouched())) await built.awaitSelection();
          await this.#startAsWanted(built);
        } catch (error) {
          // Else it would go on holding the data directory.
          await built.stop();
          throw error;
        }
        return built;
      });
    this.#engine = next;
    // Callers that wait see the rejection; one that nobody waits for must not end the process.
    next.catch((error: unknown) => this.#parts.log.error('the engine could not be built anew', { error }));
    await next;
    if (this.#isStopped()) return;
    const [overview, work] = await Promise.all([this.overview(), this.work()]);
    this.#tell('overview', overview);
    this.#tell('repositories', []);
    this.#tell('work', work);
  }

  async start(): Promise<void> {
    this.#mode = 'loop';
    await this.#startAsWanted(await this.#engine);
  }

  async startOnce(): Promise<void> {
    this.#mode = 'once';
    await this.#startAsWanted(await this.#engine);
  }

  async stop(): Promise<void> {
    this.#mode = 'stopped';
    const engine = await this.#engine.catch(() => null);
    await engine?.stop();
  }

  async overview(): Promise<Overview> {
    return this.#own(await (await this.#engine).overview());
  }

  async work(): Promise<readonly WorkItem[]> {
    return (await this.#engine).work();
  }

  async jobs(states: readonly JobState[], page: PageRequest): Promise<Page<Job>> {
    return (await this.#engine).jobs(states, page);
  }

  async repositories(query: RepositoryQuery): Promise<Page<RepositoryRow>> {
    return (await this.#engine).repositories(query);
  }

  async repository(githubId: GithubId): Promise<RepositoryRow | null> {
    return (await this.#engine).repository(githubId);
  }

  async repositoryIds(filter: RepositoryFilter): Promise<readonly GithubId[]> {
    return (await this.#engine).repositoryIds(filter);
  }

  async facets(filter: RepositoryFilter): Promise<RepositoryFacets> {
    return (await this.#engine).facets(filter);
  }

  async repositoryExtras(githubId: GithubId): Promise<RepositoryExtras> {
    return (await this.#engine).repositoryExtras(githubId);
  }

  async starSubmodule(githubId: GithubId, fullName: string, signal: AbortSignal): Promise<GithubId | null> {
    return (await this.#engine).starSubmodule(githubId, fullName, signal);
  }

  async keptRefs(githubId: GithubId, signal: AbortSignal): Promise<readonly KeptRef[]> {
    return (await this.#engine).keptRefs(githubId, signal);
  }

  async restoreKeptRef(githubId: GithubId, keptRef: string, signal: AbortSignal): Promise<RestoredRef> {
    return (await this.#engine).restoreKeptRef(githubId, keptRef, signal);
  }

  async keptCost(githubId: GithubId): Promise<KeptCost | null> {
    return (await this.#engine).keptCost(githubId);
  }

  async keptTotals(): Promise<KeptTotals> {
    return (await this.#engine).keptTotals();
  }

  async cloneAddress(githubId: GithubId): Promise<string | null> {
    return (await this.#engine).cloneAddress(githubId);
  }

  async handOutBundle(githubId: GithubId, withKept: boolean): Promise<Handout> {
    return (await this.#engine).handOutBundle(githubId, withKept);
  }

  async handOutPush(githubId: GithubId, other: OtherAddress, withKept: boolean): Promise<Handout> {
    return (await this.#engine).handOutPush(githubId, other, withKept);
  }

  async handout(id: string): Promise<Handout | null> {
    return (await this.#engine).handout(id);
  }

  async handoutsOf(githubId: GithubId): Promise<readonly Handout[]> {
    return (await this.#engine).handoutsOf(githubId);
  }

  async endHandout(id: string): Promise<boolean> {
    return (await this.#engine).endHandout(id);
  }

  async bundleFile(id: string): Promise<BundleFile | null> {
    return (await this.#engine).bundleFile(id);
  }

  async bundleTo(githubId: GithubId, file: string, withKept: boolean, call: CopyCall): Promise<BundleMade> {
    return (await this.#engine).bundleTo(githubId, file, withKept, call);
  }

  async pushTo(githubId: GithubId, other: OtherAddress, withKept: boolean, call: CopyCall): Promise<PushedMirror> {
    return (await this.#engine).pushTo(githubId, other, withKept, call);
  }

  async forgetRuns(before: Instant | null): Promise<number> {
    return (await this.#engine).forgetRuns(before);
  }

  async statistics(query: StatisticsQuery): Promise<Statistics> {
    return (await this.#engine).statistics(query);
  }

  async choose(githubIds: readonly GithubId[], answer: Answer | null): Promise<number> {
    return (await this.#engine).choose(githubIds, answer);
  }

  async asks(page: PageRequest): Promise<Asks> {
    return (await this.#engine).asks(page);
  }

  async selectionRules(): Promise<SelectionRules> {
    return (await this.#engine).selectionRules();
  }

  async previewSelection(rules: SelectionRules): Promise<SelectionPreview> {
    return (await this.#engine).previewSelection(rules);
  }

  async saveSelection(rules: SelectionRules): Promise<SelectionPreview> {
    return (await this.#engine).saveSelection(rules);
  }

  async savedRules(): Promise<SelectionRules | null> {
    return (await this.#engine).savedRules();
  }

  async chosen(): Promise<ChosenIds> {
    return (await this.#engine).chosen();
  }

  async replaceChoices(choices: ChosenIds): Promise<void> {
    return (await this.#engine).replaceChoices(choices);
  }

  async awaitSelection(): Promise<void> {
    return (await this.#engine).awaitSelection();
  }

  async awaitsSelection(): Promise<boolean> {
    return (await this.#engine).awaitsSelection();
  }

  async isUntouched(): Promise<boolean> {
    return (await this.#engine).isUntouched();
  }

  async runs(query: RunQuery): Promise<Page<Run>> {
    return (await this.#engine).runs(query);
  }

  async lookNow(full: boolean): Promise<LookReport> {
    const engine = await this.#engine;
    try {
      return await engine.lookNow(full);
    } catch (error) {
      const now = await this.#engine;
      // Nobody cancelled it: the engine that looked was replaced meanwhile.
      const isReplaced = now !== engine && toEpicstarError(error).code === 'cancelled';
      if (!isReplaced || this.#isStopped()) throw error;
      return await now.lookNow(full);
    }
  }

  async pause(until: Instant | null): Promise<void> {
    return (await this.#engine).pause(until);
  }

  async resume(): Promise<void> {
    return (await this.#engine).resume();
  }

  async setQuiet(reasons: readonly QuietReason[]): Promise<void> {
    this.#quiet = reasons;
    const engine = await this.#engine;
    // Another call may have come meanwhile.
    await engine.setQuiet(this.#quiet);
  }

  async mirrorNow(githubIds: readonly GithubId[]): Promise<number> {
    return (await this.#engine).mirrorNow(githubIds);
  }

  async followLoss(githubId: GithubId): Promise<boolean> {
    return (await this.#engine).followLoss(githubId);
  }

  async mirrorBuilds(githubId: GithubId): Promise<boolean> {
    return (await this.#engine).mirrorBuilds(githubId);
  }

  async retryFailed(): Promise<number> {
    return (await this.#engine).retryFailed();
  }

  async cancelJob(jobId: number): Promise<boolean> {
    return (await this.#engine).cancelJob(jobId);
  }

  async findMirrors(signal: AbortSignal): Promise<FoundReport> {
    return (await this.#engine).findMirrors(signal);
  }

  async credentialsChanged(): Promise<void> {
    return (await this.#engine).credentialsChanged();
  }

  async diagnose(signal: AbortSignal): Promise<readonly DiagnosisItem[]> {
    return (await this.#engine).diagnose(signal);
  }

  limitTo(githubIds: readonly GithubId[]): void {
    this.#engine.then(
      (engine) => engine.limitTo(githubIds),
      (error: unknown) => this.#parts.log.error('the engine could not be limited', { error }),
    );
  }

  async drained(horizonMs: number): Promise<void> {
    return (await this.#engine).drained(horizonMs);
  }

  subscribe<T extends EngineTopic>(topic: T, listener: (value: EngineTopics[T]) => void): () => void {
    this.#listeners[topic].add(listener);
    return () => {
      this.#listeners[topic].delete(listener);
    };
  }

  protected engine(): Promise<EngineControl> {
    return this.#engine;
  }

  #isStopped(): boolean {
    return this.#mode === 'stopped';
  }

  async #startAsWanted(engine: EngineControl): Promise<void> {
    if (this.#mode === 'new' || this.#mode === 'stopped' || this.#started.has(engine)) return;
    this.#started.add(engine);
    await Promise.all([engine.setQuiet(this.#quiet), this.#mode === 'loop' ? engine.start() : engine.startOnce()]);
  }

  #listenTo(engine: EngineControl): void {
    this.#unsubscribe.push(
      engine.subscribe('overview', (overview) => this.#tell('overview', this.#own(overview))),
      engine.subscribe('work', (work) => this.#tell('work', work)),
      engine.subscribe('run', (run) => this.#tell('run', run)),
      engine.subscribe('repositories', (githubIds) => this.#tell('repositories', githubIds)),
    );
  }

  #tell<T extends EngineTopic>(topic: T, value: EngineTopics[T]): void {
    const listeners: Set<(value: EngineTopics[T]) => void> = this.#listeners[topic];
    for (const listener of listeners) {
      try {
        listener(value);
      } catch (error) {
        this.#parts.log.error('a listener failed', { topic, error });
      }
    }
  }

  /** Revisions grow over all engines. */
  #own(overview: Overview): Overview {
    this.#revision += 1;
    return { ...overview, revision: this.#revision };
  }
}
