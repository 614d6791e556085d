import { beforeEach, describe, expect, it } from 'vitest';
import type { Overview } from '../../../src-main/engine/core/engine-api.ts';
import { Topics } from '../../../src-main/engine/core/topics.ts';
import { createKeptLog, type KeptLog } from '../../support/kept-log.ts';
import { ManualClock, settle } from '../../support/manual-clock.ts';
import { makeOverview } from '../../support/scripted-facts.ts';

const second = 1_000;

describe('topics', () => {
  let clock: ManualClock;
  let log: KeptLog;
  let made: number;
  let overview: () => Promise<Overview>;
  let topics: Topics;

  beforeEach(() => {
    clock = new ManualClock();
    log = createKeptLog();
    made = 0;
    overview = () => {
      made += 1;
      return Promise.resolve(makeOverview({ revision: made }));
    };
    topics = new Topics({ clock, log, overview: () => overview() });
  });

  it('tell of the overview five times a second at most, and of the last change in the end', async () => {
    const told: number[] = [];
    topics.subscribe('overview', ({ revision }) => told.push(revision));
    for (let step = 0; step < 100; step += 1) {
      topics.overviewChanged();
      await clock.advance(10);
    }
    await clock.advance(second);
    expect(told.length).toBeGreaterThanOrEqual(4);
    expect(told.length).toBeLessThanOrEqual(6);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(told.at(-1)).toBe(made);
    expect(clock.pending).toBe(0);
  });

  it('make no overview that nobody listens to', async () => {
    topics.overviewChanged();
    await clock.advance(second);
    expect(made).toBe(0);
  });

  it('gather the ids of changed rows, each once, and call more than two hundred many', async () => {
    const told: (readonly number[])[] = [];
    topics.subscribe('repositories', (ids) => told.push(ids));
    topics.rowsChanged([1, 2]);
    topics.rowsChanged([2, 3]);
    await clock.advance(second);
    topics.rowsChanged(Array.from({ length: 201 }, (_, index) => index));
    await clock.advance(second);
    topics.rowsChanged([4]);
    topics.rowsChanged([]);
    await clock.advance(second);
    topics.rowsChanged([5]);
    await clock.advance(second);
    expect(told).toEqual([[1, 2, 3], [], [], [5]]);
  });

  it('call listeners later, in order, and all of them though one throws', async () => {
    const told: string[] = [];
    topics.subscribe('repositories', () => {
      throw new Error('oh');
    });
    topics.subscribe('repositories', (ids) => told.push(`one ${ids.join()}`));
    topics.subscribe('repositories', (ids) => told.push(`two ${ids.join()}`));
    topics.emit('repositories', [1]);
    topics.emit('repositories', [2]);
    expect(told).toEqual([]);
    await settle();
    expect(told).toEqual(['one 1', 'two 1', 'one 2', 'two 2']);
    expect(log.lines.map(({ level }) => level)).toEqual(['error', 'error']);
  });

  it('call nobody who left, not even for what happened before', async () => {
    const told: number[] = [];
    const leave = topics.subscribe('repositories', ([id]) => {
      told.push(id ?? 0);
      leave();
    });
    topics.emit('repositories', [1]);
    topics.emit('repositories', [2]);
    await settle();
    leave();
    expect(told).toEqual([1]);
  });

  it('go on after an overview that could not be made', async () => {
    const told: number[] = [];
    topics.subscribe('overview', ({ revision }) => told.push(revision));
    const good = overview;
    overview = () => Promise.reject(new Error('busy'));
    topics.overviewChanged();
    await clock.advance(second);
    overview = good;
    topics.overviewChanged();
    await clock.advance(second);
    expect(told).toEqual([1]);
    expect(log.lines.map(({ level }) => level)).toEqual(['error']);
  });

  it('say nothing more after a stop', async () => {
    const told: number[] = [];
    const gate = Promise.withResolvers<void>();
    const good = overview;
    overview = async () => {
      await gate.promise;
      return good();
    };
    topics.subscribe('overview', ({ revision }) => told.push(revision));
    topics.overviewChanged();
    await clock.advance(second);
    topics.overviewChanged();
    topics.stop();
    gate.resolve();
    topics.rowsChanged([1]);
    await clock.advance(second);
    expect(told).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});
