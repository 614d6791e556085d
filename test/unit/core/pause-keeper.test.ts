import { beforeEach, describe, expect, it } from 'vitest';
import { PauseKeeper } from '../../../src-main/engine/core/pause-keeper.ts';
import { EpicstarError } from '../../../src-main/engine/domain/errors.ts';
import { emptyReport } from '../../../src-main/engine/domain/job.ts';
import type { Store } from '../../../src-main/engine/ports/store.ts';
import { createMemoryStore } from '../../conformance/memory-store.ts';
import { star } from '../../support/facts.ts';
import { createKeptLog } from '../../support/kept-log.ts';
import { ManualClock, settle } from '../../support/manual-clock.ts';

const minute = 60_000;
const hour = 60 * minute;

/** Its wall clock goes on while its timers stand still, as in a computer that sleeps. */
class SleepingClock extends ManualClock {
  sleptMs = 0;

  override now(): number {
    return super.now() + this.sleptMs;
  }
}

describe('a pause', () => {
  let clock: SleepingClock;
  let store: Store;
  let ends: number;

  beforeEach(() => {
    clock = new SleepingClock();
    store = createMemoryStore();
    ends = 0;
  });

  const keeper = (onEnd = (): Promise<void> => Promise.resolve()): PauseKeeper =>
    new PauseKeeper({
      store,
      clock,
      log: createKeptLog(),
      onEnd: () => {
        ends += 1;
        return onEnd();
      },
    });

  it('lasts until it is ended, over a restart', async () => {
    const first = keeper();
    await first.set(null);
    first.stop();
    await clock.advance(48 * hour);
    const next = keeper();
    await next.load();
    expect(next.current).toEqual({ since: clock.now() - 48 * hour, until: null });
    await next.clear();
    const last = keeper();
    await last.load();
    expect(last.current).toBeNull();
    expect(ends).toBe(0);
  });

  it('ends by itself at its time, once', async () => {
    const pause = keeper();
    await pause.set(clock.now() + hour);
    await clock.advance(hour - 1);
    expect(pause.current).not.toBeNull();
    await clock.advance(1);
    expect(pause.current).toBeNull();
    await clock.advance(hour);
    expect(ends).toBe(1);
    expect(clock.pending).toBe(0);
  });

  it('ends at its time by the clock on the wall, though the computer slept', async () => {
    const pause = keeper();
    await pause.set(clock.now() + hour);
    await clock.advance(5 * minute);
    clock.sleptMs = 3 * hour;
    await clock.advance(minute);
    expect(pause.current).toBeNull();
    expect(ends).toBe(1);
  });

  it('that ended while nothing ran lets go whoever waited for it', async () => {
    await store.observeStars([star(1, {})], clock.now(), () => 'new-star');
    const job = await store.claimNextJob(clock.now(), true);
    await store.settleJob(
      job?.id ?? 0,
      { state: 'waiting', runAfter: null, reason: 'paused', error: null, countsAsAttempt: false },
      { startedAt: clock.now(), finishedAt: clock.now(), outcome: 'waiting', report: emptyReport, error: null },
    );
    const first = keeper();
    await first.set(clock.now() + hour);
    first.stop();
    await clock.advance(2 * hour);
    const next = keeper();
    await next.load();
    expect(next.current).toBeNull();
    expect((await store.job(job?.id ?? 0))?.state).toBe('queued');
  });

  it('keeps its beginning where its end is moved, and ends at the new time alone', async () => {
    const pause = keeper();
    await pause.set(clock.now() + hour);
    const since = pause.current?.since;
    await clock.advance(30 * minute);
    await pause.set(clock.now() + hour);
    expect(pause.current?.since).toBe(since);
    await clock.advance(59 * minute);
    expect(pause.current).not.toBeNull();
    await clock.advance(minute);
    expect(ends).toBe(1);
  });

  it('that is prolonged at the moment of its end goes on', async () => {
    const pause = keeper();
    await pause.set(clock.now() + minute);
    const gate = Promise.withResolvers<void>();
    const write = store.writeValue.bind(store);
    store.writeValue = async (...facts) => {
      await gate.promise;
      return write(...facts);
    };
    const prolonging = pause.set(clock.now() + hour);
    await clock.advance(minute);
    gate.resolve();
    await prolonging;
    await settle();
    expect(pause.current?.until).toBe(clock.now() + hour - minute);
    expect(ends).toBe(0);
    await clock.advance(hour);
    expect(ends).toBe(1);
  });

  it('holds and is stored alike, whatever order its changes come in', async () => {
    const pause = keeper();
    await Promise.all([pause.set(null), pause.clear(), pause.set(clock.now() + hour), pause.clear(), pause.set(null)]);
    const next = keeper();
    await next.load();
    expect(next.current).toEqual(pause.current);
    expect(next.current).not.toBeNull();
  });

  it('goes on where its end cannot be stored, and ends a little later', async () => {
    const pause = keeper();
    await pause.set(clock.now() + hour);
    const write = store.writeValue.bind(store);
    store.writeValue = () => Promise.reject(new EpicstarError('disk-full', ''));
    await expect(pause.clear()).rejects.toMatchObject({ code: 'disk-full' });
    expect(pause.current).not.toBeNull();
    await clock.advance(hour + minute);
    expect(pause.current).not.toBeNull();
    store.writeValue = write;
    await clock.advance(2 * minute);
    expect(pause.current).toBeNull();
    expect(ends).toBe(1);
  });

  it('tries again to let everybody go on', async () => {
    let failures = 0;
    const pause = keeper(() => {
      failures += 1;
      return failures === 1 ? Promise.reject(new EpicstarError('disk-full', '')) : Promise.resolve();
    });
    await pause.set(clock.now() + hour);
    await clock.advance(2 * hour);
    expect(ends).toBe(2);
    expect(clock.pending).toBe(0);
  });

  it('leaves no timer behind after a stop, also where its end fails at that moment', async () => {
    const pause = keeper(() => Promise.reject(new EpicstarError('internal', 'closed')));
    await pause.set(clock.now() + minute);
    await clock.advance(minute);
    pause.stop();
    await clock.advance(hour);
    expect(clock.pending).toBe(0);
    expect(ends).toBe(1);
  });
});
