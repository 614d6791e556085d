/** @file A push that is tried for real: what it sends, what it tells of a refusal, and that nothing of it stays here. */
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Git } from '../../../src-main/engine/ports/git.ts';
import { runGit } from '../../playground/repositories/bare-repository.ts';
import { GitBench, moment, quietCall, textsBelow } from './git-bench.ts';

let bench: GitBench;
let git: Git;

beforeEach(async () => {
  bench = await GitBench.start();
  git = bench.git();
  bench.emptyRepository('scratch');
});

afterEach(async () => {
  const left = (await readdir(join(bench.dir, 'home-1'))).filter((name) => name.startsWith('trial-'));
  await bench.stop();
  expect(left).toEqual([]);
});

const tried = (authorization: string | null = null): Promise<void> =>
  git.tryPush(bench.remote('scratch', authorization), quietCall());

test('sends one commit without files and reads it back', async () => {
  await tried();
  const ref = 'refs/heads/epicstar-check';
  expect(await runGit(bench.bare('scratch'), ['ls-tree', '-r', ref])).toBe('');
  expect(await runGit(bench.bare('scratch'), ['rev-list', '--count', '--all'])).toBe('1\n');
  expect(await runGit(bench.bare('scratch'), ['fsck', '--strict'])).not.toContain('error');
});

test('shows the token to the server alone', async () => {
  const token = 'a-token-nobody-may-see';
  await tried(`Bearer ${token}`);
  expect(bench.authorizations).toContain(`Bearer ${token}`);
  expect(await textsBelow(bench.dir)).not.toContain(token);
  expect(bench.log.lines.join('\n')).not.toContain(token);
});

test('tells a commit that a rule of the server refuses', async () => {
  const hook = join(bench.bare('scratch'), 'hooks', 'pre-receive');
  await mkdir(join(bench.bare('scratch'), 'hooks'), { recursive: true });
  await writeFile(hook, '#!/bin/sh\necho "no more room for you" >&2\nexit 1\n');
  await chmod(hook, 0o755);
  await expect(tried()).rejects.toMatchObject({
    code: 'git-push-rejected',
    message: expect.stringContaining('pre-receive hook declined') as unknown,
    data: { output: expect.stringContaining('no more room for you') as unknown },
  });
});

test('tells a token that may not, a server that breaks and one that forgets', async () => {
  bench.answer = (path) => (path.endsWith('/git-receive-pack') ? { status: 403, body: 'no' } : null);
  await expect(tried()).rejects.toMatchObject({ code: 'git-auth-refused' });
  bench.answer = (path) => (path.endsWith('/git-receive-pack') ? { status: 500, body: 'broken' } : null);
  await expect(tried()).rejects.toMatchObject({ code: 'git-network' });
  bench.answer = () => null;
  const forgets = join(bench.bare('scratch'), 'hooks', 'post-receive');
  await mkdir(join(bench.bare('scratch'), 'hooks'), { recursive: true });
  await writeFile(forgets, '#!/bin/sh\ngit update-ref -d refs/heads/epicstar-check\n');
  await chmod(forgets, 0o755);
  await expect(tried()).rejects.toMatchObject({ code: 'git-failed' });
});

test('ends with its call', async () => {
  const abort = new AbortController();
  const { reached, reach } = moment();
  bench.onArrival = () => reach();
  bench.faults = { delayMs: 5_000 };
  const atArrival = reached.then(() => abort.abort());
  const push = git.tryPush(bench.remote('scratch'), { signal: abort.signal });
  await expect(push).rejects.toMatchObject({ code: 'cancelled' });
  await atArrival;
  expect(await bench.running()).toEqual([]);
});
