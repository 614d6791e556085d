/**
 * @file The plan of a mirror run: what has to happen to the refs of the target so that they equal the source. Pure;
 * what git and the target know (ancestry, fitness of names) comes in as arguments.
 */

/** Full ref name (`refs/heads/main`) to object id (40 or 64 hex digits). */
export type RefMap = ReadonlyMap<string, string>;

export interface UnfitRef {
  readonly ref: string;
  readonly reason: string;
}

export interface RefUpdate {
  readonly ref: string;
  /** Tip in the target before; null: does not exist there. */
  readonly from: string | null;
  /** Tip wanted; null: delete. */
  readonly to: string | null;
}

export interface KeptRef {
  /** `refs/epicstar/kept/<date>/<heads|tags>/<name>`. */
  readonly ref: string;
  readonly oid: string;
  /** The ref whose old tip this is. */
  readonly of: string;
}

export interface MirrorPlan {
  readonly creates: readonly RefUpdate[];
  readonly fastForwards: readonly RefUpdate[];
  readonly rewrites: readonly RefUpdate[];
  readonly deletes: readonly RefUpdate[];
  /** Has to be in the target before `rewrites` and `deletes` are. */
  readonly kept: readonly KeptRef[];
  readonly unfit: readonly UnfitRef[];
  readonly unchanged: number;
}

export interface RefDifference {
  readonly creates: readonly RefUpdate[];
  /** Both ends have it, with different tips. */
  readonly changes: readonly RefUpdate[];
  readonly deletes: readonly RefUpdate[];
  readonly unfit: readonly UnfitRef[];
  readonly unchanged: number;
}

/** Null where the target can hold a ref of this name, else the reason in a few words. */
export type RefFitness = (ref: string) => string | null;

const mirrored = /^refs\/(heads|tags)\//;

/**
 * Compares both ends over heads and tags alone. An unfit name is left out on both ends: it is neither created nor
 * deleted, since the target would lose a whole push for it.
 */
export function compareRefs(source: RefMap, target: RefMap, fitness: RefFitness): RefDifference {
  const creates: RefUpdate[] = [];
  const changes: RefUpdate[] = [];
  const deletes: RefUpdate[] = [];
  const unfit: UnfitRef[] = [];
  let unchanged = 0;
  for (const [ref, to] of source) {
    if (!mirrored.test(ref)) continue;
    const reason = fitness(ref);
    if (reason !== null) {
      unfit.push({ ref, reason });
      continue;
    }
    const from = target.get(ref) ?? null;
    if (from === null) creates.push({ ref, from, to });
    else if (from === to) unchanged += 1;
    else changes.push({ ref, from, to });
  }
  for (const [ref, from] of target) {
    if (mirrored.test(ref) && !source.has(ref) && fitness(ref) === null) deletes.push({ ref, from, to: null });
  }
  return { creates, changes, deletes, unfit, unchanged };
}

/** Whether nothing has to move. Unfit names do not count: they are reported, not mirrored. */
export function isSame(difference: RefDifference): boolean {
  return difference.creates.length === 0 && difference.changes.length === 0 && difference.deletes.length === 0;
}

/**
 * Completes a difference to a plan. A changed branch whose old tip is an ancestor of the new one is a fast-forward;
 * a changed tag always counts as a rewrite, since whoever fetched it has the old one.
 *
 * @param fastForwards refs of which git found that the old tip is an ancestor of the new one
 * @param keptPrefix see {@link keptRefPrefix}
 */
export function planMirror(
  difference: RefDifference,
  fastForwards: ReadonlySet<string>,
  keptPrefix: string,
): MirrorPlan {
  const isFastForward = (change: RefUpdate): boolean =>
    change.ref.startsWith('refs/heads/') && fastForwards.has(change.ref);
  const rewrites = difference.changes.filter((change) => !isFastForward(change));
  const kept = [...rewrites, ...difference.deletes].flatMap(({ ref, from }) =>
    from === null ? [] : [{ ref: keptRefName(keptPrefix, ref), oid: from, of: ref }],
  );
  return {
    creates: difference.creates,
    fastForwards: difference.changes.filter(isFastForward),
    rewrites,
    deletes: difference.deletes,
    kept,
    unfit: difference.unfit,
    unchanged: difference.unchanged,
  };
}

/** `refs/epicstar/kept/20261124T081530123Z`: one prefix a run, so that two runs never clash over a kept name. */
export function keptRefPrefix(atMs: number): string {
  const date = new Date(atMs).toISOString().replace(/[-:.]/g, '');
  return `refs/epicstar/kept/${date}`;
}

/** A part of a ref's name is a file's name, of which most disks take 255 bytes, `.lock` at its end included. */
const longestPart = 200;

/**
 * `<prefix>/<heads|tags>/<name>`, in which every character that some target cannot take in a ref name is written
 * `_xHH` (bytes of its UTF-8 form in hex), a literal `_x` is written `_x5fx`, and a part that becomes too long by that
 * goes on behind `_x/`, so that the name can be read back.
 */
