/** @file One thing at a time, in order, with waiting that a signal ends at once. Knows nothing of what is queued. */
import { EpicstarError } from '../../domain/errors.ts';

export type SerialQueue = <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T>;

export function createSerialQueue(): SerialQueue {
  let tail: Promise<void> = Promise.resolve();
  return async (signal, work) => {
    const before = tail;
    const turn = Promise.withResolvers<void>();
    tail = before.then(() => turn.promise);
    try {
      await untilAborted(before, signal);
      return await untilAborted(work(), signal);
    } finally {
      turn.resolve();
    }
  };
}

export function cancelled(signal: AbortSignal): EpicstarError {
  return new EpicstarError('cancelled', '', { cause: signal.reason });
}

/** Settles as `promise` does, or rejects with `cancelled` as soon as the signal aborts; what runs on is ignored. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(cancelled(signal));
    const settle = (): void => signal.removeEventListener('abort', abort);
    promise.then(resolve, reject).finally(settle);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
