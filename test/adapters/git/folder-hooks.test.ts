/** @file A repository in a folder may be somebody's own: nothing that its configuration names runs on a push. */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Git, GitCache, GitRemote } from '../../../src-main/engine/ports/git.ts';
import { runGit } from '../../playground/repositories/index.ts';
import { commits, GitBench, openEmpty, quietCall } from './git-bench.ts';

let bench: GitBench;
let git: Git;
let cache: GitCache;
let dir: string;
let remote: GitRemote;
let mark: string;

beforeEach(async () => {
  bench = await GitBench.start();
  await bench.repository('source', (stream) => {
    commits(stream, 'refs/heads/main', 2, 500);
  });
  bench.emptyRepository('target');
  dir = bench.bare('target');
  mark = join(dir, 'ran');
  remote = { url: dir, transport: 'file', authorization: null };
  git = bench.git();
  cache = await openEmpty(git);
  await git.fetch(cache, bench.remote('source'), quietCall());
});
afterEach(() => bench.stop());

const names = ['pre-receive', 'update', 'post-receive', 'post-update', 'reference-transaction'];

async function script(path: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\necho ran >> "${mark}"\nexit 0\n`);
  await chmod(path, 0o755);
}

async function push(ref: string): Promise<void> {
  const oid = await bench.tip('source', 'refs/heads/main');
  const { accepted } = await git.push(cache, remote, [{ ref, oid, expect: null }], quietCall());
  expect(accepted).toEqual([ref]);
}

describe('a push into a folder', () => {
  test('runs no hook of the repository, in whatever place its configuration looks for them', async () => {
    for (const hooks of ['hooks', 'own-hooks']) {
      await mkdir(join(dir, hooks), { recursive: true });
      for (const name of names) await script(join(dir, hooks, name));
      await push(`refs/heads/${hooks}`);
      expect(existsSync(mark)).toBe(false);
      await runGit(dir, ['config', 'core.hooksPath', join(dir, hooks)]);
      await push(`refs/heads/${hooks}-named`);
      expect(existsSync(mark)).toBe(false);
    }
  });

  test('runs no command of its configuration', async () => {
    const command = join(dir, 'command');
    await script(command);
    await runGit(dir, ['config', 'core.alternateRefsCommand', command]);
    await writeFile(join(dir, 'objects', 'info', 'alternates'), `${join(bench.bare('source'), 'objects')}\n`);
    await push('refs/heads/main');
    await git.listRefs(remote, 'advertised', quietCall());
    await git.fetch(cache, remote, quietCall());
    expect(existsSync(mark)).toBe(false);
  });
});
