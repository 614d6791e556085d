/** @file A whole engine while only what a person asks for is mirrored, and over the sleep of the computer. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { QuietReason } from '../../src-main/engine/core/engine-api.ts';
import type { QuietHours } from '../../src-main/engine/domain/quiet.ts';
import { generateSmall } from '../playground/repositories/index.ts';
import { MirrorBench } from '../support/mirror-bench.ts';
import { waitUntil } from '../support/wait.ts';

const looks = { path: '/user/starred' } as const;

/** Quiet for hours around now, or for hours that are far from now. */
function hoursAround(now: number, isQuietNow: boolean): QuietHours {
  const date = new Date(now);
  const minute = date.getHours() * 60 + date.getMinutes() + (isQuietNow ? 0 : 720);
  return { startMinute: (minute + 1_440 - 60) % 1_440, endMinute: (minute + 60) % 1_440 };
}

describe('while only what a person asks for is mirrored', () => {
  let bench: MirrorBench;
  let ids: readonly number[];

  beforeEach(async () => {
    bench = await MirrorBench.start();
    const generated = await generateSmall(`${bench.dir}/upstream`, 3);
    ids = generated.map((one) => bench.github.world.addRepository(one));
    for (const id of ids) bench.github.world.star(id);
  });
  afterEach(() => bench.close());

  const quietNow = async (): Promise<readonly QuietReason[]> => (await bench.engine.overview()).quiet;
  const jobs = async (): Promise<Readonly<Record<string, number>>> => (await bench.engine.overview()).totals.jobs;
  const mirrored = (count: number): Promise<boolean> =>
    waitUntil(`${count} mirrored`, async () => (await jobs())['done'] === count);

  it('stars are seen and wait, a wish is carried out, and the rest follows with one look', async () => {
    await bench.open();
    await bench.engine.setQuiet(['battery', 'metered']);
    await bench.engine.start();
    await waitUntil('the stars are seen', async () => (await jobs())['queued'] === 3);
    expect(await bench.engine.mirrorNow(ids.slice(0, 1))).toBe(0);
    await mirrored(1);
    expect(await jobs()).toMatchObject({ queued: 2, running: 0, done: 1 });
    expect(await quietNow()).toEqual(['battery', 'metered']);
    await bench.engine.setQuiet(['battery']);
    expect(await jobs()).toMatchObject({ queued: 2 });
    bench.github.log.clear();
    await bench.engine.setQuiet([]);
    await mirrored(3);
    await bench.github.log.waitFor(looks);
    await waitUntil('the look is over', async () => !(await bench.engine.overview()).watcher.isLooking);
    expect(bench.github.log.count(looks)).toBeLessThanOrEqual(2);
    expect(bench.runs.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done']);
  });

  it('what a person asks to be tried again is tried', async () => {
    bench.github.faults.add({ kind: 'status', path: '/repositories/*', status: 500, times: 1_000 });
    await bench.open();
    await bench.engine.startOnce();
    await bench.engine.lookNow(false);
    await waitUntil('all wait', async () => (await jobs())['waiting'] === 3);
    await bench.engine.setQuiet(['battery']);
    bench.github.faults.clear();
    expect(await bench.engine.retryFailed()).toBe(3);
    await mirrored(3);
  });

  it('a computer that goes to sleep ends what is under way, gives the attempt back, and wakes to one catch-up', async () => {
    const held = bench.github.faults.add({ match: ({ kind }) => kind === 'git', kind: 'delay', delayMs: 5_000 });
    await bench.open();
    await bench.engine.start();
    await waitUntil('git is asked', () => bench.github.log.count({ kind: 'git' }) > 0);
    await bench.engine.setQuiet(['asleep']);
    expect(await bench.engine.work()).toEqual([]);
    expect(await jobs()).toMatchObject({ running: 0, done: 0 });
    held.remove();
    bench.github.log.clear();
    // Not even what a person asks for: the network is about to go.
    await bench.engine.mirrorNow(ids);
    expect(await bench.engine.work()).toEqual([]);
    expect((await bench.engine.overview()).watcher).toMatchObject({ isLooking: false, nextLookAt: null });
    await bench.engine.setQuiet([]);
    await mirrored(3);
    expect(bench.runs.filter(({ outcome }) => outcome === 'done').map(({ attempt }) => attempt)).toEqual([1, 1, 1]);
  });

  it('quiet hours hold an engine that looks by itself, and not one that is asked to work once', async () => {
    const quietHours = hoursAround(Date.now(), true);
    await bench.open({ quietHours });
    await bench.engine.start();
    await waitUntil('the stars are seen', async () => (await jobs())['queued'] === 3);
    expect(await quietNow()).toEqual(['quiet-hours']);
    await bench.stop();
    await bench.open({ quietHours });
    await bench.engine.startOnce();
    await mirrored(3);
    expect(await quietNow()).toEqual([]);
  });

  it('other hours hold nothing', async () => {
    await bench.open({ quietHours: hoursAround(Date.now(), false) });
    await bench.engine.start();
    await mirrored(3);
    expect(await quietNow()).toEqual([]);
  });
});
