/** @file Jobs that a person asks for. */
import type { GithubId } from '../domain/repository.ts';
import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';
import { buildsKey } from './build-definitions.ts';
import { allFailed } from './sweeper.ts';

interface Parts {
  readonly store: Store;
  readonly clock: Clock;
}

/** @returns how many were not under way already; unknown ids and what is in the archive are left out */
export async function askForMirrors({ store, clock }: Parts, githubIds: readonly GithubId[]): Promise<number> {
  let asked = 0;
  for (const githubId of new Set(githubIds)) {
    const repository = await store.repository(githubId);
    if (repository === null || repository.archivedAt !== null) continue;
    const answer = await store.requestJob({ githubId, cause: 'user' }, clock.now(), true);
    if (answer !== 'waiting') asked += 1;
  }
  return asked;
}

/** What failed, and what waits for an outage to end. @returns how many jobs that makes due */
export async function askForFailed({ store, clock }: Parts): Promise<number> {
  const reasons = ['retry', 'unavailable', 'target-starting', 'disk', 'rate-limit'] as const;
  const woken = await store.wakeJobs(reasons, clock.now(), 'user');
  const failed = (await allFailed(store)).flatMap(({ repository: { githubId, archivedAt } }) =>
    archivedAt === null ? [{ githubId, cause: 'user' as const }] : [],
  );
  return woken + (await store.requestJobs(failed, clock.now()));
}

/** Where a person's word is kept that the next run of a repository may follow what upstream lost. */
export function lossKey(githubId: GithubId): string {
  return `accept-loss ${githubId}`;
}

/** @returns whether a job was asked for; not for an unknown id */
export async function acceptLoss(parts: Parts, githubId: GithubId): Promise<boolean> {
  if ((await parts.store.repository(githubId)) === null) return false;
  await parts.store.writeValue(lossKey(githubId), 'true');
  await askForMirrors(parts, [githubId]);
  return true;
}

/**
 * A person's word that a repository is mirrored with its definition of builds, now and later.
 *
 * @returns whether a job was asked for; not for an unknown id
 */
export async function acceptBuilds(parts: Parts, githubId: GithubId): Promise<boolean> {
  if ((await parts.store.repository(githubId)) === null) return false;
  await parts.store.writeValue(buildsKey(githubId), 'true');
  await askForMirrors(parts, [githubId]);
  return true;
}
