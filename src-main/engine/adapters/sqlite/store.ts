/** @file The Store on SQLite: one method, one transaction. What the statements are stands in the files beside it. */
import { emptyReport, type JobCause, type JobState, type WaitReason } from '../../domain/job.ts';
import { proofOfRun } from '../../domain/proof.ts';
import type { GithubId, Instant, RepositoryFacts, Star } from '../../domain/repository.ts';
import type { Choice, SelectionDecision } from '../../domain/selection.ts';
import type { Verdict } from '../../domain/verdict.ts';
import type {
  CauseOfSelected,
  JobRequest,
  MirrorRecord,
  PageRequest,
  RepositoryFilter,
  RepositoryQuery,
  RepositoryRecord,
  RunFacts,
  RunQuery,
  SelectRepository,
  Settlement,
  Store,
  WatcherMemory,
} from '../../ports/store.ts';
import { dropMirror, writeArchived } from './archive.ts';
import { checkPage } from './check-page.ts';
import type { Connection } from './connection.ts';
import type { Extras, LfsPointer } from '../../domain/extras.ts';
import type { FoundMirror } from '../../ports/store-held.ts';
import type { KeptCost } from '../../ports/store-kept.ts';
import type { KnownList, ListMark } from '../../ports/store-lists.ts';
import * as extras from './extras.ts';
import { adopt } from './held-mirrors.ts';
import { listJobs } from './job-lists.ts';
import * as keptCosts from './kept-costs.ts';
import * as jobs from './jobs.ts';
import * as lists from './lists.ts';
import { ProofStore } from './proof-store.ts';
import { clearProofs, noteProof } from './proofs.ts';
import * as repositories from './repositories.ts';
import { findAllIds, listRepositories, readFacets, readRepositoryRows, readTotals } from './repository-lists.ts';
import { toJob } from './rows.ts';
import { deleteRuns, listRuns, readRun, writeRun } from './runs.ts';
import { readRecords, redecide, writeChoice } from './selection.ts';
import { countOutcomes, countStars, shareSizes } from './statistics.ts';
import * as values from './values.ts';

export class SqliteStore extends ProofStore implements Store {
  readonly #db: Connection;
  readonly #release: () => void;

  /** @param release called once access has ended, to give the data directory free */
  constructor(connection: Connection, release: () => void) {
    super(connection);
    this.#db = connection;
    this.#release = release;
  }

