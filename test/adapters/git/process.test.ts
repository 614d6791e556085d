/** @file What must never happen: a process left over, a secret told, a redirect followed, a wait without end. */
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { GitCache } from '../../../src-main/engine/ports/git.ts';
import { realClock } from '../../support/real-clock.ts';
import { commits, GitBench, openEmpty, processesWith, quietCall, textsBelow } from './git-bench.ts';

let bench: GitBench;
beforeEach(async () => {
  bench = await GitBench.start();
});
afterEach(() => bench.stop());

const isLinux = process.platform === 'linux';

/** A promise that the test settles from a callback, bounded by the time limit of the test. */
function moment(): { readonly reached: Promise<void>; readonly reach: () => void } {
  let reach = (): void => undefined;
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  return { reached, reach };
}

/** Text that stands in the environment and arguments of every git of this bench alone. */
const marks = (): string => join(bench.dir, 'home-');
/** Processes of this bench; none where the system has no `/proc`. */
const running = async (): Promise<readonly string[]> => (isLinux ? await processesWith(marks()) : []);

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
    const before = await running();
    expect(before.length).toBeGreaterThan(isLinux ? 1 : -1);
    const startMs = realClock.monotonicMs();
    abort.abort();
    await expect(fetched).rejects.toMatchObject({ code: 'cancelled' });
    expect(realClock.monotonicMs() - startMs).toBeLessThan(2000);
    expect(await running()).toEqual([]);
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
    expect(await running()).toEqual([]);
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
    expect(await running()).toEqual([]);
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
    expect(await running()).toEqual([]);
    server.close();
  });

  test('a slow server that goes on is none', async () => {
    await bench.repository('a', (stream) => void commits(stream, 'refs/heads/main', 4, 20_000));
    bench.faults = { bytesPerSecond: 80_000 };
    const git = bench.git({ stallMs: 900 });
    const startMs = realClock.monotonicMs();
    await git.fetch(await openEmpty(git), bench.remote('a'), quietCall());
    expect(realClock.monotonicMs() - startMs).toBeGreaterThan(900);
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

  test('nobody there, no such host, no such path', async () => {
    const git = bench.git();
    const nobody = git.listRefs(
      { url: 'http://127.0.0.1:1/a.git', transport: 'http', authorization: null },
      'advertised',
      quietCall(),
    );
    await expect(nobody).rejects.toMatchObject({ code: 'git-network' });
    const noHost = git.listRefs(
      { url: 'https://host.invalid/a.git', transport: 'http', authorization: null },
      'advertised',
      quietCall(),
    );
    await expect(noHost).rejects.toMatchObject({ code: 'git-network' });
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

describe('secrets and surroundings', () => {
  const token = 'ghp_SecretSecretSecret0123456789';
  const header = `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;

  test('the token reaches its host, and nothing else ever holds it', async () => {
    await bench.repository('a', (stream) => void commits(stream, 'refs/heads/main', 20, 100_000));
    const git = bench.git();
    const cache = await openEmpty(git);
    const { reached, reach } = moment();
    const abort = new AbortController();
    bench.faults = { bytesPerSecond: 50_000 };
    const fetched = git.fetch(cache, bench.remote('a', header), {
      signal: abort.signal,
      onProgress: ({ phase }) => {
        if (phase === 'receiving') reach();
      },
    });
    await reached;
    const lines = await running();
    expect(lines.length).toBeGreaterThan(isLinux ? 1 : -1);
    for (const line of lines) expect(line).not.toContain(header.slice(6));
    abort.abort();
    await expect(fetched).rejects.toMatchObject({ code: 'cancelled' });
    bench.faults = {};
    await git.fetch(cache, bench.remote('a', header), quietCall());
    expect(new Set(bench.authorizations)).toEqual(new Set([header]));

    bench.answer = () => ({ status: 403, body: `denied: ${token} and ${header}` });
    const failure = await git.fetch(cache, bench.remote('a', header), quietCall()).then(
      () => null,
      (error: unknown) => error,
    );
    const told = [JSON.stringify(failure), String(failure), bench.log.lines.join('\n')].join('\n');
    const written = await textsBelow(bench.dir);
    expect(told).toContain('denied: ***');
    for (const secret of [token, header.slice(6), encodeURIComponent(header)]) {
      expect(told).not.toContain(secret);
      expect(written).not.toContain(secret);
    }
  });

  test.runIf(isLinux)('nothing of the environment reaches git but path, temporary folder and proxies', async () => {
    await bench.repository('a', (stream) => void commits(stream, 'refs/heads/main', 1));
    const git = bench.git({
      processEnv: {
        PATH: process.env['PATH'],
        no_proxy: '127.0.0.1',
        GIT_DIR: '/nowhere',
        GIT_CONFIG_PARAMETERS: "'core.bare=oops'",
        GIT_SSH_COMMAND: 'false',
        SSH_ASKPASS: 'false',
        HOME: '/home/somebody',
        EPICSTAR_GITHUB_TOKEN: token,
      },
    });
    const { reached, reach } = moment();
    bench.onArrival = reach;
    bench.faults = { delayMs: 60_000 };
    const abort = new AbortController();
    const listed = git.listRefs(bench.remote('a'), 'advertised', { signal: abort.signal });
    await reached;
    const [first = ''] = await processesWith(marks());
    const environment = await readFile(`/proc/${first.split(' ')[0]}/environ`, 'utf8');
    abort.abort();
    await expect(listed).rejects.toMatchObject({ code: 'cancelled' });
    const names = environment.split('\0').map((pair) => pair.split('=')[0] ?? '');
    for (const name of ['GIT_DIR', 'GIT_SSH_COMMAND', 'SSH_ASKPASS', 'EPICSTAR_GITHUB_TOKEN']) {
      expect(names).not.toContain(name);
    }
    expect(environment).not.toContain('core.bare=oops');
    expect(environment).toContain('no_proxy=127.0.0.1');
    expect(environment).toContain(`HOME=${marks()}1`);
  });

  test('each call is in the log, with how long it took', async () => {
    await bench.repository('a', (stream) => void commits(stream, 'refs/heads/main', 1));
    const git = bench.git();
    await git.listRefs(bench.remote('a'), 'advertised', quietCall());
    const lines = bench.log.lines.map((line): unknown => JSON.parse(line));
    expect(git.processCount()).toBe(lines.length);
    expect(lines).toContainEqual({
      message: 'git',
      fields: {
        args: expect.arrayContaining(['ls-remote']) as unknown,
        outcome: 'exit 0',
        durationMs: expect.any(Number) as unknown,
      },
    });
  });
});

describe('which git', () => {
  test('says version and place, and asks once', async () => {
    const git = bench.git();
    const version = await git.version();
    expect(version).toMatchObject({ origin: 'system' });
    expect(version.version).toMatch(/^2\.\d+/);
    expect(version.path).toMatch(/git(?:\.exe)?$/);
    const count = git.processCount();
    expect(await git.version()).toEqual(version);
    expect(git.processCount()).toBe(count);
  });

  test('none, and one that is too old, are git-missing, until there is a better one', async () => {
    const none = bench.git({ processEnv: { PATH: join(bench.dir, 'empty') } });
    await expect(none.version()).rejects.toMatchObject({ code: 'git-missing' });
    const listed = none.listRefs(bench.remote('a'), 'advertised', quietCall());
    await expect(listed).rejects.toMatchObject({ code: 'git-missing' });
    expect(none.processCount()).toBe(0);
    const wrong = bench.git({ processEnv: { LOCAL_GIT_DIRECTORY: join(bench.dir, 'empty') } });
    await expect(wrong.version()).rejects.toMatchObject({ code: 'git-missing' });
  });

  test.runIf(process.platform !== 'win32')('an old one is named, the bundled one comes before the PATH', async () => {
    const bundledDir = join(bench.dir, 'bundled');
    await mkdir(join(bundledDir, 'bin'), { recursive: true });
    const path = join(bundledDir, 'bin', 'git');
    await writeFile(path, '#!/bin/sh\necho "git version 2.31.1"\n', { mode: 0o755 });
    const git = bench.git({ bundledDir });
    await expect(git.version()).rejects.toMatchObject({
      code: 'git-missing',
      detail: expect.stringContaining('2.31.1 was found') as unknown,
    });
    await writeFile(path, '#!/bin/sh\necho "git version 2.53.0"\n', { mode: 0o755 });
    expect(await git.version()).toMatchObject({ version: '2.53.0', origin: 'bundled', path });
  });
});
