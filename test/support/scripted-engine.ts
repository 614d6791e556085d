/**
 * @file An engine that does what a test says: state is set by hand, commands are written down. It stands at the seam
 * where the faces of the product meet the engine.
 */
import type { RepositoryExtras } from '../../src-main/engine/core/engine-extras-api.ts';
import type {
  ActReport,
  Answer,
  Asks,
  DeletionWish,
  DiagnosisItem,
  Engine,
  EngineTopic,
  EngineTopics,
  FoundReport,
  Job,
  KeptRef,
  MirrorAct,
  Overview,
  Page,
  PageRequest,
  RepositoryFacets,
  RepositoryQuery,
  RepositoryRecord,
  RepositoryRow,
  RestoredRef,
  Run,
  RunQuery,
  Statistics,
  StatisticsQuery,
  WorkItem,
} from '../../src-main/engine/core/engine-api.ts';
import { isUpstreamLost } from '../../src-main/engine/domain/verdict.ts';
import { makeOverview, scriptedNow } from './scripted-facts.ts';
import { ScriptedProofs } from './scripted-proofs.ts';

export interface ScriptedCommand {
  readonly name: string;
  readonly argument: unknown;
}

/** The same for all that ask. */
type AskFacts = Pick<Asks, 'freeBytesHere' | 'freeBytesAtTarget'> & Pick<Asks['items'][number], 'cache'>;

type Listeners = { readonly [T in EngineTopic]: Set<(value: EngineTopics[T]) => void> };