export function keptRefName(prefix: string, ref: string): string {
  const rest = ref.slice('refs/'.length);
  const bytes = new TextEncoder();
  const encoded = rest.replace(/_x|[^A-Za-z0-9._/-]/gu, (found) => {
    if (found === '_x') return '_x5fx';
    return [...bytes.encode(found)].map((byte) => `_x${byte.toString(16).padStart(2, '0')}`).join('');
  });
  return `${prefix}/${encoded.split('/').map(foldPart).join('/')}`;
}

function foldPart(part: string): string {
  let folded = '';
  let length = 0;
  for (const [token] of part.matchAll(/_x[0-9a-f]{2}|./g)) {
    // No part of a ref's name may begin with a dot.
    if (length + token.length > longestPart && token !== '.') {
      folded += '_x/';
      length = 0;
    }
    folded += token;
    length += token.length;
  }
  return folded;
}

/** What stands behind the prefix of a kept ref, or null if it is none. */
function keptSuffix(keptRef: string): string | null {
  return /^refs\/epicstar\/kept\/[0-9TZ]+\/(.+)$/.exec(keptRef)?.[1] ?? null;
}

/**
 * The plan, with the names of tips that the target keeps already from a run that was cut or refused, so that trying
 * again does not keep them anew each time.
 *
 * @param since names that tell an earlier time are not used again
 */
export function reuseKept(plan: MirrorPlan, target: RefMap, since = 0): MirrorPlan {
  const keyOf = (ref: string, oid: string): string | null => {
    const suffix = keptSuffix(ref);
    return suffix === null ? null : `${suffix} ${oid}`;
  };
  const recent = [...target].filter(([ref]) => (keptRefTime(ref) ?? 0) >= since);
  const known = new Map(recent.map(([ref, oid]) => [keyOf(ref, oid), ref]));
  known.delete(null);
  const kept = plan.kept.map((tip) => ({ ...tip, ref: known.get(keyOf(tip.ref, tip.oid)) ?? tip.ref }));
  return { ...plan, kept };
}

/** The ref that a kept name stands for, or null if it is not a name made by {@link keptRefName}. */
export function keptRefOrigin(keptRef: string): string | null {
  const encoded = keptSuffix(keptRef);
  if (encoded === null || !/^(?:heads|tags)\/./.test(encoded)) return null;
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    const decoded = encoded.replaceAll('_x/', '').replace(/(?:_x[0-9a-f]{2})+/g, (run) => {
      const hex = run.match(/[0-9a-f]{2}(?=_x|$)/g) ?? [];
      return decoder.decode(Uint8Array.from(hex, (pair) => Number.parseInt(pair, 16)));
    });
    return `refs/${decoded}`;
  } catch {
    // Bytes that are no UTF-8: somebody else's name that happens to look like ours.
    return null;
  }
}

/** When a ref was kept, in milliseconds since 1970; null if its name does not tell. */
export function keptRefTime(keptRef: string): number | null {
  const found = /^refs\/epicstar\/kept\/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z\//.exec(keptRef);
  if (found === null) return null;
  const [, year, month, day, hour, minute, second, ms] = found;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
  return Number.isNaN(at) ? null : at;
}

/**
 * Deletes that have to reach the target before a create can: git holds no branch `a` beside a branch `a/b`.
 *
 * @returns the refs of those deletes
 */
export function blockingDeletes(plan: MirrorPlan): ReadonlySet<string> {
  const wanted = new Set(plan.creates.map(({ ref }) => ref));
  const parents = new Set<string>();
  for (const ref of wanted) {
    for (let slash = ref.lastIndexOf('/'); slash > 0; slash = ref.lastIndexOf('/', slash - 1)) {
      parents.add(ref.slice(0, slash));
    }
  }
  const blocking = new Set<string>();
  for (const { ref } of plan.deletes) {
    if (parents.has(ref)) blocking.add(ref);
    for (let slash = ref.lastIndexOf('/'); slash > 0; slash = ref.lastIndexOf('/', slash - 1)) {
      if (wanted.has(ref.slice(0, slash))) blocking.add(ref);
    }
  }
  return blocking;
}

/** Branches made of kept tips on a person's word. Upstream knows nothing of them, and no mirror run touches them. */
const restoredPrefix = 'refs/heads/epicstar-restored/';

/** The branch that a kept tip is restored as; null for a name that {@link keptRefName} did not make. */
export function restoredRefName(keptRef: string): string | null {
  if (keptRefOrigin(keptRef) === null) return null;
  return `${restoredPrefix}${keptRef.slice('refs/epicstar/kept/'.length)}`;
}

/** Branches and tags of a target that belong to the mirror. */
export function mirroredRefs(refs: RefMap, fitness: RefFitness): RefMap {
  return new Map([...refs].filter(([ref]) => /^refs\/(?:heads|tags)\//.test(ref) && fitness(ref) === null));
}

/** What mirror runs go by: what the target can hold, without the names of restored branches. */
export function mirrorFitness(fitness: RefFitness): RefFitness {
  return (ref) => (ref.startsWith(restoredPrefix) ? 'the name is reserved for restored branches' : fitness(ref));
}
