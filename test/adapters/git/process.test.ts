/** @file What must never happen: a process left over, a wait without end. */
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { realClock } from '../../support/real-clock.ts';
import { commits, GitBench, moment, openEmpty, quietCall } from './git-bench.ts';

let bench: GitBench;
beforeEach(async () => {
  bench = await GitBench.start();
});
afterEach(() => bench.stop());

const isLinux = process.platform === 'linux';

describe('abort', () => {
  test('ends a fetch with all its processes within 2 s', async () => {
    await bench.repository('a', (stream) => void commits(stream, 'refs/heads/main', 20, 100_000));
    bench.faults = { bytesPerSecond: 20_000 };
    const git = bench.git();
    const cache = await openEmpty(git);
    const { reached, reach } = moment();
    const abort = new AbortController();
    const fetched = git.fetch(cache, bench.remote('a'), {
      signal: abort.signal,
      onProgress: ({ phase }) => {
        if (phase === 'receiving') reach();
      },
    });
    await reached;
    const before = await bench.running();
    expect(before.length).toBeGreaterThan(isLinux ? 1 : -1);
    const startMs = realClock.monotonicMs();
    abort.abort();
    await expect(fetched).rejects.toMatchObject({ code: 'cancelled' });
    expect(realClock.monotonicMs() - startMs).toBeLessThan(2000);
    expect(await bench.running()).toEqual([]);
    expect(await readdir(join(bench.dir, 'caches-1'))).toEqual(['1.git']);

    bench.faults = {};
    await git.fetch(cache, bench.remote('a'), quietCall());
    bench.faults = { bytesPerSecond: 2000 };
    await expect(git.fetch(cache, bench.remote('a'), { signal: abort.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  test('ends a push with all its processes within 2 s, though the server says nothing', async () => {
    await bench.repository('a', (stream) => void commits(stream, 'refs/heads/main', 3));
    bench.emptyRepository('target');
    const git = bench.git();
    const cache = await openEmpty(git);
    await git.fetch(cache, bench.remote('a'), quietCall());
    const { reached, reach } = moment();
    bench.answer = (pathname) => {
      if (!pathname.endsWith('/git-receive-pack')) return null;
      reach();
      return { repoDir: bench.bare('target'), allowPush: true, faults: { delayMs: 60_000 } };
    };
    const abort = new AbortController();
    const oid = await bench.tip('a', 'refs/heads/main');
    const pushed = git.push(cache, bench.remote('target'), [{ ref: 'refs/heads/main', oid, expect: null }], {
      signal: abort.signal,
    });
    await reached;
    const startMs = realClock.monotonicMs();
    abort.abort();
    await expect(pushed).rejects.toMatchObject({ code: 'cancelled' });
    expect(realClock.monotonicMs() - startMs).toBeLessThan(2000);
    expect(await bench.running()).toEqual([]);
    await expect(bench.tip('target', 'refs/heads/main')).rejects.toThrow('rev-parse failed');
  });

  test.runIf(process.platform !== 'win32')('ends what does not listen to SIGTERM, children too', async () => {
    const binDir = join(bench.dir, 'stubborn');
    await writeStubbornGit(binDir);
    const git = bench.git({ processEnv: { PATH: `${binDir}:${process.env['PATH'] ?? ''}` } });
    const { reached, reach } = moment();
    const abort = new AbortController();
    const listed = git.listRefs(bench.remote('a'), 'advertised', { signal: abort.signal, onProgress: () => reach() });
    await reached;
    const startMs = realClock.monotonicMs();
    abort.abort();
    await expect(listed).rejects.toMatchObject({ code: 'cancelled' });
    expect(realClock.monotonicMs() - startMs).toBeLessThan(2000);
    expect(await bench.running()).toEqual([]);
  });

  test('before the start starts nothing', async () => {
    const git = bench.git();
    const listed = git.listRefs(bench.remote('a'), 'advertised', { signal: AbortSignal.abort() });
    await expect(listed).rejects.toMatchObject({ code: 'cancelled' });
    expect(git.processCount()).toBe(0);
  });
});

async function writeStubbornGit(binDir: string): Promise<void> {
  await mkdir(binDir, { recursive: true });
  const script = `#!/bin/sh
[ "$1" = version ] && { echo "git version 2.50.0"; exit 0; }
trap '' TERM
(while :; do read -r line || sleep 1; done) &
echo "Receiving objects: 10% (1/10)" >&2
while :; do sleep 1; done
`;
  await writeFile(join(binDir, 'git'), script, { mode: 0o755 });
}

describe('silence and breaks', () => {
  test('a server that says nothing for too long is a stall', async () => {
    const server = createServer(() => undefined);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const git = bench.git({ stallMs: 300 });
    const url = `http://127.0.0.1:${address.port}/a.git`;
    const listed = git.listRefs({ url, transport: 'http', authorization: null }, 'advertised', quietCall());
    await expect(listed).rejects.toMatchObject({ code: 'git-stalled' });
    expect(await bench.running()).toEqual([]);
    server.close();
  });

  test('a slow server that goes on is none', async () => {
    await bench.repository('a', (stream) => void commits(stream, 'refs/heads/main', 20, 20_000));
    bench.faults = { bytesPerSecond: 80_000 };
    const git = bench.git({ stallMs: 3_000 });
    const startMs = realClock.monotonicMs();
    await git.fetch(await openEmpty(git), bench.remote('a'), quietCall());
    expect(realClock.monotonicMs() - startMs).toBeGreaterThan(3_000);
  });

  test('a connection that is cut leaves the cache usable', async () => {
    await bench.repository('a', (stream) => void commits(stream, 'refs/heads/main', 5, 20_000));
    const git = bench.git();
    const cache = await openEmpty(git);
    bench.faults = { cutAfterResponseBytes: 30_000 };
    await expect(git.fetch(cache, bench.remote('a'), quietCall())).rejects.toMatchObject({ code: 'git-network' });
    bench.faults = {};
    await git.fetch(cache, bench.remote('a'), quietCall());
    expect((await git.localRefs(cache, quietCall())).size).toBe(1);
  });
});
