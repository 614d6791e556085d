/** @file Changes one after another, in the order in which they were asked for; one that fails does not stop the next. */

export class Turns {
  #tail: Promise<void> = Promise.resolve();

  /** Resolves or rejects as the change does, once its turn has come. */
  take(change: () => Promise<void>): Promise<void> {
    const turn = this.#tail.then(change);
    this.#tail = turn.catch(() => undefined);
    return turn;
  }
}
