/** @file Waits for a condition with a bound; for what no event tells. */
import { setTimeout as delay } from 'node:timers/promises';

const everyMs = 50;

/**
 * Resolves with the first value that is neither null, undefined nor false.
 *
 * @param what names the condition when the time is over
 */
export async function waitUntil<T>(
  what: string,
  look: () => T | null | undefined | false | Promise<T | null | undefined | false>,
  withinMs = 30_000,
): Promise<T> {
  const endMs = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (performance.now() > endMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    await delay(everyMs);
  }
}
