/** @file Finding the mirrors of a target: once by itself, again when asked, and what is left alone. */
import { beforeEach, describe, expect, it } from 'vitest';
import { MirrorFinder } from '../../../src-main/engine/core/mirror-finder.ts';
import { emptyReport } from '../../../src-main/engine/domain/job.ts';
import { EpicstarError } from '../../../src-main/engine/domain/errors.ts';
import type { HeldMirror, HeldMirrors } from '../../../src-main/engine/ports/mirror-target.ts';
import type { Store } from '../../../src-main/engine/ports/store.ts';
import { createMemoryStore } from '../../conformance/memory-store.ts';
import { claim, know, makeProof, makeRun } from '../../conformance/store-samples.ts';
import { createKeptLog } from '../../support/kept-log.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const never = new AbortController().signal;

function held(githubId: number, change: Partial<HeldMirror> = {}): HeldMirror {
  const fullName = `ada/name-${githubId}`;
  const project = { id: String(githubId), path: `github/${fullName}`, webUrl: null };
  const htmlUrl = `https://github.com/${fullName}`;
  return { githubId, fullName, description: null, htmlUrl, isArchived: false, project, copies: [], ...change };
}

describe('the mirrors that a target holds', () => {
  let store: Store;
  let clock: ManualClock;
  let log: ReturnType<typeof createKeptLog>;
  let answer: () => Promise<HeldMirrors>;
  let lists: number;
  let archived: number[];
  let foundTimes: number;
  /** Id of a project that is there and not below the root. */
  let elsewhere: string | null;
  let isHeld: boolean;

  beforeEach(() => {
    store = createMemoryStore();
    clock = new ManualClock();
    log = createKeptLog();
    lists = 0;
    archived = [];
    foundTimes = 0;
    elsewhere = null;
    isHeld = false;
    answer = () => Promise.resolve({ mirrors: [held(1), held(2)], unreadable: [] });
  });

  async function finderAt(place = 'onedev here', kind: 'onedev' | 'none' = 'onedev'): Promise<MirrorFinder> {
    const finder = new MirrorFinder({
      store,
      clock,
      log,
      place,
      github: { host: 'github.com' },
      target: {
        kind,
        address: 'https://onedev.example',
        whereIs: (project) => Promise.resolve(project.id === elsewhere ? project : null),
        list: () => {
          lists += 1;
          return answer();
        },
      },
      isHeld: () => isHeld,
      archive: async (githubIds) => {
        archived.push(...githubIds);
      },
      onFound: () => {
        foundTimes += 1;
      },
    });
    await finder.load();
    return finder;
  }

  async function byItself(finder: MirrorFinder): Promise<void> {
    finder.refresh();
    await finder.settled();
  }

  it('are found once for each place, also over a restart, and the history begins there', async () => {
    const finder = await finderAt();
    expect(await finder.rebuilt()).toBeNull();
    await byItself(finder);
    await byItself(finder);
    expect(lists).toBe(1);
    expect(foundTimes).toBe(1);
    const rebuilt = { at: clock.now(), mirrors: 2, address: 'https://onedev.example' };
    expect(await finder.rebuilt()).toEqual(rebuilt);
    const next = await finderAt();
    await byItself(next);
    expect(lists).toBe(1);
    expect(await next.rebuilt()).toEqual(rebuilt);
    await clock.advance(1_000);
    const elsewhere = await finderAt('onedev there');
    await byItself(elsewhere);
    expect(lists).toBe(2);
  });

  it('are no beginning where something was done before, or where there are none', async () => {
    await know(store, 1);
    await store.requestJob({ githubId: 1, cause: 'user' }, 1_000, true);
    await store.settleJob(await claim(store), { state: 'done', proof: makeProof() }, makeRun('done'));
    const finder = await finderAt();
    await byItself(finder);
    expect(await finder.rebuilt()).toBeNull();
    store = createMemoryStore();
    answer = () => Promise.resolve({ mirrors: [], unreadable: [] });
    const empty = await finderAt();
    await byItself(empty);
    expect(await empty.rebuilt()).toBeNull();
  });

  it('are no beginning where all of them were made here, before the target could be listed', async () => {
    answer = () => Promise.reject(new EpicstarError('target-unavailable', ''));
    await byItself(await finderAt());
    await know(store, 1, 2);
    await store.requestJob({ githubId: 1, cause: 'user' }, 1_000, true);
    const report = { ...emptyReport, created: 3 };
    const proof = makeProof({ projectId: '1' });
    await store.settleJob(await claim(store), { state: 'done', proof }, makeRun('done', { report }));
    await store.requestJob({ githubId: 2, cause: 'user' }, 1_000, true);
    await claim(store);
    answer = () => Promise.resolve({ mirrors: [held(1), held(2)], unreadable: [] });
    const next = await finderAt();
    await byItself(next);
    expect(lists).toBe(2);
    expect(await next.rebuilt()).toBeNull();
  });

  it('are a beginning still where a crash cut the first finding, though something was done since', async () => {
    const first = await finderAt();
    answer = () => Promise.reject(new EpicstarError('target-unavailable', ''));
    await byItself(first);
    await know(store, 1);
    await store.requestJob({ githubId: 1, cause: 'user' }, 1_000, true);
    await store.settleJob(await claim(store), { state: 'done', proof: makeProof() }, makeRun('done'));
    answer = () => Promise.resolve({ mirrors: [held(1), held(2)], unreadable: [] });
    const next = await finderAt();
    await byItself(next);
    expect(await next.rebuilt()).toMatchObject({ mirrors: 2 });
  });

  it('are asked for again a minute after the target was away, and that is told once', async () => {
    answer = () => Promise.reject(new EpicstarError('target-unavailable', 'it is away'));
    const finder = await finderAt();
    await byItself(finder);
    await byItself(finder);
    expect(lists).toBe(1);
    await clock.advance(60_000);
    await byItself(finder);
    expect(lists).toBe(2);
    expect(log.lines.filter(({ message }) => message.includes('could not be listed'))).toHaveLength(1);
    await clock.advance(60_000);
    answer = () => Promise.resolve({ mirrors: [held(1)], unreadable: [] });
    await byItself(finder);
    expect((await store.repository(1))?.mirror?.projectId).toBe('1');
  });

  it('are not asked for while everything is held, or without a target', async () => {
    isHeld = true;
    await byItself(await finderAt());
    isHeld = false;
    await byItself(await finderAt('none', 'none'));
    expect(lists).toBe(0);
  });

  it('do not take the place of a known one that is still there', async () => {
    await know(store, 1);
    await store.requestJob({ githubId: 1, cause: 'user' }, 1_000, true);
    await store.settleJob(
      await claim(store),
      { state: 'done', proof: makeProof({ projectId: '77' }) },
      makeRun('done'),
    );
    elsewhere = '77';
    const finder = await finderAt();
    expect(await finder.find(never)).toMatchObject({ entered: 1, placed: 0 });
    expect((await store.repository(1))?.mirror?.projectId).toBe('77');
    elsewhere = null;
    expect(await finder.find(never)).toMatchObject({ placed: 1 });
    expect((await store.repository(1))?.mirror?.projectId).toBe('1');
  });

  it('of another GitHub are left alone: their ids mean other repositories', async () => {
    const strange = [
      held(3, { htmlUrl: 'https://ghe.example/ada/name-3' }),
      held(4, { htmlUrl: '-' }),
      held(5, { htmlUrl: 'https://github.com.evil.example/ada/name-5' }),
    ];
    answer = () => Promise.resolve({ mirrors: [held(1), ...strange], unreadable: ['a sentence'] });
    const report = await (await finderAt()).find(never);
    expect(report).toMatchObject({ found: 1, entered: 1, ofOtherGithub: 3, unreadable: ['a sentence'] });
    expect((await store.allRepositories()).map(({ githubId }) => githubId)).toEqual([1]);
  });

  it('tell whoever asks first what was found at the start, and look anew after that', async () => {
    const finder = await finderAt();
    finder.refresh();
    expect(await finder.find(never)).toMatchObject({ found: 2, entered: 2 });
    expect(lists).toBe(1);
    expect(await finder.find(never)).toMatchObject({ found: 2, entered: 0, placed: 0, moved: 0 });
    expect(lists).toBe(2);
  });

  it('are entered all, more than go at once, and those of the archive are put away once', async () => {
    const many = Array.from({ length: 450 }, (_, index) => held(index + 1, { isArchived: index % 100 === 0 }));
    answer = () => Promise.resolve({ mirrors: many, unreadable: [] });
    const finder = await finderAt();
    expect(await finder.find(never)).toMatchObject({ found: 450, entered: 450 });
    expect(archived).toEqual([1, 101, 201, 301, 401]);
  });

  it('that two projects claim are named', async () => {
    const copies = [{ id: '77', path: 'github/eve/copy', webUrl: null }];
    answer = () => Promise.resolve({ mirrors: [held(1, { copies })], unreadable: [] });
    const { copies: named } = await (await finderAt()).find(never);
    expect(named).toEqual([
      "ada/name-1 (id 1): 'github/ada/name-1' is taken; 'github/eve/copy' say the same of themselves.",
    ]);
  });
});
