/** @file The runner on its bad days: stores that fail, commands that meet, services that are away, and much idle time. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { JobCall, JobRunner } from '../../../src-main/engine/core/job-runner.ts';
import { EpicstarError } from '../../../src-main/engine/domain/errors.ts';
import { emptyReport } from '../../../src-main/engine/domain/job.ts';
import { settle } from '../../support/manual-clock.ts';
import { done, failing, RunnerBench, untilEnded, waiting } from '../../support/runner-bench.ts';

const second = 1_000;
const minute = 60 * second;

describe('the job runner', () => {
  let bench: RunnerBench;

  beforeEach(() => {
    bench = new RunnerBench();
  });

  /** The first of two jobs fails and is due again in 4 s; the other one never ends. */
  const failOnce = async (): Promise<JobRunner> => {
    await bench.observe(1, 1);
    let isFirst = true;
    const runner = bench.start((job, call) => {
      if (!isFirst) return untilEnded(job, call);
      isFirst = false;
      return Promise.resolve(failing('git-network'));
    }, 1);
    await settle();
    return runner;
  };
  const clockPast = (ms: number): Promise<void> => bench.clock.advance(ms + 100);

  it('sits still while a job is due and all lanes are taken', async () => {
    await failOnce();
    expect(bench.begun).toHaveLength(2);
    expect((await bench.row(1))?.job).toMatchObject({ state: 'waiting', attempt: 1 });
    await clockPast(4 * second);
    const before = bench.looks;
    await bench.clock.advance(minute);
    expect(bench.looks - before).toBeLessThan(5);
  });

  it('sits still while a job is due in a pause, and without a network', async () => {
    for (const stand of ['isHeld', 'isOnline'] as const) {
      bench = new RunnerBench();
      await bench.observe(1);
      const runner = bench.start(() => Promise.resolve(failing('git-network')));
      await settle();
      bench[stand] = stand === 'isHeld';
      await clockPast(4 * second);
      const before = bench.looks;
      await bench.clock.advance(minute);
      expect(bench.looks - before, stand).toBeLessThan(5);
      bench[stand] = stand !== 'isHeld';
      runner.kick();
      await settle();
      expect(bench.begun, stand).toHaveLength(2);
    }
  });

  it('burns no attempt on what fails for want of a network, and tries again in a minute at the latest', async () => {
    await bench.observe(1);
    bench.start(() => {
      bench.isOnline = false;
      return Promise.resolve(failing('git-network'));
    });
    await settle();
    expect((await bench.row(1))?.job).toMatchObject({ state: 'waiting', waitReason: 'offline', attempt: 0 });
    expect(bench.gates.troubles()).toEqual([]);
    // Back before anybody looked, so that nobody is told.
    bench.isOnline = true;
    await clockPast(minute);
    expect(bench.begun).toHaveLength(2);
  });

  it('blames no missing network for what has nothing to do with it', async () => {
    await bench.observe(1);
    bench.start(() => {
      bench.isOnline = false;
      return Promise.resolve(failing('git-push-rejected'));
    });
    await settle();
    expect((await bench.row(1))?.job).toMatchObject({ state: 'waiting', waitReason: 'retry', attempt: 1 });
  });

  it('tells no run twice and holds no lane where a run cannot be read back', async () => {
    await bench.observe(1, 1);
    const runs = bench.store.runs.bind(bench.store);
    let reads = 0;
    bench.store.runs = (query) => {
      reads += 1;
      return reads === 1 ? Promise.reject(new EpicstarError('internal', 'busy')) : runs(query);
    };
    const runner = bench.start((job) => Promise.resolve(done(job)), 1);
    await runner.drained(0);
    expect(bench.begun).toEqual(['a/r1', 'a/r2']);
    expect(bench.runs.map(({ fullName }) => fullName)).toEqual(['a/r2']);
    expect(bench.log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
    expect((await bench.store.totals()).jobs).toMatchObject({ done: 2, running: 0 });
  });

  it('records an end late where the store could not write at first', async () => {
    await bench.observe(1);
    const settleJob = bench.store.settleJob.bind(bench.store);
    let refusals = 0;
    bench.store.settleJob = (...facts) => {
      refusals += 1;
      return refusals < 4 ? Promise.reject(new EpicstarError('disk-full', '')) : settleJob(...facts);
    };
    const runner = bench.start((job) => Promise.resolve(done(job)));
    await settle();
    expect(runner.work()).toHaveLength(1);
    await bench.clock.advance(20 * second);
    expect((await bench.row(1))?.state).toBe('mirrored');
    expect(bench.begun).toHaveLength(1);
    expect(bench.runs).toHaveLength(1);
  });

  it('gives a lane back in the end where an end can never be recorded', async () => {
    await bench.observe(1, 1);
    const settleJob = bench.store.settleJob.bind(bench.store);
    bench.store.settleJob = (jobId, ...rest) =>
      jobId === 1 ? Promise.reject(new EpicstarError('internal', '')) : settleJob(jobId, ...rest);
    bench.start((job) => Promise.resolve(done(job)), 1);
    await settle();
    expect(bench.begun).toEqual(['a/r1']);
    await bench.clock.advance(2 * minute);
    expect(bench.begun).toEqual(['a/r1', 'a/r2']);
    expect(await bench.store.recoverOrphans(bench.clock.now())).toBe(1);
  });

  it('goes on reading a queue that could not be read', async () => {
    await bench.observe(1);
    const claim = bench.store.claimNextJob.bind(bench.store);
    let refusals = 0;
    bench.store.claimNextJob = (...asked) => {
      refusals += 1;
      return refusals < 3 ? Promise.reject(new EpicstarError('database-damaged', '')) : claim(...asked);
    };
    bench.start((job) => Promise.resolve(done(job)));
    await bench.clock.advance(4 * second);
    expect(refusals).toBe(1);
    await bench.clock.advance(7 * second);
    expect(bench.begun).toEqual(['a/r1']);
  });

  it('puts a job that was claimed while a pause began back as it was', async () => {
    await bench.observe(1);
    const claim = bench.store.claimNextJob.bind(bench.store);
    bench.store.claimNextJob = async (...asked) => {
      const job = await claim(...asked);
      bench.isHeld = true;
      return job;
    };
    bench.start((job) => Promise.resolve(done(job)));
    await settle();
    expect(bench.begun).toEqual([]);
    expect((await bench.row(1))?.job).toMatchObject({ state: 'queued', attempt: 0 });
  });

  describe('asked to cancel', () => {
    it('says no where the job came to wait for a pause at the same moment', async () => {
      await bench.observe(1);
      const runner = bench.start(untilEnded);
      await settle();
      bench.isHeld = true;
      const [, wasCancelled] = await Promise.all([runner.interrupt('paused'), runner.cancel(1)]);
      expect(wasCancelled).toBe(false);
      expect((await bench.row(1))?.job).toMatchObject({ state: 'waiting', waitReason: 'paused' });
    });

    it('says no where the job failed at the same moment', async () => {
      await bench.observe(1);
      const gate = Promise.withResolvers<void>();
      const settleJob = bench.store.settleJob.bind(bench.store);
      bench.store.settleJob = async (...facts) => {
        await gate.promise;
        return settleJob(...facts);
      };
      const runner = bench.start(() => Promise.resolve(failing('git-network')));
      await settle();
      const answer = runner.cancel(1);
      gate.resolve();
      expect(await answer).toBe(false);
      expect((await bench.row(1))?.job).toMatchObject({ state: 'waiting', waitReason: 'retry' });
    });

    it('counts what was done by then as done', async () => {
      await bench.observe(1);
      const runner = bench.start(
        (job, { signal }) =>
          new Promise((resolve) => signal.addEventListener('abort', () => resolve(done(job)), { once: true })),
      );
      await settle();
      expect(await runner.cancel(1)).toBe(false);
      expect((await bench.row(1))?.state).toBe('mirrored');
    });
  });

  it('holds everybody back in an outage, tries with one alone, and works off the rest when it is over', async () => {
    await bench.observe(...Array.from({ length: 40 }, () => 1));
    let isAway = true;
    const runner = bench.start((job) => Promise.resolve(isAway ? failing('target-unavailable') : done(job)), 1);
    await settle();
    expect(bench.begun).toHaveLength(3);
    expect(bench.gates.troubles().map(({ error }) => error.code)).toEqual(['target-unavailable']);
    await bench.clock.advance(60 * minute);
    // Once a minute, and those few of the beginning.
    expect(bench.begun.length).toBeLessThan(75);
    const { jobs } = await bench.store.totals();
    expect(jobs).toMatchObject({ failed: 0, cancelled: 0, running: 0 });
    const all = await bench.store.jobs(['queued', 'waiting'], { offset: 0, limit: 200 });
    expect(all.total).toBe(40);
    // In an outage attempts are given back: only what came before it was known counts.
    expect(Math.max(...all.items.map(({ attempt }) => attempt))).toBeLessThanOrEqual(2);
    isAway = false;
    await bench.clock.advance(20 * minute);
    await runner.drained(0);
    expect(await bench.store.totals()).toMatchObject({ mirrored: 40 });
    expect(bench.gates.troubles()).toEqual([]);
  });

  it('never hammers, whatever time a wait names', async () => {
    await bench.observe(1);
    bench.start(() => Promise.resolve(waiting('github-rate-limited', 'rate-limit', bench.clock.now() + second)), 1);
    await bench.clock.advance(minute);
    expect(bench.begun.length).toBeGreaterThan(20);
    expect(bench.begun.length).toBeLessThanOrEqual(61);
  });

  it('shows what is in work five times a second at most, and what it did last', async () => {
    await bench.observe(1);
    const gate = Promise.withResolvers<void>();
    const calls: JobCall[] = [];
    const runner = bench.start(async (job, call) => {
      calls.push(call);
      await gate.promise;
      return done(job);
    });
    await settle();
    await bench.clock.advance(second);
    const before = bench.shown.length;
    calls[0]?.onPhase('fetch');
    for (let turn = 1; turn <= 100; turn += 1) {
      calls[0]?.onGit({ phase: 'receiving', done: turn, total: 100, bytes: turn * 10 });
      await bench.clock.advance(10);
    }
    await bench.clock.advance(200);
    expect(bench.shown.length - before).toBeGreaterThan(2);
    expect(bench.shown.length - before).toBeLessThanOrEqual(6);
    expect(bench.shown.at(-1)).toMatchObject([{ phase: 'fetch', git: { done: 100 }, bytesReceived: 1_000 }]);
    gate.resolve();
    await runner.drained(0);
    await bench.clock.advance(200);
    expect(bench.shown.at(-1)).toEqual([]);
    const last = bench.shown.length;
    await bench.clock.advance(minute);
    expect(bench.shown).toHaveLength(last);
  });

  it('leaves no timer behind after a stop, and begins nothing any more', async () => {
    const runner = await failOnce();
    await runner.stop();
    await runner.stop();
    expect(bench.clock.pending).toBe(0);
    const begun = bench.begun.length;
    runner.kick();
    await bench.clock.advance(minute);
    expect(bench.begun).toHaveLength(begun);
  });

  it('counts no attempt and writes no run for a clean stop, and one of each for a crash', async () => {
    await bench.observe(1);
    const first = bench.start(untilEnded);
    await settle();
    await first.stop();
    bench.start(() => new Promise(() => undefined));
    await settle();
    expect(await bench.store.recoverOrphans(bench.clock.now())).toBe(1);
    const runs = await bench.store.runs({ githubId: 1, outcome: null, since: null, offset: 0, limit: 10 });
    expect(runs.items.map(({ outcome, report }) => [outcome, report])).toEqual([['interrupted', emptyReport]]);
    expect((await bench.row(1))?.job).toMatchObject({ state: 'queued', attempt: 1 });
  });
});
