/** @file One after the other, also when somebody leaves the queue or a work does not heed its signal. */
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createSerialQueue } from '../../../src-main/engine/adapters/github/serial-queue.ts';
import { errorOf, never } from './surroundings.ts';

it('keeps the order and takes one at a time', async () => {
  const inTurn = createSerialQueue();
  const steps: string[] = [];
  const work = (name: string) => async (): Promise<void> => {
    steps.push(`${name} begins`);
    await setImmediate();
    steps.push(`${name} ends`);
  };
  await Promise.all(['a', 'b', 'c'].map(async (name) => await inTurn(never(), work(name))));
  expect(steps).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

it('lets nobody overtake through the gap of one who left', async () => {
  const inTurn = createSerialQueue();
  const gate = Promise.withResolvers<void>();
  const controller = new AbortController();
  const begun: string[] = [];
  const first = inTurn(never(), async () => await gate.promise);
  const second = errorOf(inTurn(controller.signal, async () => begun.push('second')));
  const third = inTurn(never(), async () => begun.push('third'));
  controller.abort();
  expect(await second).toMatchObject({ code: 'cancelled' });
  await setImmediate();
  expect(begun).toEqual([]);
  gate.resolve();
  await first;
  await third;
  expect(begun).toEqual(['third']);
});

it('gives up at once on a work that does not heed its signal, and goes on after a failure', async () => {
  const inTurn = createSerialQueue();
  const controller = new AbortController();
  const stuck = errorOf(inTurn(controller.signal, async () => await new Promise(() => undefined)));
  await setImmediate();
  controller.abort();
  expect(await stuck).toMatchObject({ code: 'cancelled' });
  await expect(inTurn(never(), async () => await Promise.reject(new RangeError('own')))).rejects.toThrow(RangeError);
  expect(await inTurn(never(), async () => 'next')).toBe('next');
});