  async observeStars(
    stars: readonly Star[],
    at: Instant,
    decide: (known: RepositoryRecord | null, star: Star) => JobCause | null,
    select?: (known: RepositoryRecord | null, star: Star) => SelectionDecision,
  ) {
    return this.#db.write(() => {
      const { added, requests, dropped } = repositories.observe(this.#db, stars, at, decide, select);
      const requested = jobs.insertJobs(this.#db, requests, at);
      return { added, requested, cancelled: jobs.cancelPendingJobsOf(this.#db, dropped, at) };
    });
  }

  async applySelection(at: Instant, select: SelectRepository, causeOf: CauseOfSelected) {
    return this.#db.write(() => redecide(this.#db, null, at, select, causeOf));
  }

  async chooseRepositories(
    githubIds: readonly GithubId[],
    choice: Choice | null,
    at: Instant,
    select: SelectRepository,
    causeOf: CauseOfSelected,
  ) {
    return this.#db.write(() => {
      writeChoice(this.#db, githubIds, choice);
      return redecide(this.#db, githubIds, at, select, causeOf);
    });
  }

  async archiveRepositories(
    githubIds: readonly GithubId[],
    archivedAt: Instant | null,
    at: Instant,
    select: SelectRepository,
    causeOf: CauseOfSelected,
  ) {
    return this.#db.write(() => {
      writeArchived(this.#db, githubIds, archivedAt);
      return redecide(this.#db, githubIds, at, select, causeOf);
    });
  }

  async forgetMirror(githubId: GithubId, projectId: string) {
    this.#db.write(() => dropMirror(this.#db, githubId, projectId));
  }

  async markAbsent(present: ReadonlySet<GithubId>, at: Instant) {
    return this.#db.write(() => repositories.markMissing(this.#db, present, at));
  }

  async mirrorsAt(projectPath: string) {
    return this.#db.read(() => repositories.mirrorsAt(this.#db, projectPath));
  }

  async moveMirror(githubId: GithubId, place: Pick<MirrorRecord, 'projectId' | 'projectPath' | 'projectUrl'>) {
    this.#db.write(() => repositories.placeMirror(this.#db, githubId, place));
  }

  async adoptMirrors(found: readonly FoundMirror[], at: Instant) {
    return this.#db.write(() => adopt(this.#db, found, at));
  }

  async forgetMirrors() {
    return this.#db.write(() => {
      lists.clearMarks(this.#db);
      extras.clearExtras(this.#db);
      clearProofs(this.#db);
      return repositories.clearMirrors(this.#db);
    });
  }

  async requestExamination(githubId: GithubId, at: Instant) {
    this.#db.write(() => repositories.examine(this.#db, githubId, at));
  }

  async dueExaminations(at: Instant, most: number) {
    checkPage({ offset: 0, limit: most });
    return this.#db.read(() => repositories.dueForExamination(this.#db, at, most));
  }

  async writeVerdict(githubId: GithubId, verdict: Verdict | null, again: Instant | null) {
    this.#db.write(() => repositories.changeVerdict(this.#db, githubId, verdict, again));
  }

  async updateFacts(facts: RepositoryFacts) {
    this.#db.write(() => repositories.changeFacts(this.#db, facts));
  }

  async repository(githubId: GithubId) {
    return this.#db.read(() => repositories.findRepository(this.#db, githubId));
  }

  async repositoryByName(fullName: string) {
    return this.#db.read(() => repositories.findRepositoryByName(this.#db, fullName));
  }

  async repositories(query: RepositoryQuery) {
    checkPage(query);
    return this.#db.read(() => listRepositories(this.#db, query));
  }

  async repositoryRows(githubIds: readonly GithubId[]) {
    return this.#db.read(() => readRepositoryRows(this.#db, githubIds));
  }

  async repositoryIds(filter: RepositoryFilter) {
    return this.#db.read(() => findAllIds(this.#db, filter));
  }

  async facets(filter: RepositoryFilter) {
    return this.#db.read(() => readFacets(this.#db, filter));
  }

  async allRepositories() {
    return this.#db.read(() => readRecords(this.#db, null));
  }

  async starredIds() {
    return this.#db.read(() => repositories.presentIds(this.#db));
  }

  async totals() {
    return this.#db.read(() => readTotals(this.#db));
  }

  async requestJob(request: JobRequest, at: Instant, hurry: boolean) {
    return this.#db.write(() => {
      const pending = jobs.pendingJob(this.#db, request.githubId);
      if (pending === null) jobs.insertJobs(this.#db, [request], at);
      else if (hurry) jobs.hurryJob(this.#db, pending, request.cause);
      if (jobs.isRunning(this.#db, request.githubId)) return 'successor';
      return pending === null ? 'queued' : 'waiting';
    });
  }

  async requestJobs(requests: readonly JobRequest[], at: Instant) {
    return this.#db.write(() => jobs.insertJobs(this.#db, requests, at));
  }

  async claimNextJob(at: Instant, allowHuge: boolean, only?: ReadonlySet<GithubId>, onlyCause?: JobCause) {
    return this.#db.write(() => {
      jobs.queueDueJobs(this.#db, at);
      const jobId = jobs.claimJob(this.#db, at, { allowHuge, only: only ?? null, onlyCause: onlyCause ?? null });
      return jobId === null ? null : jobs.existingJob(this.#db, jobId);
    });
  }

  async settleJob(jobId: number, settlement: Settlement, run: RunFacts) {
    return this.#db.write(() => {
      const { full_name: fullName, ...job } = jobs.runningJob(this.#db, jobId);
      writeRun(this.#db, job, settlement.state === 'done' ? settlement.proof.fullName : fullName, run);
      this.#applySettlement(job, settlement, run);
      return jobs.existingJob(this.#db, jobId);
    });
  }

  async releaseJob(jobId: number) {
    this.#db.write(() => {
      const job = jobs.runningJob(this.#db, jobId);
      const attempt = job.attempt - 1;
      jobs.putBack(this.#db, job, { state: 'queued', attempt, run_after: null, wait_reason: null, error: null });
    });
  }

  async cancelJob(jobId: number, at: Instant) {
    return this.#db.write(() => jobs.cancelPendingJob(this.#db, jobId, at));
  }

  async recoverOrphans(at: Instant) {
    return this.#db.write(() => {
      const orphans = jobs.runningJobs(this.#db);
      for (const job of orphans) {
        const startedAt = job.started_at ?? at;
        const run = { startedAt, finishedAt: at, outcome: 'interrupted', report: emptyReport, error: null } as const;
        writeRun(this.#db, job, job.full_name, run);
        const { attempt } = job;
        jobs.putBack(this.#db, job, { state: 'queued', attempt, run_after: null, wait_reason: null, error: null });
      }
      return orphans.length;
    });
  }

  async wakeJobs(reasons: readonly WaitReason[], _at: Instant, cause?: JobCause) {
    return this.#db.write(() => jobs.wakeWaiting(this.#db, reasons, cause ?? null));
  }

  async nextDueAt() {
    return this.#db.read(() => jobs.earliestDue(this.#db));
  }

  async jobs(states: readonly JobState[], page: PageRequest) {
    checkPage(page);
    return this.#db.read(() => listJobs(this.#db, states, page));
  }

  async job(jobId: number) {
    const row = this.#db.read(() => jobs.jobRow(this.#db, jobId));
    return row === null ? null : toJob(row);
  }

  async runs(query: RunQuery) {
    checkPage(query);
    return this.#db.read(() => listRuns(this.#db, query));
  }

  async run(runId: number) {
    return this.#db.read(() => readRun(this.#db, runId));
  }

  async forgetRuns(before: Instant | null) {
    return this.#db.write(() => deleteRuns(this.#db, before));
  }

  async outcomesByDay(since: Instant, dayStarts: readonly Instant[]) {
    return this.#db.read(() => countOutcomes(this.#db, since, dayStarts));
  }

  async sizeBy(kind: 'language' | 'owner', most: number) {
    return this.#db.read(() => shareSizes(this.#db, kind, most));
  }

  async starsOverTime(bounds: readonly Instant[]) {
    return this.#db.read(() => countStars(this.#db, bounds));
  }

  async watcherMemory() {
    return this.#db.read(() => values.readWatcher(this.#db));
  }

  async rememberWatcher(change: Partial<WatcherMemory>) {
    this.#db.write(() => values.changeWatcher(this.#db, change));
  }

  async readValue(key: string) {
    return this.#db.read(() => values.readEngineValue(this.#db, key));
  }

  async writeValue(key: string, value: string | null) {
    this.#db.write(() => values.writeEngineValue(this.#db, key, value));
  }

  async extras(githubId: GithubId) {
    return this.#db.read(() => extras.findExtras(this.#db, githubId));
  }

  async writeExtras(githubId: GithubId, changed: Extras, newPointers: readonly LfsPointer[]) {
    this.#db.write(() => extras.changeExtras(this.#db, githubId, changed, newPointers));
  }

  async lfsPointers(githubId: GithubId) {
    return this.#db.read(() => extras.listPointers(this.#db, githubId));
  }

  async dueExtras(at: Instant, most: number) {
    return this.#db.read(() => extras.dueForExtras(this.#db, at, most));
  }

  async writeKeptCost(githubId: GithubId, cost: KeptCost | null) {
    this.#db.write(() => keptCosts.changeKeptCost(this.#db, githubId, cost));
  }

  async keptCost(githubId: GithubId) {
    return this.#db.read(() => keptCosts.findKeptCost(this.#db, githubId));
  }

  async keptTotals() {
    return this.#db.read(() => keptCosts.sumKeptCosts(this.#db));
  }

  async writeLists(known: readonly KnownList[]) {
    this.#db.write(() => lists.replaceLists(this.#db, known));
  }

  async listMarks() {
    return this.#db.read(() => lists.readMarks(this.#db));
  }

  async markList(githubId: GithubId, change: Partial<ListMark>) {
    this.#db.write(() => lists.changeMark(this.#db, githubId, change));
  }

  async writeBuildRefs(githubId: GithubId, refs: number) {
    this.#db.write(() => lists.changeBuildRefs(this.#db, githubId, refs));
  }

  async countBuildMirrors() {
    return this.#db.read(() => lists.countBuildMirrors(this.#db));
  }

  async close() {
    this.#db.close();
    this.#release();
  }

  #applySettlement(job: jobs.StoredJob, settlement: Settlement, run: RunFacts): void {
    switch (settlement.state) {
      case 'waiting': {
        const { runAfter, reason, error, countsAsAttempt } = settlement;
        jobs.putBack(this.#db, job, {
          state: 'waiting',
          attempt: countsAsAttempt ? job.attempt : job.attempt - 1,
          run_after: runAfter,
          wait_reason: reason,
          error: error === null ? null : JSON.stringify(error),
        });
        return;
      }
      case 'done':
        repositories.writeMirror(this.#db, job.github_id, settlement.proof, run.report.unfit.length);
        noteProof(this.#db, job.github_id, proofOfRun(settlement.proof), settlement.proof.refsDigest ?? null);
        jobs.endJob(this.#db, job, { state: 'done', finished_at: run.finishedAt, error: null });
        return;
      case 'failed': {
        const error = JSON.stringify(settlement.error);
        jobs.endJob(this.#db, job, { state: 'failed', finished_at: run.finishedAt, error });
        return;
      }
      case 'cancelled':
        jobs.endJob(this.#db, job, { state: 'cancelled', finished_at: run.finishedAt, error: null });
    }
  }
}
