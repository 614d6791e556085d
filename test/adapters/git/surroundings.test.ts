/** @file What git gets to see, what others get to see of git, and which git it is. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commits, GitBench, moment, openEmpty, quietCall, textsBelow } from './git-bench.ts';

let bench: GitBench;
beforeEach(async () => {
  bench = await GitBench.start();
});
afterEach(() => bench.stop());

const isLinux = process.platform === 'linux';

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
    const lines = await bench.running();
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

  test.runIf(isLinux)('nothing of the environment reaches git but path and temporary folder', async () => {
    await bench.repository('a', (stream) => void commits(stream, 'refs/heads/main', 1));
    const git = bench.git({
      processEnv: {
        PATH: process.env['PATH'],
        TMPDIR: bench.dir,
        https_proxy: 'http://127.0.0.1:1',
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
    const [first = ''] = await bench.running();
    const environment = await readFile(`/proc/${first.split(' ')[0]}/environ`, 'utf8');
    abort.abort();
    await expect(listed).rejects.toMatchObject({ code: 'cancelled' });
    const names = environment.split('\0').map((pair) => pair.split('=')[0] ?? '');
    for (const name of ['GIT_DIR', 'GIT_SSH_COMMAND', 'SSH_ASKPASS', 'EPICSTAR_GITHUB_TOKEN', 'https_proxy']) {
      expect(names).not.toContain(name);
    }
    expect(environment).not.toContain('core.bare=oops');
    expect(environment).toContain(`TMPDIR=${bench.dir}`);
    expect(environment).toContain(`HOME=${join(bench.dir, 'home-1')}`);
  });

  test.runIf(process.platform !== 'win32')('certificates of the user stand beside the well-known ones', async () => {
    await bench.repository('a', (stream) => void commits(stream, 'refs/heads/main', 1));
    const caFile = join(bench.dir, 'company.pem');
    await writeFile(caFile, 'certificates of the company\n');
    const git = bench.git({ caFile });
    await git.listRefs(bench.remote('a'), 'advertised', quietCall());
    const bundle = await readFile(join(bench.dir, 'home-1', 'ca-bundle.pem'), 'utf8');
    expect(bundle.split('BEGIN CERTIFICATE').length).toBeGreaterThan(50);
    expect(bundle.endsWith('certificates of the company\n')).toBe(true);

    const bundledDir = join(bench.dir, 'bundled');
    const seen = join(bench.dir, 'seen');
    await mkdir(join(bundledDir, 'ssl'), { recursive: true });
    await mkdir(join(bundledDir, 'bin'), { recursive: true });
    await writeFile(join(bundledDir, 'ssl', 'cacert.pem'), '');
    const script = `#!/bin/sh\necho "$GIT_SSL_CAINFO" > '${seen}'\necho "git version 2.53.0"\n`;
    await writeFile(join(bundledDir, 'bin', 'git'), script, { mode: 0o755 });
    await bench.git({ bundledDir, platform: 'linux' }).version();
    expect(await readFile(seen, 'utf8')).toBe(`${join(bundledDir, 'ssl', 'cacert.pem')}\n`);
    await bench.git({ bundledDir, platform: 'linux', caFile }).version();
    expect(await readFile(seen, 'utf8')).toMatch(/home-3.ca-bundle\.pem\n$/);

    const missing = bench.git({ caFile: join(bench.dir, 'missing.pem') });
    const listed = missing.listRefs(bench.remote('a'), 'advertised', quietCall());
    await expect(listed).rejects.toMatchObject({ code: 'git-failed' });
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
