/** @file A second name for what one remote has: fetched into a repository of its own, and pushed back. */
import { EpicstarError } from '../../domain/errors.ts';
import type { Git, GitCache, GitCall, GitRemote } from '../../ports/git.ts';
import type { GitCalls } from './calls.ts';
import { remoteAddress } from './remote-address.ts';
import { pushNew, withScratch } from './scratch-repository.ts';
import { checkedRef } from './text.ts';

export interface CopyParts {
  readonly calls: GitCalls;
  readonly homeDir: string;
  readonly push: Git['push'];
}

const here = 'refs/copied/tip';

/** @returns the commit that `to` is at */
export async function copyToBranch(
  { calls, homeDir, push }: CopyParts,
  remote: GitRemote,
  from: string,
  to: string,
  call: GitCall,
): Promise<string> {
  const refspec = `+${checkedRef(from)}:${here}`;
  return await withScratch(calls, homeDir, async (scratch) => {
    await calls.succeed({
      args: ['fetch', '--no-tags', '--no-write-fetch-head', '--progress', '--', remoteAddress(remote), refspec],
      cache: scratch,
      remote,
      call,
    });
    const oid = await commitOf(calls, scratch, call);
    if (oid === null)
      throw new EpicstarError('git-failed', `${from} leads to no commit, so no branch can be made of it.`);
    await pushNew(push, scratch, remote, { ref: to, oid, words: `${to} was refused` }, call);
    return oid;
  });
}

/** An old tag may be an object of its own, or lead to a file. */
async function commitOf(calls: GitCalls, cache: GitCache, call: GitCall): Promise<string | null> {
  let oid = '';
  const { exitCode } = await calls.run({
    args: ['rev-parse', '--verify', '--quiet', `${here}^{commit}`],
    cache,
    call,
    onLine: (line) => {
      oid = line.toString('utf8').trim();
    },
  });
  return exitCode === 0 && oid !== '' ? oid : null;
}
