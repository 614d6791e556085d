/** @file What the settings of work change in the running program: how much at once, how long, how much disk. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { generateLarge } from '../playground/repositories/index.ts';
import { Gate, startFront } from '../support/front.ts';
import { type EnvironmentChange, type Installation, Stage } from '../support/stage.ts';
import { waitUntil } from '../support/wait.ts';

const isPush = /\/git-receive-pack$/;
const isFetch = /\/git-upload-pack$/;

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.start(4);
});
afterEach(() => stage.github.faults.clear());
afterAll(() => stage.close());

async function syncThrough(
  side: 'github' | 'onedev',
  gate: Gate,
  on: Stage,
  change: EnvironmentChange,
): Promise<Installation> {
  const installation = await on.install(change);
  const front = await startFront({ behindUrl: side === 'github' ? on.github.url : installation.onedev.url, gate });
  const address: EnvironmentChange =
    side === 'github' ? { EPICSTAR_GITHUB_API_URL: `${front.url}/api/v3` } : { EPICSTAR_ONEDEV_URL: front.url };
  try {
    expect(await installation.run(['sync'], address)).toMatchObject({ exitCode: 0, stderr: '' });
    return installation;
  } finally {
    await front.close();
  }
}

async function bytesBelow(dir: string): Promise<number> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

describe('settings of work', () => {
  it.each([1, 3])('concurrency: %i fetches at once', async (concurrency) => {
    const gate = new Gate(isFetch, concurrency);
    await syncThrough('github', gate, stage, { EPICSTAR_CONCURRENCY: String(concurrency) });
    expect(gate.passed).toBeGreaterThanOrEqual(4);
    expect(gate.most).toBe(concurrency);
  });

  it.each([1, 3])('pushConcurrency: %i small pushes at once', async (pushConcurrency) => {
    const gate = new Gate(isPush, pushConcurrency);
    await syncThrough('onedev', gate, stage, { EPICSTAR_PUSH_CONCURRENCY: String(pushConcurrency) });
    expect(gate.passed).toBeGreaterThanOrEqual(4);
    expect(gate.most).toBe(pushConcurrency);
  });

  it('smallPushMb and cacheLimit: what a large push is, and how much is kept on disk', async (context) => {
    const large = await Stage.start(0);
    context.onTestFinished(() => large.close());
    const generated = await generateLarge(join(large.dir, 'upstream'), 2);
    large.add(generated);
    large.add({ ...generated, fullName: 'large/other' });

    const [together, alone] = [new Gate(isPush, 2), new Gate(isPush, 1)];
    const [usual, other] = await Promise.all([
      syncThrough('onedev', together, large, {}),
      syncThrough('onedev', alone, large, { EPICSTAR_SMALL_PUSH_MB: '1', EPICSTAR_CACHE_LIMIT: '3MB' }),
    ]);
    expect(together.most).toBe(2);
    expect(alone.passed).toBe(2);
    expect(alone.most).toBe(1);

    expect(await bytesBelow(join(usual.dataDir, 'cache'))).toBeGreaterThan(4e6);
    const kept = await bytesBelow(join(other.dataDir, 'cache'));
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
