/**
 * @file A thousand stars whose mirrors count as made: the program makes the first one itself, the others are settled in
 * its database as that one was. Making them all would take minutes and leave the same rows behind.
 */
import { join } from 'node:path';
import { emptyReport } from '../../src-main/engine/domain/job.ts';
import { openSqliteStore } from '../../src-main/engine/adapters/sqlite/index.ts';
import { generateSmall } from '../playground/repositories/index.ts';
import type { StandIns } from './stand-ins.ts';

const sharedNameCount = 40;

/** All share one small bare repository; none of it is read but for one. @returns the name of the newest star */
export async function starAll(standIns: StandIns, count: number): Promise<string> {
  const [shared] = await generateSmall(join(standIns.dir, 'upstream'), 1);
  if (shared === undefined) throw new Error('no repository was generated');
  const { world } = standIns.github;
  const firstMs = Date.now() - (count + 60) * 60_000;
  let fullName = '';
  for (let index = 0; index < count; index += 1) {
    fullName = `owner-${Math.floor(index / sharedNameCount)}/star-${index}`;
    // Pushes and stars lie a minute apart, as nothing is equal in a real list either.
    const atMs = firstMs + index * 60_000;
    world.star(world.addRepository({ fullName, bareDir: shared.bareDir, pushedAtMs: atMs }), atMs);
  }
  return fullName;
}

/** Call it when the program has ended. */
export async function settleAll(dataDir: string): Promise<void> {
  const store = await openSqliteStore({ dataDir });
  try {
    for (;;) {
      const at = Date.now();
      const job = await store.claimNextJob(at, true);
      if (job === null) return;
      const repository = await store.repository(job.githubId);
      const proof = {
        projectId: String(job.githubId),
        projectPath: `github/${job.fullName}`,
        projectUrl: null,
        fullName: job.fullName,
        defaultBranch: repository?.defaultBranch ?? null,
        pushedAt: repository?.pushedAt ?? null,
        verifiedAt: at,
        refCount: 1,
        cacheBytes: 0,
      };
      const facts = { startedAt: at, finishedAt: at, outcome: 'done', report: emptyReport, error: null } as const;
      await store.settleJob(job.id, { state: 'done', proof }, facts);
    }
  } finally {
    await store.close();
  }
}
