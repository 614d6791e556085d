/** @file What a person does with single mirrors, where it is cut in the middle or the target is away. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ActJournal } from '../../../src-main/engine/core/act-journal.ts';
import { MirrorActs } from '../../../src-main/engine/core/mirror-acts.ts';
import { NamesInWork } from '../../../src-main/engine/core/names-in-work.ts';
import { RepositoriesInHand } from '../../../src-main/engine/core/repositories-in-hand.ts';
import { type ErrorCode, EpicstarError } from '../../../src-main/engine/domain/errors.ts';
import type { TargetProject } from '../../../src-main/engine/ports/mirror-target.ts';
import type { SelectRepository, Store } from '../../../src-main/engine/ports/store.ts';
import { createMemoryStore } from '../../conformance/memory-store.ts';
import { know, makeProof, makeRun } from '../../conformance/store-samples.ts';
import { createUnsetTarget } from '../../../src-main/engine/adapters/system/unset-target.ts';
import { createKeptLog } from '../../support/kept-log.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const signal = new AbortController().signal;
const select: SelectRepository = ({ archivedAt, choice }) =>
  archivedAt === null && choice !== 'exclude'
    ? { selection: 'mirror', reason: 'chosen by the rules' }
    : { selection: 'skip', reason: 'left out' };

let store: Store;
let clock: ManualClock;
/** Path of the mirror's project; null: it is gone. */
let path: string | null;
/** What the target answers; null: it does as it is asked. */
let trouble: ErrorCode | null;
let removals: number;

const project = (at: string): TargetProject => ({ id: '7', path: at, webUrl: null });

function makeActs(): MirrorActs {
  const answer = (act: () => void): Promise<TargetProject | null> => {
    if (trouble !== null) return Promise.reject(new EpicstarError(trouble, ''));
    if (path !== null) act();
    return Promise.resolve(path === null ? null : project(path));
  };
  return new MirrorActs({
    store,
    clock,
    log: createKeptLog(),
    names: new NamesInWork(),
    inHand: new RepositoriesInHand(),
    target: {
      ...createUnsetTarget(),
      kind: 'folder',
      whereIs: () => answer(() => undefined),
      archiveProject: () => answer(() => (path = 'archive/one')),
      bringBackProject: () => answer(() => (path = 'home/one')),
      removeProject: async () => {
        removals += 1;
        const found = await answer(() => undefined);
        path = null;
        return found !== null;
      },
    },
    archive: async (ids, at) => {
      await store.archiveRepositories(ids, at, clock.now(), select, () => null);
    },
    choose: (ids, choice) => store.chooseRepositories(ids, choice, clock.now(), select, () => null),
    endJobsOf: () => Promise.resolve(),
    dropCache: () => Promise.resolve(),
    onChange: () => undefined,
  });
}

async function goOn(): Promise<void> {
  const acts = makeActs();
  acts.refresh();
  await acts.settled();
}

const row = () => store.repository(1);
const wish = (typedName: string) => [{ githubId: 1, typedName }];

beforeEach(async () => {
  store = createMemoryStore();
  clock = new ManualClock();
  path = 'home/one';
  trouble = null;
  removals = 0;
  await know(store, 1, 2);
  await store.requestJobs([{ githubId: 1, cause: 'user' }], clock.now());
  const job = await store.claimNextJob(clock.now(), true);
  const proof = makeProof({ projectId: '7', projectPath: 'home/one' });
  await store.settleJob(job?.id ?? 0, { state: 'done', proof }, makeRun('done'));
});
afterEach(() => store.close());

describe('a mirror that is put away', () => {
  it('while the target is away is moved as soon as it answers', async () => {
    trouble = 'target-unavailable';
    const [report] = await makeActs().archive([1], signal);
    expect(report).toMatchObject({ state: 'later', error: { code: 'target-unavailable' } });
    expect(await row()).toMatchObject({
      archivedAt: clock.now(),
      selection: 'skip',
      mirror: { projectPath: 'home/one' },
    });
    await goOn();
    expect(path).toBe('home/one');
    trouble = null;
    await goOn();
    expect(path).toBe('archive/one');
    expect(await row()).toMatchObject({ mirror: { projectPath: 'archive/one' } });
    expect(await new ActJournal(store).open()).toEqual([]);
  });

  it('and cannot be moved is not put away', async () => {
    trouble = 'target-right-missing';
    expect(await makeActs().archive([1], signal)).toMatchObject([{ state: 'failed' }]);
    expect(await row()).toMatchObject({ archivedAt: null, selection: 'mirror' });
    expect(await new ActJournal(store).open()).toEqual([]);
  });

  it('and brought back before the target answered ends where the last word put it', async () => {
    trouble = 'target-starting';
    const acts = makeActs();
    await acts.archive([1], signal);
    await acts.bringBack([1], signal);
    trouble = null;
    await goOn();
    expect(path).toBe('home/one');
    expect(await row()).toMatchObject({ archivedAt: null, mirror: { projectPath: 'home/one' } });
  });
});

