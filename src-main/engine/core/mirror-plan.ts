/** @file What git has to be asked before a difference becomes a plan: which old tips are lost, which only go forward. */
import {
  keptRefPrefix,
  mirroredRefs,
  mirrorFitness,
  type MirrorPlan,
  planMirror,
  type RefDifference,
  type RefMap,
} from '../domain/plan.ts';
import type { Clock } from '../ports/clock.ts';
import type { Git, GitCache, GitCall, GitRemote } from '../ports/git.ts';
import type { MirrorTarget } from '../ports/mirror-target.ts';
import type { MirrorEnds } from './mirror-ends.ts';

interface Wanted {
  readonly cache: GitCache;
  readonly mirror: GitRemote;
  readonly difference: RefDifference;
  readonly call: GitCall;
}

/** Afterwards the cache holds every old tip that is about to be replaced. */
export async function planMoves(
  { git, clock }: { readonly git: Git; readonly clock: Clock },
  ends: MirrorEnds,
  { cache, mirror, difference, call }: Wanted,
): Promise<MirrorPlan> {
  const losing = [...difference.changes, ...difference.deletes].flatMap(({ ref, from }) =>
    from === null ? [] : [{ ref, from }],
  );
  if (losing.length === 0) return planMirror(difference, new Set(), keptRefPrefix(clock.now()));
  const missing = await git.missingObjects(
    cache,
    losing.map(({ from }) => from),
    call,
  );
  if (missing.size > 0) {
    const refs = losing.filter(({ from }) => missing.has(from)).map(({ ref }) => ref);
    await ends.onTarget(() => git.fetchTips(cache, mirror, refs, call));
  }
  const heads = difference.changes.flatMap(({ ref, from, to }) =>
    ref.startsWith('refs/heads/') && from !== null && to !== null ? [{ ref, old: from, new: to }] : [],
  );
  const forward = await git.fastForwards(cache, heads, call);
  const fastForwards = new Set(heads.filter((_, index) => forward.has(index)).map(({ ref }) => ref));
  return planMirror(difference, fastForwards, keptRefPrefix(clock.now()));
}

/** Of the branches and tags that belong to the mirror; see `GitDrills.digestOf`. */
export function digestOfMirror(
  { git, target }: { readonly git: Git; readonly target: MirrorTarget },
  refs: RefMap,
): string {
  const fitness = mirrorFitness((ref) => target.refFitness(ref));
  return git.digestOf(mirroredRefs(refs, fitness));
}
