/** @file What is mirrored, over restarts: rules, choices and GitHub Lists, on real SQLite. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../../src-main/engine/adapters/sqlite/index.ts';
import { SelectionKeeper, type SelectionKeeperParts } from '../../../src-main/engine/core/selection-keeper.ts';
import { Sweeper } from '../../../src-main/engine/core/sweeper.ts';
import { dueCause } from '../../../src-main/engine/domain/due.ts';
import type { RepositoryFacts } from '../../../src-main/engine/domain/repository.ts';
import { defaultSelectionRules, type SelectionRules } from '../../../src-main/engine/domain/selection.ts';
import type { Store } from '../../../src-main/engine/ports/store.ts';
import { claim, firstPage, makeProof, makeRun, makeStar } from '../../conformance/store-samples.ts';
import { keeperParts } from '../../support/keeper-parts.ts';
import { createKeptLog } from '../../support/kept-log.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const skipForks: SelectionRules = { ...defaultSelectionRules, forks: 'skip' };
const only = (...names: readonly string[]): SelectionRules => ({
  ...defaultSelectionRules,
  lists: { only: names, never: [] },
});

let dataDir: string;
let store: Store;
let changes: number;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'epicstar-keeper-'));
  store = await openSqliteStore({ dataDir });
  changes = 0;
});
afterEach(async () => {
  await store.close();
  await rm(dataDir, { recursive: true });
});

async function openKeeper(change: Partial<SelectionKeeperParts> = {}): Promise<SelectionKeeper> {
  const onChanged = (): void => {
    changes += 1;
  };
  const keeper = new SelectionKeeper({ ...keeperParts(store), onChanged, ...change });
  await keeper.load();
  return keeper;
}

async function restart(): Promise<SelectionKeeper> {
  await store.close();
  store = await openSqliteStore({ dataDir });
  return openKeeper();
}

/** Sees stars as the watcher does. */
function see(keeper: SelectionKeeper, ...seen: readonly Partial<RepositoryFacts>[]) {
  return store.observeStars(
    seen.map((change) => makeStar(change.githubId ?? 1, change)),
    500,
    (known, { repository }) => dueCause(known, repository),
    (known, { repository, starredAt }) => keeper.select(known, repository, starredAt),
  );
}

const pending = async () => (await store.jobs(['queued', 'waiting'], firstPage)).items.map(({ githubId }) => githubId);
const selectionOf = async (githubId: number) => (await store.repository(githubId))?.selection;

/** Mirrors what is claimed next. */
async function mirrorNext(pushedAt: number): Promise<void> {
  const proof = makeProof({ pushedAt });
  await store.settleJob(await claim(store), { state: 'done', proof }, makeRun('done'));
}

describe('rules', () => {
  it('mirror everything until a person says otherwise, and are kept over restarts', async () => {
    let keeper = await openKeeper();
    expect(await keeper.selectionRules()).toEqual(defaultSelectionRules);
    const rules: SelectionRules = { ...skipForks, askAboveKb: 5_000, topics: { only: ['git'], never: ['x'] } };
    await keeper.saveSelection(rules);
    keeper = await restart();
    expect(await keeper.selectionRules()).toEqual(rules);
  });

  const whole = JSON.stringify(skipForks);
  it.each([
    'null',
    '"text"',
    '[]',
    '7',
    '{}',
    whole.replace('"forks":"skip"', '"forks":"maybe"'),
    whole.replace('"newSince":0', '"newSince":"0"'),
    whole.replace('"askAboveKb":null', '"askAboveKb":"9"'),
    whole.replace('"scope":"all"', '"scope":"some"'),
    whole.replace(/"owners":\{[^}]*\}/, '"owners":{"only":["a",7],"never":[]}'),
    whole.replace(/"lists":\{[^}]*\}/, '"lists":{"only":[]}'),
    whole.replace(/"topics":\{[^}]*\},/, ''),
  ])('that are kept as %s are asked for again, with a warning, and nothing begins before', async (text) => {
    await store.writeValue('selection-rules', text);
    const log = createKeptLog();
    const keeper = await openKeeper({ log });
    expect(await keeper.selectionRules()).toEqual(defaultSelectionRules);
    expect(log.lines).toMatchObject([{ level: 'warn', fields: { key: 'selection-rules' } }]);
    expect(await keeper.isUntouched()).toBe(false);
    expect(keeper.isAwaited).toBe(true);
  });

  it('decide on a star as it is seen, unless a person chose', async () => {
    const keeper = await openKeeper();
    await keeper.saveSelection(skipForks);
    await see(keeper, { githubId: 1, isFork: true }, { githubId: 2 });
    expect(await pending()).toEqual([2]);
    expect(await store.repository(1)).toMatchObject({ selection: 'skip', selectionReason: 'fork' });
    expect(await keeper.choose([1, 2, 99], 'include')).toBe(2);
    await see(keeper, { githubId: 1, isFork: true, description: 'seen again' });
    expect(await store.repository(1)).toMatchObject({ selection: 'mirror', description: 'seen again' });
  });
});

