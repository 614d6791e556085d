import { beforeEach, describe, expect, it } from 'vitest';
import type { LookReport } from '../../../src-main/engine/core/engine-api.ts';
import { LookLoop } from '../../../src-main/engine/core/look-loop.ts';
import type { StarWatcher } from '../../../src-main/engine/core/star-watcher.ts';
import { EpicstarError, toEpicstarError } from '../../../src-main/engine/domain/errors.ts';
import { createKeptLog } from '../../support/kept-log.ts';
import { ManualClock, settle } from '../../support/manual-clock.ts';

const second = 1_000;
const minute = 60 * second;

function reportOf(full: boolean): LookReport {
  const kind = full ? 'full' : 'quick';
  return { kind, starsSeen: 7, newStars: 0, jobsRequested: 0, absent: 0, isEvidence: true, unreadable: [] };
}

/** The code that a promise rejects with. */
function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'none',
    (thrown: unknown) => toEpicstarError(thrown).code,
  );
}

describe('the loop of looks', () => {
  let clock: ManualClock;
  let isHeld: boolean;
  let begun: { readonly full: boolean; readonly at: number; readonly signal: AbortSignal }[];
  let now: number;
  let most: number;
  let looked: number;
  /** What a look does; by default it ends at once. */
  let script: (full: boolean, signal: AbortSignal) => Promise<LookReport>;

  beforeEach(() => {
    clock = new ManualClock();
    isHeld = false;
    begun = [];
    now = 0;
    most = 0;
    looked = 0;
    script = (full) => Promise.resolve(reportOf(full));
  });

  const loop = (everyMs = minute, random = 0): LookLoop => {
    const watcher: Pick<StarWatcher, 'look'> = {
      look: async (full, signal) => {
        begun.push({ full, at: clock.monotonicMs(), signal });
        now += 1;
        most = Math.max(most, now);
        try {
          return await script(full, signal);
        } finally {
          now -= 1;
        }
      },
    };
    return new LookLoop({
      watcher: watcher as StarWatcher,
      clock,
      random: () => random,
      log: createKeptLog(),
      everyMs,
      isHeld: () => isHeld,
      onChange: () => undefined,
      onLooked: () => {
        looked += 1;
      },
    });
  };
  /** Looks that end one by one, when the test says so. */
  const byHand = (): { end(): Promise<void>; fail(error: Error): Promise<void> } => {
    const ends: PromiseWithResolvers<void>[] = [];
    script = async (full, signal) => {
      const end = Promise.withResolvers<void>();
      ends.push(end);
      signal.addEventListener('abort', () => end.reject(signal.reason), { once: true });
      await end.promise;
      return reportOf(full);
    };
    return {
      end: async () => {
        ends.shift()?.resolve();
        await settle();
      },
      fail: async (error) => {
        ends.shift()?.reject(error);
        await settle();
      },
    };
  };
  const times = (): readonly number[] => begun.map(({ at }) => at);

  it('looks at once and then at its pace, counted from the end of a look', async () => {
    const made = loop();
    made.start();
    await clock.advance(0);
    expect(times()).toEqual([0]);
    await clock.advance(3 * minute);
    expect(times()).toEqual([0, minute, 2 * minute, 3 * minute]);
    expect(looked).toBe(4);
    expect(made.starsSeen).toBe(7);
    expect(made.nextLookAt).toBe(clock.now() + minute);
    await made.stop();
    expect(made.nextLookAt).toBeNull();
    expect(clock.pending).toBe(0);
  });

  it('never looks more often by itself than every half minute, and is a little off its pace', async () => {
    loop(second).start();
    await clock.advance(minute);
    expect(times()).toEqual([0, 30 * second, 60 * second]);
    begun = [];
    const skewed = loop(10 * minute, 0.999);
    skewed.start();
    await clock.advance(0);
    expect(skewed.nextLookAt).toBeGreaterThan(clock.now() + 10 * minute);
    expect(skewed.nextLookAt).toBeLessThanOrEqual(clock.now() + 11 * minute);
  });

  it('slows down while looks fail, up to a quarter of an hour, and is back at its pace after one that does not', async () => {
    script = () => Promise.reject(new EpicstarError('github-unavailable', ''));
    const made = loop();
    made.start();
    await clock.advance(0);
    const since = clock.now();
    await clock.advance(2 * 60 * minute);
    const gaps = times().map((at, index) => (at - (times()[index - 1] ?? 0)) / minute);
    expect(gaps.slice(1, 7)).toEqual([1, 2, 4, 8, 15, 15]);
    expect(made.error).toMatchObject({ code: 'github-unavailable' });
    expect(made.failingSince).toBe(since);
    script = (full) => Promise.resolve(reportOf(full));
    await clock.advance(15 * minute);
    expect(made.error).toBeNull();
    begun = [];
    await clock.advance(2 * minute);
    expect(begun).toHaveLength(2);
  });

  it('waits until the time that a refusal names, and for its pace at least', async () => {
    let untilMs = 40 * minute;
    script = () =>
      Promise.reject(new EpicstarError('github-rate-limited', '', { data: { until: clock.now() + untilMs } }));
    const made = loop();
    made.start();
    await clock.advance(39 * minute);
    expect(begun).toHaveLength(1);
    untilMs = -5 * minute;
    await clock.advance(minute);
    expect(begun).toHaveLength(2);
    await clock.advance(minute - 1);
    expect(begun).toHaveLength(2);
    await clock.advance(1);
    expect(begun).toHaveLength(3);
  });

  it('joins whoever asks for a look to the one under way', async () => {
    const { end } = byHand();
    const made = loop();
    made.start();
    await clock.advance(0);
    const asked = [made.lookNow(false), made.lookNow(false)];
    await settle();
    expect(begun).toHaveLength(1);
    expect(made.isLooking).toBe(true);
    await end();
    await Promise.all(asked);
    expect(begun).toHaveLength(1);
    expect(made.isLooking).toBe(false);
  });

  it('reads all pages once for all who ask for that meanwhile, and never looks twice at once', async () => {
    const { end } = byHand();
    const made = loop();
    const asked = [false, true, true, false, true].map((full) => made.lookNow(full));
    await settle();
    expect(begun.map(({ full }) => full)).toEqual([false]);
    await end();
    expect(begun.map(({ full }) => full)).toEqual([false, true]);
    await end();
    const reports = await Promise.all(asked);
    expect(reports.map(({ kind }) => kind)).toEqual(['quick', 'full', 'full', 'quick', 'full']);
    expect(begun).toHaveLength(2);
    expect(most).toBe(1);
  });

  it('reads all pages also after a look that failed', async () => {
    const { end, fail } = byHand();
    const made = loop();
    const quick = made.lookNow(false);
    const full = made.lookNow(true);
    await settle();
    const ended = codeOf(quick);
    await fail(new EpicstarError('github-unavailable', ''));
    expect(await ended).toBe('github-unavailable');
    await end();
    expect((await full).kind).toBe('full');
  });

  it('looks from then on at its pace where somebody asked in between', async () => {
    const made = loop();
    made.start();
    await clock.advance(50 * second);
    await made.lookNow(false);
    await clock.advance(59 * second);
    expect(begun).toHaveLength(2);
    await clock.advance(second);
    expect(begun).toHaveLength(3);
    await made.stop();
  });

  it('ends the look under way for a pause, whoever waits for another too, and begins when it is over', async () => {
    byHand();
    const made = loop();
    made.start();
    await clock.advance(0);
    const ended = codeOf(made.lookNow(true));
    isHeld = true;
    await made.hold();
    expect(await ended).toBe('cancelled');
    expect(begun.map(({ signal }) => signal.aborted)).toEqual([true]);
    expect(made.error).toBeNull();
    await clock.advance(60 * minute);
    expect(begun).toHaveLength(1);
    isHeld = false;
    made.wake();
    await clock.advance(0);
    expect(begun).toHaveLength(2);
    await made.stop();
  });

  it('looks when asked though it is held, and not by itself afterwards', async () => {
    const made = loop();
    isHeld = true;
    made.start();
    await clock.advance(minute);
    expect(begun).toHaveLength(0);
    await made.lookNow(false);
    await clock.advance(60 * minute);
    expect(begun).toHaveLength(1);
  });

  it('looks only when asked where it was never started', async () => {
    const made = loop();
    made.wake();
    await made.lookNow(true);
    await clock.advance(60 * minute);
    expect(begun).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('looks no more after a stop, also where one was asked for while it stopped', async () => {
    byHand();
    const made = loop();
    made.start();
    await clock.advance(0);
    const ended = codeOf(made.lookNow(true));
    await made.stop();
    expect(await ended).toBe('cancelled');
    made.wake();
    await clock.advance(60 * minute);
    expect(begun).toHaveLength(1);
  });
});
