/** @file A job runner on a clock that is moved by hand and a store in memory; what a job does is scripted by the test. */
import type { WorkItem } from '../../src-main/engine/core/engine-api.ts';
import { type JobCall, JobRunner } from '../../src-main/engine/core/job-runner.ts';
import { defaultRetryPolicy } from '../../src-main/engine/core/retry-policy.ts';
import { ServiceGates } from '../../src-main/engine/core/service-gates.ts';
import { type ErrorCode, type ErrorData, EpicstarError } from '../../src-main/engine/domain/errors.ts';
import { emptyReport, type Job, type Outcome, type Run, type WaitReason } from '../../src-main/engine/domain/job.ts';
import type { RepositoryRow, Store } from '../../src-main/engine/ports/store.ts';
import { createMemoryStore } from '../conformance/memory-store.ts';
import { star } from './facts.ts';
import { createKeptLog } from './kept-log.ts';
import { ManualClock } from './manual-clock.ts';

export type Work = (job: Job, call: JobCall) => Promise<Outcome>;

export class RunnerBench {
  readonly clock = new ManualClock();
  readonly store: Store = createMemoryStore();
  readonly gates = new ServiceGates(this.clock);
  readonly log = createKeptLog();
  readonly runs: Run[] = [];
  /** Names of the repositories whose jobs began, in that order. */
  readonly begun: string[] = [];
  readonly shown: (readonly WorkItem[])[] = [];
  /** How often the store was asked for the next due time: whoever looks for work does so. */
  looks = 0;
  isOnline = true;
  isHeld = false;

  constructor() {
    const nextDueAt = this.store.nextDueAt.bind(this.store);
    this.store.nextDueAt = () => {
      this.looks += 1;
      return nextDueAt();
    };
  }

  /** Stars so many repositories `a/r1`, `a/r2`, … with these sizes, and asks for a job of each. */
  async observe(...sizesKb: readonly number[]): Promise<void> {
    const stars = sizesKb.map((sizeKb, index) =>
      star(index + 1, { githubId: index + 1, fullName: `a/r${index + 1}`, sizeKb }),
    );
    await this.store.observeStars(stars, this.clock.now(), () => 'new-star');
  }

  start(work: Work, concurrency = 2): JobRunner {
    const { store, clock, log, gates } = this;
    const runner = new JobRunner({
      store,
      clock,
      random: () => 0,
      network: { isOnline: () => this.isOnline, onChange: () => () => undefined },
      log,
      gates,
      retry: defaultRetryPolicy,
      concurrency,
      work: (job, call) => {
        this.begun.push(job.fullName);
        return work(job, call);
      },
      onRun: (run) => this.runs.push(run),
      onWork: (items) => this.shown.push(items),
      onJobsChanged: () => undefined,
    });
    runner.start(() => this.isHeld);
    return runner;
  }

  async row(githubId: number): Promise<RepositoryRow | undefined> {
    const [row] = await this.store.repositoryRows([githubId]);
    return row;
  }
}

export function done({ githubId, fullName }: Job): Outcome {
  const proof = {
    projectId: String(githubId),
    projectPath: fullName,
    projectUrl: null,
    fullName,
    defaultBranch: 'main',
    pushedAt: 1,
    verifiedAt: 1,
    refCount: 1,
    cacheBytes: 0,
  };
  return { kind: 'done', proof, report: emptyReport };
}

export function failing(code: ErrorCode, data: ErrorData = {}): Outcome {
  return { kind: 'retry', error: new EpicstarError(code, '', { data }).toRecord(), report: emptyReport };
}

export function waiting(code: ErrorCode, reason: WaitReason, until: number | null): Outcome {
  return { kind: 'wait', reason, until, error: new EpicstarError(code, '').toRecord(), report: emptyReport };
}

export const cancelled: Outcome = { kind: 'cancelled', report: emptyReport };

/** Work that goes on until it is ended, and ends then. */
export const untilEnded: Work = (_job, { signal }) =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(cancelled), { once: true }));
