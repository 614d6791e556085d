import { beforeEach, describe, expect, it } from 'vitest';
import { Knocker } from '../../../src-main/engine/core/knocker.ts';
import { settle } from '../../support/manual-clock.ts';
import { done, RunnerBench, waiting } from '../../support/runner-bench.ts';

const minute = 60_000;

describe('knocking', () => {
  let bench: RunnerBench;
  let kicks: number;
  let knocker: Knocker;

  beforeEach(() => {
    bench = new RunnerBench();
    kicks = 0;
    const { store, gates, clock, log } = bench;
    knocker = new Knocker({
      store,
      gates,
      clock,
      log,
      onJobs: () => {
        kicks += 1;
      },
    });
  });

  it('disturbs nobody while nothing waits', async () => {
    knocker.start();
    await bench.clock.advance(60 * minute);
    expect(kicks).toBe(0);
    knocker.stop();
    expect(bench.clock.pending).toBe(0);
  });

  it('wakes who is queued behind a gate, though nobody waits any more', async () => {
    await bench.observe(1, 1);
    let isSignedIn = false;
    const runner = bench.start(
      (job) => Promise.resolve(isSignedIn ? done(job) : waiting('target-signed-out', 'signed-out', null)),
      1,
    );
    await settle();
    expect(await bench.store.cancelJob(1, bench.clock.now())).toBe(true);
    isSignedIn = true;
    await knocker.clockWasPutBack();
    expect(kicks).toBe(1);
    runner.kick();
    await runner.drained(0);
    expect(bench.begun).toEqual(['a/r1', 'a/r2']);
  });
});
