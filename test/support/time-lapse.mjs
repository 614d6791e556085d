/**
 * @file Loaded before the program (`node --import`), so that a test need not wait for hours: each SIGUSR2 moves all
 * clocks of the process on by TIME_LAPSE_MS and fires the timers that are due by then. Only timers longer than ten
 * seconds are moved, so that what is under way goes on undisturbed.
 */
import { performance } from 'node:perf_hooks';

const shortestMs = 10_000;
const lapseMs = Number(process.env.TIME_LAPSE_MS);
const realNow = Date.now;
const realMonotonic = performance.now.bind(performance);
const realSetTimeout = globalThis.setTimeout;
const realClearTimeout = globalThis.clearTimeout;
let lapsedMs = 0;
let lapses = 0;
/** @type {Map<NodeJS.Timeout, { readonly dueMs: number, readonly fire: () => void }>} */
const pending = new Map();

Date.now = () => realNow() + lapsedMs;
performance.now = () => realMonotonic() + lapsedMs;

/** @param {(...args: unknown[]) => void} callback @param {number} [delayMs] @param {unknown[]} args */
const setTimer = (callback, delayMs = 0, ...args) => {
  if (delayMs < shortestMs) return realSetTimeout(callback, delayMs, ...args);
  const fire = () => {
    pending.delete(timer);
    callback(...args);
  };
  const timer = realSetTimeout(fire, delayMs);
  pending.set(timer, { dueMs: performance.now() + delayMs, fire });
  return timer;
};

/** @param {NodeJS.Timeout} timer */
const clearTimer = (timer) => {
  pending.delete(timer);
  realClearTimeout(timer);
};

Object.assign(globalThis, { setTimeout: setTimer, clearTimeout: clearTimer });

process.on('SIGUSR2', () => {
  lapsedMs += lapseMs;
  lapses += 1;
  const due = [...pending].filter(([, { dueMs }]) => dueMs <= performance.now());
  for (const [timer, { fire }] of due) {
    realClearTimeout(timer);
    fire();
  }
  process.stderr.write(`time lapse ${lapses}\n`);
});
