/** @file Where a history can be cut: sizes, order, branches, what cannot be cut; over a real repository. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Git, GitCache } from '../../../src-main/engine/ports/git.ts';
import { runGit } from '../../playground/repositories/index.ts';
import { commits, GitBench, openEmpty, quietCall } from './git-bench.ts';

let bench: GitBench;
let git: Git;

beforeEach(async () => {
  bench = await GitBench.start();
  git = bench.git();
});
afterEach(() => bench.stop());

const fetched = async (): Promise<{ readonly cache: GitCache; readonly tips: readonly string[] }> => {
  const cache = await openEmpty(git);
  await git.fetch(cache, bench.remote('source'), quietCall());
  return { cache, tips: [...(await git.localRefs(cache, quietCall())).values()] };
};

const reach = async (cache: GitCache, tips: readonly string[], without: readonly string[] = []) =>
  new Set(
    (await runGit(cache.dir, ['rev-list', '--objects', '--no-object-names', ...tips, '--not', ...without]))
      .split('\n')
      .filter((line) => line !== ''),
  );

describe('cutHistory', () => {
  test('pieces are below the limit, each leads on from the one before, and together they are all', async () => {
    await bench.repository('source', (stream) => {
      const main = commits(stream, 'refs/heads/main', 40, 3_000);
      const side = commits(stream, 'refs/heads/side', 20, 3_000, main);
      stream.commit({ ref: 'refs/heads/main', message: 'merge', files: { x: 'x' }, from: main, merge: side });
      commits(stream, 'refs/heads/orphan', 10, 3_000);
      stream.annotatedTag('v1', main, 'one');
    });
    const { cache, tips } = await fetched();
    const points = await git.cutHistory(cache, tips, [], 20_000, quietCall());
    expect(points.length).toBeGreaterThan(9);
    let gone: ReadonlySet<string> = new Set();
    for (const { bytes, tips: upTo } of points) {
      expect(bytes).toBeLessThanOrEqual(20_000);
      const next = await reach(cache, upTo);
      expect(next.size).toBeGreaterThan(gone.size);
      expect([...gone].filter((oid) => !next.has(oid))).toEqual([]);
      gone = next;
    }
    const tag = await bench.tip('source', 'refs/tags/v1');
    expect(new Set([...gone, tag])).toEqual(await reach(cache, tips));
    const all = points.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(all).toBe(await git.bytesOnlyIn(cache, tips, [], quietCall()));
  });

  test('what the other side has is no part of it, and costs two processes', async () => {
    await bench.repository('source', (stream) => void commits(stream, 'refs/heads/main', 30, 3_000));
    const { cache, tips } = await fetched();
    const have = await bench.tip('source', 'refs/heads/main~10');
    const before = git.processCount();
    const points = await git.cutHistory(cache, tips, [have], 10_000, quietCall());
    expect(git.processCount() - before).toBe(2);
    const bytes = points.reduce((sum, point) => sum + point.bytes, 0);
    expect(bytes).toBe(await git.bytesOnlyIn(cache, tips, [have], quietCall()));
    expect(points.at(-1)?.tips).toEqual(tips);
    expect(await git.cutHistory(cache, tips, tips, 10_000, quietCall())).toEqual([]);
  });

  test('a commit that is too large stands alone', async () => {
    await bench.repository('source', (stream) => {
      const small = commits(stream, 'refs/heads/main', 5, 1_000);
      const large = commits(stream, 'refs/heads/main', 1, 100_000, small);
      commits(stream, 'refs/heads/main', 5, 1_000, large);
    });
    const { cache, tips } = await fetched();
    const points = await git.cutHistory(cache, tips, [], 20_000, quietCall());
    const large = points.filter(({ bytes }) => bytes > 20_000);
    expect(large).toHaveLength(1);
    expect(points).toHaveLength(3);
    expect(large[0]?.bytes).toBeLessThan(102_000);
  });

  test('ends both processes when it is ended, and rejects where an object is not there', async () => {
    await bench.repository('source', (stream) => void commits(stream, 'refs/heads/main', 3, 1_000));
    const { cache, tips } = await fetched();
    const controller = new AbortController();
    const cut = git.cutHistory(cache, tips, [], 1_000, { signal: controller.signal });
    controller.abort();
    await expect(cut).rejects.toMatchObject({ code: 'cancelled' });
    await expect(git.cutHistory(cache, ['1'.repeat(40)], [], 1_000, quietCall())).rejects.toMatchObject({
      code: 'git-corrupt',
    });
    expect(await bench.running()).toEqual([]);
  });
});
