/** @file One after the other, in this process. */

/** Runs tasks in the order of the calls, each after the one before has ended, well or not. */
export class Lock {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task, task);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
