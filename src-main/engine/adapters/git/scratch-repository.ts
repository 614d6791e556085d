/** @file A repository for one use, removed afterwards whatever came of it. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EpicstarError } from '../../domain/errors.ts';
import type { Git, GitCache, GitCall, GitRemote } from '../../ports/git.ts';
import { writeSkeleton } from './cache.ts';
import type { GitCalls } from './calls.ts';
import { classifyFsError } from './classify.ts';

/** Of this process. Its number alone tells little: in a container it is the same after each start. */
const inUse = new Set<string>();

/** @param homeDir folder that belongs to this adapter */
export async function withScratch<T>(
  calls: GitCalls,
  homeDir: string,
  work: (scratch: GitCache) => Promise<T>,
): Promise<T> {
  // Makes the folder, too.
  await calls.located();
  const dir = await make(homeDir);
  try {
    return await work({ dir });
  } finally {
    await rm(dir, { recursive: true, force: true, maxRetries: 3 });
    inUse.delete(dir);
  }
}

async function make(homeDir: string): Promise<string> {
  try {
    const dir = await mkdtemp(join(homeDir, `scratch-${process.pid}-`));
    inUse.add(dir);
    await writeSkeleton(dir);
    return dir;
  } catch (error) {
    throw classifyFsError(error);
  }
}

/** Removes what a process that is gone has left behind. Others may use the folder at the same time. */
export async function removeLeftScratch(homeDir: string): Promise<void> {
  try {
    for (const name of await readdir(homeDir)) {
      const pid = /^scratch-(\d+)-/.exec(name)?.[1];
      const dir = join(homeDir, name);
      if (pid === undefined || inUse.has(dir)) continue;
      if (Number(pid) !== process.pid && isAlive(Number(pid))) continue;
      await rm(dir, { recursive: true, force: true, maxRetries: 3 });
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw classifyFsError(error);
  }
}

function isAlive(pid: number): boolean {
  try {
    // No signal is sent by this.
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Pushes one ref that is not there yet out of a scratch repository.
 *
 * @param words begin the error where it is refused
 * @throws EpicstarError `git-push-rejected`, or as `push` does
 */
export async function pushNew(
  push: Git['push'],
  scratch: GitCache,
  remote: GitRemote,
  { ref, oid, words }: { readonly ref: string; readonly oid: string; readonly words: string },
  call: GitCall,
): Promise<void> {
  const { accepted, rejected, output } = await push(scratch, remote, [{ ref, oid, expect: null }], call);
  if (accepted.includes(ref)) return;
  const reason = rejected[0]?.reason ?? 'no word of why';
  throw new EpicstarError('git-push-rejected', `${words}: ${reason}.`, { data: { output } });
}
