/** @file The jobs of the in-memory store: their states, order and who follows whom. Knows nothing of repositories. */
import { EpicstarError } from '../../src-main/engine/domain/errors.ts';
import { causePriority, type Job, type JobCause, type JobState, sizeClass } from '../../src-main/engine/domain/job.ts';
import type { GithubId } from '../../src-main/engine/domain/repository.ts';

export type StoredJob = Omit<Job, 'fullName'>;

/** Job states in the order in which lists show them; the final ones come together, last finished first. */
const listRank: Readonly<Record<JobState, number>> = {
  running: 0,
  queued: 1,
  waiting: 2,
  done: 3,
  failed: 3,
  cancelled: 3,
};

export function bug(detail: string): EpicstarError {
  return new EpicstarError('internal', detail);
}

export function stronger(one: JobCause, other: JobCause): JobCause {
  return causePriority[other] < causePriority[one] ? other : one;
}

function byClaim(a: StoredJob, b: StoredJob): number {
  return (
    causePriority[a.cause] - causePriority[b.cause] ||
    sizeClass(a.sizeKb) - sizeClass(b.sizeKb) ||
    a.queuedAt - b.queuedAt ||
    a.id - b.id
  );
}

function byDueTime(a: StoredJob, b: StoredJob): number {
  if (a.runAfter === b.runAfter) return a.id - b.id;
  return (a.runAfter ?? Number.POSITIVE_INFINITY) - (b.runAfter ?? Number.POSITIVE_INFINITY);
}

function byList(a: StoredJob, b: StoredJob): number {
  const rank = listRank[a.state] - listRank[b.state];
  if (rank !== 0) return rank;
  if (a.state === 'running') return (a.startedAt ?? 0) - (b.startedAt ?? 0) || a.id - b.id;
  if (a.state === 'queued') return byClaim(a, b);
  if (a.state === 'waiting') return byDueTime(a, b);
  return (b.finishedAt ?? 0) - (a.finishedAt ?? 0) || b.id - a.id;
}

/** What a job becomes that may run now. */
export function dueNow(job: StoredJob): StoredJob {
  return job.state === 'waiting' ? { ...job, state: 'queued', runAfter: null, waitReason: null } : job;
}

export class MemoryJobs {
  readonly #byId = new Map<number, StoredJob>();
  readonly #running = new Map<GithubId, number>();
  readonly #pending = new Map<GithubId, number>();
  readonly #current = new Map<GithubId, number>();
  #lastId = 0;

  get(jobId: number): StoredJob | null {
    return this.#byId.get(jobId) ?? null;
  }

  all(): readonly StoredJob[] {
    return [...this.#byId.values()];
  }

  listed(states: readonly JobState[]): readonly StoredJob[] {
    return this.all()
      .filter((job) => states.includes(job.state))
      .sort(byList);
  }

  inState(state: 'queued' | 'waiting' | 'running'): readonly StoredJob[] {
    const ids = state === 'running' ? this.#running : this.#pending;
    return [...ids.values()].flatMap((id) => this.get(id) ?? []).filter((job) => job.state === state);
  }

  running(githubId: GithubId): StoredJob | null {
    return this.get(this.#running.get(githubId) ?? 0);
  }

  pending(githubId: GithubId): StoredJob | null {
    return this.get(this.#pending.get(githubId) ?? 0);
  }

  /** The job that tells the state of a repository: the one that runs, else the newest. */
  current(githubId: GithubId): StoredJob | null {
    return this.get(this.#current.get(githubId) ?? 0);
  }

  next(allowHuge: boolean, only: ReadonlySet<GithubId> | null, onlyCause: JobCause | null): StoredJob | null {
    const wanted = this.inState('queued').filter(
      (job) => (only === null || only.has(job.githubId)) && (onlyCause === null || job.cause === onlyCause),
    );
    const free = wanted.filter((job) => !this.#running.has(job.githubId));
    return free.filter((job) => allowHuge || sizeClass(job.sizeKb) < 3).sort(byClaim)[0] ?? null;
  }

  insert(githubId: GithubId, cause: JobCause, sizeKb: number, queuedAt: number): void {
    this.#lastId += 1;
    const never = { startedAt: null, finishedAt: null, runAfter: null, waitReason: null, error: null };
    this.put({ id: this.#lastId, githubId, state: 'queued', cause, attempt: 0, sizeKb, queuedAt, ...never });
  }

  /** Writes a job as it is now, and keeps the indexes right. */
  put(job: StoredJob): StoredJob {
    const { id, githubId, state } = job;
    if (this.#running.get(githubId) === id) this.#running.delete(githubId);
    if (this.#pending.get(githubId) === id) this.#pending.delete(githubId);
    if (state === 'running') this.#running.set(githubId, id);
    if (state === 'queued' || state === 'waiting') this.#pending.set(githubId, id);
    this.#byId.set(id, job);
    const current = this.#running.get(githubId) ?? this.#pending.get(githubId);
    if (current !== undefined) this.#current.set(githubId, current);
    return job;
  }

  /**
   * Puts a running job back among the pending ones. It needs no successor then: that one disappears, and the stronger
   * cause stays.
   */
  putBack(job: StoredJob): StoredJob {
    const successor = this.pending(job.githubId);
    if (successor === null) return this.put(job);
    this.#byId.delete(successor.id);
    return this.put({ ...job, cause: stronger(job.cause, successor.cause) });
  }

  resize(githubId: GithubId, sizeKb: number): void {
    for (const job of [this.running(githubId), this.pending(githubId)]) {
      if (job !== null) this.put({ ...job, sizeKb });
    }
  }

  cancel(job: StoredJob, at: number): void {
    this.put({ ...dueNow(job), state: 'cancelled', finishedAt: at, error: null });
  }

  /** @returns how many were pending */
  cancelAll(githubIds: readonly GithubId[], at: number): number {
    const pending = githubIds.flatMap((githubId) => this.pending(githubId) ?? []);
    for (const job of pending) this.cancel(job, at);
    return pending.length;
  }
}
