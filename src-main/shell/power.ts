/**
 * @file What the computer's power says of when to be quiet. Whether a network is metered no system tells Electron, so
 * that is the person's word, for this session. A locked screen is no reason: work goes on behind it.
 */
import type { QuietReason } from '../engine/core/engine-api.ts';

/** The part of Electron's power monitor that is used. */
export interface PowerSource {
  on(event: 'suspend', listener: () => void): unknown;
  on(event: 'resume', listener: () => void): unknown;
  on(event: 'on-ac', listener: () => void): unknown;
  on(event: 'on-battery', listener: () => void): unknown;
  off(event: 'suspend', listener: () => void): unknown;
  off(event: 'resume', listener: () => void): unknown;
  off(event: 'on-ac', listener: () => void): unknown;
  off(event: 'on-battery', listener: () => void): unknown;
  isOnBatteryPower(): boolean;
}

export interface PowerOptions {
  readonly powerMonitor: PowerSource;
  readonly setTimer: (delayMs: number, fire: () => void) => () => void;
  /** The person's preference: on battery as ever. */
  readonly worksOnBattery: () => boolean;
  /** Told at once where there are any, then with each change. */
  readonly onReasons: (reasons: readonly QuietReason[]) => void;
  /** The computer slept, or was about to. */
  readonly onWake: () => void;
}

export interface PowerWatch {
  readonly isMetered: boolean;
  /** This network is metered; forgotten with the program, since the next network may not be. */
  setMetered(isMetered: boolean): void;
  /** A preference changed. */
  refresh(): void;
  stop(): void;
}

/** Not every desktop tells of the plug, but each can be asked. */
const askEveryMs = 60_000;
/** A computer that was about to sleep and is still up after so long does not sleep; not every one says so. */
const wakeAfterMs = 2 * 60_000;

export function watchPower(options: PowerOptions): PowerWatch {
  const { powerMonitor, setTimer, worksOnBattery, onReasons, onWake } = options;
  let isAsleep = false;
  let isMetered = false;
  let told: readonly QuietReason[] = [];
  let cancelWake: (() => void) | null = null;
  let cancelAsk: (() => void) | null = null;

  function refresh(): void {
    const isOnBattery = !worksOnBattery() && powerMonitor.isOnBatteryPower();
    const reasons: readonly QuietReason[] = [
      ...(isAsleep ? (['asleep'] as const) : []),
      ...(isOnBattery ? (['battery'] as const) : []),
      ...(isMetered ? (['metered'] as const) : []),
    ];
    if (reasons.join() === told.join()) return;
    told = reasons;
    onReasons(reasons);
  }

  function wake(): void {
    cancelWake?.();
    cancelWake = null;
    if (!isAsleep) return;
    isAsleep = false;
    onWake();
    refresh();
  }

  function suspend(): void {
    isAsleep = true;
    cancelWake?.();
    // Timers stand still while the computer sleeps.
    cancelWake = setTimer(wakeAfterMs, wake);
    refresh();
  }

  function ask(): void {
    refresh();
    cancelAsk = setTimer(askEveryMs, ask);
  }

  powerMonitor.on('suspend', suspend);
  powerMonitor.on('resume', wake);
  powerMonitor.on('on-ac', refresh);
  powerMonitor.on('on-battery', refresh);
  ask();

  return {
    get isMetered() {
      return isMetered;
    },
    setMetered(value) {
      isMetered = value;
      refresh();
    },
    refresh,
    stop() {
      powerMonitor.off('suspend', suspend);
      powerMonitor.off('resume', wake);
      powerMonitor.off('on-ac', refresh);
      powerMonitor.off('on-battery', refresh);
      cancelWake?.();
      cancelAsk?.();
    },
  };
}
