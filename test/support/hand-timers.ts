/** @file Timers that a test fires by hand. */

export class HandTimers {
  nowMs = 0;
  readonly #pending = new Set<{ readonly dueMs: number; readonly fire: () => void }>();

  readonly setTimer = (delayMs: number, fire: () => void): (() => void) => {
    const timer = { dueMs: this.nowMs + delayMs, fire };
    this.#pending.add(timer);
    return () => this.#pending.delete(timer);
  };

  get count(): number {
    return this.#pending.size;
  }

  /** Moves the time on and fires what becomes due, earliest first. */
  advance(byMs: number): void {
    const endMs = this.nowMs + byMs;
    for (;;) {
      const [next] = [...this.#pending].filter(({ dueMs }) => dueMs <= endMs).toSorted((a, b) => a.dueMs - b.dueMs);
      if (next === undefined) break;
      this.#pending.delete(next);
      this.nowMs = Math.max(this.nowMs, next.dueMs);
      next.fire();
    }
    this.nowMs = endMs;
  }
}
