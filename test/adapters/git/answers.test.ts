/** @file What servers and damaged caches answer, and what it is taken for. */
import { chmod, readdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { GitCache } from '../../../src-main/engine/ports/git.ts';
import { commits, GitBench, openEmpty, quietCall } from './git-bench.ts';

let bench: GitBench;
beforeEach(async () => {
  bench = await GitBench.start();
});
afterEach(() => bench.stop());

describe('answers', () => {
  const list = (authorization: string | null = null): Promise<unknown> =>
    bench.git().listRefs(bench.remote('a', authorization), 'advertised', quietCall());

  test.each([
    [401, 'git-auth-refused'],
    [403, 'git-auth-refused'],
    [404, 'git-not-found'],
    [410, 'git-not-found'],
    [429, 'git-network'],
    [451, 'git-not-found'],
    [500, 'git-network'],
    [503, 'git-network'],
  ])('%i is %s', async (status, code) => {
    const headers = status === 401 ? { 'www-authenticate': 'Basic realm="x"' } : {};
    bench.answer = () => ({ status, headers, body: 'words' });
    await expect(list()).rejects.toMatchObject({ code });
  });

  test('a redirect is not followed, nor told the token', async () => {
    await bench.repository('a', (stream) => void commits(stream, 'refs/heads/main', 1));
    const other = await GitBench.start();
    try {
      for (const location of [
        `${bench.origin}/b.git/info/refs?service=git-upload-pack`,
        `${other.origin}/a.git/info/refs`,
      ]) {
        bench.answer = (path) => (path.startsWith('/a.git') ? { status: 301, headers: { location } } : null);
        await expect(list('Bearer token-of-this-host')).rejects.toMatchObject({
          code: 'git-not-found',
          data: { status: 301 },
        });
      }
      expect(bench.requests.every(({ pathname }) => pathname.startsWith('/a.git'))).toBe(true);
      expect(other.authorizations).toEqual([]);
    } finally {
      await other.stop();
    }
  });

  test('nobody there, no such path', async () => {
    const git = bench.git();
    const nobody = git.listRefs(
      { url: 'http://127.0.0.1:1/a.git', transport: 'http', authorization: null },
      'advertised',
      quietCall(),
    );
    await expect(nobody).rejects.toMatchObject({ code: 'git-network' });
    await expect(git.listRefs(bench.fileRemote('a'), 'advertised', quietCall())).rejects.toMatchObject({
      code: 'git-not-found',
    });
  });
});

describe('a damaged cache', () => {
  let cache: GitCache;
  const git = (): ReturnType<GitBench['git']> => bench.git();

  beforeEach(async () => {
    await bench.repository('a', (stream) => void commits(stream, 'refs/heads/main', 5, 5000));
    cache = await openEmpty(git());
    await git().fetch(cache, bench.remote('a'), quietCall());
  });

  const packPath = async (): Promise<string> => {
    const packDir = join(cache.dir, 'objects', 'pack');
    const name = (await readdir(packDir)).find((entry) => entry.endsWith('.pack'));
    return join(packDir, name ?? '');
  };

  test('whose pack was cut is git-corrupt for push and fetch', async () => {
    const oid = await bench.tip('a', 'refs/heads/main');
    bench.emptyRepository('target');
    await chmod(await packPath(), 0o644);
    await truncate(await packPath(), 3000);
    const push = git().push(cache, bench.remote('target'), [{ ref: 'refs/heads/x', oid, expect: null }], quietCall());
    await expect(push).rejects.toMatchObject({ code: 'git-corrupt' });
    const pairs = [{ old: oid, new: oid }];
    await expect(git().fastForwards(cache, pairs, quietCall())).rejects.toMatchObject({ code: 'git-corrupt' });
  });

  test('whose refs are not there any more, or point nowhere, is git-corrupt', async () => {
    await writeFile(join(cache.dir, 'refs', 'heads', 'main'), `${'1'.repeat(40)}\n`);
    await expect(git().fetch(cache, bench.remote('a'), quietCall())).rejects.toMatchObject({ code: 'git-corrupt' });
    await writeFile(join(cache.dir, 'refs', 'heads', 'main'), '');
    await expect(git().localRefs(cache, quietCall())).rejects.toMatchObject({ code: 'git-corrupt' });
    const gone = { dir: join(bench.dir, 'nowhere.git') };
    await expect(git().localRefs(gone, quietCall())).rejects.toMatchObject({ code: 'git-corrupt' });
  });
});
