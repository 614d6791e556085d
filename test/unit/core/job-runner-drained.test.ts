/** @file When the runner says that nothing is left to do, which is when the command line ends. */
import { beforeEach, describe, expect, it } from 'vitest';
import { settle } from '../../support/manual-clock.ts';
import { done, RunnerBench, untilEnded, waiting } from '../../support/runner-bench.ts';

const second = 1_000;
const minute = 60 * second;

describe('the job runner', () => {
  let bench: RunnerBench;

  beforeEach(() => {
    bench = new RunnerBench();
  });

  describe('asked when it is drained', () => {
    const isDrained = async (horizonMs: number, runner: { drained(horizonMs: number): Promise<void> }) => {
      const pending = Symbol('pending');
      const drained = runner.drained(horizonMs);
      await settle();
      return (await Promise.race([drained, Promise.resolve(pending)])) !== pending;
    };

    it('waits for what becomes due within the horizon, and for no more', async () => {
      await bench.observe(1);
      const runner = bench.start(() =>
        Promise.resolve(waiting('target-starting', 'target-starting', bench.clock.now() + minute)),
      );
      await settle();
      expect(await isDrained(59 * second, runner)).toBe(true);
      expect(await isDrained(61 * second, runner)).toBe(false);
    });

    it('does not wait for what only a person can bring about', async () => {
      await bench.observe(1, 1, 1);
      const runner = bench.start(() => Promise.resolve(waiting('github-signed-out', 'signed-out', null)), 1);
      await settle();
      expect(bench.begun).toHaveLength(1);
      expect(await isDrained(1e12, runner)).toBe(true);
    });

    it('does not wait for what others were to run', async () => {
      await bench.observe(1, 1);
      const runner = bench.start((job) => Promise.resolve(done(job)));
      runner.limitTo(new Set([2]));
      await runner.drained(0);
      await settle();
      expect(bench.begun).toContain('a/r2');
    });

    it('is, once it stopped', async () => {
      await bench.observe(1);
      const runner = bench.start(untilEnded);
      await settle();
      const drained = runner.drained(0);
      await runner.stop();
      await expect(drained).resolves.toBeUndefined();
    });
  });

  it('begins jobs of the chosen repositories alone', async () => {
    await bench.observe(1, 1, 1);
    bench.isHeld = true;
    const runner = bench.start((job) => Promise.resolve(done(job)));
    runner.limitTo(new Set([3]));
    bench.isHeld = false;
    await runner.drained(0);
    expect(bench.begun).toEqual(['a/r3']);
  });
});
