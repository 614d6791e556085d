/** @file What the engine answers without changing what is worked on. */
import type { Job, JobState, Run } from '../domain/job.ts';
import type { GithubId, Instant } from '../domain/repository.ts';
import type {
  Page,
  PageRequest,
  RepositoryFacets,
  RepositoryFilter,
  RepositoryQuery,
  RepositoryRow,
  RunQuery,
} from '../ports/store.ts';
import { diagnose } from './diagnosis.ts';
import type { DiagnosisItem, Statistics, StatisticsQuery } from './engine-api.ts';
import type { EngineParts } from './engine-parts.ts';

/** Languages and owners that are told apart in statistics; the others are added up. */
const mostShares = 12;
/** Runs are forgotten in portions of this much time, so that nothing else waits long for the database. */
const forgetStepMs = 7 * 24 * 3_600_000;

export abstract class EngineReads {
  readonly #parts: EngineParts;
  readonly #ending = new AbortController();

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  jobs(states: readonly JobState[], page: PageRequest): Promise<Page<Job>> {
    return this.#parts.store.jobs(states, page);
  }

  repositories(query: RepositoryQuery): Promise<Page<RepositoryRow>> {
    return this.#parts.store.repositories(query);
  }

  async repository(githubId: GithubId): Promise<RepositoryRow | null> {
    const [row] = await this.#parts.store.repositoryRows([githubId]);
    return row ?? null;
  }

  repositoryIds(filter: RepositoryFilter): Promise<readonly GithubId[]> {
    return this.#parts.store.repositoryIds(filter);
  }

  facets(filter: RepositoryFilter): Promise<RepositoryFacets> {
    return this.#parts.store.facets(filter);
  }

  runs(query: RunQuery): Promise<Page<Run>> {
    return this.#parts.store.runs(query);
  }

  async forgetRuns(before: Instant | null): Promise<number> {
    const { store } = this.#parts;
    let forgotten = 0;
    for (;;) {
      const oldest = await this.#oldestRunAt();
      if (oldest === null || (before !== null && oldest >= before)) break;
      const step = oldest + forgetStepMs;
      const count = await store.forgetRuns(before === null ? step : Math.min(step, before));
      // The oldest belongs to a job that is under way.
      if (count === 0) break;
      forgotten += count;
    }
    // Also what a clock that was put back, or a job under way, hid behind the oldest.
    return forgotten + (await store.forgetRuns(before));
  }

  async statistics({ days, starBounds }: StatisticsQuery): Promise<Statistics> {
    const { store } = this.#parts;
    const [firstDay] = days;
    const [outcomes, byLanguage, byOwner, stars] = await Promise.all([
      firstDay === undefined ? [] : store.outcomesByDay(firstDay, days),
      store.sizeBy('language', mostShares),
      store.sizeBy('owner', mostShares),
      starBounds.length === 0 ? [] : store.starsOverTime(starBounds),
    ]);
    return { outcomes, byLanguage, byOwner, stars };
  }

  diagnose(signal: AbortSignal): Promise<readonly DiagnosisItem[]> {
    return diagnose(this.#parts, this.untilEnd(signal));
  }

  /** Whoever asked gets no answer any more: an end, or settings that take effect, need not wait for a slow server. */
  protected endReads(): void {
    this.#ending.abort(new DOMException('the engine ends', 'AbortError'));
  }

  /** Aborts as the signal does, and with {@link endReads}. */
  protected untilEnd(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.#ending.signal]);
  }

  async #oldestRunAt(): Promise<Instant | null> {
    const query = { githubId: null, outcome: null, since: null, limit: 1 } as const;
    const { total } = await this.#parts.store.runs({ ...query, offset: 0 });
    if (total === 0) return null;
    const { items } = await this.#parts.store.runs({ ...query, offset: total - 1 });
    return items[0]?.finishedAt ?? null;
  }
}
