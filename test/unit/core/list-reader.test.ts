/** @file When GitHub Lists are read: only where needed, not too often, and never in the way of a look or a person. */
import { beforeEach, describe, expect, it } from 'vitest';
import { ListReader } from '../../../src-main/engine/core/list-reader.ts';
import { SelectionKeeper } from '../../../src-main/engine/core/selection-keeper.ts';
import { EpicstarError } from '../../../src-main/engine/domain/errors.ts';
import { defaultSelectionRules, type SelectionRules } from '../../../src-main/engine/domain/selection.ts';
import type { StarList } from '../../../src-main/engine/ports/github.ts';
import { createMemoryStore } from '../../conformance/memory-store.ts';
import { star } from '../../support/facts.ts';
import { createKeptLog, type KeptLog } from '../../support/kept-log.ts';
import { ManualClock, settle } from '../../support/manual-clock.ts';
import { keeperParts } from '../../support/keeper-parts.ts';

const minuteMs = 60_000;
const onlyLater: SelectionRules = { ...defaultSelectionRules, lists: { only: ['later'], never: [] } };

describe('GitHub Lists', () => {
  let clock: ManualClock;
  let log: KeptLog;
  let keeper: SelectionKeeper;
  let reader: ListReader;
  let reads: number;
  let answer: (signal: AbortSignal) => Promise<readonly StarList[] | null>;
  const store = createMemoryStore;

  beforeEach(async () => {
    clock = new ManualClock();
    log = createKeptLog();
    reads = 0;
    answer = () => Promise.resolve([{ name: 'later', githubIds: [1] }]);
    const opened = store();
    await opened.observeStars([star(1, { githubId: 1 })], 1, () => null);
    keeper = new SelectionKeeper({ ...keeperParts(opened), clock, log });
    await keeper.load();
    reader = new ListReader({
      github: {
        lists: (signal) => {
          reads += 1;
          return answer(signal);
        },
      },
      keeper,
      clock,
      log,
    });
  });

  const lookEnded = async (): Promise<number> => {
    reader.refresh();
    await settle();
    return reads;
  };
  const warnings = (): readonly string[] =>
    log.lines.filter(({ level }) => level === 'warn').map(({ message }) => message);
  const knownLists = async () => (await keeper.previewSelection(defaultSelectionRules)).choices.lists;

  it('are not read while nothing needs them', async () => {
    for (let look = 0; look < 3; look += 1) {
      expect(await lookEnded()).toBe(0);
      await clock.advance(60 * minuteMs);
    }
    expect(await knownLists()).toBeNull();
  });

  it('are read once an hour where only a filter shows them, from some minutes after the start on', async () => {
    reader.readNowAndThen();
    expect(await lookEnded()).toBe(0);
    await clock.advance(5 * minuteMs);
    expect(await lookEnded()).toBe(1);
    await clock.advance(60 * minuteMs - 1);
    expect(await lookEnded()).toBe(1);
    await clock.advance(1);
    expect(await lookEnded()).toBe(2);
    await keeper.saveSelection(onlyLater);
    expect(await lookEnded()).toBe(3);
  });

  it('are read at once when a person begins to choose, and then every 15 minutes', async () => {
    await keeper.awaitSelection();
    expect(await lookEnded()).toBe(1);
    expect(await knownLists()).toEqual([{ value: 'later', count: 1 }]);
    await clock.advance(15 * minuteMs - 1);
    expect(await lookEnded()).toBe(1);
    await clock.advance(1);
    expect(await lookEnded()).toBe(2);
  });

  it('are read at once when rules need them anew, however lately they were read', async () => {
    await keeper.saveSelection(onlyLater);
    expect(await lookEnded()).toBe(1);
    await keeper.saveSelection(defaultSelectionRules);
    expect(await lookEnded()).toBe(1);
    await keeper.saveSelection(onlyLater);
    expect(await lookEnded()).toBe(2);
  });

  it('are read once by looks that end while they are read', async () => {
    await keeper.awaitSelection();
    const gate = Promise.withResolvers<readonly StarList[]>();
    answer = () => gate.promise;
    reader.refresh();
    reader.refresh();
    expect(reads).toBe(1);
    let isSettled = false;
    const settled = reader.settled().then(() => {
      isSettled = true;
    });
    await settle();
    expect(isSettled).toBe(false);
    gate.resolve([]);
    await settled;
    expect(await knownLists()).toEqual([]);
  });

  it('that cannot be read are told once and tried again, more slowly each time, at the pace of looks', async () => {
    await keeper.awaitSelection();
    answer = () => Promise.reject(new EpicstarError('github-unavailable', ''));
    const waitsMs = [30_000, 60_000, 120_000, 240_000, 480_000, 15 * minuteMs, 15 * minuteMs];
    expect(await lookEnded()).toBe(1);
    for (const [failures, waitMs] of waitsMs.entries()) {
      await clock.advance(waitMs - 1);
      expect(await lookEnded()).toBe(failures + 1);
      await clock.advance(1);
      expect(await lookEnded()).toBe(failures + 2);
    }
    expect(warnings()).toEqual(['GitHub Lists could not be read']);
    answer = () => Promise.resolve([]);
    await clock.advance(15 * minuteMs);
    await lookEnded();
    answer = () => Promise.reject(new EpicstarError('github-unexpected', ''));
    await clock.advance(15 * minuteMs);
    await lookEnded();
    expect(warnings()).toHaveLength(2);
  });

  it('do not complain where nobody is signed in', async () => {
    await keeper.awaitSelection();
    answer = () => Promise.reject(new EpicstarError('github-signed-out', ''));
    await lookEnded();
    expect(warnings()).toEqual([]);
  });

  it('that this token may not read are said once and are not known', async () => {
    await keeper.awaitSelection();
    answer = () => Promise.resolve(null);
    await lookEnded();
    for (let look = 0; look < 3; look += 1) {
      await clock.advance(15 * minuteMs);
      await lookEnded();
    }
    expect(await knownLists()).toBeNull();
    expect(log.lines.filter(({ message }) => message.includes('does not let Lists be read'))).toHaveLength(1);
  });

  it('are read before rules that name them are saved, unless they are fresh', async () => {
    await reader.readFor(defaultSelectionRules);
    expect(reads).toBe(0);
    await reader.readFor(onlyLater);
    expect(reads).toBe(1);
    expect(await keeper.saveSelection(onlyLater)).toMatchObject({ mirror: { count: 1 } });
    await lookEnded();
    await reader.readFor(onlyLater);
    expect(reads).toBe(1);
    await clock.advance(15 * minuteMs);
    await reader.readFor(onlyLater);
    expect(reads).toBe(2);
  });

  it('are waited for no longer than ten seconds, and learnt when they come', async () => {
    const gate = Promise.withResolvers<readonly StarList[]>();
    answer = () => gate.promise;
    const waiting = reader.readFor(onlyLater);
    await clock.advance(10_000);
    await waiting;
    expect(clock.pending).toBe(0);
    expect(await keeper.saveSelection(onlyLater)).toMatchObject({ skip: { count: 1 } });
    gate.resolve([{ name: 'LATER', githubIds: [1] }]);
    await reader.settled();
    expect(await keeper.previewSelection(onlyLater)).toMatchObject({ mirror: { count: 1 } });
  });

  it('of another account replace those that were being read', async () => {
    await keeper.awaitSelection();
    const gate = Promise.withResolvers<readonly StarList[]>();
    answer = () => gate.promise;
    reader.refresh();
    reader.forget();
    gate.resolve([{ name: 'of somebody else', githubIds: [1] }]);
    await reader.settled();
    expect(await knownLists()).toBeNull();
    answer = () => Promise.resolve([{ name: 'mine', githubIds: [] }]);
    expect(await lookEnded()).toBe(2);
    expect(await knownLists()).toEqual([{ value: 'mine', count: 0 }]);
  });

  it('are given up at the end', async () => {
    await keeper.awaitSelection();
    answer = (signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new EpicstarError('cancelled', '')), { once: true });
      });
    reader.refresh();
    await reader.stop();
    expect(warnings()).toEqual([]);
    expect(await knownLists()).toBeNull();
  });
});
