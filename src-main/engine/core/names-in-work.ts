/**
 * @file Which names runs work under now. git reaches both ends by name, so two repositories that had one name after
 * another are never worked on at once: what one pushes would land in the other's project.
 */

export class NamesInWork {
  /** Last in the line for each name; resolves when it is done. */
  readonly #lines = new Map<string, Promise<void>>();

  /**
   * Runs `work` when nobody else works under this name. Rejects with `signal.reason` if the signal aborts while it
   * waits.
   *
   * @param work is told whether it had to wait: what was known before may be out of date
   */
  async hold<T>(fullName: string, signal: AbortSignal, work: (hasWaited: boolean) => Promise<T>): Promise<T> {
    // Neither end tells names apart by case.
    const key = fullName.toLowerCase();
    const before = this.#lines.get(key);
    let leave = (): void => undefined;
    const done = new Promise<void>((resolve) => {
      leave = resolve;
    });
    const line = before === undefined ? done : before.then(() => done);
    this.#lines.set(key, line);
    try {
      if (before !== undefined) await orAborted(before, signal);
      return await work(before !== undefined);
    } finally {
      leave();
      if (this.#lines.get(key) === line) this.#lines.delete(key);
    }
  }
}

/** Rejects with `signal.reason` if the signal aborts first. */
export function orAborted(turn: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    void turn.then(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
  });
}
