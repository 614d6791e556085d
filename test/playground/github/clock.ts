/** @file Time as the stand-in sees it. */

/** Wall clock in milliseconds since 1970; a test may move it by hand. */
export interface PlaygroundClock {
  now(): number;
}

export const systemClock: PlaygroundClock = { now: () => Date.now() };

/** GitHub writes whole seconds. */
export function toIsoSeconds(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}
