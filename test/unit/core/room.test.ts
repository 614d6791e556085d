/** @file Room for what a run fetches and pushes: asked for before, told where it runs out, never tried in vain at once. */
import { beforeEach, describe, expect, it } from 'vitest';
import { Room } from '../../../src-main/engine/core/room.ts';
import { EpicstarError } from '../../../src-main/engine/domain/errors.ts';
import type { RepositoryFacts } from '../../../src-main/engine/domain/repository.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { makeStar } from '../../conformance/store-samples.ts';

const mega = 1024 * 1024;
const minute = 60_000;

describe('room', () => {
  let freeHere: number | null;
  let freeThere: number | null;
  let clock: ManualClock;
  let room: Room;
  let fetched: number;

  beforeEach(() => {
    freeHere = 1_000 * mega;
    freeThere = 1_000 * mega;
    fetched = 0;
    clock = new ManualClock();
    room = new Room({
      disk: { dataDir: '/data', freeBytes: async () => freeHere, writeProblem: async () => null },
      target: { address: '/mirrors', freeBytes: async () => freeThere },
      clock,
    });
  });

  const facts = (githubId: number, megabytes: number): RepositoryFacts =>
    makeStar(githubId, { fullName: `a/r${githubId}`, sizeKb: megabytes * 1_024 }).repository;
  const fetch = (githubId: number, megabytes: number, isNew = true, work = async (): Promise<void> => undefined) =>
    room.fetching(facts(githubId, megabytes), isNew, async () => {
      fetched += 1;
      await work();
    });
  const fillsUp = async (): Promise<never> => {
    throw new EpicstarError('disk-full', 'No space left on device', { data: { output: 'fatal: write error' } });
  };

  it('is asked for before a fetch, by GitHub’s figure where nothing is here yet', async () => {
    await fetch(1, 700);
    const refused = await fetch(1, 800).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 'disk-full',
      detail: 'a/r1 needs about 1056 MB; 1000 MB are free in /data.',
      data: { concernsOne: true, freeBytes: freeHere, neededBytes: 1_056 * mega },
    });
    await fetch(1, 800, false);
    freeHere = 200 * mega;
    await expect(fetch(1, 1, false)).rejects.toMatchObject({ data: { concernsOne: false } });
    freeHere = null;
    await fetch(1, 9_000);
    expect(fetched).toBe(3);
  });

  it('is what others in work leave', async () => {
    const gate = Promise.withResolvers<void>();
    const first = fetch(1, 500, true, () => gate.promise);
    await expect(fetch(2, 500)).rejects.toMatchObject({
      detail: 'a/r2 needs about 756 MB beside 500 MB that are being fetched; 1000 MB are free in /data.',
      data: { concernsOne: true },
    });
    gate.resolve();
    await first;
    await fetch(2, 500);
  });

  it('is not tried again with as little, before a while is over that grows', async () => {
    const tried = (): Promise<unknown> => fetch(1, 1, true, fillsUp).catch((error: unknown) => error);
    expect(await tried()).toMatchObject({
      detail: 'a/r1 did not fit where 1000 MB were free; 1000 MB are free in /data.',
      data: { concernsOne: true, output: 'fatal: write error' },
    });
    expect(await tried()).toMatchObject({ detail: expect.stringContaining('needs about 1001 MB') });
    expect(fetched).toBe(1);
    await clock.advance(31 * minute);
    await tried();
    expect(fetched).toBe(2);
    await clock.advance(31 * minute);
    await tried();
    expect(fetched).toBe(2);
    // With more it is tried at once.
    freeHere = 2_000 * mega;
    await fetch(1, 1);
    freeHere = 1_000 * mega;
    await fetch(1, 1);
    expect(fetched).toBe(4);
  });

  it('at the target is asked for exactly only where it matters', async () => {
    let asked = 0;
    const push = (cacheMegabytes: number, exactMegabytes: number, work = async (): Promise<string> => 'pushed') => {
      const exactBytes = async (): Promise<number> => {
        asked += 1;
        return exactMegabytes * mega;
      };
      return room.pushing('a/b', { cacheBytes: cacheMegabytes * mega, exactBytes }, work);
    };
    expect(await push(700, 700)).toBe('pushed');
    expect(asked).toBe(0);
    expect(await push(5_000, 3)).toBe('pushed');
    expect(asked).toBe(1);
    await expect(push(5_000, 900)).rejects.toMatchObject({
      code: 'target-disk-full',
      detail: 'a/b needs about 1156 MB; 1000 MB are free in /mirrors.',
      data: { concernsOne: true },
    });
    freeThere = null;
    expect(await push(5_000, 900)).toBe('pushed');
    const full = async (): Promise<never> => {
      throw new EpicstarError('target-disk-full', '');
    };
    await expect(push(1, 1, full)).rejects.toMatchObject({
      detail: 'a/b did not fit; /mirrors does not tell how much is free.',
      data: { concernsOne: false },
    });
  });
});
