/** @file A socket that comes back by itself, and a dead one that nobody closed. */
import { describe, expect, test } from 'vitest';
import { createSocketTransport, type SocketLike } from '../../../src-preload/contract/socket-transport.ts';

class Wire implements SocketLike {
  readonly #listeners = new Map<string, ((event: { readonly data: unknown }) => void)[]>();
  isClosed = false;

  addEventListener(type: string, listener: (event: { readonly data: unknown }) => void): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  happen(type: string, data: unknown = null): void {
    this.#listeners.get(type)?.forEach((listener) => listener({ data }));
  }

  send(): void {}

  close(): void {
    this.isClosed = true;
  }
}

function bench() {
  const wires: Wire[] = [];
  const timers: { readonly delayMs: number; readonly fire: () => void; isStopped: boolean }[] = [];
  const transport = createSocketTransport({
    openSocket() {
      const wire = new Wire();
      wires.push(wire);
      return wire;
    },
    isKnown: () => Promise.resolve(true),
    setTimer(delayMs, fire) {
      const timer = { delayMs, fire, isStopped: false };
      timers.push(timer);
      return () => (timer.isStopped = true);
    },
    random: () => 0.5,
  });
  const statuses: string[] = [];
  transport.onStatus((status) => statuses.push(status));
  const running = () => timers.filter(({ isStopped }) => !isStopped).map(({ delayMs }) => delayMs);
  return { transport, wires, timers, statuses, running };
}

describe('a socket', () => {
  test('that is silent for 40 s is given up, and another is opened', () => {
    const { wires, timers, statuses, running } = bench();
    wires[0]?.happen('open');
    expect(running()).toEqual([40_000]);
    timers.at(-1)?.fire();
    expect([statuses, wires[0]?.isClosed]).toEqual([['connecting', 'open', 'closed'], true]);
    timers.at(-1)?.fire();
    wires[1]?.happen('open');
    expect(statuses.at(-1)).toBe('open');
  });

  test('is doubted after a sleep: the next word of the host is waited for, and no longer', () => {
    const { transport, wires, timers, statuses, running } = bench();
    wires[0]?.happen('open');
    transport.hurry();
    expect(running()).toEqual([17_000]);
    wires[0]?.happen('message', '{"type":"beat"}');
    expect(running()).toEqual([40_000]);
    transport.hurry();
    timers.at(-1)?.fire();
    expect([statuses.at(-1), wires[0]?.isClosed]).toEqual(['closed', true]);
  });

  test('that waits to be opened again is opened at once after a sleep, and never twice', () => {
    const { transport, wires, running } = bench();
    wires[0]?.happen('open');
    wires[0]?.happen('close');
    transport.hurry();
    transport.hurry();
    expect([wires.length, running()]).toEqual([2, [40_000]]);
    transport.close();
    transport.hurry();
    expect([wires.length, running()]).toEqual([2, []]);
  });
});