describe('a mirror that is deleted', () => {
  it('is not for any other name, nor one of several, nor for an id that is not known', async () => {
    const acts = makeActs();
    const fullName = (await row())?.fullName ?? '';
    for (const wishes of [
      wish(''),
      wish('yes'),
      wish(`${fullName}x`),
      [...wish(fullName), { githubId: 2, typedName: '' }],
    ]) {
      await expect(acts.delete(wishes, signal)).rejects.toMatchObject({ code: 'config-invalid' });
    }
    await expect(acts.delete([{ githubId: 9, typedName: 'a/b' }], signal)).rejects.toMatchObject({
      code: 'config-invalid',
    });
    const many = Array.from({ length: 21 }, (_, index) => ({ githubId: index + 1, typedName: fullName }));
    await expect(acts.delete(many, signal)).rejects.toThrow(/At most 20/);
    expect(removals).toBe(0);
    expect(await row()).toMatchObject({ mirror: { projectId: '7' }, choice: null });
  });

  it('is forgotten, left out, and noted', async () => {
    const fullName = (await row())?.fullName ?? '';
    expect(await makeActs().delete(wish(` ${fullName.toUpperCase()} `), signal)).toMatchObject([{ state: 'done' }]);
    expect(await row()).toMatchObject({ mirror: null, choice: 'exclude' });
    expect(await makeActs().done()).toEqual([{ at: clock.now(), githubId: 1, fullName, kind: 'deleted' }]);
  });

  it.each([
    ['was done after all is forgotten', null, { mirror: null, choice: 'exclude' }],
    [
      'was not done is as before, and nobody tries again',
      'home/one',
      { mirror: { projectId: '7' }, choice: 'include' },
    ],
  ] as const)('without an answer of the target, and %s', async (_words, left, expected) => {
    await store.chooseRepositories([1], 'include', clock.now(), select, () => null);
    const fullName = (await row())?.fullName ?? '';
    trouble = 'target-unavailable';
    expect(await makeActs().delete(wish(fullName), signal)).toMatchObject([{ state: 'later' }]);
    expect(await row()).toMatchObject({ choice: 'exclude', selection: 'skip' });
    await goOn();
    expect(await row()).toMatchObject({ choice: 'exclude', mirror: { projectId: '7' } });
    trouble = null;
    path = left;
    await goOn();
    expect(await row()).toMatchObject(expected);
    expect(removals).toBe(1);
    expect(await new ActJournal(store).open()).toEqual([]);
  });

  it('while it was still on its way into the archive goes there, where it was not done', async () => {
    trouble = 'target-unavailable';
    const fullName = (await row())?.fullName ?? '';
    const acts = makeActs();
    await acts.archive([1], signal);
    await acts.delete(wish(fullName), signal);
    trouble = null;
    await goOn();
    expect(path).toBe('archive/one');
    expect(await row()).toMatchObject({ archivedAt: clock.now(), mirror: { projectPath: 'archive/one' } });
    expect(removals).toBe(1);
  });

  it('and is refused by the target for good is as before', async () => {
    trouble = 'target-name-clash';
    const fullName = (await row())?.fullName ?? '';
    expect(await makeActs().delete(wish(fullName), signal)).toMatchObject([{ state: 'failed' }]);
    expect(await row()).toMatchObject({ mirror: { projectId: '7' }, choice: null, selection: 'mirror' });
  });
});

describe('the journal', () => {
  it('takes what it cannot read for nothing', async () => {
    for (const text of ['"x"', '{}', '[1, {"githubId": "1"}, {"githubId": 1, "kind": "other"}]']) {
      await store.writeValue('open-mirror-acts', text);
      await store.writeValue('mirror-acts', text);
      expect(await new ActJournal(store).open()).toEqual([]);
      expect(await new ActJournal(store).done()).toEqual([]);
    }
  });
});
