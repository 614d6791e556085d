/**
 * @file A Store without a disk, for tests of whatever works on one. It keeps the promises of the port in the plainest
 * way there is; store.test.ts runs the same suite on it and on SQLite. Shares no code with the SQLite adapter.
 */
import { emptyReport, type Job, type JobCause, type JobState } from '../../src-main/engine/domain/job.ts';
import { proofOfRun } from '../../src-main/engine/domain/proof.ts';
import type { GithubId, RepositoryFacts, Star } from '../../src-main/engine/domain/repository.ts';
import type { Choice, SelectionDecision } from '../../src-main/engine/domain/selection.ts';
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
} from '../../src-main/engine/ports/store.ts';
import type { FoundMirror } from '../../src-main/engine/ports/store-held.ts';
import { bug, dueNow, MemoryJobs, type StoredJob, stronger } from './memory-jobs.ts';
import { paged } from './memory-parts.ts';
import { facetsOf, matches, ordered, sharesOf, starsIn, stateOf, totalsOf } from './memory-queries.ts';
import { MemoryProofs } from './memory-proofs.ts';
import { MemoryRepositories } from './memory-repositories.ts';
import { MemoryRuns } from './memory-runs.ts';

type Redeciding = readonly [select: SelectRepository, causeOf: CauseOfSelected];

class MemoryStore extends MemoryProofs implements Store {
  readonly #repositories = new MemoryRepositories();
  readonly #jobs = new MemoryJobs();
  readonly #runs = new MemoryRuns();
  #isOpen = true;

