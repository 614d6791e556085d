/** @file The clock of this computer. */
import { performance } from 'node:perf_hooks';
import type { Clock } from '../../ports/clock.ts';

/** Longest delay that Node's timers take; a longer one would fire at once. */
const longestStepMs = 2 ** 31 - 1;

/** @param stepMs longest delay given to one timer of Node; longer ones are made of several */
export function createSystemClock(stepMs: number = longestStepMs): Clock {
  return {
    now: () => Date.now(),
    monotonicMs: () => performance.now(),
    setTimer: (delayMs, fire) => {
      const dueMs = performance.now() + delayMs;
      let timer: NodeJS.Timeout;
      const arm = (): void => {
        // Rounded up: a timer of Node may fire a little early by this clock.
        const restMs = Math.ceil(Math.max(dueMs - performance.now(), 0));
        timer = setTimeout(() => (performance.now() < dueMs ? arm() : fire()), Math.min(restMs, stepMs));
      };
      arm();
      return () => clearTimeout(timer);
    },
  };
}
