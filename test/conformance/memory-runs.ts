/** @file The history of the in-memory store: runs in the order in which they ended. */
import { type Run, type RunOutcome, runOutcomes } from '../../src-main/engine/domain/job.ts';
import type { OutcomeCounts, Page, RunFacts, RunQuery } from '../../src-main/engine/ports/store.ts';
import type { StoredJob } from './memory-jobs.ts';
import { paged } from './memory-parts.ts';
import { countSpans, hasWords } from './memory-queries.ts';

export class MemoryRuns {
  #runs: readonly Run[] = [];
  #lastId = 0;

  write(job: StoredJob, fullName: string, run: RunFacts): void {
    const { id: jobId, githubId, cause, attempt, queuedAt } = job;
    this.#lastId += 1;
    const facts = structuredClone(run);
    this.#runs = [...this.#runs, { id: this.#lastId, jobId, githubId, fullName, cause, attempt, queuedAt, ...facts }];
  }

  get(runId: number): Run | null {
    return this.#runs.find((run) => run.id === runId) ?? null;
  }

  list({ githubId, outcome, since, until, text, ...page }: RunQuery): Page<Run> {
    const found = this.#runs.filter(
      (run) =>
        run.githubId === (githubId ?? run.githubId) &&
        run.outcome === (outcome ?? run.outcome) &&
        run.finishedAt >= (since ?? run.finishedAt) &&
        run.finishedAt < (until ?? Number.POSITIVE_INFINITY) &&
        hasWords(text ?? '', [run.fullName]),
    );
    return paged(found.toReversed(), page);
  }

  forget(before: number | null, isUnderWay: (jobId: number) => boolean): number {
    const kept = this.#runs.filter((run) => run.finishedAt >= (before ?? Infinity) || isUnderWay(run.jobId));
    const forgotten = this.#runs.length - kept.length;
    this.#runs = kept;
    return forgotten;
  }

  outcomes(since: number, dayStarts: readonly number[]): readonly OutcomeCounts[] {
    const countsOf = (outcome: RunOutcome): readonly number[] => {
      const times = this.#runs.filter((run) => run.outcome === outcome && run.finishedAt >= since);
      return countSpans(
        times.map((run) => run.finishedAt),
        dayStarts,
      );
    };
    const counts = new Map(runOutcomes.map((outcome) => [outcome, countsOf(outcome)]));
    return dayStarts.map((_, day) => ({
      done: counts.get('done')?.[day] ?? 0,
      retry: counts.get('retry')?.[day] ?? 0,
      waiting: counts.get('waiting')?.[day] ?? 0,
      failed: counts.get('failed')?.[day] ?? 0,
      cancelled: counts.get('cancelled')?.[day] ?? 0,
      interrupted: counts.get('interrupted')?.[day] ?? 0,
    }));
  }
}
