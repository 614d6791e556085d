/**
 * @file Which updates are fast-forwards, for many pairs with few processes. Must not know what the pairs are.
 *
 * [Note: ancestry in bulk] One `rev-list` lists the commits that the new tips have and none of the old ones. Walking
 * that list from a new tip either meets its old tip, then it is a fast-forward, or runs out. Run out without touching
 * anything that was left out: it is none. Otherwise it is none as well, unless the old tip is an ancestor of another
 * old tip; a second `rev-list` tells which are. Only those rest are asked one by one.
 */
import type { GitCache, GitCall } from '../../ports/git.ts';
import type { GitCalls } from './calls.ts';
import { classifyFailure } from './classify.ts';
import { checkedOid } from './text.ts';

export interface TipPair {
  readonly old: string;
  readonly new: string;
}

/** More is not kept in memory; then every pair is asked by itself. */
const maxListed = 200_000;
/** Steps of all walks together, so that the event loop is not held up. */
const maxSteps = 2_000_000;
const maxParallel = 2;

type Parents = ReadonlyMap<string, readonly string[]>;
type Found = 'forward' | 'apart' | 'left-the-list';

/** Walks from `pair.new` through listed commits. @returns null when the steps are used up */
function walk(pair: TipPair, parents: Parents, budget: { steps: number }): Found | null {
  const seen = new Set([pair.new]);
  const open = [pair.new];
  let hasLeft = false;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === pair.old) return 'forward';
    budget.steps -= 1;
    if (budget.steps < 0) return null;
    const above = parents.get(next);
    if (above === undefined) hasLeft = true;
    for (const parent of above ?? []) {
      if (seen.has(parent)) continue;
      seen.add(parent);
      open.push(parent);
    }
  }
  return hasLeft ? 'left-the-list' : 'apart';
}

/** @returns null when there are too many to keep */
async function listNew(
  calls: GitCalls,
  cache: GitCache,
  pairs: readonly TipPair[],
  call: GitCall,
): Promise<Parents | null> {
  const parents = new Map<string, readonly string[]>();
  let isTooMany = false;
  const news = new Set(pairs.map((pair) => pair.new));
  const olds = new Set(pairs.map((pair) => pair.old));
  await calls.succeed({
    args: ['rev-list', '--parents', '--stdin'],
    cache,
    call,
    input: `${[...news].join('\n')}\n${[...olds].map((oid) => `^${oid}`).join('\n')}\n`,
    onLine: (line) => {
      isTooMany ||= parents.size >= maxListed;
      if (isTooMany) return;
      const [oid = '', ...above] = line.toString('latin1').split(' ');
      parents.set(oid, above);
    },
  });
  return isTooMany ? null : parents;
}

/** Those that are an ancestor of no other one: what stays when all ancestors of all of them are taken away. */
async function listIndependent(
  calls: GitCalls,
  cache: GitCache,
  oids: ReadonlySet<string>,
  call: GitCall,
): Promise<ReadonlySet<string>> {
  const independent = new Set<string>();
  await calls.succeed({
    args: ['rev-list', '--stdin'],
    cache,
    call,
    input: `${[...oids].flatMap((oid) => [oid, `^${oid}^@`]).join('\n')}\n`,
    onLine: (line) => independent.add(line.toString('latin1')),
  });
  return independent;
}

async function isAncestor(calls: GitCalls, cache: GitCache, pair: TipPair, call: GitCall): Promise<boolean> {
  const result = await calls.run({ args: ['merge-base', '--is-ancestor', pair.old, pair.new], cache, call });
  if (result.exitCode === 0 || result.exitCode === 1) return result.exitCode === 0;
  throw classifyFailure(result.stderr, result.exitCode);
}

/** Indexes of the pairs in which `old` is an ancestor of `new`, or the same. Both have to be commits in the cache. */
export async function findFastForwards(
  calls: GitCalls,
  cache: GitCache,
  pairs: readonly TipPair[],
  call: GitCall,
): Promise<ReadonlySet<number>> {
  const forward = new Set<number>();
  if (pairs.length === 0) return forward;
  for (const pair of pairs) [pair.old, pair.new].forEach(checkedOid);
  const [single] = pairs;
  if (single !== undefined && pairs.length === 1) {
    if (await isAncestor(calls, cache, single, call)) forward.add(0);
    return forward;
  }

  const parents = await listNew(calls, cache, pairs, call);
  const budget = { steps: maxSteps };
  const unclear: number[] = [];
  const unsure: number[] = [];
  for (const [index, pair] of pairs.entries()) {
    const found = parents === null ? null : walk(pair, parents, budget);
    if (found === 'forward') forward.add(index);
    else if (found === 'left-the-list') unclear.push(index);
    else if (found === null) unsure.push(index);
  }
  if (unclear.length > 0) {
    const independent = await listIndependent(calls, cache, new Set(pairs.map(({ old }) => old)), call);
    unsure.push(...unclear.filter((index) => !independent.has(pairs[index]?.old ?? '')));
  }
  const rest = unsure.values();
  await Promise.all(
    Array.from({ length: maxParallel }, async () => {
      for (const index of rest) {
        const pair = pairs[index];
        if (pair !== undefined && (await isAncestor(calls, cache, pair, call))) forward.add(index);
      }
    }),
  );
  return forward;
}
