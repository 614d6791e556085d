import { beforeEach, describe, expect, it } from 'vitest';
import { type JobCall, JobRunner } from '../../../src-main/engine/core/job-runner.ts';
import { defaultRetryPolicy } from '../../../src-main/engine/core/retry-policy.ts';
import { ServiceGates } from '../../../src-main/engine/core/service-gates.ts';
import { type ErrorCode, EpicstarError } from '../../../src-main/engine/domain/errors.ts';
import { emptyReport, type Job, type Outcome, type Run } from '../../../src-main/engine/domain/job.ts';
import type { Log } from '../../../src-main/engine/ports/log.ts';
import type { Store } from '../../../src-main/engine/ports/store.ts';
import { createMemoryStore } from '../../conformance/memory-store.ts';
import { star } from '../../support/facts.ts';
import { ManualClock, settle } from '../../support/manual-clock.ts';

const log: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => log,
};
const second = 1_000;
const minute = 60 * second;

function done(job: Job): Outcome {
  const proof = {
    projectId: String(job.githubId),
    projectPath: job.fullName,
    projectUrl: null,
    fullName: job.fullName,
    defaultBranch: 'main',
    pushedAt: 1,
    verifiedAt: 1,
    refCount: 1,
    cacheBytes: 0,
  };
  return { kind: 'done', proof, report: emptyReport };
}

function failing(code: ErrorCode): Outcome {
  return { kind: 'retry', error: new EpicstarError(code, '').toRecord(), report: emptyReport };
}

