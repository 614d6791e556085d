/** @file Updates on their way to one client. */
import { beforeEach, describe, expect, test } from 'vitest';
import { Delivery, minUpdateIntervalMs } from '../../../src-main/bridge/delivery.ts';
import { HandTimers } from '../../support/hand-timers.ts';

let timers: HandTimers;
let sent: unknown[];
let isReady: boolean;
let delivery: Delivery;

beforeEach(() => {
  timers = new HandTimers();
  sent = [];
  isReady = true;
  delivery = new Delivery({
    monotonicMs: () => timers.nowMs,
    setTimer: timers.setTimer,
    send: (topic, value) => sent.push([topic, value]),
    isReady: () => isReady,
  });
});

const ids = (...githubIds: number[]) => ({ githubIds });

describe('a topic', () => {
  test('is sent at once, then at most five times a second, the last one always', () => {
    for (let step = 0; step < 100; step += 1) {
      delivery.put('repositories', ids(step + 1));
      timers.advance(10);
    }
    timers.advance(minUpdateIntervalMs);
    expect(sent).toHaveLength(6);
    expect(sent.at(0)).toEqual(['repositories', ids(1)]);
    expect(JSON.stringify(sent.at(-1))).toContain('100');
    expect(timers.count).toBe(0);
  });

  test('does not hold up another', () => {
    delivery.put('repositories', ids(1));
    delivery.put('work', []);
    expect(sent).toHaveLength(2);
  });
});

describe('what is held', () => {
  beforeEach(() => delivery.setVisible(false));

  test('is the latest of a state', () => {
    delivery.put('work', []);
    delivery.setVisible(true);
    expect(sent).toEqual([['work', []]]);
  });

  test('is the union of ids, and "many" as soon as one of both is', () => {
    delivery.put('repositories', ids(1, 2));
    delivery.put('repositories', ids(2, 3));
    delivery.setVisible(true);
    expect(sent.pop()).toEqual(['repositories', ids(1, 2, 3)]);
    delivery.setVisible(false);
    delivery.put('repositories', ids(1));
    delivery.put('repositories', ids());
    delivery.put('repositories', ids(4));
    delivery.setVisible(true);
    timers.advance(minUpdateIntervalMs);
    expect(sent).toEqual([['repositories', ids()]]);
  });

  test('is nothing of a topic that is not wanted any more', () => {
    delivery.put('work', []);
    delivery.forget('work');
    delivery.setVisible(true);
    expect(sent).toEqual([]);
  });
});

test('a slow client is sent the latest when it has drained', () => {
  isReady = false;
  delivery.put('repositories', ids(1));
  delivery.put('repositories', ids(2));
  timers.advance(10_000);
  expect(sent).toEqual([]);
  isReady = true;
  delivery.flush();
  expect(sent).toEqual([['repositories', ids(1, 2)]]);
});

test('after the end nothing is sent and no timer is left', () => {
  delivery.put('work', []);
  delivery.put('work', []);
  delivery.close();
  timers.advance(10_000);
  delivery.put('work', []);
  expect(sent).toHaveLength(1);
  expect(timers.count).toBe(0);
});
