/** @file A push tried by the real git adapter, for targets that are tested without an engine. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGit } from '../../src-main/engine/adapters/git/git.ts';
import { createRedactor } from '../../src-main/engine/adapters/system/redactor.ts';
import type { GitRemote } from '../../src-main/engine/ports/git.ts';
import { createKeptLog } from './kept-log.ts';
import { realClock } from './real-clock.ts';

/** In folders of its own, which are removed again. */
export async function pushTrial(remote: GitRemote, signal: AbortSignal): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'epicstar-push-trial-'));
  try {
    const git = createGit({
      cacheRoot: join(dir, 'cache'),
      homeDir: join(dir, 'git-home'),
      log: createKeptLog(),
      redactor: createRedactor(),
      clock: realClock,
      processEnv: process.env,
      platform: process.platform,
    });
    await git.tryPush(remote, { signal });
  } finally {
    await rm(dir, { recursive: true, force: true, maxRetries: 3 });
  }
}
