/** @file How the window reads the rows of a long list: the newest list wins, few calls, nothing is read for ever. */
import { beforeEach, describe, expect, it } from 'vitest';
import { CallError } from '../../src-preload/contract/messages.ts';
import type { RepositoryView } from '../../src-preload/contract/views.ts';
import { emptyFilter } from '../../src-renderer/features/repositories/filter.ts';
import type { ListView } from '../../src-renderer/features/repositories/list-view.ts';
import { type PageAnswer, rowAt, RowPages } from '../../src-renderer/features/repositories/row-pages.ts';
import { keyStep } from '../../src-renderer/features/repositories/table-keys.ts';
import { HandTimers } from '../support/hand-timers.ts';

interface Reading {
  readonly view: ListView;
  readonly offset: number;
  readonly limit: number;
  readonly answer: (total: number, firstId?: number) => Promise<void>;
  readonly fail: (error: Error) => Promise<void>;
}

const viewOf = (text: string): ListView => ({ filter: { ...emptyFilter, text }, order: 'name', descending: null });

/** Only its id matters here. */
function rowOf(githubId: number): RepositoryView {
  return {
    githubId,
    fullName: `ada/engine-${githubId}`,
    githubPage: null,
    mirrorPage: null,
    description: null,
    defaultBranch: 'main',
    sizeKb: 1,
    isPrivate: false,
    isFork: false,
    isArchived: false,
    language: null,
    licenseSpdx: null,
    topics: [],
    lists: [],
    buildRefs: 0,
    incomplete: null,
    previousNames: [],
    starredAt: 1,
    firstSeenAt: 1,
    pushedAt: null,
    absentSince: null,
    verdict: null,
    state: 'unknown',
    choice: null,
    archivedAt: null,
    selectionReason: '',
    mirror: null,
    proofs: { last: null, provenAt: null, difference: null, drill: null },
    job: null,
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the rows of a long list', () => {
  let timers: HandTimers;
  let readings: Reading[];
  let pages: RowPages;

  beforeEach(() => {
    timers = new HandTimers();
    readings = [];
    pages = new RowPages({
      read: (view, offset, limit) =>
        new Promise<PageAnswer>((resolve, reject) => {
          readings.push({
            view,
            offset,
            limit,
            answer: (total, firstId = 1) => {
              const length = Math.max(0, Math.min(limit, total - offset));
              resolve({ items: Array.from({ length }, (_, index) => rowOf(firstId + offset + index)), total });
              return turn();
            },
            fail: (error) => {
              reject(error);
              return turn();
            },
          });
        }),
      monotonicMs: () => timers.nowMs,
      setTimer: timers.setTimer,
    });
  });

  const reading = (index: number): Reading => {
    const found = readings.at(index);
    if (found === undefined) throw new Error(`there is no reading ${index}`);
    return found;
  };
  const asked = (): readonly (readonly [string, number, number])[] =>
    readings.map(({ view, offset, limit }) => [view.filter.text, offset, limit]);

  it('asks at once for what is typed first, then every 60 ms for the newest', () => {
    pages.ask(viewOf('a'));
    pages.ask(viewOf('ab'));
    pages.ask(viewOf('abc'));
    expect(asked().map(([text]) => text)).toEqual(['a']);
    timers.advance(60);
    expect(asked().map(([text]) => text)).toEqual(['a', 'abc']);
  });

  it('keeps the newest answer, whatever the order they come in', async () => {
    pages.ask(viewOf('a'));
    timers.advance(100);
    pages.ask(viewOf('ab'));
    await reading(1).answer(3, 50);
    await reading(0).answer(9, 1);
    expect(pages.rows().view?.filter.text).toBe('ab');
    expect(pages.rows().total).toBe(3);
    expect(rowAt(pages.rows(), 0)?.githubId).toBe(50);
  });

  it('shows the old rows until the new ones are there, and those quickly', async () => {
    pages.ask(viewOf(''));
    expect(asked()).toEqual([['', 0, 200]]);
    await reading(0).answer(150);
    timers.advance(100);
    pages.ask(viewOf('a'));
    expect(rowAt(pages.rows(), 149)?.githubId).toBe(150);
    await reading(1).answer(150, 1_000);
    expect(rowAt(pages.rows(), 0)?.githubId).toBe(1_000);
    expect(rowAt(pages.rows(), 149)).toBeUndefined();
    expect(asked().slice(1)).toEqual([
      ['a', 0, 50],
      ['a', 0, 200],
    ]);
  });

  it('reads what is seen first, then its neighbours, two at once and each once', async () => {
    pages.ask(viewOf(''));
    await reading(0).answer(10_000);
    expect(asked().map(([, offset]) => offset)).toEqual([0, 200, 400]);
    pages.want(5_050, 5_080);
    await reading(1).answer(10_000);
    await reading(2).answer(10_000);
    expect(asked().map(([, offset]) => offset)).toEqual([0, 200, 400, 5_000, 5_200]);
    for (let index = 3; index < readings.length; index += 1) await reading(index).answer(10_000);
    expect(asked().map(([, offset]) => offset)).toEqual([0, 200, 400, 5_000, 5_200, 4_800, 5_400]);
    pages.want(5_100, 5_150);
    expect(readings).toHaveLength(7);
    expect(rowAt(pages.rows(), 5_399)?.githubId).toBe(5_400);
  });

  it('reads rows that changed again once a second at most, only those in view', async () => {
    pages.ask(viewOf(''));
    await reading(0).answer(10_000);
    await reading(1).answer(10_000);
    await reading(2).answer(10_000);
    timers.advance(5_000);
    for (let change = 0; change < 50; change += 1) pages.refresh();
    timers.advance(0);
    expect(readings).toHaveLength(5);
    expect(rowAt(pages.rows(), 0)?.githubId).toBe(1);
    await reading(3).answer(10_000);
    await reading(4).answer(10_000);
    await reading(5).answer(10_000);
    pages.refresh();
    timers.advance(999);
    expect(readings).toHaveLength(6);
    timers.advance(1);
    expect(readings).toHaveLength(8);
  });

  it('reads all again when there are more or fewer rows, and forgets what is no more', async () => {
    pages.ask(viewOf(''));
    await reading(0).answer(600);
    await reading(1).answer(600);
    await reading(2).answer(600);
    pages.refreshNow();
    await reading(3).answer(399, 2);
    expect(pages.rows().total).toBe(399);
    expect(rowAt(pages.rows(), 400)).toBeUndefined();
    await reading(4).answer(399, 2);
    await turn();
    for (let index = 5; index < readings.length; index += 1) await reading(index).answer(399, 2);
    expect(readings.length).toBeLessThan(9);
    expect(rowAt(pages.rows(), 398)?.githubId).toBe(400);
  });

  it('finds what comes to an empty list', async () => {
    pages.ask(viewOf(''));
    await reading(0).answer(0);
    expect(pages.rows().total).toBe(0);
    pages.refreshNow();
    await reading(1).answer(3);
    expect(rowAt(pages.rows(), 2)?.githubId).toBe(3);
    expect(readings).toHaveLength(2);
  });

  it('tries again after a failure, by itself and not at once', async () => {
    pages.ask(viewOf(''));
    await reading(0).fail(new CallError('engine-failed', 'The disk is full.'));
    expect(pages.rows().failure).toBe('The disk is full.');
    expect(readings).toHaveLength(1);
    timers.advance(2_000);
    await reading(1).answer(3);
    expect(pages.rows().failure).toBeNull();
    expect(pages.rows().total).toBe(3);
  });

  it('waits for the next connection when one is lost', async () => {
    pages.ask(viewOf(''));
    await reading(0).answer(10_000);
    await reading(1).fail(new CallError('disconnected', ''));
    await reading(2).fail(new CallError('disconnected', ''));
    timers.advance(60_000);
    expect(readings).toHaveLength(3);
    expect(pages.rows().failure).toBeNull();
    pages.refreshNow();
    expect(
      asked()
        .slice(3)
        .map(([, offset]) => offset),
    ).toEqual([0, 200]);
  });

  it('reads a range of ids, but not that of a list that is no longer wanted', async () => {
    pages.ask(viewOf(''));
    await reading(0).answer(1_000);
    const range = pages.idsBetween(198, 601);
    for (let index = 1; index < 6 && index < readings.length; index += 1) {
      await reading(index).answer(1_000);
      await turn();
    }
    const ids = await range;
    expect(ids?.at(0)).toBe(199);
    expect(ids).toHaveLength(404);
    const late = pages.idsBetween(0, 999);
    timers.advance(100);
    pages.ask(viewOf('a'));
    for (let index = 4; index < readings.length; index += 1) await reading(index).answer(1_000);
    expect(await late).toBeNull();
  });

  it('leaves no timer behind', async () => {
    pages.ask(viewOf('a'));
    pages.ask(viewOf('b'));
    pages.refresh();
    await reading(0).fail(new Error('no'));
    pages.close();
    expect(timers.count).toBe(0);
  });
});

describe('keys in a long list', () => {
  const key = (name: string, change: object = {}) => ({
    key: name,
    shiftKey: false,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    ...change,
  });
  const place = { active: 5, count: 100, rowsInView: 10 };

  it.each([
    ['ArrowDown', 6],
    ['ArrowUp', 4],
    ['PageDown', 15],
    ['PageUp', 0],
    ['Home', 0],
    ['End', 99],
  ])('%s leads to row %i', (name, to) => {
    expect(keyStep(key(name), place)).toEqual({ kind: 'move', to, extends: false });
    expect(keyStep(key(name, { shiftKey: true }), place)).toEqual({ kind: 'move', to, extends: true });
  });

  it('leaves other keys to the browser', () => {
    expect(keyStep(key('Tab'), place)).toBeNull();
    expect(keyStep(key('Enter', { ctrlKey: true }), place)).toBeNull();
    expect(keyStep(key('ArrowDown', { altKey: true }), place)).toBeNull();
    expect(keyStep(key('End'), { ...place, count: 0 })).toBeNull();
    expect(keyStep(key('A', { metaKey: true }), place)).toEqual({ kind: 'select-all' });
  });
});