describe('a question that is put off', () => {
  const days = 24 * 3_600_000;
  const asking: SelectionRules = { ...defaultSelectionRules, askAboveKb: 1_000 };

  async function openAsking(clock: ManualClock): Promise<SelectionKeeper> {
    const keeper = await openKeeper({ clock });
    await keeper.saveSelection(asking);
    await see(keeper, { githubId: 1, sizeKb: 2_000 }, { githubId: 2, sizeKb: 2_000 });
    return keeper;
  }

  it('is asked again after 30 days, over restarts', async () => {
    const clock = new ManualClock(1_700_000_000_000);
    await openAsking(clock);
    expect([await selectionOf(1), await selectionOf(2)]).toEqual(['ask', 'ask']);
    // As the command line does, without having been started.
    const unstarted = new SelectionKeeper({ ...keeperParts(store), clock, onChanged: () => undefined });
    expect(await unstarted.choose([1, 99], 'later')).toBe(1);
    expect(await store.repository(1)).toMatchObject({
      choice: null,
      selection: 'skip',
      selectionReason: 'later: asked again on 2023-12-14',
    });
    const keeper = await openKeeper({ clock });
    await clock.advance(29 * days);
    await keeper.askAgain();
    await see(keeper, { githubId: 1, sizeKb: 2_900 });
    expect([await selectionOf(1), await selectionOf(2)]).toEqual(['skip', 'ask']);
    await clock.advance(days);
    await keeper.askAgain();
    expect(await selectionOf(1)).toBe('ask');
    expect(await store.readValue('put-off-questions')).toBeNull();
  });

  it('is asked again once it has grown by half, and never after a word', async () => {
    const clock = new ManualClock(1_700_000_000_000);
    const keeper = await openAsking(clock);
    await keeper.choose([1, 2], 'later');
    await see(keeper, { githubId: 1, sizeKb: 3_001 });
    expect(await selectionOf(1)).toBe('ask');
    await keeper.choose([2], 'exclude');
    await clock.advance(31 * days);
    await keeper.askAgain();
    expect(await store.repository(2)).toMatchObject({ selection: 'skip', choice: 'exclude' });
    await keeper.choose([1], 'include');
    expect(await pending()).toEqual([1]);
  });

  it('that cannot be read is asked', async () => {
    const clock = new ManualClock(1_700_000_000_000);
    await openAsking(clock);
    await store.writeValue('put-off-questions', '[[1,{"at":"x"}],7,[2]]');
    const keeper = await openKeeper({ clock });
    await see(keeper, { githubId: 1, sizeKb: 2_000 });
    expect(await selectionOf(1)).toBe('ask');
  });
});

