/** @file What the settings of work change in the running program: how much at once, how long, how much disk. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { generateLarge } from '../playground/repositories/index.ts';
import { mostAtOnce, type Span } from '../support/overlap.ts';
import { type EnvironmentChange, type Installation, Stage } from '../support/stage.ts';
import { waitUntil } from '../support/wait.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.start(5);
});
afterEach(() => stage.github.faults.clear());
afterAll(() => stage.close());

/** Pushes to OneDev that carry packs. */
function pushesTo({ onedev }: Installation): readonly Span[] {
  return onedev.log
    .find({ method: 'POST', path: /\/git-receive-pack$/ })
    .map(({ at, durationMs }) => ({ startMs: at, endMs: at + durationMs }));
}

async function syncWithSlowPushes(on: Stage, change: EnvironmentChange, delayMs: number): Promise<readonly Span[]> {
  const installation = await on.install(change);
  installation.onedev.faults.add({ method: 'POST', path: /\/git-receive-pack$/, fault: { delayMs } });
  expect(await installation.run(['sync'])).toMatchObject({ exitCode: 0, stderr: '' });
  return pushesTo(installation);
}

async function bytesBelow(dir: string): Promise<number> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

describe('settings of work', () => {
  it.each([1, 3])('concurrency: %i fetches at once', async (concurrency) => {
    const installation = await stage.install({ EPICSTAR_CONCURRENCY: String(concurrency) });
    const isFetch = ({ path }: { readonly path: string }): boolean => path.endsWith('/git-upload-pack');
    let begun = 0;
    let running = 0;
    let most = 0;
    const count = (): void => {
      begun += 1;
      running += 1;
      most = Math.max(most, running);
    };
    stage.github.faults.add({ kind: 'run', match: isFetch, run: count });
    stage.github.faults.add({ kind: 'delay', match: isFetch, delayMs: 250 });
    const stop = stage.github.log.subscribe(({ path }) => {
      if (isFetch({ path })) running -= 1;
    });
    expect(await installation.run(['sync'])).toMatchObject({ exitCode: 0 });
    stop();
    expect(begun).toBeGreaterThanOrEqual(5);
    expect(most).toBe(concurrency);
  });

  it('pushConcurrency: small pushes one after another, or some at once', async () => {
    const [alone, together] = await Promise.all([
      syncWithSlowPushes(stage, { EPICSTAR_PUSH_CONCURRENCY: '1' }, 250),
      syncWithSlowPushes(stage, { EPICSTAR_PUSH_CONCURRENCY: '4' }, 600),
    ]);
    expect(alone.length).toBeGreaterThanOrEqual(5);
    expect(mostAtOnce(alone)).toBe(1);
    expect(mostAtOnce(together)).toBeGreaterThan(1);
    expect(mostAtOnce(together)).toBeLessThanOrEqual(4);
  });

  it('smallPushMb and cacheLimit: what a large push is, and how much is kept on disk', async (context) => {
    const large = await Stage.start(0);
    context.onTestFinished(() => large.close());
    const generated = await generateLarge(join(large.dir, 'upstream'), 2);
    large.add(generated);
    large.add({ ...generated, fullName: 'large/other' });

    const together = await syncWithSlowPushes(large, {}, 1_500);
    expect(mostAtOnce(together)).toBe(2);
    const alone = await syncWithSlowPushes(large, { EPICSTAR_SMALL_PUSH_MB: '1' }, 200);
    expect(alone).toHaveLength(2);
    expect(mostAtOnce(alone)).toBe(1);

    const [roomy, tight] = [await large.install(), await large.install({ EPICSTAR_CACHE_LIMIT: '3MB' })];
    expect(await roomy.run(['sync'])).toMatchObject({ exitCode: 0 });
    expect(await tight.run(['sync'])).toMatchObject({ exitCode: 0 });
    expect(await bytesBelow(join(roomy.dataDir, 'cache'))).toBeGreaterThan(4e6);
    const kept = await bytesBelow(join(tight.dataDir, 'cache'));
    expect(kept).toBeGreaterThan(2e6);
    expect(kept).toBeLessThan(3e6);
  });

  it('stallMinutes: a git that is silent for so long is ended, no sooner', async (context) => {
    if (process.platform === 'win32') context.skip('signals to processes are needed');
    const only = stage.star(0);
    const args = ['sync', '--only', only.fullName];
    const path = `/${only.fullName}.git/git-upload-pack`;
    const stall = stage.github.faults.add({ kind: 'stall', path, match: () => stall.hits < 2 });
    const lapse = { TIME_LAPSE_MS: '61000' };
    const patient = await stage.install({ ...lapse, EPICSTAR_STALL_MINUTES: '2' });
    const impatient = await stage.install({ ...lapse, EPICSTAR_STALL_MINUTES: '1' });

    const first = patient.start(args);
    await waitUntil('a fetch that stalls', () => stall.hits === 1);
    await first.lapse();
    const second = impatient.start(args);
    await waitUntil('another fetch that stalls', () => stall.hits === 2);
    await second.lapse();
    await second.waitFor(/^retry +owner-0\/small-0: git received nothing for too long\. Nothing came for 60 s\.$/m);
    expect(first.stdout).toBe('');
    await first.lapse();
    await first.waitFor(/^retry +owner-0\/small-0: git received nothing for too long\. Nothing came for 120 s\.$/m);
    // The next attempt is not held up any more.
    expect((await second.ended).exitCode).toBe(0);
    expect((await first.ended).exitCode).toBe(0);
  });
});
