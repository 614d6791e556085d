/** @file Fetching and listing over real HTTP. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { GitProgress } from '../../../src-main/engine/ports/git.ts';
import { runGit, setHead } from '../../playground/repositories/index.ts';
import { commits, GitBench, openEmpty, quietCall } from './git-bench.ts';

let bench: GitBench;
beforeEach(async () => {
  bench = await GitBench.start();
});
afterEach(() => bench.stop());

async function serverRefs(name: string): Promise<Map<string, string>> {
  const lines = await runGit(bench.bare(name), [
    'for-each-ref',
    '--format=%(refname) %(objectname)',
    'refs/heads',
    'refs/tags',
  ]);
  return new Map(
    lines
      .trim()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split(' ') as [string, string]),
  );
}

describe('listRefs', () => {
  beforeEach(async () => {
    await bench.repository('a', (stream) => {
      const tip = commits(stream, 'refs/heads/main', 3);
      stream.annotatedTag('v1', tip, 'one');
      stream.ref('refs/pull/1/head', tip);
      stream.ref('refs/epicstar/kept/x/heads/main', tip);
    });
  });

  test('asks protocol v2 for heads and tags alone', async () => {
    const { refs, head, unreadable } = await bench.git().listRefs(bench.remote('a'), 'heads-and-tags', quietCall());
    expect(refs).toEqual(await serverRefs('a'));
    expect([...refs.keys()].toSorted()).toEqual(['refs/heads/main', 'refs/tags/v1']);
    expect(head).toBeNull();
    expect(unreadable).toEqual([]);
    // The list itself came by protocol v2, and is too short to hold refs/pull.
    const [, list] = bench.requests;
    expect(list?.service).toBe('git-upload-pack');
    expect(list?.bytesOut).toBeLessThan(260);
  });

  test('reads the plain advertisement in one request, with all refs and HEAD', async () => {
    const { refs, head } = await bench.git().listRefs(bench.remote('a'), 'advertised', quietCall());
    expect([...refs.keys()].toSorted()).toEqual([
      'refs/epicstar/kept/x/heads/main',
      'refs/heads/main',
      'refs/pull/1/head',
      'refs/tags/v1',
    ]);
    expect(refs.get('refs/tags/v1')).toBe(await bench.tip('a', 'refs/tags/v1'));
    expect(head).toBe('refs/heads/main');
    expect(bench.requests.map(({ method }) => method)).toEqual(['GET']);
  });

  test('says no head where HEAD dangles, and nothing at all of an empty repository', async () => {
    setHead(bench.bare('a'), 'gone');
    expect((await bench.git().listRefs(bench.remote('a'), 'advertised', quietCall())).head).toBeNull();
    bench.emptyRepository('empty');
    const listing = await bench.git().listRefs(bench.remote('empty'), 'heads-and-tags', quietCall());
    expect(listing).toEqual({ refs: new Map(), head: null, unreadable: [] });
  });

  test('tells of names that are not UTF-8, and lists 5000 others', async () => {
    const tip = await bench.tip('a', 'refs/heads/main');
    const packed = Array.from({ length: 5000 }, (_, index) => `${tip} refs/tags/t${String(index).padStart(4, '0')}\n`);
    const odd = Buffer.concat([Buffer.from(`${tip} refs/heads/caf`), Buffer.from([0xe9]), Buffer.from('\n')]);
    await writeFile(join(bench.bare('a'), 'packed-refs'), Buffer.concat([odd, Buffer.from(packed.join(''))]));
    const listing = await bench.git().listRefs(bench.remote('a'), 'heads-and-tags', quietCall());
    expect(listing.refs.size).toBe(5000 + 2);
    expect(listing.unreadable).toEqual(['refs/heads/caf\\xe9']);
  });

  test('works on a path, and only where the remote says that it is one', async () => {
    const git = bench.git();
    const { refs } = await git.listRefs(bench.fileRemote('a'), 'advertised', quietCall());
    expect(refs.has('refs/heads/main')).toBe(true);
    const asHttp = git.listRefs({ ...bench.fileRemote('a'), transport: 'http' }, 'advertised', quietCall());
    await expect(asHttp).rejects.toMatchObject({ code: 'git-failed' });
    const relative = git.listRefs({ url: 'a.git', transport: 'file', authorization: null }, 'advertised', quietCall());
    await expect(relative).rejects.toMatchObject({ code: 'git-failed' });
  });
});

describe('fetch', () => {
  test('brings heads and tags, never refs/pull, with progress and bytes', async () => {
    await bench.repository('a', (stream) => {
      const tip = commits(stream, 'refs/heads/main', 30, 3000);
      stream.annotatedTag('v1', tip, 'one');
      commits(stream, 'refs/pull/1/head', 2, 20, tip);
    });
    const git = bench.git();
    const cache = await openEmpty(git);
    const reports: GitProgress[] = [];
    const { bytesReceived } = await git.fetch(cache, bench.remote('a'), {
      signal: new AbortController().signal,
      onProgress: (progress) => reports.push(progress),
    });
    expect(await git.localRefs(cache, quietCall())).toEqual(await serverRefs('a'));
    expect(bytesReceived).toBeGreaterThan(30 * 3000);
    expect(reports.length).toBeGreaterThan(0);
    const missing = await git.missingObjects(cache, [await bench.tip('a', 'refs/pull/1/head')], quietCall());
    expect(missing.size).toBe(1);
    expect(await git.cacheBytes(cache)).toBeGreaterThan(bytesReceived);
  });

  test('brings tags that no branch reaches, on the first fetch and later', async () => {
    await bench.repository('a', (stream) => {
      commits(stream, 'refs/heads/main', 2);
      commits(stream, 'refs/tags/apart', 1);
    });
    const git = bench.git();
    const cache = await openEmpty(git);
    await git.fetch(cache, bench.remote('a'), quietCall());
    expect(await git.localRefs(cache, quietCall())).toEqual(await serverRefs('a'));
    const blob = (await runGit(bench.bare('a'), ['hash-object', '-w', '--stdin'], ['a blob'])).trim();
    await runGit(bench.bare('a'), ['update-ref', 'refs/tags/blob', blob]);
    await git.fetch(cache, bench.remote('a'), quietCall());
    expect(await git.localRefs(cache, quietCall())).toEqual(await serverRefs('a'));
  });

  test('follows rewrites, moved tags, deletions, and a branch that became a folder', async () => {
    const bareDir = await bench.repository('a', (stream) => {
      const tip = commits(stream, 'refs/heads/main', 3);
      stream.ref('refs/heads/a', tip);
      stream.ref('refs/heads/dir/inner', tip);
      stream.ref('refs/tags/moving', tip);
      stream.ref('refs/tags/gone', tip);
    });
    const git = bench.git();
    const cache = await openEmpty(git);
    await git.fetch(cache, bench.remote('a'), quietCall());
    const before = await bench.tip('a', 'refs/heads/main');
    const first = await bench.tip('a', 'refs/heads/main~2');
    for (const args of [
      ['update-ref', 'refs/heads/main', first],
      ['update-ref', 'refs/tags/moving', first],
      ['update-ref', '-d', 'refs/tags/gone'],
      ['update-ref', '-d', 'refs/heads/a'],
      ['update-ref', 'refs/heads/a/b', before],
      ['update-ref', '-d', 'refs/heads/dir/inner'],
      ['update-ref', 'refs/heads/dir', before],
    ]) {
      await runGit(bareDir, args);
    }
    await git.fetch(cache, bench.remote('a'), quietCall());
    expect(await git.localRefs(cache, quietCall())).toEqual(await serverRefs('a'));
    expect((await git.missingObjects(cache, [before], quietCall())).size).toBe(0);
  });

  test('takes an empty repository, and one whose HEAD dangles', async () => {
    bench.emptyRepository('a');
    const git = bench.git();
    const cache = await openEmpty(git);
    expect(await git.fetch(cache, bench.remote('a'), quietCall())).toEqual({ bytesReceived: 0 });
    expect((await git.localRefs(cache, quietCall())).size).toBe(0);
    await bench.repository('b', (stream) => void commits(stream, 'refs/heads/trunk', 1));
    await git.fetch(cache, bench.remote('b'), quietCall());
    expect([...(await git.localRefs(cache, quietCall())).keys()]).toEqual(['refs/heads/trunk']);
  });

  test('keeps old tips of the target reachable, and seeds an empty cache from it', async () => {
    await bench.repository('target', (stream) => {
      const tip = commits(stream, 'refs/heads/main', 3);
      stream.annotatedTag('v1', tip, 'one');
      commits(stream, 'refs/heads/old', 1, 50);
    });
    await bench.repository('source', (stream) => void commits(stream, 'refs/heads/main', 2, 30));
    const old = await bench.tip('target', 'refs/heads/old');
    const git = bench.git();
    const cache = await openEmpty(git);
    await git.fetchTips(cache, bench.remote('target'), ['refs/heads/*', 'refs/tags/*'], quietCall());
    await git.fetch(cache, bench.remote('source'), quietCall());
    expect(await git.localRefs(cache, quietCall())).toEqual(await serverRefs('source'));
    const kept = await runGit(cache.dir, ['for-each-ref', '--format=%(objectname)', 'refs/epicstar/target']);
    expect(kept.split('\n')).toContain(old);
    await runGit(cache.dir, ['fsck', '--strict']);

    const other = await openEmpty(git, 2);
    await git.fetch(other, bench.remote('source'), quietCall());
    await git.fetchTips(other, bench.remote('target'), ['refs/heads/old', 'refs/heads/main'], quietCall());
    expect((await git.missingObjects(other, [old], quietCall())).size).toBe(0);
    expect(await git.localRefs(other, quietCall())).toEqual(await serverRefs('source'));
    await git.fetchTips(other, bench.remote('target'), [], quietCall());
  });

  test('packs a cache that has gathered many packs', async () => {
    await bench.repository('a', (stream) => void commits(stream, 'refs/heads/main', 20));
    const git = bench.git();
    const cache = await openEmpty(git);
    await git.fetch(cache, bench.remote('a'), quietCall());
    const packDir = join(cache.dir, 'objects', 'pack');
    const objects = (await runGit(cache.dir, ['rev-list', '--objects', '--no-object-names', '--all'])).split('\n');
    for (const oid of objects.slice(0, 51)) {
      await runGit(cache.dir, ['pack-objects', '-q', join(packDir, 'pack')], [`${oid}\n`]);
    }
    const packs = async (): Promise<number> => (await readdir(packDir)).filter((name) => name.endsWith('.pack')).length;
    expect(await packs()).toBeGreaterThan(50);
    await git.fetch(cache, bench.remote('a'), quietCall());
    expect(await packs()).toBeLessThan(10);
    expect(await git.localRefs(cache, quietCall())).toEqual(await serverRefs('a'));
  });
});

describe('caches', () => {
  test('are made and opened without a process', async () => {
    const git = bench.git();
    const { cache, isNew } = await git.openCache(7);
    expect(isNew).toBe(true);
    expect(await git.openCache(7)).toEqual({ cache, isNew: false });
    expect(git.processCount()).toBe(0);
    expect((await git.localRefs(cache, quietCall())).size).toBe(0);
  });

  test('half-written and foreign folders give way, leftovers of a killed git too', async () => {
    await bench.repository('a', (stream) => void commits(stream, 'refs/heads/main', 2));
    const cacheRoot = join(bench.dir, 'caches');
    const git = bench.git({ cacheRoot });
    await mkdir(join(cacheRoot, '1.git', 'objects'), { recursive: true });
    await mkdir(join(cacheRoot, '2.git'), { recursive: true });
    await writeFile(join(cacheRoot, '2.git', 'HEAD'), 'ref: refs/heads/main\n');
    await writeFile(join(cacheRoot, '2.git', 'config'), '[core]\n\tfsmonitor = /bin/false\n');
    await writeFile(join(cacheRoot, '3.git'), 'a file');
    for (const key of [1, 2, 3]) expect((await git.openCache(key)).isNew).toBe(true);

    const cache = await openEmpty(git, 4);
    await git.fetch(cache, bench.remote('a'), quietCall());
    for (const leftover of [
      'packed-refs.lock',
      'refs/heads/main.lock',
      'objects/pack/tmp_pack_Xy12',
      'objects/pack/pack-00.keep',
    ]) {
      await writeFile(join(cache.dir, leftover), '');
    }
    await mkdir(join(cache.dir, 'objects', 'incoming-x', 'pack'), { recursive: true });
    await mkdir(`${cache.dir}.incoming`);
    expect((await git.openCache(4)).isNew).toBe(false);
    const left = (await readdir(cacheRoot, { recursive: true })).filter((name) => /lock|tmp_|keep|incoming/.test(name));
    expect(left).toEqual([]);
    expect((await git.localRefs(cache, quietCall())).size).toBe(1);
  });

  test('are listed with size and last use, and removed for good', async () => {
    await bench.repository('a', (stream) => void commits(stream, 'refs/heads/main', 2));
    const git = bench.git();
    expect(await git.listCaches()).toEqual([]);
    const before = Date.now();
    for (const key of [5, 3]) await git.openCache(key);
    await git.fetch(await openEmpty(git, 3), bench.remote('a'), quietCall());
    const listed = await git.listCaches();
    expect(listed.map(({ key }) => key)).toEqual([3, 5]);
    for (const { usedAt } of listed) expect(Math.abs(usedAt - before)).toBeLessThan(20_000);
    expect(listed[0]?.bytes).toBeGreaterThan(listed[1]?.bytes ?? 0);
    await git.removeCache(3);
    await git.removeCache(99);
    expect((await git.listCaches()).map(({ key }) => key)).toEqual([5]);
    await expect(git.openCache(-1)).rejects.toMatchObject({ code: 'git-failed' });
  });
});
