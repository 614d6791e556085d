/** @file Changes one after another, in the order in which they were asked for; one that fails does not stop the next. */

export class Turns {
  #tail: Promise<void> = Promise.resolve();

  /** Resolves or rejects as the change does, once its turn has come. */
  take<T>(change: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(change);
    this.#tail = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }
}
