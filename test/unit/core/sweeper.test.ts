import { beforeEach, describe, expect, it } from 'vitest';
import { Sweeper } from '../../../src-main/engine/core/sweeper.ts';
import { EpicstarError } from '../../../src-main/engine/domain/errors.ts';
import { noExtras } from '../../../src-main/engine/domain/extras.ts';
import { emptyReport } from '../../../src-main/engine/domain/job.ts';
import type { Settlement, Store } from '../../../src-main/engine/ports/store.ts';
import { createMemoryStore } from '../../conformance/memory-store.ts';
import { star } from '../../support/facts.ts';
import { createKeptLog, type KeptLog } from '../../support/kept-log.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const hour = 3_600_000;
const day = 24 * hour;

describe('the sweep', () => {
  let clock: ManualClock;
  let store: Store;
  let log: KeptLog;
  let isHeld: boolean;
  let kicks: number;
  let sweeper: Sweeper;

  beforeEach(() => {
    clock = new ManualClock();
    store = createMemoryStore();
    log = createKeptLog();
    isHeld = false;
    kicks = 0;
    sweeper = new Sweeper({
      store,
      clock,
      log,
      periodMs: 7 * day,
      isHeld: () => isHeld,
      onJobs: () => {
        kicks += 1;
      },
    });
  });

  const observe = (count: number): Promise<unknown> =>
    store.observeStars(
      Array.from({ length: count }, (_, index) =>
        star(index + 1, { githubId: index + 1, fullName: `a/r${index + 1}` }),
      ),
      clock.now(),
      () => 'new-star',
    );
  const settleNext = async (settlementOf: (githubId: number) => Settlement): Promise<number | null> => {
    const at = clock.now();
    const job = await store.claimNextJob(at, true);
    if (job === null) return null;
    const settlement = settlementOf(job.githubId);
    const outcome = settlement.state === 'waiting' ? 'retry' : settlement.state;
    const run = { startedAt: at, finishedAt: at, outcome, report: emptyReport, error: null } as const;
    await store.settleJob(job.id, settlement, run);
    return job.githubId;
  };
  const doneNow = (githubId: number): Settlement => ({
    state: 'done',
    proof: {
      projectId: String(githubId),
      projectPath: 'p',
      projectUrl: null,
      fullName: `a/r${githubId}`,
      defaultBranch: null,
      pushedAt: 1,
      verifiedAt: clock.now(),
      refCount: 0,
      cacheBytes: 0,
    },
  });
  const failedNow = (): Settlement => ({ state: 'failed', error: new EpicstarError('github-gone', '').toRecord() });
  const workOff = async (settlementOf = doneNow): Promise<readonly number[]> => {
    const ids: number[] = [];
    for (let id = await settleNext(settlementOf); id !== null; id = await settleNext(settlementOf)) ids.push(id);
    return ids;
  };

  it('asks for what was compared longest ago, once its period is over, and for nothing else', async () => {
    await observe(3);
    for (let index = 0; index < 3; index += 1) {
      await settleNext(doneNow);
      await clock.advance(day);
    }
    await clock.advance(4 * day - 1);
    expect(await sweeper.sweep()).toBe(0);
    await clock.advance(1);
    expect(await sweeper.sweep()).toBe(1);
    expect(await workOff()).toEqual([1]);
    await clock.advance(2 * day);
    expect(await sweeper.sweep()).toBe(2);
    expect((await store.jobs(['queued'], { offset: 0, limit: 9 })).items.map(({ cause }) => cause)).toEqual([
      'sweep',
      'sweep',
    ]);
    expect(await sweeper.sweep()).toBe(0);
  });

  it('is no burst: in an hour it asks for twice the share of an hour at most, and gets round in its period', async () => {
    await observe(840);
    await workOff();
    sweeper.start();
    await clock.advance(7 * day);
    const compared = new Set(await workOff());
    let most = compared.size;
    for (let hours = 1; hours < 7 * 24; hours += 1) {
      await clock.advance(hour);
      const ids = await workOff();
      most = Math.max(most, ids.length);
      for (const id of ids) compared.add(id);
    }
    // 840 in 168 hours are 5 an hour.
    expect(most).toBeLessThanOrEqual(10);
    expect(compared.size).toBe(840);
    sweeper.stop();
  });

  it('tries what failed again after a day, but not what left the list', async () => {
    await observe(3);
    await workOff(failedNow);
    await store.markAbsent(new Set([1, 3]), clock.now());
    await clock.advance(day - 1);
    expect(await sweeper.sweep()).toBe(0);
    await clock.advance(1);
    expect(await sweeper.sweep()).toBe(2);
    expect(await workOff()).toEqual([1, 3]);
  });

  it('goes every hour, not while it is held, and not after a stop', async () => {
    await observe(1);
    await workOff();
    isHeld = true;
    sweeper.start();
    await clock.advance(8 * day);
    expect(kicks).toBe(0);
    isHeld = false;
    await clock.advance(hour);
    expect(kicks).toBe(1);
    await workOff();
    sweeper.stop();
    await clock.advance(30 * day);
    expect(kicks).toBe(1);
    expect(clock.pending).toBe(0);
  });

  it('goes on after a sweep that failed', async () => {
    await observe(1);
    await workOff();
    await clock.advance(8 * day);
    const { repositories } = store;
    store.repositories = () => Promise.reject(new EpicstarError('disk-full', ''));
    sweeper.start();
    await clock.advance(hour);
    expect(log.lines.map(({ level }) => level)).toEqual(['error']);
    store.repositories = repositories.bind(store);
    await clock.advance(hour);
    expect(kicks).toBe(1);
  });

  it('asks for what lacks LFS files or its wiki once that is due', async () => {
    await observe(2);
    while ((await settleNext(doneNow)) !== null) continue;
    await store.writeExtras(1, { ...noExtras, retryAt: clock.now() + hour }, []);
    await store.writeExtras(2, { ...noExtras, retryAt: null }, []);
    expect(await sweeper.sweep()).toBe(0);
    await clock.advance(hour);
    expect(await sweeper.sweep()).toBe(1);
    expect((await store.claimNextJob(clock.now(), true))?.githubId).toBe(1);
  });
});
