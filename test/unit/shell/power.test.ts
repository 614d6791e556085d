/** @file From the computer's power to the reasons to be quiet, over a power monitor that a test drives. */
import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it } from 'vitest';
import type { QuietReason } from '../../../src-main/engine/core/engine-api.ts';
import type { ElectronApi } from '../../../src-main/shell/electron-api.ts';
import { type PowerSource, type PowerWatch, watchPower } from '../../../src-main/shell/power.ts';
import { ManualClock } from '../../support/manual-clock.ts';

class FakePower extends EventEmitter {
  isOnBattery = false;

  isOnBatteryPower(): boolean {
    return this.isOnBattery;
  }

  plug(isOnBattery: boolean, isTold = true): void {
    this.isOnBattery = isOnBattery;
    if (isTold) this.emit(isOnBattery ? 'on-battery' : 'on-ac');
  }
}

describe('the power of the computer', () => {
  let power: FakePower;
  let clock: ManualClock;
  let told: (readonly QuietReason[])[];
  let wakes: number;
  let worksOnBattery: boolean;

  beforeEach(() => {
    power = new FakePower();
    clock = new ManualClock();
    told = [];
    wakes = 0;
    worksOnBattery = false;
  });

  function watch(): PowerWatch {
    return watchPower({
      powerMonitor: power,
      setTimer: (delayMs, fire) => clock.setTimer(delayMs, fire),
      worksOnBattery: () => worksOnBattery,
      onReasons: (reasons) => told.push(reasons),
      onWake: () => {
        wakes += 1;
      },
    });
  }

  it('is what Electron offers', () => {
    const take = (monitor: ElectronApi['powerMonitor']): PowerSource => monitor;
    expect(take).toBeTypeOf('function');
  });

  it('tells nothing while it is plugged in', async () => {
    watch();
    power.plug(false);
    power.emit('lock-screen');
    power.emit('unlock-screen');
    await clock.advance(10 * 60_000);
    expect([told, wakes]).toEqual([[], 0]);
  });

  it('tells of a start on battery at once, and of each change of the plug', () => {
    power.isOnBattery = true;
    watch();
    power.plug(true);
    power.plug(false);
    expect(told).toEqual([['battery'], []]);
  });

  it('finds out by itself where nobody tells of the plug', async () => {
    watch();
    power.plug(true, false);
    expect(told).toEqual([]);
    await clock.advance(60_000);
    expect(told).toEqual([['battery']]);
  });

  it('holds its peace where the person works on battery as ever', () => {
    const watched = watch();
    power.plug(true);
    worksOnBattery = true;
    watched.refresh();
    power.plug(false);
    power.plug(true);
    expect(told).toEqual([['battery'], []]);
  });

  it('tells of sleep and wake, once each', () => {
    watch();
    power.plug(true);
    power.emit('suspend');
    power.emit('suspend');
    power.emit('resume');
    power.emit('resume');
    expect([told, wakes]).toEqual([[['battery'], ['asleep', 'battery'], ['battery']], 1]);
  });

  it('takes a computer that is still up for awake, though nobody says so', async () => {
    watch();
    power.emit('suspend');
    await clock.advance(60_000);
    expect(told).toEqual([['asleep']]);
    await clock.advance(60_000);
    expect([told, wakes]).toEqual([[['asleep'], []], 1]);
    power.emit('resume');
    expect(wakes).toBe(1);
  });

  it('takes the word of the person for a metered network', () => {
    const watched = watch();
    watched.setMetered(true);
    expect(watched.isMetered).toBe(true);
    power.plug(true);
    watched.setMetered(false);
    expect(told).toEqual([['metered'], ['battery', 'metered'], ['battery']]);
  });

  it('leaves nothing behind', () => {
    const watched = watch();
    power.emit('suspend');
    watched.stop();
    expect(clock.pending).toBe(0);
    expect(power.eventNames().flatMap((name) => power.listeners(name))).toEqual([]);
  });
});
