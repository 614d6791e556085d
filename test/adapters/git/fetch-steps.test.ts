/** @file A first fetch in steps over real HTTP: what comes, what a cut costs, and that nothing half is ever seen. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Git, GitCache } from '../../../src-main/engine/ports/git.ts';
import { runGit } from '../../playground/repositories/index.ts';
import { commits, GitBench, openEmpty, quietCall } from './git-bench.ts';

const count = 400;
const bytesEach = 2_000;
/** A fifth of all. */
const stepBytes = (count * bytesEach) / 5;

let bench: GitBench;
let git: Git;
let cache: GitCache;
let taken: number[];

beforeEach(async () => {
  bench = await GitBench.start();
  await bench.repository('source', (stream) => {
    const main = commits(stream, 'refs/heads/main', count, bytesEach);
    commits(stream, 'refs/heads/side', 30, bytesEach, main);
    commits(stream, 'refs/heads/orphan', 30, bytesEach);
    stream.annotatedTag('v1', ':9', 'one');
    stream.ref('refs/pull/1/head', main);
    commits(stream, 'refs/tags/alone', 3, bytesEach);
  });
  git = bench.git();
  cache = await openEmpty(git);
  taken = [];
});
afterEach(() => bench.stop());

const steps = (bytes = stepBytes) => ({ bytes, onStep: (step: number) => void taken.push(step) });
const fetchInSteps = () => git.fetch(cache, bench.remote('source'), quietCall(), steps());
const sent = (): number => bench.requests.reduce((sum, { bytesOut }) => sum + bytesOut, 0);

const expectWhole = async (): Promise<void> => {
  const source = (await runGit(bench.bare('source'), ['for-each-ref', 'refs/heads', 'refs/tags'])).trim();
  expect((await runGit(cache.dir, ['for-each-ref'])).trim()).toBe(source);
  expect(await runGit(cache.dir, ['fsck', '--connectivity-only', '--no-dangling'])).toBe('');
  expect(existsSync(join(cache.dir, 'shallow'))).toBe(false);
  expect(existsSync(join(cache.dir, 'partial'))).toBe(false);
};

/** The connection ends after so many bytes of all answers together. */
const cutAfter = (bytes: number): void => {
  bench.onArrival = () => {
    bench.faults = { cutAfterResponseBytes: Math.max(0, bytes - sent()) };
  };
};

describe('a first fetch in steps', () => {
  test('brings all branches and tags, for about as many bytes as at once', async () => {
    const { bytesReceived } = await fetchInSteps();
    await expectWhole();
    expect(taken).toEqual(Array.from(taken, (_, index) => index + 1));
    expect(taken.length).toBeGreaterThan(5);
    const inSteps = sent();
    expect(Math.abs(bytesReceived - inSteps)).toBeLessThan(inSteps * 0.1);
    bench.requests.length = 0;
    const other = bench.git();
    await other.fetch(await openEmpty(other), bench.remote('source'), quietCall());
    expect(inSteps).toBeLessThan(sent() * 1.1);
    // The next one is a fetch like any other.
    taken = [];
    await fetchInSteps();
    expect(taken).toEqual([]);
  });

  test('that is cut at four fifths goes on from there, also in another process, and loses one step', async () => {
    await fetchInSteps();
    const whole = sent();
    bench.requests.length = 0;
    git = bench.git();
    cache = await openEmpty(git);
    cutAfter(whole * 0.8);
    await expect(fetchInSteps()).rejects.toMatchObject({ code: 'git-network' });
    // Nothing of it can be taken for a mirror.
    expect(await git.localRefs(cache, quietCall())).toEqual(new Map());
    expect(await runGit(cache.dir, ['count-objects'])).toBe('0 objects, 0 kilobytes\n');
    const { isNew } = await git.openCache(1);
    expect(isNew).toBe(false);
    const [listed] = await git.listCaches();
    expect(listed?.bytes).toBeGreaterThan(whole * 0.4);

    bench.onArrival = () => undefined;
    bench.faults = {};
    await fetchInSteps();
    await expectWhole();
    expect(sent()).toBeLessThan(whole + stepBytes * 1.3);
  });

  test('survives an upstream that rewrote its history after the cut', async () => {
    cutAfter(count * bytesEach * 0.5);
    await expect(fetchInSteps()).rejects.toMatchObject({ code: 'git-network' });
    bench.onArrival = () => undefined;
    bench.faults = {};
    await runGit(bench.bare('source'), ['update-ref', 'refs/heads/main', 'refs/heads/orphan']);
    await runGit(bench.bare('source'), ['update-ref', '-d', 'refs/heads/side']);
    await fetchInSteps();
    await expectWhole();
  });

  test('goes at once where HEAD dangles, and where the server has no part of its history itself', async () => {
    await runGit(bench.bare('source'), ['symbolic-ref', 'HEAD', 'refs/heads/gone']);
    await fetchInSteps();
    await expectWhole();
    await runGit(bench.bare('source'), ['symbolic-ref', 'HEAD', 'refs/heads/main']);
    const edge = await bench.tip('source', 'refs/heads/main~20');
    await writeFile(join(bench.bare('source'), 'shallow'), `${edge}\n`);
    await runGit(bench.bare('source'), ['update-ref', '-d', 'refs/tags/v1']);
    git = bench.git();
    cache = await openEmpty(git);
    await fetchInSteps();
    expect(await bench.tip('source', 'refs/heads/main')).toBe(
      (await git.localRefs(cache, quietCall())).get('refs/heads/main'),
    );
    expect(existsSync(join(cache.dir, 'partial'))).toBe(false);
  });

  test('goes at once where the server refuses to shorten a history', async () => {
    let refused = 0;
    bench.answer = (pathname, request) => {
      delete request.headers['git-protocol'];
      if (!pathname.endsWith('upload-pack') || taken.length !== 1 || refused > 0) return null;
      refused += 1;
      request.resume();
      const words = 'ERR shallow requests are not served';
      const body = `${(words.length + 4).toString(16).padStart(4, '0')}${words}`;
      return { status: 200, headers: { 'content-type': 'application/x-git-upload-pack-result' }, body };
    };
    await fetchInSteps();
    expect(refused).toBe(1);
    await expectWhole();
  });

  test('ends when it is told to, and a smaller setting or none starts anew at once', async () => {
    const controller = new AbortController();
    const fetching = git.fetch(
      cache,
      bench.remote('source'),
      { signal: controller.signal },
      {
        bytes: stepBytes,
        onStep: (step) => {
          if (step === 3) controller.abort();
        },
      },
    );
    await expect(fetching).rejects.toMatchObject({ code: 'cancelled' });
    expect(await bench.running()).toEqual([]);
    expect(existsSync(join(cache.dir, 'partial'))).toBe(true);
    await git.fetch(cache, bench.remote('source'), quietCall());
    await expectWhole();
  });
});