describe('a selection that is awaited', () => {
  it('holds work over restarts until rules are saved, and then never again', async () => {
    let keeper = await openKeeper();
    expect(await keeper.isUntouched()).toBe(true);
    expect(keeper.isAwaited).toBe(false);
    await keeper.awaitSelection();
    await keeper.awaitSelection();
    expect([keeper.isAwaited, keeper.needsLists, await keeper.awaitsSelection()]).toEqual([true, true, true]);
    keeper = await restart();
    expect(keeper.isAwaited).toBe(true);
    let wasAwaited: boolean | null = null;
    keeper = await openKeeper({
      onChanged: () => {
        wasAwaited = keeper.isAwaited;
      },
    });
    await keeper.saveSelection(defaultSelectionRules);
    // Whoever hears of the change may begin to work.
    expect(wasAwaited).toBe(false);
    expect([keeper.isAwaited, keeper.needsLists, await keeper.isUntouched()]).toEqual([false, false, false]);
    keeper = await restart();
    await keeper.awaitSelection();
    expect(keeper.isAwaited).toBe(false);
  });

  it('is not awaited where something was mirrored before', async () => {
    const keeper = await openKeeper();
    await see(keeper, { githubId: 1 });
    expect(await keeper.isUntouched()).toBe(true);
    await mirrorNext(1_001);
    expect(await keeper.isUntouched()).toBe(false);
    await keeper.awaitSelection();
    expect(keeper.isAwaited).toBe(false);
  });

  it('that a crash left awaited beside saved rules is still awaited: nothing began that nobody chose', async () => {
    let keeper = await openKeeper();
    await keeper.awaitSelection();
    await store.writeValue('selection-rules', JSON.stringify(skipForks));
    keeper = await restart();
    expect(keeper.isAwaited).toBe(true);
    expect(await keeper.selectionRules()).toEqual(skipForks);
    await keeper.saveSelection(skipForks);
    expect((await restart()).isAwaited).toBe(false);
  });
});

describe('saving rules', () => {
  it('cancels what waits to be done of what is not wanted any more, and asks for what is wanted now', async () => {
    const keeper = await openKeeper();
    await see(keeper, { githubId: 1, isFork: true }, { githubId: 2 }, { githubId: 3, isArchived: true });
    expect(await pending()).toEqual([1, 2, 3]);
    await keeper.saveSelection(skipForks);
    expect(await pending()).toEqual([2, 3]);
    await keeper.saveSelection({ ...defaultSelectionRules, archived: 'skip' });
    expect(new Set(await pending())).toEqual(new Set([1, 2]));
    expect(changes).toBe(2);
    expect(await selectionOf(3)).toBe('skip');
  });

  it('asks for nothing that left the starred list, and for what was not followed in between', async () => {
    const keeper = await openKeeper();
    await see(keeper, { githubId: 1, pushedAt: 100 });
    await mirrorNext(100);
    await see(keeper, { githubId: 2 }, { githubId: 3, pushedAt: 100 });
    await mirrorNext(1_002);
    await mirrorNext(100);
    await keeper.saveSelection({ ...defaultSelectionRules, owners: { only: ['owner1', 'owner2'], never: [] } });
    await store.markAbsent(new Set([1, 3]), 600);
    await keeper.saveSelection({ ...defaultSelectionRules, scope: 'new-only', newSince: 1e15 });
    expect(await pending()).toEqual([]);
    await keeper.saveSelection(defaultSelectionRules);
    expect(new Set(await pending())).toEqual(new Set([1, 3]));
    expect(await selectionOf(2)).toBe('mirror');
    expect((await store.jobs(['queued'], firstPage)).items.map(({ cause }) => cause)).toEqual(['pushed', 'pushed']);
  });

  it('tells what is mirrored now as a preview would', async () => {
    const keeper = await openKeeper({ disk: keeperParts(store, 7_000).disk });
    await see(
      keeper,
      { githubId: 1, isFork: true, sizeKb: 10, language: null, fullName: 'b/one' },
      { githubId: 2, sizeKb: 30, topics: ['git'], fullName: 'a/two' },
      { githubId: 3, sizeKb: 5_000, fullName: 'a/three' },
    );
    const rules = { ...skipForks, askAboveKb: 1_000 };
    const preview = await keeper.previewSelection(rules);
    expect(await selectionOf(1)).toBe('mirror');
    expect(await keeper.saveSelection(rules)).toEqual(preview);
    expect(preview).toEqual({
      repositories: 3,
      mirror: { count: 1, sizeKb: 30 },
      skip: { count: 1, sizeKb: 10 },
      ask: { count: 1, sizeKb: 5_000 },
      largest: [{ githubId: 2, fullName: 'a/two', sizeKb: 30 }],
      freeBytesHere: 7_000,
      freeBytesAtTarget: expect.toBeOneOf([null, expect.any(Number)]),
      choices: {
        owners: [
          { value: 'a', count: 2 },
          { value: 'b', count: 1 },
        ],
        languages: [
          { value: 'TypeScript', count: 2 },
          { value: '', count: 1 },
        ],
        topics: [
          { value: 'git', count: 3 },
          { value: 'mirror', count: 2 },
        ],
        lists: null,
      },
    });
  });
});

