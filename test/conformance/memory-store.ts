/**
 * @file A Store without a disk, for tests of whatever works on one. It keeps the promises of the port in the plainest
 * way there is; store.test.ts runs the same suite on it and on SQLite. Shares no code with the SQLite adapter.
 */
import { emptyReport, type Job, type JobCause, type JobState } from '../../src-main/engine/domain/job.ts';
import type { GithubId, RepositoryFacts, Star } from '../../src-main/engine/domain/repository.ts';
import type { Choice, Selection, SelectionDecision } from '../../src-main/engine/domain/selection.ts';
import type { Verdict } from '../../src-main/engine/domain/verdict.ts';
import type {
  CauseOfSelected,
  JobRequest,
  MirrorRecord,
  PageRequest,
  RepositoryFilter,
  RepositoryQuery,
  RepositoryRecord,
  RepositoryRow,
  RunFacts,
  RunQuery,
  SelectRepository,
  Settlement,
  Store,
  WatcherMemory,
} from '../../src-main/engine/ports/store.ts';
import { bug, dueNow, MemoryJobs, type StoredJob, stronger } from './memory-jobs.ts';
import { MemoryValues, paged } from './memory-parts.ts';
import { countSpans, facetsOf, isRescued, matches, ordered, sharesOf, stateOf } from './memory-queries.ts';
import { MemoryRepositories } from './memory-repositories.ts';
import { MemoryRuns } from './memory-runs.ts';

class MemoryStore implements Store {
  readonly #repositories = new MemoryRepositories();
  readonly #jobs = new MemoryJobs();
  readonly #runs = new MemoryRuns();
  readonly #values = new MemoryValues();
  #isOpen = true;

