/** @file The clock of this computer, for tests that run real servers. */

export const realClock = {
  now: (): number => Date.now(),
  monotonicMs: (): number => performance.now(),
  setTimer(delayMs: number, fire: () => void): () => void {
    const timer = setTimeout(fire, delayMs);
    return () => clearTimeout(timer);
  },
};