export class ScriptedEngine extends ScriptedProofs implements Engine {
  readonly commands: ScriptedCommand[] = [];
  readonly #listeners: Listeners = { overview: new Set(), work: new Set(), run: new Set(), repositories: new Set() };
  readonly #commandWaiters: { readonly name: string; readonly resolve: (command: ScriptedCommand) => void }[] = [];
  #overview: Overview = makeOverview();
  #work: readonly WorkItem[] = [];
  #jobs: readonly Job[] = [];
  #runs: readonly Run[] = [];
  #rows: readonly RepositoryRow[] = [];
  #keptRefs: readonly KeptRef[] = [];
  #extras: RepositoryExtras = { lfs: null, wiki: null, submodules: [], submoduleCount: 0 };
  #acts: readonly MirrorAct[] = [];
  #askFacts: AskFacts = { freeBytesHere: 120e9, freeBytesAtTarget: null, cache: { caches: 0, bytes: 0, stays: true } };
  #statistics: Statistics | null = null;
  #diagnosis: readonly DiagnosisItem[] = [
    { area: 'git', name: 'version', state: 'ok', finding: 'git 2.47', nextStep: null },
  ];
  /** Thrown by the next command, once. */
  #failure: Error | null = null;

  /** Number of listeners on all topics. */
  get listenerCount(): number {
    return Object.values(this.#listeners).reduce((sum, { size }) => sum + size, 0);
  }

  set(change: {
    readonly overview?: Partial<Overview>;
    readonly work?: readonly WorkItem[];
    readonly jobs?: readonly Job[];
    readonly runs?: readonly Run[];
    readonly rows?: readonly RepositoryRow[];
    readonly keptRefs?: readonly KeptRef[];
    readonly acts?: readonly MirrorAct[];
    readonly askFacts?: AskFacts;
    readonly extras?: RepositoryExtras;
    readonly statistics?: Statistics;
    readonly diagnosis?: readonly DiagnosisItem[];
  }): void {
    this.#jobs = change.jobs ?? this.#jobs;
    this.#runs = change.runs ?? this.#runs;
    this.#rows = change.rows ?? this.#rows;
    this.#keptRefs = change.keptRefs ?? this.#keptRefs;
    this.#acts = change.acts ?? this.#acts;
    this.#askFacts = change.askFacts ?? this.#askFacts;
    this.#extras = change.extras ?? this.#extras;
    this.#statistics = change.statistics ?? this.#statistics;
    this.#diagnosis = change.diagnosis ?? this.#diagnosis;
    if (change.work !== undefined) {
      this.#work = change.work;
      this.#publish('work', this.#work);
    }
    if (change.overview !== undefined || change.jobs !== undefined || change.runs !== undefined) {
      this.#overview = { ...this.#overview, ...change.overview, revision: this.#overview.revision + 1 };
      this.#publish('overview', this.#overview);
    }
  }

  endRun(run: Run): void {
    this.#runs = [run, ...this.#runs];
    this.#publish('run', run);
  }

  touchRepositories(githubIds: readonly number[]): void {
    this.#publish('repositories', githubIds);
  }

  failNext(error: Error): void {
    this.#failure = error;
  }

  /** Resolves with the first command of this name from now on. */
  nextCommand(name: string): Promise<ScriptedCommand> {
    return new Promise((resolve) => {
      this.#commandWaiters.push({ name, resolve });
    });
  }

  async start(): Promise<void> {
    await this.take('start');
  }

  async stop(): Promise<void> {
    await this.take('stop');
  }

  async overview(): Promise<Overview> {
    return this.#overview;
  }

  async work(): Promise<readonly WorkItem[]> {
    return this.#work;
  }

  async jobs(states: readonly Job['state'][], { offset, limit }: { readonly offset: number; readonly limit: number }) {
    const matching = this.#jobs.filter(({ state }) => states.includes(state));
    return { items: matching.slice(offset, offset + limit), total: matching.length };
  }

  async repositories({
    state,
    states,
    isAbsent,
    isRescued,
    order,
    descending,
    offset,
    limit,
  }: RepositoryQuery): Promise<Page<RepositoryRow>> {
    const wanted = [...(states ?? []), ...(state === null ? [] : [state])];
    const matching = this.#rows.filter(
      (row) =>
        (wanted.length === 0 || wanted.includes(row.state)) &&
        (isAbsent === null || (row.repository.absentSince !== null) === isAbsent) &&
        ((isRescued ?? null) === null || isUpstreamLost(row.repository.verdict) === isRescued),
    );
    const sorted =
      order === 'starred' ? matching.toSorted((a, b) => a.repository.starredAt - b.repository.starredAt) : matching;
    const ordered = order === 'starred' && descending !== false ? sorted.toReversed() : sorted;
    return { items: ordered.slice(offset, offset + limit), total: matching.length };
  }

  async repositoryIds(): Promise<readonly number[]> {
    return this.#rows.map(({ repository }) => repository.githubId);
  }

  async facets(): Promise<RepositoryFacets> {
    const states = { unknown: 0, queued: 0, running: 0, waiting: 0, mirrored: 0, failed: 0, excluded: 0, asks: 0 };
    for (const { state } of this.#rows) states[state] += 1;
    return {
      languages: [{ value: 'TypeScript', count: this.#rows.length }],
      owners: [{ value: 'facebook', count: this.#rows.length }],
      lists: [],
      states,
    };
  }

  async repositoryExtras(): Promise<RepositoryExtras> {
    return this.#extras;
  }

  async starSubmodule(githubId: number, fullName: string): Promise<number | null> {
    await this.take('starSubmodule', { githubId, fullName });
    return null;
  }

  async keptRefs(): Promise<readonly KeptRef[]> {
    return this.#keptRefs;
  }

  async mirrorBuilds(githubId: number): Promise<boolean> {
    await this.take('mirrorBuilds', githubId);
    return true;
  }

  async followLoss(githubId: number): Promise<boolean> {
    await this.take('followLoss', githubId);
    return true;
  }

  async restoreKeptRef(githubId: number, keptRef: string): Promise<RestoredRef> {
    await this.take('restoreKeptRef', { githubId, keptRef });
    const ref = keptRef.replace('refs/epicstar/kept/', 'refs/heads/epicstar-restored/');
    return { ref, sha: 'a'.repeat(40), isNew: true };
  }

  async forgetRuns(before: number | null): Promise<number> {
    await this.take('forgetRuns', before);
    const kept = before === null ? [] : this.#runs.filter(({ finishedAt }) => finishedAt >= before);
    const forgotten = this.#runs.length - kept.length;
    this.#runs = kept;
    return forgotten;
  }

  async statistics({ days, starBounds }: StatisticsQuery): Promise<Statistics> {
    const nothing = { done: 0, retry: 0, waiting: 0, failed: 0, cancelled: 0, interrupted: 0 };
    const shares = { items: [], rest: { sizeKb: 0, count: 0 } };
    return (
      this.#statistics ?? {
        outcomes: days.map(() => nothing),
        byLanguage: shares,
        byOwner: shares,
        stars: starBounds.map(() => 0),
      }
    );
  }

  async asks({ offset, limit }: PageRequest): Promise<Asks> {
    const asking = this.#rows.filter(({ state }) => state === 'asks');
    return {
      items: asking
        .slice(offset, offset + limit)
        .map((row) => ({ row, bytes: row.repository.sizeKb * 1_024, cache: this.#askFacts.cache })),
      total: asking.length,
      freeBytesHere: this.#askFacts.freeBytesHere,
      freeBytesAtTarget: this.#askFacts.freeBytesAtTarget,
    };
  }

  async choose(githubIds: readonly number[], choice: Answer | null): Promise<number> {
    await this.take('choose', { githubIds, choice });
    return githubIds.length;
  }

  async repository(githubId: number): Promise<RepositoryRow | null> {
    return this.#rows.find(({ repository }) => repository.githubId === githubId) ?? null;
  }

  async runs({ githubId, outcome, since, until = null, text = null, offset, limit }: RunQuery): Promise<Page<Run>> {
    const words = (text ?? '').toLowerCase().split(/\s+/);
    const matching = this.#runs.filter(
      (run) =>
        (githubId === null || run.githubId === githubId) &&
        (outcome === null || run.outcome === outcome) &&
        (since === null || run.finishedAt >= since) &&
        (until === null || run.finishedAt < until) &&
        words.every((word) => run.fullName.toLowerCase().includes(word)),
    );
    return { items: matching.slice(offset, offset + limit), total: matching.length };
  }

  async lookNow(full: boolean) {
    await this.take('lookNow', full);
    return {
      kind: full ? ('full' as const) : ('quick' as const),
      starsSeen: this.#overview.totals.starred,
      newStars: 2,
      jobsRequested: 2,
      absent: 0,
      isEvidence: true,
      unreadable: [],
    };
  }

  async pause(until: number | null): Promise<void> {
    await this.take('pause', until);
    this.set({ overview: { pause: { since: scriptedNow, until } } });
  }

  async resume(): Promise<void> {
    await this.take('resume');
    this.set({ overview: { pause: null } });
  }

  async mirrorNow(githubIds: readonly number[]): Promise<number> {
    await this.take('mirrorNow', githubIds);
    return githubIds.length;
  }

  async retryFailed(): Promise<number> {
    await this.take('retryFailed');
    return 3;
  }

  async cancelJob(jobId: number): Promise<boolean> {
    await this.take('cancelJob', jobId);
    this.set({
      work: this.#work.filter((item) => item.jobId !== jobId),
      jobs: this.#jobs.filter(({ id }) => id !== jobId),
    });
    return true;
  }

  async findMirrors(): Promise<FoundReport> {
    await this.take('findMirrors');
    const report = { address: 'https://onedev.example.org', found: 200, entered: 5, placed: 195, moved: 0 };
    return { ...report, ofOtherGithub: 0, copies: [], unreadable: [] };
  }

  async archiveMirrors(githubIds: readonly number[]): Promise<readonly ActReport[]> {
    await this.take('archiveMirrors', githubIds);
    return this.#acted(githubIds, (repository) => ({ ...repository, archivedAt: scriptedNow }));
  }

  async bringBackMirrors(githubIds: readonly number[]): Promise<readonly ActReport[]> {
    await this.take('bringBackMirrors', githubIds);
    return this.#acted(githubIds, (repository) => ({ ...repository, archivedAt: null }));
  }

  async deleteMirrors(wishes: readonly DeletionWish[]): Promise<readonly ActReport[]> {
    await this.take('deleteMirrors', wishes);
    const ids = wishes.map(({ githubId }) => githubId);
    return this.#acted(ids, (repository) => ({ ...repository, mirror: null, choice: 'exclude' }));
  }

  async mirrorActs(): Promise<readonly MirrorAct[]> {
    return this.#acts;
  }

  async credentialsChanged(): Promise<void> {
    await this.take('credentialsChanged');
  }

  async diagnose(): Promise<readonly DiagnosisItem[]> {
    await this.take('diagnose');
    return this.#diagnosis;
  }

  subscribe<T extends EngineTopic>(topic: T, listener: (value: EngineTopics[T]) => void): () => void {
    const listeners: Set<(value: EngineTopics[T]) => void> = this.#listeners[topic];
    const own = (value: EngineTopics[T]): void => listener(value);
    listeners.add(own);
    return () => listeners.delete(own);
  }

  protected rows(): readonly RepositoryRow[] {
    return this.#rows;
  }

  #acted(
    githubIds: readonly number[],
    change: (repository: RepositoryRecord) => RepositoryRecord,
  ): readonly ActReport[] {
    const named = this.#rows.filter(({ repository }) => githubIds.includes(repository.githubId));
    this.#rows = this.#rows.map((row) => (named.includes(row) ? { ...row, repository: change(row.repository) } : row));
    this.touchRepositories(githubIds);
    return named.map(({ repository: { githubId, fullName } }) => ({ githubId, fullName, state: 'done', error: null }));
  }

  #publish<T extends EngineTopic>(topic: T, value: EngineTopics[T]): void {
    const listeners: Set<(value: EngineTopics[T]) => void> = this.#listeners[topic];
    queueMicrotask(() => listeners.forEach((listener) => listener(value)));
  }

  protected async take(name: string, argument: unknown = null): Promise<void> {
    const command = { name, argument };
    this.commands.push(command);
    for (const waiter of this.#commandWaiters.filter((one) => one.name === name)) {
      this.#commandWaiters.splice(this.#commandWaiters.indexOf(waiter), 1);
      waiter.resolve(command);
    }
    const failure = this.#failure;
    this.#failure = null;
    if (failure !== null) throw failure;
  }
}