describe('the job runner', () => {
  let clock: ManualClock;
  let store: Store;
  let gates: ServiceGates;
  let runs: Run[];
  let begun: string[];
  let online: boolean;
  let held: boolean;

  beforeEach(() => {
    clock = new ManualClock();
    store = createMemoryStore();
    gates = new ServiceGates(clock);
    runs = [];
    begun = [];
    online = true;
    held = false;
  });

  const observe = (...sizes: readonly number[]): Promise<unknown> =>
    store.observeStars(
      sizes.map((sizeKb, index) => star(index + 1, { githubId: index + 1, fullName: `a/r${index + 1}`, sizeKb })),
      clock.now(),
      () => 'new-star',
    );
  const runner = (work: (job: Job, call: JobCall) => Promise<Outcome>, concurrency = 2): JobRunner => {
    const made = new JobRunner({
      store,
      clock,
      random: () => 0,
      network: { isOnline: () => online, onChange: () => () => undefined },
      log,
      gates,
      retry: defaultRetryPolicy,
      concurrency,
      work: (job, call) => {
        begun.push(job.fullName);
        return work(job, call);
      },
      onRun: (run) => runs.push(run),
      onWork: () => undefined,
      onJobsChanged: () => undefined,
    });
    made.start(() => held);
    return made;
  };
  /** Work that goes on until its signal aborts. */
  const untilAborted = (_job: Job, { signal }: JobCall): Promise<Outcome> =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve({ kind: 'cancelled', report: emptyReport }), { once: true });
    });
  const stateOf = async (githubId: number) => (await store.repositoryRows([githubId]))[0];

  it('runs so many at once, small ones first, and ends when all is done', async () => {
    await observe(50_000, 10, 20_000, 5);
    let most = 0;
    let now = 0;
    const made = runner(async (job) => {
      now += 1;
      most = Math.max(most, now);
      await settle();
      now -= 1;
      return done(job);
    });
    await made.drained(0);
    expect(most).toBe(2);
    expect(begun).toHaveLength(4);
    expect(begun.slice(0, 2).toSorted()).toEqual(['a/r2', 'a/r4']);
    expect((await store.totals()).mirrored).toBe(4);
  });

  it('never gives all lanes to huge repositories', async () => {
    await observe(2_000_000, 2_000_000, 2_000_000);
    const made = runner(untilAborted, 3);
    await settle();
    expect(begun).toHaveLength(2);
    await made.stop();
  });

  it('tries again quickly, then slowly, and counts the attempts', async () => {
    await observe(1);
    runner(() => Promise.resolve(failing('git-network')));
    await settle();
    expect(begun).toHaveLength(1);
    await clock.advance(4 * second + 10);
    expect(begun).toHaveLength(2);
    await clock.advance(8 * second + 10);
    expect(begun).toHaveLength(3);
    await clock.advance(14 * minute);
    expect(begun).toHaveLength(3);
    await clock.advance(minute + second);
    expect(begun).toHaveLength(4);
    expect((await stateOf(1))?.job).toMatchObject({ state: 'waiting', waitReason: 'retry', attempt: 4 });
    await clock.advance(60 * 24 * 60 * minute);
    expect(begun.length).toBeGreaterThan(40);
  });

  it('lets nobody run into a rate limit that one has met, and goes on when it is over', async () => {
    await observe(1, 2, 3);
    const until = clock.now() + 10 * minute;
    const limited = new EpicstarError('github-rate-limited', '', { data: { until } }).toRecord();
    runner(
      (job) =>
        Promise.resolve(
          clock.now() < until
            ? { kind: 'wait', reason: 'rate-limit', until, error: limited, report: emptyReport }
            : done(job),
        ),
      1,
    );
    await settle();
    expect(begun).toEqual(['a/r1']);
    expect((await stateOf(1))?.job).toMatchObject({ state: 'waiting', waitReason: 'rate-limit', attempt: 0 });
    await clock.advance(9 * minute);
    expect(begun).toHaveLength(1);
    await clock.advance(minute + second);
    expect((await store.totals()).mirrored).toBe(3);
  });

  it('works on after a sign-in, and not before', async () => {
    await observe(1);
    let isSignedIn = false;
    const error = new EpicstarError('github-signed-out', '').toRecord();
    const made = runner((job) =>
      Promise.resolve(
        isSignedIn ? done(job) : { kind: 'wait', reason: 'signed-out', until: null, error, report: emptyReport },
      ),
    );
    await made.drained(75 * second);
    await clock.advance(24 * 60 * minute);
    expect(begun).toHaveLength(1);
    isSignedIn = true;
    gates.open();
    await store.wakeJobs(['signed-out'], clock.now());
    made.kick();
    await made.drained(0);
    expect((await store.totals()).mirrored).toBe(1);
  });

  it('ends a job that a person cancels, and says so', async () => {
    await observe(1);
    const made = runner(untilAborted);
    await settle();
    const [item] = made.work();
    expect(await made.cancel(item?.jobId ?? 0)).toBe(true);
    expect((await stateOf(1))?.job?.state).toBe('cancelled');
    expect(runs.map(({ outcome }) => outcome)).toEqual(['cancelled']);
    expect(await made.cancel(item?.jobId ?? 0)).toBe(false);
  });

  it('gives attempts back at a pause, and runs nothing while it lasts', async () => {
    await observe(1);
    const made = runner(untilAborted);
    await settle();
    held = true;
    await made.interrupt('paused');
    expect((await stateOf(1))?.job).toMatchObject({ state: 'waiting', waitReason: 'paused', attempt: 0 });
    made.kick();
    await clock.advance(minute);
    expect(begun).toHaveLength(1);
    held = false;
    await store.wakeJobs(['paused'], clock.now());
    made.kick();
    await settle();
    expect(begun).toHaveLength(2);
    await made.stop();
  });

  it('claims nothing offline', async () => {
    online = false;
    await observe(1);
    const made = runner((job) => Promise.resolve(done(job)));
    await settle();
    expect(begun).toEqual([]);
    online = true;
    made.kick();
    await made.drained(0);
    expect(begun).toEqual(['a/r1']);
  });

  it('queues what is in work again at a clean stop, without a run and without an attempt', async () => {
    await observe(1);
    const made = runner(untilAborted);
    await settle();
    await made.stop();
    expect((await stateOf(1))?.job).toMatchObject({ state: 'queued', attempt: 0 });
    expect(runs).toEqual([]);
  });

  it('stops within ten seconds whatever a job does', async () => {
    await observe(1);
    const made = runner(() => new Promise(() => undefined));
    await settle();
    let isStopped = false;
    const stopping = made.stop().then(() => {
      isStopped = true;
    });
    await clock.advance(8 * second);
    expect(isStopped).toBe(false);
    await clock.advance(2 * second);
    await stopping;
    expect(isStopped).toBe(true);
  });

  it('takes a bug in the work for a failed attempt', async () => {
    await observe(1);
    const made = runner(() => Promise.reject(new TypeError('oh')));
    await settle();
    expect((await stateOf(1))?.job).toMatchObject({ state: 'waiting', attempt: 1, error: { code: 'internal' } });
    await made.stop();
  });

  it('counts what ended for our own reason as no failure, whatever words it ended with', async () => {
    await observe(1);
    const made = runner(
      (_job, { signal }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve(failing('git-network')), { once: true });
        }),
    );
    await settle();
    await made.interrupt('paused');
    expect((await stateOf(1))?.job).toMatchObject({ state: 'waiting', waitReason: 'paused', attempt: 0 });
    await made.stop();
  });

  it('follows a run by the one that was asked for meanwhile', async () => {
    await observe(1);
    const gate = Promise.withResolvers<void>();
    const made = runner(async (job) => {
      await gate.promise;
      return done(job);
    });
    await settle();
    expect(await store.requestJob({ githubId: 1, cause: 'user' }, clock.now(), true)).toBe('successor');
    made.kick();
    await settle();
    expect(begun).toHaveLength(1);
    gate.resolve();
    await made.drained(0);
    expect(begun).toHaveLength(2);
  });
});
