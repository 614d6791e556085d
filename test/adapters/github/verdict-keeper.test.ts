/** @file What the engine finds out about missing repositories, from a GitHub that answers as the real one does. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EpicstarError } from '../../../src-main/engine/domain/errors.ts';
import { VerdictKeeper, type VerdictKeeperParts } from '../../../src-main/engine/core/verdict-keeper.ts';
import type { Store } from '../../../src-main/engine/ports/store.ts';
import { createMemoryStore } from '../../conformance/memory-store.ts';
import { makeProof, makeRun } from '../../conformance/store-samples.ts';
import { type Github as StandIn, startGithub } from '../../playground/github/index.ts';
import { createKeptLog, type KeptLog } from '../../support/kept-log.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { never, type Surroundings, surround } from './surroundings.ts';

const hourMs = 3_600_000;

let standIn: StandIn;
let around: Surroundings;
let store: Store;
let clock: ManualClock;
let log: KeptLog;
let jobs: number;
let changed: number[];
let isHeld: boolean;

beforeEach(async () => {
  standIn = await startGithub();
  around = surround(standIn.apiUrl);
  around.setToken(standIn.addToken());
  store = createMemoryStore();
  clock = new ManualClock();
  log = createKeptLog();
  jobs = 0;
  changed = [];
  isHeld = false;
});
afterEach(async () => {
  await around.close();
  await standIn.close();
  await store.close();
});

function makeKeeper(change: Partial<VerdictKeeperParts> = {}): VerdictKeeper {
  return new VerdictKeeper({
    github: around.github,
    target: { whereIs: (project) => Promise.resolve(project) },
    store,
    clock,
    log,
    followsUnstarred: false,
    isHeld: () => isHeld,
    onChange: (githubIds) => changed.push(...githubIds),
    onJobs: () => {
      jobs += 1;
    },
    ...change,
  });
}

/** Stars, read into the store as a look does. @returns their ids */
async function know(count: number): Promise<readonly [number, ...number[]]> {
  const ids = Array.from({ length: count }, (_, index) => {
    const id = standIn.world.addRepository({ fullName: `ada/engine-${index}` });
    standIn.world.star(id);
    return id;
  });
  await readList();
  const [first, ...others] = ids;
  if (first === undefined) throw new Error('nothing is known');
  return [first, ...others];
}

async function readList(): Promise<void> {
  const { stars } = await around.github.starPage('created', 1, never());
  await store.observeStars(stars, clock.now(), () => null);
}

async function round(keeper: VerdictKeeper): Promise<void> {
  keeper.refresh();
  await keeper.settled();
}

const verdictOf = async (githubId: number) => (await store.repository(githubId))?.verdict ?? null;

