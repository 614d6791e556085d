/**
 * @file Who may push to the one target now. A target of two cores does pack work for one client at a time, so packs
 * that take long go alone, while small ones overlap their round trips (measured on OneDev 16.5.6: 100 small
 * repositories in 26 s one at a time, 19 s four at a time). First come, first served, so that a large one is not
 * overtaken for ever by small ones.
 */

interface Waiting {
  readonly isLarge: boolean;
  readonly start: () => void;
}

export class PushLanes {
  readonly #smallAtOnce: number;
  readonly #queue: Waiting[] = [];
  #small = 0;
  #large = false;

  /** @param smallAtOnce how many small pushes may overlap, 1 or more */
  constructor(smallAtOnce: number) {
    this.#smallAtOnce = smallAtOnce;
  }

  /** Runs `push` when its turn comes. Rejects with `signal.reason` if the signal aborts while it waits. */
  async run<T>(isLarge: boolean, signal: AbortSignal, push: () => Promise<T>): Promise<T> {
    await this.#enter(isLarge, signal);
    try {
      return await push();
    } finally {
      if (isLarge) this.#large = false;
      else this.#small -= 1;
      this.#startNext();
    }
  }

  #enter(isLarge: boolean, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const waiting: Waiting = {
        isLarge,
        start: () => {
          signal.removeEventListener('abort', leave);
          if (isLarge) this.#large = true;
          else this.#small += 1;
          resolve();
        },
      };
      const leave = (): void => {
        const at = this.#queue.indexOf(waiting);
        if (at >= 0) this.#queue.splice(at, 1);
        reject(signal.reason);
        this.#startNext();
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#queue.push(waiting);
      this.#startNext();
    });
  }

  #startNext(): void {
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      const isFree = next.isLarge ? !this.#large && this.#small === 0 : !this.#large && this.#small < this.#smallAtOnce;
      if (!isFree) return;
      this.#queue.shift();
      next.start();
    }
  }
}
