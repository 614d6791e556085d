/** @file Mirrors by GitHub Lists: what is asked of a target, when, and what a refusal of one means for the others. */
import { beforeEach, describe, expect, it } from 'vitest';
import { ListArranger } from '../../../src-main/engine/core/list-arranger.ts';
import { EpicstarError } from '../../../src-main/engine/domain/errors.ts';
import type { ListUse } from '../../../src-main/engine/domain/lists.ts';
import { createUnsetTarget } from '../../../src-main/engine/adapters/system/unset-target.ts';
import type { MirrorTarget, TargetProject } from '../../../src-main/engine/ports/mirror-target.ts';
import type { Store } from '../../../src-main/engine/ports/store.ts';
import { createMemoryStore } from '../../conformance/memory-store.ts';
import { claim, know, makeProof, makeRun } from '../../conformance/store-samples.ts';
import { createKeptLog, type KeptLog } from '../../support/kept-log.ts';
import { ManualClock, settle } from '../../support/manual-clock.ts';

const minuteMs = 60_000;

describe('mirrors by Lists', () => {
  let store: Store;
  let clock: ManualClock;
  let log: KeptLog;
  let lists: Map<number, readonly string[]> | null;
  let isHeld: boolean;
  let jobs: number;
  let set: [string, readonly string[]][];
  let isThere: boolean;
  let refuse: (project: TargetProject, names: readonly string[]) => EpicstarError | null;

  beforeEach(async () => {
    store = createMemoryStore();
    clock = new ManualClock();
    log = createKeptLog();
    lists = new Map();
    isHeld = false;
    jobs = 0;
    set = [];
    refuse = () => null;
    isThere = true;
    await know(store, 1, 2, 3);
    for (const githubId of [1, 2, 3]) {
      await store.requestJob({ githubId, cause: 'user' }, 1, false);
      const proof = makeProof({ projectId: `p${githubId}`, projectPath: `github/owner/${githubId}` });
      await store.settleJob(await claim(store), { state: 'done', proof }, makeRun('done'));
    }
  });

  function arranger(use: ListUse): ListArranger {
    const target: MirrorTarget = {
      ...createUnsetTarget(),
      holdsLists: true,
      labels: {
        set: (project, names) => {
          const refusal = refuse(project, names);
          if (refusal !== null) return Promise.reject(refusal);
          set.push([project.id, names]);
          return Promise.resolve(isThere);
        },
        check: () => Promise.resolve({ name: 'labels', state: 'ok', finding: '', nextStep: null }),
      },
    };
    return new ListArranger({
      store,
      target,
      clock,
      log,
      use,
      listsOf: (githubId) => (lists === null ? null : (lists.get(githubId) ?? [])),
      isHeld: () => isHeld,
      onJobs: () => {
        jobs += 1;
      },
    });
  }
  const warnings = (): number => log.lines.filter(({ level }) => level === 'warn').length;

  it('get their labels once, and again only where Lists changed', async () => {
    lists = new Map([
      [1, ['art', 'web']],
      [3, ['art']],
    ]);
    const one = arranger('labels');
    one.refresh();
    await one.settled();
    expect(set).toEqual([
      ['p1', ['art', 'web']],
      ['p3', ['art']],
    ]);
    one.refresh();
    one.listsChanged();
    await one.settled();
    expect(set).toHaveLength(2);
    lists = new Map([[1, ['web']]]);
    // Also after a restart.
    const other = arranger('labels');
    other.refresh();
    await other.settled();
    expect(set.slice(2)).toEqual([
      ['p1', ['web']],
      ['p3', []],
    ]);
    expect([...(await store.listMarks()).keys()]).toEqual([1]);
  });

  it('are not kept from theirs by a name that the target does not take', async () => {
    lists = new Map([
      [1, ['bad']],
      [2, ['good']],
      [3, ['good']],
    ]);
    refuse = (_project, names) => (names.includes('bad') ? new EpicstarError('target-unexpected', 'no') : null);
    const one = arranger('labels');
    one.refresh();
    await one.settled();
    expect(set.map(([id]) => id)).toEqual(['p2', 'p3']);
    expect(warnings()).toBe(1);
    one.refresh();
    await one.settled();
    expect(set).toHaveLength(2);
    await clock.advance(minuteMs);
    refuse = () => null;
    one.refresh();
    await one.settled();
    expect(set.slice(2)).toEqual([['p1', ['bad']]]);
  });

  it('wait an hour for a right that is missing, and one question tells of it', async () => {
    lists = new Map([
      [1, ['art']],
      [2, ['art']],
    ]);
    let asked = 0;
    refuse = () => {
      asked += 1;
      return new EpicstarError('target-right-missing', '');
    };
    const one = arranger('labels');
    for (let look = 0; look < 59; look += 1) {
      one.refresh();
      await one.settled();
      await clock.advance(minuteMs);
    }
    expect([asked, warnings()]).toEqual([1, 1]);
    await clock.advance(minuteMs);
    one.refresh();
    await one.settled();
    expect([asked, warnings()]).toEqual([2, 1]);
  });

  it('are left alone while work is held, or nobody knows of any List', async () => {
    lists = null;
    const one = arranger('parents');
    one.refresh();
    await one.settled();
    await store.markList(2, { place: 'art' });
    expect(jobs).toBe(0);
    lists = new Map([[1, ['art']]]);
    isHeld = true;
    one.listsChanged();
    await settle();
    expect(jobs).toBe(0);
    isHeld = false;
    one.refresh();
    await one.settled();
    expect(jobs).toBe(1);
  });

  it('are asked to move where they stand wrong, once', async () => {
    lists = new Map([[1, ['web', 'Art']]]);
    await store.markList(2, { place: 'web' });
    const one = arranger('parents');
    expect([1, 2, 3].map((githubId) => one.placeOf(githubId))).toEqual(['Art', null, null]);
    one.refresh();
    await one.settled();
    const { items } = await store.jobs(['queued'], { offset: 0, limit: 10 });
    expect(items.map(({ githubId, cause }) => [githubId, cause])).toEqual([
      [1, 'renamed'],
      [2, 'renamed'],
    ]);
    await one.placed(1, 'Art', false);
    await one.placed(2, null, false);
    expect(await store.listMarks()).toEqual(new Map([[1, { place: 'Art', labels: [] }]]));
    one.listsChanged();
    await one.settled();
    expect(jobs).toBe(1);
  });

  it('get their labels again where the project was made anew, and none are noted where it is another’s', async () => {
    lists = new Map([[1, ['art']]]);
    const one = arranger('labels');
    isThere = false;
    one.refresh();
    await one.settled();
    expect(await store.listMarks()).toEqual(new Map());
    isThere = true;
    for (const isNew of [false, true]) {
      one.listsChanged();
      await one.settled();
      await one.placed(1, null, isNew);
    }
    one.mirrorChanged(1);
    await one.settled();
    expect(set.map(([id]) => id)).toEqual(['p1', 'p1', 'p1']);
  });

  it('cost nothing where Lists are not used', async () => {
    lists = new Map([[1, ['web']]]);
    const one = arranger('off');
    one.refresh();
    await one.settled();
    expect([one.placeOf(1), set, jobs]).toEqual([null, [], 0]);
  });
});