describe('what is missing', () => {
  it('is asked about, and certain after an hour', async () => {
    const [unstarred, removed = 0, blocked = 0, hidden = 0, stays = 0] = await know(5);
    standIn.world.unstar(unstarred);
    standIn.world.remove(removed);
    standIn.world.block(blocked, 'dmca');
    standIn.world.hide(hidden);
    await store.markAbsent(new Set([stays]), clock.now());
    const keeper = makeKeeper();
    const before = around.github.requestCount();
    await round(keeper);
    // One question for each, and one more about the star of the one that is there.
    expect(around.github.requestCount() - before).toBe(5);
    expect(await verdictOf(unstarred)).toMatchObject({ kind: 'unstarred', confirmedAt: null });
    expect(await verdictOf(removed)).toMatchObject({ kind: 'gone', confirmedAt: null });
    expect(await verdictOf(blocked)).toMatchObject({
      kind: 'blocked',
      evidence: { reason: 'dmca' },
      confirmedAt: null,
    });
    expect(await verdictOf(hidden)).toMatchObject({ kind: 'gone', confirmedAt: null });
    expect(await verdictOf(stays)).toBeNull();
    expect(changed).toEqual([unstarred, removed, blocked, hidden]);

    await clock.advance(hourMs - 1);
    await round(keeper);
    expect(around.github.requestCount() - before).toBe(5);
    await clock.advance(1);
    await round(keeper);
    expect(around.github.requestCount() - before).toBe(10);
    for (const id of [unstarred, removed, blocked, hidden]) {
      expect((await verdictOf(id))?.confirmedAt).toBe(clock.now());
    }
    expect(jobs).toBe(0);
    await clock.advance(7 * 24 * hourMs);
    await round(keeper);
    expect(around.github.requestCount() - before).toBe(15);
  });

  it('is looked for at the target too, whose trouble spoils no verdict', async () => {
    const [removed, hidden = 0] = await know(2);
    for (const githubId of [removed, hidden]) {
      await store.requestJobs([{ githubId, cause: 'user' }], clock.now());
      const job = await store.claimNextJob(clock.now(), true);
      const proof = makeProof({ projectId: String(githubId), projectPath: `github/ada/${githubId}` });
      await store.settleJob(job?.id ?? 0, { state: 'done', proof }, makeRun('done'));
    }
    standIn.world.remove(removed);
    standIn.world.hide(hidden);
    await store.markAbsent(new Set(), clock.now());
    let asked = 0;
    const away = () => {
      asked += 1;
      return Promise.reject(new EpicstarError('target-unavailable', ''));
    };
    await round(makeKeeper({ target: { whereIs: away } }));
    // It is asked no more than once in a round.
    expect(asked).toBe(1);
    expect(await verdictOf(removed)).toMatchObject({ kind: 'gone' });
    expect(await verdictOf(hidden)).toMatchObject({ kind: 'gone' });
    await clock.advance(hourMs);
    const whereIs: VerdictKeeperParts['target']['whereIs'] = (project) =>
      Promise.resolve(
        project.id === String(hidden) ? null : { ...project, path: 'github/ada/aside', webUrl: 'https://x' },
      );
    await round(makeKeeper({ target: { whereIs } }));
    expect(await store.repository(removed)).toMatchObject({
      mirror: { projectPath: 'github/ada/aside', projectUrl: 'https://x' },
      verdict: { confirmedAt: clock.now() },
    });
    expect(await store.repository(hidden)).toMatchObject({ mirror: { projectPath: `github/ada/${hidden}` } });
  });

  it('is judged anew when something else became of it in between', async () => {
    const [id] = await know(1);
    standIn.world.unstar(id);
    await store.markAbsent(new Set(), clock.now());
    const keeper = makeKeeper();
    await round(keeper);
    standIn.world.remove(id);
    await clock.advance(hourMs);
    await round(keeper);
    expect(await verdictOf(id)).toMatchObject({ kind: 'gone', firstAt: clock.now(), confirmedAt: null });
    await clock.advance(hourMs);
    await round(keeper);
    expect(await verdictOf(id)).toMatchObject({ kind: 'gone', confirmedAt: clock.now() });
  });

  it('with its star on it tells that the list was wrong: no verdict, and the list is read again', async () => {
    const [id, moved = 0] = await know(2);
    standIn.world.rename(moved, 'zoe/engine');
    await store.rememberWatcher({ total: 2 });
    await store.markAbsent(new Set(), clock.now());
    await round(makeKeeper());
    expect(await verdictOf(id)).toBeNull();
    expect(await verdictOf(moved)).toMatchObject({
      kind: 'moved',
      evidence: { fullName: 'zoe/engine', isStarred: true },
    });
    expect((await store.watcherMemory()).total).toBeNull();
    expect(await store.repository(moved)).toMatchObject({ fullName: 'zoe/engine', previousNames: ['ada/engine-1'] });
    await readList();
    expect(await store.repository(moved)).toMatchObject({ absentSince: null, verdict: null });
  });

  it('whose name a stranger took is the one with its id, not the stranger’s', async () => {
    const [id] = await know(1);
    standIn.world.remove(id);
    standIn.world.addRepository({ fullName: 'ada/engine-0' });
    await store.markAbsent(new Set(), clock.now());
    await round(makeKeeper());
    expect(await verdictOf(id)).toMatchObject({ kind: 'gone' });
  });
});

