/** @file Time as the engine sees it; tests move it by hand. */
import type { Instant } from '../domain/repository.ts';

export interface Clock {
  /** Wall clock. May jump: never used to measure how long something took. */
  now(): Instant;
  /** Milliseconds from an arbitrary start that never jump backwards. */
  monotonicMs(): number;
  /**
   * Calls `fire` once after at least `delayMs` (0 or more; any length, also beyond 2^31 ms). The returned function
   * cancels it; calling that twice or late is harmless.
   */
  setTimer(delayMs: number, fire: () => void): () => void;
}

/** Randomness for jitter only, 0 <= value < 1. Never for secrets. */
export type Random = () => number;

/** Resolves after `delayMs`, or rejects with `signal.reason` as soon as the signal aborts. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const stop = clock.setTimer(delayMs, () => {
      signal?.removeEventListener('abort', abort);
      resolve();
    });
    const abort = (): void => {
      stop();
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
  });
}
