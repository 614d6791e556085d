/** @file Pushing over real HTTP: leases, refusals of ref and of all, what the server says. */
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Git, GitCache, GitProgress, PushCommand } from '../../../src-main/engine/ports/git.ts';
import { runGit } from '../../playground/repositories/index.ts';
import { commits, GitBench, openEmpty, quietCall } from './git-bench.ts';

let bench: GitBench;
let git: Git;
let cache: GitCache;
let tip: string;
let parent: string;

beforeEach(async () => {
  bench = await GitBench.start();
  await bench.repository('source', (stream) => {
    const mark = commits(stream, 'refs/heads/main', 4, 500);
    stream.annotatedTag('v1', mark, 'one');
  });
  bench.emptyRepository('target');
  git = bench.git();
  cache = await openEmpty(git);
  await git.fetch(cache, bench.remote('source'), quietCall());
  tip = await bench.tip('source', 'refs/heads/main');
  parent = await bench.tip('source', 'refs/heads/main~1');
});
afterEach(() => bench.stop());

async function hook(name: string, script: string): Promise<void> {
  const path = join(bench.bare('target'), 'hooks', name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
}

const create = (ref: string, oid = tip): PushCommand => ({ ref, oid, expect: null });

describe('push', () => {
  test('creates, forwards, rewrites, deletes in one go, and tells the bytes', async () => {
    const tag = await bench.tip('source', 'refs/tags/v1');
    const reports: GitProgress[] = [];
    const first = await git.push(
      cache,
      bench.remote('target'),
      [
        create('refs/heads/main', parent),
        create('refs/heads/back'),
        create('refs/heads/gone'),
        create('refs/tags/v1', tag),
      ],
      { signal: new AbortController().signal, onProgress: (progress) => reports.push(progress) },
    );
    expect(first).toMatchObject({ rejected: [], output: '' });
    expect(first.bytesSent).toBeGreaterThan(1000);
    expect(reports.length).toBeGreaterThan(0);
    const second = await git.push(
      cache,
      bench.remote('target'),
      [
        { ref: 'refs/heads/main', oid: tip, expect: parent },
        { ref: 'refs/heads/back', oid: parent, expect: tip },
        { ref: 'refs/heads/gone', oid: null, expect: tip },
        create('refs/epicstar/kept/20260101T000000000Z/heads/back'),
        { ref: 'refs/tags/v1', oid: tag, expect: tag },
      ],
      quietCall(),
    );
    expect(second.rejected).toEqual([]);
    expect(second.accepted).toHaveLength(5);
    const { refs } = await git.listRefs(bench.remote('target'), 'advertised', quietCall());
    expect(refs).toEqual(
      new Map([
        ['refs/epicstar/kept/20260101T000000000Z/heads/back', tip],
        ['refs/heads/back', parent],
        ['refs/heads/main', tip],
        ['refs/tags/v1', tag],
      ]),
    );
  });

  test('sends a small pack in one request, without a probe', async () => {
    bench.requests.length = 0;
    await git.push(cache, bench.remote('target'), [create('refs/heads/main')], quietCall());
    expect(bench.requests.map(({ method }) => method)).toEqual(['GET', 'POST']);
  });

  test('a lease that does not hold refuses its ref alone', async () => {
    await git.push(cache, bench.remote('target'), [create('refs/heads/main')], quietCall());
    const result = await git.push(
      cache,
      bench.remote('target'),
      [
        create('refs/heads/main', parent),
        { ref: 'refs/heads/never', oid: null, expect: tip },
        { ref: 'refs/heads/absent', oid: tip, expect: parent },
        create('refs/heads/new'),
      ],
      quietCall(),
    );
    expect(result.accepted).toEqual(['refs/heads/new']);
    expect(result.rejected.map(({ ref }) => ref)).toEqual(['refs/heads/main', 'refs/heads/never', 'refs/heads/absent']);
    for (const { reason } of result.rejected) expect(reason).toBe('[rejected] (stale info)');
    expect(await bench.tip('target', 'refs/heads/main')).toBe(tip);
  });

  test('a hook that declines refuses all, with its words but without invitations', async () => {
    await hook(
      'pre-receive',
      `echo "Create a pull request for 'x' by visiting:" >&2
echo "    http://127.0.0.1/x/~pulls/new?source=3:x" >&2
echo "" >&2
echo "*******" >&2
echo "*  ERROR PUSHING REF: refs/heads/main" >&2
echo "*  Cannot force-push to this branch according to branch protection setting" >&2
printf 'steer \\033[2J the terminal\\n' >&2
exit 1`,
    );
    const result = await git.push(
      cache,
      bench.remote('target'),
      [create('refs/heads/main'), create('refs/heads/other')],
      quietCall(),
    );
    expect(result.accepted).toEqual([]);
    expect(result.rejected.map(({ ref }) => ref)).toEqual(['refs/heads/main', 'refs/heads/other']);
    expect(result.rejected[0]?.reason).toBe(
      '[remote rejected] (pre-receive hook declined): ERROR PUSHING REF: refs/heads/main ' +
        'Cannot force-push to this branch according to branch protection setting steer \\x1b[2J the terminal',
    );
    expect(result.output).toBe(
      '*  ERROR PUSHING REF: refs/heads/main\n' +
        '*  Cannot force-push to this branch according to branch protection setting\n' +
        'steer \\x1b[2J the terminal',
    );
  });

  test('a hook that fails on one ref leaves the others', async () => {
    await hook('update', 'case "$1" in *bad*) echo "not this one: $1" >&2; exit 1;; esac');
    const result = await git.push(
      cache,
      bench.remote('target'),
      [create('refs/heads/good'), create('refs/heads/bad')],
      quietCall(),
    );
    expect(result.accepted).toEqual(['refs/heads/good']);
    expect(result.rejected).toEqual([
      {
        ref: 'refs/heads/bad',
        reason:
          '[remote rejected] (hook declined): not this one: refs/heads/bad error: hook declined to update refs/heads/bad',
      },
    ]);
  });

  test('a branch below a branch, and the current branch, are refused by name', async () => {
    await git.push(cache, bench.remote('target'), [create('refs/heads/main')], quietCall());
    const result = await git.push(
      cache,
      bench.remote('target'),
      [create('refs/heads/main/below'), { ref: 'refs/heads/main', oid: null, expect: tip }, create('refs/heads/else')],
      quietCall(),
    );
    expect(result.accepted).toEqual(['refs/heads/else']);
    const reasons = new Map(result.rejected.map(({ ref, reason }) => [ref, reason]));
    expect(reasons.get('refs/heads/main/below')).toMatch(
      /^\[remote rejected\] \(failed to update ref\): .*cannot lock ref/,
    );
    expect(reasons.get('refs/heads/main')).toMatch(/deletion of the current branch prohibited/);
  });

  test('five hundred refs go in one process', async () => {
    const commands = Array.from({ length: 500 }, (_, index) => create(`refs/tags/v${index}-${'long'.repeat(20)}`));
    const before = git.processCount();
    const result = await git.push(cache, bench.remote('target'), commands, quietCall());
    expect(git.processCount()).toBe(before + 1);
    expect(result.accepted).toHaveLength(500);
    expect(result.accepted[0]).toBe(commands[0]?.ref);
  });

  test('new refs reach the server in the order given', async () => {
    const seen = join(bench.dir, 'seen');
    await hook('pre-receive', `cut -d' ' -f3 > '${seen}'`);
    const refs = ['refs/heads/z', 'refs/tags/b', 'refs/heads/a', 'refs/heads/m'];
    await git.push(
      cache,
      bench.remote('target'),
      refs.map((ref) => create(ref)),
      quietCall(),
    );
    expect((await readFile(seen, 'utf8')).trim().split('\n')).toEqual(refs);
  });

  test('works on a path, and runs no hook there', async () => {
    const marker = join(bench.dir, 'hook-ran');
    await hook('post-receive', `touch '${marker}'`);
    const result = await git.push(cache, bench.fileRemote('target'), [create('refs/heads/main')], quietCall());
    expect(result.accepted).toEqual(['refs/heads/main']);
    expect(await bench.tip('target', 'refs/heads/main')).toBe(tip);
    await expect(runGit(bench.dir, ['hash-object', marker])).rejects.toThrow('No such file');
  });

  test('names that could be options or patterns are refused before git starts', async () => {
    const before = git.processCount();
    for (const ref of ['--mirror', 'refs/heads/*', 'main', 'refs/heads/a:b', 'refs/heads/a\nb', 'refs/heads/a b']) {
      const push = git.push(cache, bench.remote('target'), [create(ref)], quietCall());
      await expect(push).rejects.toMatchObject({ code: 'git-failed' });
    }
    const badOid = git.push(cache, bench.remote('target'), [create('refs/heads/x', '--all')], quietCall());
    await expect(badOid).rejects.toMatchObject({ code: 'git-failed' });
    expect(git.processCount()).toBe(before);
    const nothing = await git.push(cache, bench.remote('target'), [], quietCall());
    expect(nothing).toEqual({ accepted: [], rejected: [], output: '', bytesSent: 0 });
  });

  test('rejects where nothing can be said of any ref', async () => {
    const push = (): Promise<unknown> =>
      git.push(cache, bench.remote('target', 'Bearer token-for-the-target'), [create('refs/heads/main')], quietCall());
    bench.answer = () => ({ status: 403, body: 'You do not have permission to push to this project.' });
    await expect(push()).rejects.toMatchObject({ code: 'git-auth-refused', data: { status: 403 } });
    bench.answer = (path) => (path.endsWith('/git-receive-pack') ? { status: 500, body: 'broken' } : null);
    await expect(push()).rejects.toMatchObject({ code: 'git-network', data: { status: 500 } });
    bench.answer = (path) => (path.endsWith('/git-receive-pack') ? { status: 413, body: 'too large' } : null);
    await expect(push()).rejects.toMatchObject({ code: 'git-network', data: { status: 413 } });
    bench.answer = () => null;
    bench.faults = { cutAfterRequestBytes: 600 };
    await expect(push()).rejects.toMatchObject({ code: 'git-network' });
    bench.faults = {};
    const unknown = git.push(cache, bench.remote('target'), [create('refs/heads/main', '1'.repeat(40))], quietCall());
    await expect(unknown).rejects.toMatchObject({ code: 'git-corrupt' });
    expect((await git.listRefs(bench.remote('target'), 'advertised', quietCall())).refs.size).toBe(0);
  });
});
