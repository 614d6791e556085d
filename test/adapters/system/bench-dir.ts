/** @file A folder in the temp folder, removed at the end of the test. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export async function makeDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'epicstar-system-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}
