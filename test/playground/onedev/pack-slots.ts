/** @file The few slots for pack work that a whole OneDev server has; who comes later waits in order. */

export class PackSlots {
  readonly #size: number;
  #busy = 0;
  readonly #queue: (() => void)[] = [];

  constructor(size: number) {
    this.#size = size;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  get busy(): number {
    return this.#busy;
  }

  /** Resolves with the release function, or with undefined once the signal aborts; a release works once. */
  async take(signal: AbortSignal): Promise<(() => void) | undefined> {
    if (signal.aborted) {
      return undefined;
    }
    if (this.#busy >= this.#size) {
      const admitted = await this.#wait(signal);
      if (!admitted) {
        return undefined;
      }
    } else {
      this.#busy += 1;
    }
    let held = true;
    return () => {
      if (held) {
        held = false;
        this.#passOn();
      }
    };
  }

  #wait(signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const admit = (): void => {
        signal.removeEventListener('abort', leave);
        resolve(true);
      };
      const leave = (): void => {
        this.#queue.splice(this.#queue.indexOf(admit), 1);
        resolve(false);
      };
      this.#queue.push(admit);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  /** The slot goes to the next in the queue, so it stays counted as busy. */
  #passOn(): void {
    const next = this.#queue.shift();
    if (next === undefined) {
      this.#busy -= 1;
    } else {
      next();
    }
  }
}
