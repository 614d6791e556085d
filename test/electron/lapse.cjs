/**
 * @file Loaded before the desktop program (`electron -r`), so that a test need not wait for hours. `lapse(ms)` moves the
 * clock on and fires the long timers that are due by then; short ones go on undisturbed. Runs on Node 12 as it is.
 */
'use strict';

const shortestMs = 2_000;
const realNow = Date.now;
const realSetTimeout = globalThis.setTimeout;
const realClearTimeout = globalThis.clearTimeout;
let lapsedMs = 0;
/** @type {Map<NodeJS.Timeout, { delayMs: number, dueMs: number, fire: () => void }>} */
const pending = new Map();

Date.now = () => realNow() + lapsedMs;

/** @param {(...args: unknown[]) => void} callback @param {number} [delayMs] @param {unknown[]} args */
const setTimer = (callback, delayMs = 0, ...args) => {
  const fire = () => {
    pending.delete(timer);
    callback(...args);
  };
  const timer = realSetTimeout(fire, delayMs);
  pending.set(timer, { delayMs, dueMs: Date.now() + delayMs, fire });
  return timer;
};

/** @param {NodeJS.Timeout} timer */
const clearTimer = (timer) => {
  pending.delete(timer);
  realClearTimeout(timer);
};

Object.assign(globalThis, {
  setTimeout: setTimer,
  clearTimeout: clearTimer,

  /** Whether somebody waits for exactly so long. @param {number} wantedMs */
  isTiming: (wantedMs) => [...pending.values()].some(({ delayMs }) => delayMs === wantedMs),

  /** One timer after the other in the order of their time, those among them that are set by the ones before. @param {number} byMs */
  lapse: (byMs) => {
    const untilMs = Date.now() + byMs;
    for (let turns = 0; turns < 1_000; turns += 1) {
      const [next] = [...pending]
        .filter(([, { delayMs, dueMs }]) => delayMs >= shortestMs && dueMs <= untilMs)
        .sort(([, a], [, b]) => a.dueMs - b.dueMs);
      if (next === undefined) break;
      const [timer, { dueMs, fire }] = next;
      realClearTimeout(timer);
      lapsedMs += Math.max(dueMs - Date.now(), 0);
      fire();
    }
    lapsedMs += Math.max(untilMs - Date.now(), 0);
  },
});
