/** @file When only what a person asks for is mirrored: reasons from outside, quiet hours by the clock, one catch-up. */
import { describe, expect, it } from 'vitest';
import { QuietKeeper } from '../../../src-main/engine/core/quiet-keeper.ts';
import { isWithin, type QuietHours, readQuietHours } from '../../../src-main/engine/domain/quiet.ts';
import { createKeptLog } from '../../support/kept-log.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const minute = 60_000;
const hour = 60 * minute;
/** Of local time, wherever the tests run. */
const at = (hours: number, minutes = 0): number => new Date(2026, 0, 14, hours, minutes).getTime();
const night: QuietHours = { startMinute: 22 * 60, endMinute: 7 * 60 };

interface Kept {
  readonly keeper: QuietKeeper;
  readonly clock: ManualClock;
  readonly told: string[];
}

function keep(startAt: number, hours: QuietHours | null = null, onHold = (): Promise<void> => Promise.resolve()): Kept {
  const clock = new ManualClock(startAt);
  const told: string[] = [];
  const keeper = new QuietKeeper({
    clock,
    log: createKeptLog(),
    hours,
    hold: async () => {
      told.push('hold');
      await onHold();
    },
    goOn: () => {
      told.push('go on');
      return Promise.resolve();
    },
    onChange: () => undefined,
  });
  return { keeper, clock, told };
}

describe('quiet hours', () => {
  it.each([
    ['22:00-07:00', { startMinute: 1_320, endMinute: 420 }],
    ['9:05 - 17:30', { startMinute: 545, endMinute: 1_050 }],
    ['00:00-23:59', { startMinute: 0, endMinute: 1_439 }],
    ['22:00', null],
    ['24:00-07:00', null],
    ['22:60-07:00', null],
    ['07:00-07:00', null],
    ['22:00-07:00,12:00-13:00', null],
    ['', null],
  ])('are read: %s', (text, hours) => {
    expect(readQuietHours(text)).toEqual(hours);
  });

  it.each([
    ['21:59', at(21, 59), false],
    ['22:00', at(22), true],
    ['midnight', at(0), true],
    ['06:59', at(6, 59), true],
    ['07:00', at(7), false],
    ['noon', at(12), false],
  ])('over midnight: %s', (_name, instant, expected) => {
    expect(isWithin(night, instant)).toBe(expected);
    expect(isWithin({ startMinute: night.endMinute, endMinute: night.startMinute }, instant)).toBe(!expected);
  });

  it('begin and end by the clock, and everything catches up once', async () => {
    const { keeper, clock, told } = keep(at(21, 58), night);
    keeper.start();
    expect(keeper.isQuiet).toBe(false);
    await clock.advance(2 * minute);
    expect(keeper.current).toEqual(['quiet-hours']);
    await clock.advance(9 * hour - minute);
    expect([keeper.isQuiet, told]).toEqual([true, []]);
    await clock.advance(minute);
    expect([keeper.isQuiet, told]).toEqual([false, ['go on']]);
    keeper.stop();
    expect(clock.pending).toBe(0);
  });

  it('hold from the first moment where it is in them that the engine starts', () => {
    const { keeper } = keep(at(23), night);
    expect(keeper.isQuiet).toBe(false);
    keeper.start();
    expect(keeper.isQuiet).toBe(true);
  });
});

describe('reasons from outside', () => {
  it('catch up once, with the last one that goes', async () => {
    const { keeper, told } = keep(at(12));
    await keeper.set(['metered', 'battery']);
    expect(keeper.current).toEqual(['battery', 'metered']);
    await keeper.set(['battery']);
    expect(told).toEqual([]);
    await keeper.set([]);
    await keeper.set([]);
    expect(told).toEqual(['go on']);
  });

  it('do not end the quiet hours, nor do these end them', async () => {
    const { keeper, clock, told } = keep(at(6, 50), night);
    keeper.start();
    await keeper.set(['battery']);
    expect(keeper.current).toEqual(['battery', 'quiet-hours']);
    await clock.advance(10 * minute);
    expect([keeper.current, told]).toEqual([['battery'], []]);
    await keeper.set([]);
    expect(told).toEqual(['go on']);
  });

  it('hold everything while the computer sleeps, and go on after it, also on battery', async () => {
    const { keeper, told } = keep(at(12));
    await keeper.set(['asleep', 'battery']);
    expect([keeper.isAsleep, told]).toEqual([true, ['hold']]);
    await keeper.set(['battery']);
    expect([keeper.isAsleep, keeper.isQuiet, told]).toEqual([false, true, ['hold', 'go on']]);
  });

  it('go on where the computer is awake before everything was held', async () => {
    const held = Promise.withResolvers<void>();
    const { keeper, told } = keep(at(12), null, () => held.promise);
    const slept = keeper.set(['asleep']);
    await keeper.set([]);
    held.resolve();
    await slept;
    expect(told).toEqual(['hold', 'go on', 'go on']);
  });

  it('change nothing after the end', async () => {
    const { keeper, told } = keep(at(12));
    await keeper.set(['battery']);
    keeper.stop();
    await keeper.set([]);
    expect(told).toEqual([]);
  });
});
