/** @file A repository for one use, removed afterwards whatever came of it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitCache } from '../../ports/git.ts';
import { writeSkeleton } from './cache.ts';
import type { GitCalls } from './calls.ts';
import { classifyFsError } from './classify.ts';

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
  }
}

async function make(homeDir: string): Promise<string> {
  try {
    const dir = await mkdtemp(join(homeDir, 'scratch-'));
    await writeSkeleton(dir);
    return dir;
  } catch (error) {
    throw classifyFsError(error);
  }
}
