/** @file Jobs that a person asks for. */
import type { GithubId } from '../domain/repository.ts';
import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';
import { allFailed } from './sweeper.ts';

interface Parts {
  readonly store: Store;
  readonly clock: Clock;
}

/** @returns how many were not under way already; unknown ids are left out */
export async function askForMirrors({ store, clock }: Parts, githubIds: readonly GithubId[]): Promise<number> {
  let asked = 0;
  for (const githubId of new Set(githubIds)) {
    if ((await store.repository(githubId)) === null) continue;
    const answer = await store.requestJob({ githubId, cause: 'user' }, clock.now(), true);
    if (answer !== 'waiting') asked += 1;
  }
  return asked;
}

/** What failed, and what waits for an outage to end. @returns how many jobs that makes due */
export async function askForFailed({ store, clock }: Parts): Promise<number> {
  const reasons = ['retry', 'unavailable', 'target-starting', 'disk', 'rate-limit'] as const;
  const woken = await store.wakeJobs(reasons, clock.now(), 'user');
  const failed = (await allFailed(store)).map(({ repository: { githubId } }) => ({ githubId, cause: 'user' as const }));
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