  async observeStars(
    stars: readonly Star[],
    at: number,
    decide: (known: RepositoryRecord | null, star: Star) => JobCause | null,
    select?: (known: RepositoryRecord | null, star: Star) => SelectionDecision,
  ) {
    this.#check();
    const { added, requests, dropped } = this.#repositories.observe(stars, at, decide, select);
    for (const { githubId, sizeKb } of stars.map((star) => star.repository)) this.#jobs.resize(githubId, sizeKb);
    return { added, requested: this.#requestAll(requests, at), cancelled: this.#cancelAll(dropped, at) };
  }

  async applySelection(at: number, select: SelectRepository, causeOf: CauseOfSelected) {
    this.#check();
    return this.#redecide(this.#repositories.all(), at, select, causeOf);
  }

  async chooseRepositories(
    githubIds: readonly GithubId[],
    choice: Choice | null,
    at: number,
    select: SelectRepository,
    causeOf: CauseOfSelected,
  ) {
    this.#check();
    const chosen = this.#repositories.all().filter(({ githubId }) => githubIds.includes(githubId));
    const records = chosen.map((record) => ({ ...record, choice }));
    return this.#redecide(records, at, select, causeOf);
  }

  async markAbsent(present: ReadonlySet<GithubId>, at: number) {
    this.#check();
    return this.#repositories.markAbsent(present, at);
  }

  async mirrorsAt(projectPath: string) {
    this.#check();
    return this.#repositories.mirrorsAt(projectPath);
  }

  async moveMirror(githubId: GithubId, place: Pick<MirrorRecord, 'projectId' | 'projectPath' | 'projectUrl'>) {
    this.#check();
    this.#repositories.placeMirror(githubId, place);
  }

  async forgetMirrors() {
    this.#check();
    return this.#repositories.forgetMirrors();
  }

  async requestExamination(githubId: GithubId, at: number) {
    this.#check();
    this.#repositories.examine(githubId, at);
  }

  async dueExaminations(at: number, most: number) {
    this.#check();
    return paged(this.#repositories.dueForExamination(at), { offset: 0, limit: most }).items;
  }

  async writeVerdict(githubId: GithubId, verdict: Verdict | null, again: number | null) {
    this.#check();
    this.#repositories.writeVerdict(githubId, verdict, again);
  }

  async updateFacts(facts: RepositoryFacts) {
    this.#check();
    this.#repositories.changeFacts(facts);
    this.#jobs.resize(facts.githubId, facts.sizeKb);
  }

  async repository(githubId: GithubId) {
    this.#check();
    return this.#repositories.get(githubId);
  }

  async repositoryByName(fullName: string) {
    this.#check();
    return this.#repositories.named(fullName);
  }

  async repositories(query: RepositoryQuery) {
    this.#check();
    return paged(ordered(this.#matching(query), query), query);
  }

  async repositoryRows(githubIds: readonly GithubId[]) {
    this.#check();
    return githubIds.flatMap((githubId) => {
      const repository = this.#repositories.get(githubId);
      return repository === null ? [] : [this.#row(repository)];
    });
  }

  async repositoryIds(filter: RepositoryFilter) {
    this.#check();
    return this.#matching(filter)
      .map(({ repository }) => repository.githubId)
      .slice(0, 10_000);
  }

  async facets(filter: RepositoryFilter) {
    this.#check();
    return facetsOf(this.#rows(), filter);
  }

  async allRepositories() {
    this.#check();
    return this.#repositories.all();
  }

  async starredIds() {
    this.#check();
    return this.#repositories.all().flatMap((row) => (row.absentSince === null ? [row.githubId] : []));
  }

  async totals() {
    this.#check();
    const rows = this.#rows();
    const jobs = { queued: 0, running: 0, waiting: 0, done: 0, failed: 0, cancelled: 0 };
    for (const { state } of this.#jobs.all()) jobs[state] += 1;
    const pending = this.#jobs.all().filter((job) => job.finishedAt === null);
    const absent = rows.filter(({ repository }) => repository.absentSince !== null).length;
    const unmirrored = (selection: Selection): number =>
      rows.filter(({ repository }) => {
        const { mirror, absentSince } = repository;
        return repository.selection === selection && mirror === null && absentSince === null;
      }).length;
    return {
      repositories: rows.length,
      starred: rows.length - absent,
      absent,
      mirrored: rows.filter(({ repository }) => repository.mirror !== null).length,
      rescued: rows.filter(({ repository }) => isRescued(repository)).length,
      leftOut: unmirrored('skip'),
      asks: unmirrored('ask'),
      failed: rows.filter(({ state }) => state === 'failed').length,
      jobs,
      pendingKb: pending.reduce((sum, job) => sum + job.sizeKb, 0),
    };
  }

  async requestJob(request: JobRequest, at: number, hurry: boolean) {
    this.#check();
    const { githubId, cause } = request;
    const pending = this.#jobs.pending(githubId);
    const inserted = this.#requestAll([request], at);
    if (pending !== null && hurry) this.#jobs.put({ ...dueNow(pending), cause: stronger(pending.cause, cause) });
    if (this.#jobs.running(githubId) !== null) return 'successor';
    return inserted === 0 ? 'waiting' : 'queued';
  }

  async requestJobs(requests: readonly JobRequest[], at: number) {
    this.#check();
    return this.#requestAll(requests, at);
  }

  async claimNextJob(at: number, allowHuge: boolean, only?: ReadonlySet<GithubId>, onlyCause?: JobCause) {
    this.#check();
    for (const job of this.#jobs.inState('waiting')) {
      if (job.runAfter !== null && job.runAfter <= at) this.#jobs.put(dueNow(job));
    }
    const next = this.#jobs.next(allowHuge, only ?? null, onlyCause ?? null);
    if (next === null) return null;
    const attempt = next.attempt + 1;
    return this.#shown(this.#jobs.put({ ...next, state: 'running', startedAt: at, attempt, error: null }));
  }

  async settleJob(jobId: number, settlement: Settlement, run: RunFacts) {
    this.#check();
    const job = this.#runningJob(jobId);
    const { fullName } = this.#repositories.known(job.githubId);
    this.#runs.write(job, settlement.state === 'done' ? settlement.proof.fullName : fullName, run);
    if (settlement.state === 'waiting') {
      const { runAfter, reason: waitReason, error, countsAsAttempt } = structuredClone(settlement);
      const attempt = countsAsAttempt ? job.attempt : job.attempt - 1;
      const waiting = { state: 'waiting', startedAt: null, runAfter, waitReason, attempt, error } as const;
      return this.#shown(this.#jobs.putBack({ ...job, ...waiting }));
    }
    if (settlement.state === 'done') {
      this.#repositories.proveMirror(job.githubId, settlement.proof, run.report.unfit.length);
    }
    const error = settlement.state === 'failed' ? structuredClone(settlement.error) : null;
    return this.#shown(this.#jobs.put({ ...job, state: settlement.state, finishedAt: run.finishedAt, error }));
  }

  async releaseJob(jobId: number) {
    this.#check();
    const job = this.#runningJob(jobId);
    this.#jobs.putBack({ ...job, state: 'queued', startedAt: null, attempt: job.attempt - 1 });
  }

  async cancelJob(jobId: number, at: number) {
    this.#check();
    const job = this.#jobs.get(jobId);
    if (job?.state !== 'queued' && job?.state !== 'waiting') return false;
    this.#cancel(job, at);
    return true;
  }

  async recoverOrphans(at: number) {
    this.#check();
    const orphans = this.#jobs.inState('running').toSorted((a, b) => a.id - b.id);
    for (const job of orphans) {
      const startedAt = job.startedAt ?? at;
      const run = { startedAt, finishedAt: at, outcome: 'interrupted', report: emptyReport, error: null } as const;
      this.#runs.write(job, this.#repositories.known(job.githubId).fullName, run);
      this.#jobs.putBack({ ...job, state: 'queued', startedAt: null });
    }
    return orphans.length;
  }

  async wakeJobs(reasons: readonly string[], _at: number, cause?: JobCause) {
    this.#check();
    const woken = this.#jobs.inState('waiting').filter((job) => reasons.includes(job.waitReason ?? ''));
    for (const job of woken) this.#jobs.put({ ...dueNow(job), cause: stronger(job.cause, cause ?? job.cause) });
    return woken.length;
  }

  async nextDueAt() {
    this.#check();
    const times = this.#jobs.inState('waiting').flatMap((job) => job.runAfter ?? []);
    return times.length === 0 ? null : times.reduce((a, b) => Math.min(a, b));
  }

  async jobs(states: readonly JobState[], page: PageRequest) {
    this.#check();
    const { items, total } = paged(this.#jobs.listed(states), page);
    return { items: items.map((job) => this.#shown(job)), total };
  }

  async job(jobId: number) {
    this.#check();
    const job = this.#jobs.get(jobId);
    return job === null ? null : this.#shown(job);
  }

  async runs(query: RunQuery) {
    this.#check();
    return this.#runs.list(query);
  }

  async run(runId: number) {
    this.#check();
    return this.#runs.get(runId);
  }

  async forgetRuns(before: number | null) {
    this.#check();
    return this.#runs.forget(before, (jobId) => this.#jobs.get(jobId)?.finishedAt === null);
  }

  async outcomesByDay(since: number, dayStarts: readonly number[]) {
    this.#check();
    return this.#runs.outcomes(since, dayStarts);
  }

  async sizeBy(kind: 'language' | 'owner', most: number) {
    this.#check();
    return sharesOf(this.#repositories.all(), kind, most);
  }

  async starsOverTime(bounds: readonly number[]) {
    this.#check();
    const times = this.#repositories.all().map(({ starredAt }) => starredAt);
    return countSpans(times, bounds);
  }

  async watcherMemory() {
    this.#check();
    return this.#values.watcher;
  }

  async rememberWatcher(change: Partial<WatcherMemory>) {
    this.#check();
    this.#values.remember(change);
  }

  async readValue(key: string) {
    this.#check();
    return this.#values.get(key);
  }

  async writeValue(key: string, value: string | null) {
    this.#check();
    this.#values.set(key, value);
  }

  async close() {
    this.#isOpen = false;
  }

  #check(): void {
    if (!this.#isOpen) throw bug('the store is closed');
  }

  #row(repository: RepositoryRecord): RepositoryRow {
    const current = this.#jobs.current(repository.githubId);
    const job = current === null ? null : this.#shown(current);
    return { repository, state: stateOf(repository, current), job };
  }

  #rows(): readonly RepositoryRow[] {
    return this.#repositories.all().map((repository) => this.#row(repository));
  }

  #matching(filter: RepositoryFilter): readonly RepositoryRow[] {
    return this.#rows().filter((row) => matches(row, filter));
  }

  #redecide(records: readonly RepositoryRecord[], at: number, select: SelectRepository, causeOf: CauseOfSelected) {
    const isBusy = (githubId: GithubId): boolean =>
      this.#jobs.running(githubId) !== null || this.#jobs.pending(githubId) !== null;
    const { requests, dropped, counts } = this.#repositories.redecide(records, select, causeOf, isBusy);
    return { ...counts, requested: this.#requestAll(requests, at), cancelled: this.#cancelAll(dropped, at) };
  }

  #shown(job: StoredJob): Job {
    return { ...job, fullName: this.#repositories.known(job.githubId).fullName };
  }

  #runningJob(jobId: number): StoredJob {
    const job = this.#jobs.get(jobId);
    if (job?.state !== 'running') throw bug(`job ${jobId} does not run`);
    return job;
  }

  #requestAll(requests: readonly JobRequest[], at: number): number {
    const sizes = requests.map(({ githubId }) => this.#repositories.known(githubId).sizeKb);
    let inserted = 0;
    for (const [index, { githubId, cause }] of requests.entries()) {
      if (this.#jobs.pending(githubId) !== null) continue;
      this.#jobs.insert(githubId, cause, sizes[index] ?? 0, at);
      inserted += 1;
    }
    return inserted;
  }

  #cancel(job: StoredJob, at: number): void {
    this.#jobs.put({ ...dueNow(job), state: 'cancelled', finishedAt: at, error: null });
  }

  #cancelAll(githubIds: readonly GithubId[], at: number): number {
    const pending = githubIds.flatMap((githubId) => this.#jobs.pending(githubId) ?? []);
    for (const job of pending) this.#cancel(job, at);
    return pending.length;
  }
}

/** A fresh, empty store. Ids of jobs and runs count from 1, as in SQLite. */
export function createMemoryStore(): Store {
  return new MemoryStore();
}
