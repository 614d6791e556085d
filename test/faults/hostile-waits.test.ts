/** @file Nothing waits for what is over: pauses, networks, sign-ins and full disks that end while jobs are still ending. */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EpicstarError } from '../../src-main/engine/domain/errors.ts';
import { createBare, generateSmall, runGit } from '../playground/repositories/index.ts';
import { MirrorBench } from '../support/mirror-bench.ts';
import { waitUntil } from '../support/wait.ts';

describe('a job that is ended for what is over meanwhile', () => {
  let bench: MirrorBench;
  let ids: readonly number[];

  beforeEach(async () => {
    bench = await MirrorBench.start();
    const generated = await generateSmall(`${bench.dir}/upstream`, 3);
    ids = generated.map((one) => {
      const id = bench.github.world.addRepository(one);
      bench.github.world.star(id);
      return id;
    });
    await bench.open();
    await bench.engine.startOnce();
  });

  afterEach(() => bench.close());

  const stateOf = async (index: number): Promise<string> => (await bench.row(ids[index] ?? 0)).state;
  const holdGit = (): { remove(): void } =>
    bench.github.faults.add({ match: ({ kind }) => kind === 'git', kind: 'delay', delayMs: 5_000 });
  const allMirrored = async (): Promise<void> => {
    await waitUntil('all are mirrored', async () => (await bench.engine.overview()).totals.jobs.done === 3);
  };

  it('goes on where the pause was ended before the jobs were', async () => {
    const held = holdGit();
    await bench.engine.lookNow(false);
    await waitUntil('git is asked', () => bench.github.log.count({ kind: 'git' }) > 0);
    held.remove();
    await Promise.all([bench.engine.pause(null), bench.engine.resume()]);
    await allMirrored();
    expect((await bench.engine.overview()).pause).toBeNull();
  });

  it('goes on where the network was back before the jobs had ended', async () => {
    const held = holdGit();
    await bench.engine.lookNow(false);
    await waitUntil('git is asked', () => bench.github.log.count({ kind: 'git' }) > 0);
    held.remove();
    bench.setOnline(false);
    bench.setOnline(true);
    await allMirrored();
    expect(bench.runs.some(({ outcome }) => outcome === 'waiting')).toBe(true);
  });

  it('is tried again where GitHub refused a good token for a moment, once a look shows that it is good', async () => {
    bench.github.faults.add({ kind: 'status', path: '/repositories/*', status: 401, times: 3 });
    await bench.engine.lookNow(false);
    await waitUntil('refused', async () => (await bench.engine.overview()).totals.jobs.waiting > 0);
    bench.github.faults.clear();
    await bench.engine.lookNow(false);
    await allMirrored();
    expect((await bench.engine.overview()).troubles).toEqual([]);
  });

  it('is recorded once the disk has room again', async () => {
    const { store } = bench;
    const settle = store.settleJob.bind(store);
    let refusals = 0;
    store.settleJob = (...args) => {
      refusals += 1;
      return refusals === 1 ? Promise.reject(new EpicstarError('disk-full', 'No room.')) : settle(...args);
    };
    await bench.engine.lookNow(false);
    await allMirrored();
    expect(await Promise.all([0, 1, 2].map(stateOf))).toEqual(['mirrored', 'mirrored', 'mirrored']);
    expect(bench.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  it('is done, though a cache that has to go cannot be removed', async () => {
    await bench.stop();
    await bench.open({ cacheLimitBytes: 0 });
    bench.git.removeCache = () => Promise.reject(new EpicstarError('git-failed', 'EBUSY'));
    await bench.engine.startOnce();
    await bench.engine.lookNow(false);
    await allMirrored();
    expect(bench.runs.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done']);
  });

  it('does not keep two who ask for all pages from getting one look', async () => {
    bench.github.faults.add({ path: '/user/starred', kind: 'delay', delayMs: 200, times: 1 });
    const quick = bench.engine.lookNow(false);
    const [one, other] = await Promise.all([bench.engine.lookNow(true), bench.engine.lookNow(true), quick]);
    expect(one).toBe(other);
    await allMirrored();
  });

  it('is let go by a stop, though its end cannot be recorded', async () => {
    bench.store.settleJob = () => Promise.reject(new EpicstarError('disk-full', 'No room.'));
    await bench.engine.lookNow(false);
    await waitUntil('recorded in vain', () => bench.lines.some(({ level }) => level === 'error'));
    const before = performance.now();
    await bench.stop();
    expect(performance.now() - before).toBeLessThan(9_000);
    await bench.sync();
    await allMirrored();
  });
});

describe('a mirror run', () => {
  let bench: MirrorBench;
  let upstream: string;
  let id: number;

  beforeEach(async () => {
    bench = await MirrorBench.start();
    upstream = `${bench.dir}/upstream.git`;
    await mkdir(dirname(upstream), { recursive: true });
    createBare(upstream, 'main');
  });

  afterEach(() => bench.close());

  const commit = async (text: string, ...refs: readonly string[]): Promise<string> => {
    const tree = (await runGit(upstream, ['hash-object', '-w', '-t', 'tree', '/dev/null'])).trim();
    const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
    const oid = (await runGit(upstream, [...identity, 'commit-tree', tree, '-m', text])).trim();
    await runGit(upstream, ['update-ref', '--stdin'], [refs.map((ref) => `update ${ref} ${oid}\n`).join('')]);
    return oid;
  };
  const refsOf = async (dir: string, prefix: string): Promise<readonly string[]> => {
    const text = await runGit(dir, ['for-each-ref', '--format=%(refname) %(objectname)', prefix]);
    return text.split('\n').filter((line) => line !== '');
  };
  const mirror = async (): Promise<void> => {
    await bench.engine.mirrorNow([id]);
    await bench.engine.drained(1_000);
  };
  const begin = async (...refs: readonly string[]): Promise<void> => {
    await commit('first', ...refs);
    id = bench.github.world.addRepository({ fullName: 'ada/engine', bareDir: upstream });
    bench.github.world.star(id);
    await bench.sync();
    expect((await bench.row(id)).state).toBe('mirrored');
  };

  it('mirrors all but the branch that the server protects, names it, and keeps its old tips once', async () => {
    await begin('refs/heads/main', 'refs/heads/topic');
    const project = bench.onedev.world.findByPath('github/ada/engine');
    if (project === undefined) throw new Error('no project');
    project.setting = {
      ...project.setting,
      branchProtections: [{ enabled: true, branches: 'main', userMatch: 'anyone', preventForcedPush: true }],
    };
    const oid = await commit('second', 'refs/heads/main', 'refs/heads/topic', 'refs/heads/new', 'refs/tags/v1');
    await mirror();
    await mirror();
    const { job } = await bench.row(id);
    expect(job).toMatchObject({ state: 'waiting', waitReason: 'retry', error: { code: 'git-push-rejected' } });
    expect(job?.error?.message).toContain('refs/heads/main: ');
    const there = await refsOf(bench.mirrorDir('ada/engine'), 'refs');
    for (const ref of ['refs/heads/topic', 'refs/heads/new', 'refs/tags/v1']) expect(there).toContain(`${ref} ${oid}`);
    expect(there).not.toContain(`refs/heads/main ${oid}`);
    expect(there.filter((line) => /kept\/.*\/main /.test(line))).toHaveLength(1);
    const [, first] = bench.runs;
    expect(first?.report).toMatchObject({ created: 2, rewritten: 1 });
  });

  it('keeps the old tips of names that are too long for a file once they are written for the server', async () => {
    const long = `refs/heads/${'修'.repeat(75)}`;
    const dotted = `refs/heads/${'l'.repeat(199)}.${'l'.repeat(40)}`;
    await begin('refs/heads/main', long, dotted);
    await commit('second', long, dotted);
    await mirror();
    expect((await bench.row(id)).state).toBe('mirrored');
    expect(await refsOf(bench.mirrorDir('ada/engine'), 'refs/epicstar')).toHaveLength(2);
  });

  it('keeps hundreds of old tips at once', async () => {
    const tags = Array.from({ length: 120 }, (_, index) => `refs/tags/v${index}`);
    await begin('refs/heads/main', ...tags);
    await commit('second', ...tags);
    await mirror();
    expect((await bench.row(id)).state).toBe('mirrored');
    expect(await refsOf(bench.mirrorDir('ada/engine'), 'refs/epicstar')).toHaveLength(120);
    expect(await refsOf(bench.mirrorDir('ada/engine'), 'refs/tags')).toEqual(await refsOf(upstream, 'refs/tags'));
  });
});
