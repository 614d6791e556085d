import { describe, expect, it } from 'vitest';
import { createSystemClock } from '../../../src-main/engine/adapters/system/clock.ts';
import { sleep } from '../../../src-main/engine/ports/clock.ts';

const timerCount = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

describe('the clock of this computer', () => {
  it('tells the time', () => {
    const before = Date.now();
    const now = createSystemClock().now();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });

  it('fires once, never early', async () => {
    const clock = createSystemClock();
    for (const delayMs of [0, 1, 7, 20]) {
      const start = clock.monotonicMs();
      await sleep(clock, delayMs);
      expect(clock.monotonicMs() - start).toBeGreaterThanOrEqual(delayMs);
    }
  });

  it('makes a long delay of several short ones', async () => {
    const clock = createSystemClock(4);
    const start = clock.monotonicMs();
    await sleep(clock, 30);
    expect(clock.monotonicMs() - start).toBeGreaterThanOrEqual(30);
  });

  it('does not fire at once for a delay that Node cannot take, nor after it was cancelled', async () => {
    const clock = createSystemClock();
    const fired: string[] = [];
    const stops = [2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER].map((delayMs) =>
      clock.setTimer(delayMs, () => fired.push(`after ${delayMs}`)),
    );
    const short = createSystemClock(2);
    stops.push(short.setTimer(60_000, () => fired.push('cancelled')));
    await sleep(clock, 10);
    const armed = timerCount();
    for (const stop of stops) {
      stop();
      stop();
    }
    expect(timerCount()).toBe(armed - stops.length);
    expect(fired).toEqual([]);
  });

  it('rejects a sleep when its signal aborts', async () => {
    const abort = new AbortController();
    const asleep = sleep(createSystemClock(), 60_000, abort.signal);
    abort.abort(new Error('enough'));
    await expect(asleep).rejects.toThrow('enough');
  });
});
