/** @file Which mirror is due when GitHub's list says something about its repository. Pure. */
import type { JobCause } from './job.ts';
import type { RepositoryFacts } from './repository.ts';
import type { Selection } from './selection.ts';

/** What was known of a repository before it was seen again. */
export interface KnownRepository extends RepositoryFacts {
  readonly absentSince: number | null;
  readonly mirror: object | null;
  /** Absent: it was selected. */
  readonly selection?: Selection;
}

/**
 * Why a mirror run is due, or null. Only a change against what was known asks for a run, since the job of an earlier
 * change was made in the transaction that recorded that change and takes care of itself, retries included. What was
 * not selected before was not followed either, so it is due whatever is known.
 */
export function dueCause(known: KnownRepository | null, seen: RepositoryFacts): JobCause | null {
  if (known === null) return 'new-star';
  const wasLeftOut = known.absentSince !== null || (known.selection ?? 'mirror') !== 'mirror';
  if (wasLeftOut) return known.mirror === null ? 'new-star' : 'pushed';
  if (known.fullName !== seen.fullName) return 'renamed';
  if (known.pushedAt !== seen.pushedAt || known.defaultBranch !== seen.defaultBranch) return 'pushed';
  return null;
}
