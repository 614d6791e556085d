/** @file How fast a job moves, and when it may be told how long it still takes. */
import { describe, expect, test } from 'vitest';
import { addSample, type Rate, rateOf, type Sample } from '../../src-renderer/features/activity/rates.ts';

const total = 100_000;

/** One sample a second, with so many objects and bytes more in each. */
function observe(
  steps: readonly { readonly objects: number | null; readonly bytes: number; readonly gapMs?: number }[],
): Rate {
  let samples: readonly Sample[] = [];
  let atMs = 0;
  let done = 0;
  let bytes = 0;
  for (const step of steps) {
    atMs += step.gapMs ?? 1_000;
    bytes += step.bytes;
    done += step.objects ?? 0;
    samples = addSample(samples, { atMs, bytes, objects: step.objects === null ? null : { done, total } });
  }
  return rateOf(samples);
}

const steady = (seconds: number) => Array.from({ length: seconds + 1 }, () => ({ objects: 1_000, bytes: 500_000 }));

describe('the pace of a job', () => {
  test('tells the speed of the last seconds, and nothing before two have passed', () => {
    expect(observe(steady(1)).bytesPerSecond).toBeNull();
    expect(observe(steady(2)).bytesPerSecond).toBe(500_000);
    const slower = [...steady(10), ...Array.from({ length: 5 }, () => ({ objects: 1, bytes: 100_000 }))];
    expect(observe(slower).bytesPerSecond).toBe(100_000);
  });

  test('tells no speed once nothing moves', () => {
    const stalled = [...steady(10), ...Array.from({ length: 6 }, () => ({ objects: 0, bytes: 0 }))];
    expect(observe(stalled)).toEqual({ bytesPerSecond: null, stepLeftMs: null });
  });

  test('tells what is left after ten steady seconds, not before', () => {
    expect(observe(steady(9)).stepLeftMs).toBeNull();
    // 11 000 of 100 000 came at 1 000 a second.
    expect(observe(steady(10)).stepLeftMs).toBe(89_000);
  });

  test('tells nothing of what is left where the pace is uneven', () => {
    const bursts = Array.from({ length: 16 }, (_, index) => ({
      objects: index % 6 < 3 ? 2_000 : 10,
      bytes: 500_000,
    }));
    expect(observe(bursts).stepLeftMs).toBeNull();
    expect(observe(bursts).bytesPerSecond).toBe(500_000);
  });

  test('tells nothing of what is left outside of the receiving of a known number of objects', () => {
    expect(observe([...steady(15), { objects: null, bytes: 500_000 }]).stepLeftMs).toBeNull();
    const begun = [...Array.from({ length: 20 }, () => ({ objects: null, bytes: 500_000 })), ...steady(8)];
    expect(observe(begun).stepLeftMs).toBeNull();
  });

  test('begins anew after a gap or a step back', () => {
    expect(observe([...steady(20), { objects: 1_000, bytes: 500_000, gapMs: 5_000 }])).toEqual({
      bytesPerSecond: null,
      stepLeftMs: null,
    });
    expect(observe([...steady(20), { objects: 1_000, bytes: -9_000_000 }]).bytesPerSecond).toBeNull();
  });

  test('tells nothing of what is left when all is there', () => {
    const fast = Array.from({ length: 12 }, (_, index) => ({ objects: index === 0 ? 89_000 : 1_000, bytes: 1 }));
    expect(observe(fast).stepLeftMs).toBeNull();
  });
});