describe('what a person excluded', () => {
  it('is neither mirrored after a push nor swept, until it is chosen again', async () => {
    const keeper = await openKeeper();
    const clock = new ManualClock(10_000_000_000);
    await see(keeper, { githubId: 1, pushedAt: 100 }, { githubId: 2, pushedAt: 100 });
    await mirrorNext(100);
    await mirrorNext(100);
    await keeper.choose([1], 'exclude');
    await see(keeper, { githubId: 1, pushedAt: 200 });
    expect(await pending()).toEqual([]);
    const sweeper = new Sweeper({
      store,
      clock,
      log: createKeptLog(),
      periodMs: 3_600_000,
      isHeld: () => false,
      onJobs: () => undefined,
    });
    sweeper.start();
    await clock.advance(3_600_000);
    sweeper.stop();
    expect(await pending()).toEqual([2]);
    await keeper.choose([1], null);
    expect(new Set(await pending())).toEqual(new Set([1, 2]));
    expect(await store.repository(1)).toMatchObject({ choice: null, selection: 'mirror' });
  });
});

describe('GitHub Lists', () => {
  const list = (name: string, ...githubIds: readonly number[]) => ({ name, githubIds });

  it('decide anew when a repository moves between them, and are kept over restarts', async () => {
    let keeper = await openKeeper();
    await see(keeper, { githubId: 1 }, { githubId: 2 });
    await keeper.learnLists([list('Later', 1), list('never', 2)]);
    await keeper.saveSelection(only('later'));
    expect(keeper.needsLists).toBe(true);
    expect(await pending()).toEqual([1]);
    keeper = await restart();
    await see(keeper, { githubId: 1 }, { githubId: 2 });
    expect(await pending()).toEqual([1]);
    await keeper.learnLists([list('Later', 2), list('never', 1)]);
    expect(await pending()).toEqual([2]);
    // That they cannot be read any more says nothing about what is on them.
    await keeper.learnLists(null);
    expect(await pending()).toEqual([2]);
    expect((await keeper.previewSelection(defaultSelectionRules)).choices.lists).toHaveLength(2);
  });

  it('change nothing where no rule names them, but are shown', async () => {
    const keeper = await openKeeper();
    await see(keeper, { githubId: 1 });
    await keeper.learnLists([list('a', 1, 2), list('b')]);
    expect(changes).toBe(1);
    await keeper.learnLists([list('a', 1, 2), list('b')]);
    expect(changes).toBe(1);
    expect(await pending()).toEqual([1]);
    expect((await keeper.previewSelection(only('b'))).skip.count).toBe(1);
    expect((await keeper.previewSelection(only('a'))).choices.lists).toEqual([
      { value: 'a', count: 2 },
      { value: 'b', count: 0 },
    ]);
  });

  it('are learnt again after a crash before their decisions were taken', async () => {
    let keeper = await openKeeper();
    await see(keeper, { githubId: 1 });
    await keeper.saveSelection(only('a'));
    const apply = store.applySelection.bind(store);
    store.applySelection = () => Promise.reject(new Error('the power is gone'));
    await expect(keeper.learnLists([list('a', 1)])).rejects.toThrow('the power is gone');
    store.applySelection = apply;
    keeper = await restart();
    await keeper.learnLists([list('a', 1)]);
    expect(await pending()).toEqual([1]);
  });

  it.each(['null', '{}', '[7]', '[{"name":7,"githubIds":[]}]', '[{"name":"a"}]'])(
    'that are kept as %s are not known, with a warning',
    async (text) => {
      await store.writeValue('github-lists', text);
      const log = createKeptLog();
      const keeper = await openKeeper({ log });
      expect((await keeper.previewSelection(defaultSelectionRules)).choices.lists).toBeNull();
      expect(log.lines).toMatchObject([{ level: 'warn', fields: { key: 'github-lists' } }]);
    },
  );
});
