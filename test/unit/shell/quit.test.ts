/** @file The end of the program: once, after the engine, and in time. */
import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import { quitWithin } from '../../../src-main/shell/quit.ts';
import { createKeptLog } from '../../support/kept-log.ts';

function bench(close: () => Promise<void>, leave?: () => boolean, afterLeave?: () => Promise<void>) {
  const events = new EventEmitter();
  const exits: number[] = [];
  const timers: { readonly delayMs: number; readonly fire: () => void; isStopped: boolean }[] = [];
  const log = createKeptLog();
  let quitting = 0;
  const app = Object.assign(events, { exit: (code: number) => exits.push(code) });
  quitWithin(app as unknown as Parameters<typeof quitWithin>[0], {
    setTimer(delayMs, fire) {
      const timer = { delayMs, fire, isStopped: false };
      timers.push(timer);
      return () => (timer.isStopped = true);
    },
    log,
    onQuitting: () => (quitting += 1),
    close,
    ...(leave === undefined ? {} : { leave }),
    ...(afterLeave === undefined ? {} : { afterLeave }),
  });
  let prevented = 0;
  const quit = (): void => {
    events.emit('before-quit', {});
    events.emit('will-quit', { preventDefault: () => (prevented += 1) });
  };
  return { exits, timers, log, quit, counts: () => ({ quitting, prevented }) };
}

describe('quitting', () => {
  test('waits for the engine, and asks it once', async () => {
    const ends = Promise.withResolvers<void>();
    let asked = 0;
    const { exits, timers, quit, counts } = bench(() => {
      asked += 1;
      return ends.promise;
    });
    quit();
    quit();
    expect([asked, exits, counts()]).toEqual([1, [], { quitting: 2, prevented: 2 }]);
    ends.resolve();
    await ends.promise;
    await new Promise((resolve) => setImmediate(resolve));
    expect(exits).toEqual([0]);
    expect(timers.map(({ isStopped }) => isStopped)).toEqual([true]);
  });

  test('ends in time without an engine that does not end', () => {
    const { exits, timers, log, quit } = bench(() => new Promise(() => undefined));
    quit();
    const [timer] = timers;
    expect(timer?.delayMs).toBeLessThan(10_000);
    timer?.fire();
    expect(exits).toEqual([0]);
    expect(log.lines.map(({ message }) => message)).toEqual(['the engine did not end in time']);
  });

  test('leaves the end to an installer, and waits for it with a bound', async () => {
    let left = 0;
    const { exits, timers, quit, counts } = bench(
      () => Promise.resolve(),
      () => {
        left += 1;
        return true;
      },
    );
    quit();
    await new Promise((resolve) => setImmediate(resolve));
    // The installer asks Electron to end, and nothing holds that up any more.
    quit();
    expect([left, exits, counts()]).toEqual([1, [], { quitting: 2, prevented: 1 }]);
    timers.at(-1)?.fire();
    expect(exits).toEqual([0]);
  });

  test('ends by itself where there is nothing to install, also after an engine that does not end', () => {
    let left = 0;
    const { exits, timers, quit } = bench(
      () => new Promise(() => undefined),
      () => {
        left += 1;
        return false;
      },
    );
    quit();
    timers[0]?.fire();
    expect([left, exits]).toEqual([1, [0]]);
  });

  test('ends where what has the last word throws', async () => {
    const { exits, log, quit } = bench(
      () => Promise.resolve(),
      () => {
        throw new Error('no lock');
      },
    );
    quit();
    await new Promise((resolve) => setImmediate(resolve));
    expect(exits).toEqual([0]);
    expect(log.lines.map(({ message }) => message)).toEqual(['the end did not go as it should']);
  });

  test('waits for what the last word had to say to be written, for a second', async () => {
    const said: string[] = [];
    const written = Promise.withResolvers<void>();
    const { exits, timers, quit } = bench(
      () => Promise.resolve(),
      () => {
        said.push('left');
        return false;
      },
      () => {
        said.push('written');
        return written.promise;
      },
    );
    quit();
    await new Promise((resolve) => setImmediate(resolve));
    expect([said, exits, timers.at(-1)?.delayMs]).toEqual([['left', 'written'], [], 1_000]);
    written.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    expect([exits, timers.at(-1)?.isStopped]).toEqual([[0], true]);
  });

  test('ends although the last words cannot be written', () => {
    const { exits, timers, quit } = bench(
      () => new Promise(() => undefined),
      () => false,
      () => new Promise(() => undefined),
    );
    quit();
    timers[0]?.fire();
    timers.at(-1)?.fire();
    expect(exits).toEqual([0]);
  });

  test('ends after an engine that failed to end', async () => {
    const { exits, log, quit } = bench(() => Promise.reject(new Error('no')));
    quit();
    await new Promise((resolve) => setImmediate(resolve));
    expect(exits).toEqual([0]);
    expect(log.lines.map(({ message }) => message)).toEqual(['the engine did not end cleanly']);
  });
});
