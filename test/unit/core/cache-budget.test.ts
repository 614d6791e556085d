import { beforeEach, describe, expect, it } from 'vitest';
import { CacheBudget } from '../../../src-main/engine/core/cache-budget.ts';
import { EpicstarError } from '../../../src-main/engine/domain/errors.ts';
import type { Git } from '../../../src-main/engine/ports/git.ts';
import { createKeptLog, type KeptLog } from '../../support/kept-log.ts';
import { settle } from '../../support/manual-clock.ts';

/** Caches on a disk that is only told of. */
class Disk {
  readonly caches = new Map<number, { bytes: number; usedAt: number }>();
  readonly removed: number[] = [];
  lists = 0;
  tidied = 0;
  /** Removals that wait for it. */
  gate: Promise<void> = Promise.resolve();
  stuck = new Set<number>();

  get bytes(): number {
    return [...this.caches.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  git(): Git {
    const git: Pick<Git, 'listCaches' | 'removeCache' | 'removeCutFetches'> = {
      listCaches: async () => {
        this.lists += 1;
        return [...this.caches].map(([key, cache]) => ({ key, ...cache }));
      },
      removeCutFetches: async () => {
        this.tidied += 1;
      },
      removeCache: async (key) => {
        await this.gate;
        if (this.stuck.has(key)) throw new EpicstarError('git-failed', 'in use');
        this.removed.push(key);
        this.caches.delete(key);
      },
    };
    return git as Git;
  }
}

describe("the caches' budget", () => {
  let disk: Disk;
  let log: KeptLog;
  let budget: CacheBudget;
  let now = 0;

  beforeEach(() => {
    disk = new Disk();
    log = createKeptLog();
    budget = new CacheBudget({ git: disk.git(), log, limitBytes: 100 });
    now = 1_000;
  });

  const work = async (key: number, bytes: number | null): Promise<void> => {
    await budget.begin(key);
    now += 1;
    if (bytes !== null) disk.caches.set(key, { bytes, usedAt: now });
    await budget.end(key, bytes, now);
  };

  it('is kept after every job: the least recently needed goes first', async () => {
    for (const key of [1, 2, 3, 4]) await work(key, 25);
    await work(1, 25);
    expect(disk.removed).toEqual([]);
    await work(5, 40);
    expect(disk.removed).toEqual([2, 3]);
    expect(disk.bytes).toBeLessThanOrEqual(100);
  });

  it('counts what was there before the start, once', async () => {
    disk.caches.set(7, { bytes: 60, usedAt: 5 });
    disk.caches.set(8, { bytes: 30, usedAt: 4 });
    await work(1, 20);
    expect(disk.removed).toEqual([8]);
    await work(2, 50);
    expect(disk.removed).toEqual([8, 7]);
    expect(disk.lists).toBe(1);
  });

  it('never touches a cache in work, whatever that takes, and drops it once its turn comes', async () => {
    disk.caches.set(1, { bytes: 90, usedAt: 1 });
    await budget.begin(1);
    await work(2, 90);
    // The one in work stays, so the one that just ended has to go.
    expect(disk.removed).toEqual([2]);
    await budget.end(1, 150, now);
    expect(disk.removed).toEqual([2, 1]);
  });

  it('has a cache that grew in the count', async () => {
    await work(1, 10);
    await work(2, 10);
    await work(1, 95);
    expect(disk.removed).toEqual([2]);
  });

  it('is kept from the start on, such as where it was made smaller', async () => {
    for (const key of [1, 2, 3]) disk.caches.set(key, { bytes: 50, usedAt: key });
    await budget.start();
    await budget.settled();
    expect(disk.removed).toEqual([1]);
    expect([disk.tidied, disk.lists]).toEqual([1, 1]);
    await work(4, 20);
    expect(disk.removed).toEqual([1, 2]);
  });

  it('tells what a cache would push out, and what cannot stay pushes out nothing', async () => {
    for (const key of [1, 2, 3]) disk.caches.set(key, { bytes: 30, usedAt: key });
    await budget.begin(2);
    expect(await budget.costOf(9, 10)).toEqual({ caches: 0, bytes: 0, stays: true });
    expect(await budget.costOf(9, 11)).toEqual({ caches: 1, bytes: 30, stays: true });
    expect(await budget.costOf(9, 60)).toEqual({ caches: 2, bytes: 60, stays: true });
    expect(await budget.costOf(9, 101)).toEqual({ caches: 0, bytes: 0, stays: false });
    await budget.end(2, 30, 4_000);
    await work(9, 101);
    expect(disk.removed).toEqual([9]);
  });

  it('counts nothing of a job that touched no cache', async () => {
    await work(1, 90);
    await work(2, null);
    expect(disk.removed).toEqual([]);
  });

  it('makes a job wait that wants a cache which is being dropped', async () => {
    await work(1, 60);
    const gate = Promise.withResolvers<void>();
    disk.gate = gate.promise;
    const ending = work(2, 60);
    await settle();
    let hasBegun = false;
    const beginning = budget.begin(1).then(() => {
      hasBegun = true;
    });
    await settle();
    expect(hasBegun).toBe(false);
    gate.resolve();
    await Promise.all([ending, beginning]);
    expect(disk.removed).toEqual([1]);
  });

  it('goes on with the next where one cannot be removed, and tries that again later', async () => {
    await work(1, 40);
    await work(2, 40);
    disk.stuck = new Set([1]);
    await work(3, 40);
    expect(disk.removed).toEqual([2]);
    expect(log.lines.map(({ level }) => level)).toEqual(['warn', 'info']);
    disk.stuck.clear();
    await work(4, 30);
    expect(disk.removed).toEqual([2, 1]);
  });

  it('is kept by many jobs at once', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, index) => work(index + 1, 1 + (index % 17))));
    expect(disk.bytes).toBeLessThanOrEqual(100);
    expect(new Set(disk.removed).size).toBe(disk.removed.length);
  });
});
