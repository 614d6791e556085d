/** @file Small questions about refs and facts that a mirror run asks. Pure. */
import { EpicstarError } from '../domain/errors.ts';
import type { RefDifference, RefMap } from '../domain/plan.ts';
import type { Instant, RepositoryFacts } from '../domain/repository.ts';
import type { CheckItem } from '../ports/mirror-target.ts';

/** Whether an identity check told something new that is worth a write. */
export function differs(known: RepositoryFacts, seen: RepositoryFacts): boolean {
  return (
    known.fullName !== seen.fullName ||
    known.pushedAt !== seen.pushedAt ||
    known.defaultBranch !== seen.defaultBranch ||
    known.sizeKb !== seen.sizeKb ||
    known.description !== seen.description ||
    known.isPrivate !== seen.isPrivate ||
    known.isArchived !== seen.isArchived
  );
}

/** A mirror that holds branches is never emptied because upstream shows none: that waits for a person's word. */
export function refuseEmptied(source: RefMap, target: RefMap): void {
  const hasBranch = (refs: RefMap): boolean => [...refs.keys()].some((ref) => ref.startsWith('refs/heads/'));
  if (!hasBranch(source) && hasBranch(target)) throw new EpicstarError('source-emptied', '');
}

/** So few may always go at once. */
const fewRefs = 10;

/**
 * What goes at once beyond this is not followed before a person has seen it: it may be an accident, or an attack.
 *
 * @param holdPercent of the refs that the mirror holds, 1 to 100; 0: all is followed
 * @throws EpicstarError `source-shrunk`
 */
export function refuseLoss({ deletes, changes, unchanged }: RefDifference, holdPercent: number): void {
  const before = unchanged + changes.length + deletes.length;
  if (holdPercent === 0 || deletes.length < fewRefs || deletes.length * 100 < holdPercent * before) return;
  throw new EpicstarError('source-shrunk', `${deletes.length} of ${before} are gone.`);
}

export function sameRefs(a: RefMap, b: RefMap): boolean {
  return a.size === b.size && [...a].every(([ref, oid]) => b.get(ref) === oid);
}

/** `main` for `refs/heads/main`. */
export function shortBranch(ref: string): string {
  return ref.replace(/^refs\/heads\//, '');
}

/** Branches and tags alone. */
export function headsAndTags(refs: RefMap): RefMap {
  return new Map([...refs].filter(([ref]) => /^refs\/(?:heads|tags)\//.test(ref)));
}

/** Short names of the branches that the target can hold. */
export function branchNames(refs: RefMap, fitness: (ref: string) => string | null): ReadonlySet<string> {
  const names = [...refs.keys()].filter((ref) => ref.startsWith('refs/heads/') && fitness(ref) === null);
  return new Set(names.map(shortBranch));
}

/** One sentence for an error. */
export function describeDifference(difference: RefDifference | null): string {
  if (difference === null) return '';
  const refs = [...difference.creates, ...difference.changes, ...difference.deletes].map(({ ref }) => ref);
  const named = refs.slice(0, 3).join(', ');
  return `${refs.length} refs differ, such as ${named}.`;
}

/** Rounded up, for a sentence. */
export function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1024 / 1024);
}

/**
 * The error of a run that the target refused, after a look at the target itself: a right that is missing there concerns
 * every mirror, everything else is tried again soon.
 */
export function refusedByTarget(failed: CheckItem, cause: EpicstarError, now: Instant): EpicstarError {
  const words = `${failed.finding} ${failed.nextStep ?? ''}`.trim();
  if (failed.code === 'target-right-missing') return new EpicstarError('target-token-limited', words, { cause });
  if (failed.code === 'target-signed-out') return new EpicstarError('target-signed-out', words, { cause });
  return new EpicstarError('target-unavailable', words, { cause, data: { until: now + 60_000 } });
}
