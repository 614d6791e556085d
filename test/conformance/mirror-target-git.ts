/** @file Plain git as a client of the places for mirrors, for tests. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { GitRemote } from '../../src-main/engine/ports/git.ts';

const run = promisify(execFile);

/** git without any configuration of this computer. */
export async function git(
  dir: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { stdout } = await run('git', [...args], {
    cwd: dir,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: dir,
      LC_ALL: 'C',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: join(dir, 'no-config'),
      GIT_TERMINAL_PROMPT: '0',
      GIT_AUTHOR_NAME: 'Ada',
      GIT_AUTHOR_EMAIL: 'ada@example.com',
      GIT_COMMITTER_NAME: 'Ada',
      GIT_COMMITTER_EMAIL: 'ada@example.com',
      ...env,
    },
  });
  return stdout;
}

export async function push(dir: string, remote: GitRemote, refspecs: readonly string[]): Promise<void> {
  const env =
    remote.authorization === null
      ? {}
      : {
          GIT_CONFIG_COUNT: '1',
          GIT_CONFIG_KEY_0: `http.${new URL(remote.url).origin}/.extraHeader`,
          GIT_CONFIG_VALUE_0: `Authorization: ${remote.authorization}`,
        };
  await git(dir, ['push', '--quiet', remote.url, ...refspecs], env);
}