  async observeStars(
    stars: readonly Star[],
    at: number,
    decide: (known: RepositoryRecord | null, star: Star) => JobCause | null,
    select?: (known: RepositoryRecord | null, star: Star) => SelectionDecision,
  ) {
    this.check();
    const { added, requests, dropped } = this.#repositories.observe(stars, at, decide, select);
    for (const { githubId, sizeKb } of stars.map((star) => star.repository)) this.#jobs.resize(githubId, sizeKb);
    return { added, requested: this.#requestAll(requests, at), cancelled: this.#jobs.cancelAll(dropped, at) };
  }

  async applySelection(at: number, select: SelectRepository, causeOf: CauseOfSelected) {
    this.check();
    return this.#redecide(this.#repositories.all(), at, select, causeOf);
  }

  async chooseRepositories(githubIds: readonly GithubId[], choice: Choice | null, at: number, ...how: Redeciding) {
    this.check();
    const records = this.#named(githubIds).map((record) => ({ ...record, choice }));
    return this.#redecide(records, at, ...how);
  }

  async archiveRepositories(githubIds: readonly GithubId[], archivedAt: number | null, at: number, ...how: Redeciding) {
    this.check();
    const since = (known: number | null): number | null => (archivedAt === null ? null : (known ?? archivedAt));
    const records = this.#named(githubIds).map((record) => ({ ...record, archivedAt: since(record.archivedAt) }));
    return this.#redecide(records, at, ...how);
  }

  async forgetMirror(githubId: GithubId, projectId: string) {
    this.check();
    if (this.#repositories.get(githubId)?.mirror?.projectId === projectId) {
      this.forgetProofs(githubId);
      this.forgetExtras(githubId);
      this.forgetMarks(githubId);
    }
    this.#repositories.forgetMirror(githubId, projectId);
  }

  async markAbsent(present: ReadonlySet<GithubId>, at: number) {
    this.check();
    return this.#repositories.markAbsent(present, at);
  }

  async mirrorsAt(projectPath: string) {
    this.check();
    return this.#repositories.mirrorsAt(projectPath);
  }

  async moveMirror(githubId: GithubId, place: Pick<MirrorRecord, 'projectId' | 'projectPath' | 'projectUrl'>) {
    this.check();
    this.#repositories.placeMirror(githubId, place);
  }

  async adoptMirrors(found: readonly FoundMirror[], at: number) {
    this.check();
    return this.#repositories.adopt(found, at);
  }

  async forgetMirrors() {
    this.check();
    for (const { githubId, mirror, absentSince } of this.#repositories.all()) {
      if (absentSince === null) this.forgetExtras(githubId);
      if (mirror === null || absentSince !== null) continue;
      this.forgetMarks(githubId);
      this.forgetProofs(githubId);
    }
    return this.#repositories.forgetMirrors();
  }

  async requestExamination(githubId: GithubId, at: number) {
    this.check();
    this.#repositories.examine(githubId, at);
  }

  async dueExaminations(at: number, most: number) {
    this.check();
    return paged(this.#repositories.dueForExamination(at), { offset: 0, limit: most }).items;
  }

  async writeVerdict(githubId: GithubId, verdict: Verdict | null, again: number | null) {
    this.check();
    this.#repositories.writeVerdict(githubId, verdict, again);
  }

  async updateFacts(facts: RepositoryFacts) {
    this.check();
    this.#repositories.changeFacts(facts);
    this.#jobs.resize(facts.githubId, facts.sizeKb);
  }

  async repository(githubId: GithubId) {
    this.check();
    return this.#repositories.get(githubId);
  }

  async repositoryByName(fullName: string) {
    this.check();
    return this.#repositories.named(fullName);
  }

  async repositories(query: RepositoryQuery) {
    this.check();
    return paged(ordered(this.#matching(query), query), query);
  }

  async repositoryRows(githubIds: readonly GithubId[]) {
    this.check();
    return githubIds.flatMap((githubId) => {
      const repository = this.#repositories.get(githubId);
      return repository === null ? [] : [this.#row(repository)];
    });
  }

  async repositoryIds(filter: RepositoryFilter) {
    this.check();
    return this.#matching(filter)
      .map(({ repository }) => repository.githubId)
      .slice(0, 10_000);
  }

  async facets(filter: RepositoryFilter) {
    this.check();
    return facetsOf(this.#rows(), filter);
  }

  async allRepositories() {
    this.check();
    return this.#repositories.all();
  }

  async starredIds() {
    this.check();
    return this.#repositories.all().flatMap((row) => (row.absentSince === null ? [row.githubId] : []));
  }

  async totals() {
    this.check();
    return totalsOf(this.#rows(), this.#jobs.all());
  }

  async requestJob(request: JobRequest, at: number, hurry: boolean) {
    this.check();
    const { githubId, cause } = request;
    const pending = this.#jobs.pending(githubId);
    const inserted = this.#requestAll([request], at);
    if (pending !== null && hurry) this.#jobs.put({ ...dueNow(pending), cause: stronger(pending.cause, cause) });
    if (this.#jobs.running(githubId) !== null) return 'successor';
    return inserted === 0 ? 'waiting' : 'queued';
  }

  async requestJobs(requests: readonly JobRequest[], at: number) {
    this.check();
    return this.#requestAll(requests, at);
  }

  async claimNextJob(at: number, allowHuge: boolean, only?: ReadonlySet<GithubId>, onlyCause?: JobCause) {
    this.check();
    for (const job of this.#jobs.inState('waiting')) {
      if (job.runAfter !== null && job.runAfter <= at) this.#jobs.put(dueNow(job));
    }
    const next = this.#jobs.next(allowHuge, only ?? null, onlyCause ?? null);
    if (next === null) return null;
    const attempt = next.attempt + 1;
    return this.#shown(this.#jobs.put({ ...next, state: 'running', startedAt: at, attempt, error: null }));
  }

  async settleJob(jobId: number, settlement: Settlement, run: RunFacts) {
    this.check();
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
      const { proof } = settlement;
      this.#repositories.proveMirror(job.githubId, proof, run.report.unfit.length);
      this.noteProof(job.githubId, proofOfRun(proof), proof.refsDigest ?? null);
    }
    const error = settlement.state === 'failed' ? structuredClone(settlement.error) : null;
    return this.#shown(this.#jobs.put({ ...job, state: settlement.state, finishedAt: run.finishedAt, error }));
  }

  async releaseJob(jobId: number) {
    this.check();
    const job = this.#runningJob(jobId);
    this.#jobs.putBack({ ...job, state: 'queued', startedAt: null, attempt: job.attempt - 1 });
  }

  async cancelJob(jobId: number, at: number) {
    this.check();
    const job = this.#jobs.get(jobId);
    if (job?.state !== 'queued' && job?.state !== 'waiting') return false;
    this.#jobs.cancel(job, at);
    return true;
  }

  async recoverOrphans(at: number) {
    this.check();
    const orphans = this.#jobs.inState('running').toSorted((a, b) => a.id - b.id);
    for (const job of orphans) {
      const run = {
        startedAt: job.startedAt ?? at,
        finishedAt: at,
        outcome: 'interrupted',
        report: emptyReport,
        error: null,
      } as const;
      this.#runs.write(job, this.#repositories.known(job.githubId).fullName, run);
      this.#jobs.putBack({ ...job, state: 'queued', startedAt: null });
    }
    return orphans.length;
  }

  async wakeJobs(reasons: readonly string[], _at: number, cause?: JobCause) {
    this.check();
    const woken = this.#jobs.inState('waiting').filter((job) => reasons.includes(job.waitReason ?? ''));
    for (const job of woken) this.#jobs.put({ ...dueNow(job), cause: stronger(job.cause, cause ?? job.cause) });
    return woken.length;
  }

  async nextDueAt() {
    this.check();
    const times = this.#jobs.inState('waiting').flatMap((job) => job.runAfter ?? []);
    return times.length === 0 ? null : times.reduce((a, b) => Math.min(a, b));
  }

  async jobs(states: readonly JobState[], page: PageRequest) {
    this.check();
    const { items, total } = paged(this.#jobs.listed(states), page);
    return { items: items.map((job) => this.#shown(job)), total };
  }

  async job(jobId: number) {
    this.check();
    const job = this.#jobs.get(jobId);
    return job === null ? null : this.#shown(job);
  }

  async runs(query: RunQuery) {
    this.check();
    return this.#runs.list(query);
  }

  async run(runId: number) {
    this.check();
    return this.#runs.get(runId);
  }

  async forgetRuns(before: number | null) {
    this.check();
    return this.#runs.forget(before, (jobId) => this.#jobs.get(jobId)?.finishedAt === null);
  }

  async outcomesByDay(since: number, dayStarts: readonly number[]) {
    this.check();
    return this.#runs.outcomes(since, dayStarts);
  }

  async sizeBy(kind: 'language' | 'owner', most: number) {
    this.check();
    return sharesOf(this.#repositories.all(), kind, most);
  }

  async starsOverTime(bounds: readonly number[]) {
    this.check();
    return starsIn(this.#repositories.all(), bounds);
  }

  async close() {
    this.#isOpen = false;
  }

  protected check(): void {
    if (!this.#isOpen) throw bug('the store is closed');
  }

  protected isMirrored(githubId: GithubId): boolean {
    return (this.#repositories.get(githubId)?.mirror ?? null) !== null;
  }

  protected isWanted(githubId: GithubId): boolean {
    const known = this.#repositories.get(githubId);
    return known !== null && known.absentSince === null && known.selection === 'mirror';
  }

  protected records(): readonly RepositoryRecord[] {
    return this.#repositories.all();
  }

  protected knows(githubId: GithubId): boolean {
    return this.#repositories.get(githubId) !== null;
  }

  #row(repository: RepositoryRecord): RepositoryRow {
    const current = this.#jobs.current(repository.githubId);
    const job = current === null ? null : this.#shown(current);
    const proofs = this.proofsOf(repository.githubId);
    const incomplete = this.incompleteOf(repository.githubId);
    return {
      repository,
      state: stateOf(repository, current),
      job,
      incomplete,
      proofs,
      ...this.extrasOf(repository.githubId),
    };
  }

  #rows(): readonly RepositoryRow[] {
    return this.#repositories.all().map((repository) => this.#row(repository));
  }

  #matching(filter: RepositoryFilter): readonly RepositoryRow[] {
    return this.#rows().filter((row) => matches(row, filter));
  }

  #named(githubIds: readonly GithubId[]): readonly RepositoryRecord[] {
    return this.#repositories.all().filter(({ githubId }) => githubIds.includes(githubId));
  }

  #redecide(records: readonly RepositoryRecord[], at: number, ...[select, causeOf]: Redeciding) {
    const isBusy = (githubId: GithubId): boolean =>
      this.#jobs.running(githubId) !== null || this.#jobs.pending(githubId) !== null;
    const { requests, dropped, counts } = this.#repositories.redecide(records, select, causeOf, isBusy);
    return { ...counts, requested: this.#requestAll(requests, at), cancelled: this.#jobs.cancelAll(dropped, at) };
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
}

/** A fresh, empty store. Ids of jobs and runs count from 1, as in SQLite. */
export function createMemoryStore(): Store {
  return new MemoryStore();
}
