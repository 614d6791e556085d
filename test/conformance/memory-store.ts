/**
 * @file A Store without a disk, for tests of whatever works on one. It keeps the promises of the port in the plainest
 * way there is; store.test.ts runs the same suite on it and on SQLite. Shares no code with the SQLite adapter.
 */
import { emptyReport, type Job, type JobCause, type JobState, type Run } from '../../src-main/engine/domain/job.ts';
import type { GithubId, RepositoryFacts, Star } from '../../src-main/engine/domain/repository.ts';
import type {
  JobRequest,
  PageRequest,
  RepositoryQuery,
  RepositoryRecord,
  RepositoryRow,
  RunFacts,
  RunQuery,
  Settlement,
  Store,
  WatcherMemory,
} from '../../src-main/engine/ports/store.ts';
import { bug, dueNow, MemoryJobs, type StoredJob, stronger } from './memory-jobs.ts';
import { MemoryValues, namesBefore, paged, sortKey } from './memory-parts.ts';

class MemoryStore implements Store {
  readonly #repositories = new Map<GithubId, RepositoryRecord>();
  readonly #jobs = new MemoryJobs();
  readonly #runs: Run[] = [];
  readonly #values = new MemoryValues();
  #isOpen = true;

  async observeStars(
    stars: readonly Star[],
    at: number,
    decide: (known: RepositoryRecord | null, star: Star) => JobCause | null,
  ) {
    this.#check();
    const latest = new Map(stars.map((star) => [star.repository.githubId, star]));
    const added: GithubId[] = [];
    const requests: JobRequest[] = [];
    for (const [githubId, star] of latest) {
      const known = this.#repositories.get(githubId) ?? null;
      const cause = decide(known, star);
      if (known === null || known.absentSince !== null) added.push(githubId);
      if (cause !== null) requests.push({ githubId, cause });
    }
    for (const [githubId, star] of latest) {
      const known = this.#repositories.get(githubId) ?? null;
      this.#repositories.set(githubId, {
        ...structuredClone(star.repository),
        starredAt: star.starredAt,
        firstSeenAt: known?.firstSeenAt ?? at,
        absentSince: null,
        mirror: known?.mirror ?? null,
        previousNames: known === null ? [] : namesBefore(known, star.repository.fullName),
      });
      this.#jobs.resize(githubId, star.repository.sizeKb);
    }
    return { added, requested: this.#requestAll(requests, at) };
  }

  async markAbsent(present: ReadonlySet<GithubId>, at: number) {
    this.#check();
    const gone = this.#sorted().filter((row) => row.absentSince === null && !present.has(row.githubId));
    for (const row of gone) this.#repositories.set(row.githubId, { ...row, absentSince: at });
    return gone.map((row) => row.githubId);
  }

  async updateFacts(facts: RepositoryFacts) {
    this.#check();
    const known = this.#known(facts.githubId);
    const previousNames = namesBefore(known, facts.fullName);
    this.#repositories.set(facts.githubId, { ...known, ...structuredClone(facts), previousNames });
    this.#jobs.resize(facts.githubId, facts.sizeKb);
  }

  async repository(githubId: GithubId) {
    this.#check();
    return this.#repositories.get(githubId) ?? null;
  }

  async repositoryByName(fullName: string) {
    this.#check();
    const wanted = fullName.toLowerCase();
    const isAbsent = (row: RepositoryRecord): number => Number(row.absentSince !== null);
    const found = this.#sorted().filter((row) => row.fullName.toLowerCase() === wanted);
    found.sort((a, b) => isAbsent(a) - isAbsent(b) || b.firstSeenAt - a.firstSeenAt || b.githubId - a.githubId);
    return found[0] ?? null;
  }

  async repositories(query: RepositoryQuery) {
    this.#check();
    const { order } = query;
    const text = query.text.toLowerCase();
    const rows = this.#sorted()
      .filter(({ fullName, description, topics }) =>
        [fullName, description ?? '', ...topics].some((part) => part.toLowerCase().includes(text)),
      )
      .map((repository) => this.#row(repository))
      .filter((row) => query.state === null || row.state === query.state);
    const name = ({ repository }: RepositoryRow): string => repository.fullName.toLowerCase();
    if (order === 'name') rows.sort((a, b) => (name(a) < name(b) ? -1 : Number(name(a) > name(b))));
    else {
      // The order of ids is that of the index, which is read from its other end.
      const byId = (a: RepositoryRow, b: RepositoryRow): number =>
        order === 'stalest' ? b.repository.githubId - a.repository.githubId : 0;
      rows.sort((a, b) => sortKey(b, order) - sortKey(a, order) || byId(a, b));
    }
    return paged(rows, query);
  }

  async repositoryRows(githubIds: readonly GithubId[]) {
    this.#check();
    return githubIds.flatMap((githubId) => {
      const repository = this.#repositories.get(githubId);
      return repository === undefined ? [] : [this.#row(repository)];
    });
  }

  async starredIds() {
    this.#check();
    return this.#sorted().flatMap((row) => (row.absentSince === null ? [row.githubId] : []));
  }

  async totals() {
    this.#check();
    const rows = this.#sorted().map((repository) => this.#row(repository));
    const jobs = { queued: 0, running: 0, waiting: 0, done: 0, failed: 0, cancelled: 0 };
    for (const { state } of this.#jobs.all()) jobs[state] += 1;
    const pending = this.#jobs.all().filter((job) => job.finishedAt === null);
    const absent = rows.filter(({ repository }) => repository.absentSince !== null).length;
    return {
      repositories: rows.length,
      starred: rows.length - absent,
      absent,
      mirrored: rows.filter(({ repository }) => repository.mirror !== null).length,
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

  async claimNextJob(at: number, allowHuge: boolean, only?: ReadonlySet<GithubId>) {
    this.#check();
    for (const job of this.#jobs.inState('waiting')) {
      if (job.runAfter !== null && job.runAfter <= at) this.#jobs.put(dueNow(job));
    }
    const next = this.#jobs.next(allowHuge, only ?? null);
    if (next === null) return null;
    const attempt = next.attempt + 1;
    return this.#shown(this.#jobs.put({ ...next, state: 'running', startedAt: at, attempt, error: null }));
  }

  async settleJob(jobId: number, settlement: Settlement, run: RunFacts) {
    this.#check();
    const job = this.#runningJob(jobId);
    const repository = this.#known(job.githubId);
    this.#writeRun(job, settlement.state === 'done' ? settlement.proof.fullName : repository.fullName, run);
    if (settlement.state === 'waiting') {
      const { runAfter, reason: waitReason, error, countsAsAttempt } = structuredClone(settlement);
      const attempt = countsAsAttempt ? job.attempt : job.attempt - 1;
      const waiting = { state: 'waiting', startedAt: null, runAfter, waitReason, attempt, error } as const;
      return this.#shown(this.#jobs.putBack({ ...job, ...waiting }));
    }
    if (settlement.state === 'done') {
      const { fullName: _, ...proof } = settlement.proof;
      this.#repositories.set(job.githubId, { ...repository, mirror: { ...proof, unfitRefs: run.report.unfit.length } });
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
    this.#jobs.put({ ...dueNow(job), state: 'cancelled', finishedAt: at, error: null });
    return true;
  }

  async recoverOrphans(at: number) {
    this.#check();
    const orphans = this.#jobs.inState('running').toSorted((a, b) => a.id - b.id);
    for (const job of orphans) {
      const startedAt = job.startedAt ?? at;
      const run = { startedAt, finishedAt: at, outcome: 'interrupted', report: emptyReport, error: null } as const;
      this.#writeRun(job, this.#known(job.githubId).fullName, run);
      this.#jobs.putBack({ ...job, state: 'queued', startedAt: null });
    }
    return orphans.length;
  }

  async wakeJobs(reasons: readonly string[], _at: number) {
    this.#check();
    const woken = this.#jobs.inState('waiting').filter((job) => reasons.includes(job.waitReason ?? ''));
    for (const job of woken) this.#jobs.put(dueNow(job));
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

  async runs({ githubId, outcome, since, ...page }: RunQuery) {
    this.#check();
    const found = this.#runs.filter(
      (run) =>
        (githubId === null || run.githubId === githubId) &&
        (outcome === null || run.outcome === outcome) &&
        (since === null || run.finishedAt >= since),
    );
    return paged(found.toReversed(), page);
  }

  async run(runId: number) {
    this.#check();
    return this.#runs[runId - 1] ?? null;
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

  #known(githubId: GithubId): RepositoryRecord {
    const row = this.#repositories.get(githubId);
    if (row === undefined) throw bug(`no repository has the id ${githubId}`);
    return row;
  }

  #sorted(): RepositoryRecord[] {
    return [...this.#repositories.values()].sort((a, b) => a.githubId - b.githubId);
  }

  #row(repository: RepositoryRecord): RepositoryRow {
    const current = this.#jobs.current(repository.githubId);
    const job = current === null ? null : this.#shown(current);
    if (job !== null && job.state !== 'done' && job.state !== 'cancelled') return { repository, state: job.state, job };
    return { repository, state: repository.mirror === null ? 'unknown' : 'mirrored', job };
  }

  #shown(job: StoredJob): Job {
    return { ...job, fullName: this.#known(job.githubId).fullName };
  }

  #runningJob(jobId: number): StoredJob {
    const job = this.#jobs.get(jobId);
    if (job?.state !== 'running') throw bug(`job ${jobId} does not run`);
    return job;
  }

  #requestAll(requests: readonly JobRequest[], at: number): number {
    const sizes = requests.map(({ githubId }) => this.#known(githubId).sizeKb);
    let inserted = 0;
    for (const [index, { githubId, cause }] of requests.entries()) {
      if (this.#jobs.pending(githubId) !== null) continue;
      this.#jobs.insert(githubId, cause, sizes[index] ?? 0, at);
      inserted += 1;
    }
    return inserted;
  }

  #writeRun(job: StoredJob, fullName: string, run: RunFacts): void {
    const { id: jobId, githubId, cause, attempt, queuedAt } = job;
    const facts = structuredClone(run);
    this.#runs.push({ id: this.#runs.length + 1, jobId, githubId, fullName, cause, attempt, queuedAt, ...facts });
  }
}

/** A fresh, empty store. Ids of jobs and runs count from 1, as in SQLite. */
export function createMemoryStore(): Store {
  return new MemoryStore();
}