describe('no verdict comes from', () => {
  it.each([
    ['an outage', { kind: 'status', status: 502, times: 99 }],
    ['answers that mean nothing', { kind: 'status', status: 418, times: 99 }],
  ] as const)('%s', async (_words, fault) => {
    const [id, other = 0] = await know(2);
    standIn.world.remove(id);
    standIn.world.remove(other);
    await store.markAbsent(new Set(), clock.now());
    standIn.faults.add({ path: '/repositories/*', ...fault });
    const keeper = makeKeeper();
    await round(keeper);
    expect(await verdictOf(id)).toBeNull();
    expect(await verdictOf(other)).toBeNull();
    expect(changed).toEqual([]);
    standIn.faults.clear();
    await clock.advance(10 * 60_000);
    await round(keeper);
    expect(await verdictOf(id)).toMatchObject({ kind: 'gone' });
    expect(await verdictOf(other)).toMatchObject({ kind: 'gone' });
  });

  it('a token that is not accepted', async () => {
    const [id] = await know(1);
    standIn.world.remove(id);
    await store.markAbsent(new Set(), clock.now());
    around.setToken('gho_nobody0123456789');
    await round(makeKeeper());
    expect(await verdictOf(id)).toBeNull();
  });

  it('a pause, and an end in the middle', async () => {
    const [id] = await know(1);
    standIn.world.remove(id);
    await store.markAbsent(new Set(), clock.now());
    isHeld = true;
    const keeper = makeKeeper();
    const before = around.github.requestCount();
    await round(keeper);
    expect(around.github.requestCount()).toBe(before);
    isHeld = false;
    standIn.faults.add({ path: '/repositories/*', kind: 'delay', delayMs: 30_000 });
    keeper.refresh();
    await keeper.stop();
    expect(await verdictOf(id)).toBeNull();
  });
});

describe('what is in the list and does not answer', () => {
  it('has a verdict while it does not, and is tried again when it does', async () => {
    const [id] = await know(1);
    standIn.world.block(id, 'tos');
    const keeper = makeKeeper();
    await keeper.doubt(id);
    await round(keeper);
    expect(await verdictOf(id)).toMatchObject({ kind: 'blocked', evidence: { reason: 'tos' } });
    await readList();
    expect(await verdictOf(id)).toMatchObject({ kind: 'blocked' });
    standIn.world.unblock(id);
    await clock.advance(hourMs);
    await round(keeper);
    expect(await verdictOf(id)).toBeNull();
    expect(jobs).toBe(1);
    expect(await store.dueExaminations(clock.now() + 99 * hourMs, 10)).toEqual([]);
  });
});

describe('what lost its star', () => {
  async function unstarMirrored(): Promise<number> {
    const [id] = await know(1);
    await store.requestJob({ githubId: id, cause: 'new-star' }, clock.now(), false);
    const job = await store.claimNextJob(clock.now(), true);
    if (job === null) throw new Error('there is no job');
    const pushedAt = (await store.repository(id))?.pushedAt ?? null;
    await store.settleJob(job.id, { state: 'done', proof: makeProof({ pushedAt }) }, makeRun('done'));
    standIn.world.unstar(id);
    await store.markAbsent(new Set(), clock.now());
    return id;
  }

  it('is left as it is', async () => {
    const id = await unstarMirrored();
    const keeper = makeKeeper();
    await round(keeper);
    standIn.world.touch(id);
    await clock.advance(hourMs);
    await round(keeper);
    await clock.advance(24 * hourMs);
    await round(keeper);
    expect(jobs).toBe(0);
  });

  it('is followed where that is wanted: once it is certain, each day, where something was pushed', async () => {
    const id = await unstarMirrored();
    const keeper = makeKeeper({ followsUnstarred: true });
    await round(keeper);
    standIn.world.touch(id);
    expect(jobs).toBe(0);
    await clock.advance(hourMs);
    await round(keeper);
    expect(jobs).toBe(1);
    expect(await store.claimNextJob(clock.now(), true)).toMatchObject({ githubId: id, cause: 'pushed' });
    await clock.advance(23 * hourMs);
    await round(keeper);
    expect(jobs).toBe(1);
  });
});
