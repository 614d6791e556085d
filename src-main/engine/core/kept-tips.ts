/**
 * @file What becomes of old tips at the end of a run that found both ends equal: those that are older than the person wants
 * them are let go, and what the others cost is measured. The mirror is proven by then: nothing here makes the run fail.
 */
import { EpicstarError } from '../domain/errors.ts';
import { keptRefTime, type RefMap } from '../domain/plan.ts';
import type { GithubId, Instant } from '../domain/repository.ts';
import type { Clock } from '../ports/clock.ts';
import type { Git, GitCache, GitCall } from '../ports/git.ts';
import type { Log } from '../ports/log.ts';
import type { MirrorTarget, TargetProject } from '../ports/mirror-target.ts';
import type { KeptCost } from '../ports/store-kept.ts';
import type { RepositoryRecord, Store } from '../ports/store.ts';
import type { PushLanes } from './push-lanes.ts';

export interface KeptParts {
  readonly git: Git;
  readonly target: MirrorTarget;
  readonly store: Store;
  readonly clock: Clock;
  readonly lanes: PushLanes;
  /** Tips older than this are let go; 0 or left out: none ever. */
  readonly keptMs?: number;
  readonly log: Log;
}

export interface KeptRun {
  readonly githubId: GithubId;
  readonly project: TargetProject;
  /** All refs of the mirror, as they were listed last. */
  readonly targetRefs: RefMap;
  readonly call: GitCall;
}

const keptPrefix = 'refs/epicstar/kept/';
/** In one run; the next one goes on. */
const mostLetGo = 500;
const triedAgainMs = 24 * 3_600_000;

/**
 * Where tips are let go in time, one that is replaced once more is kept under a new name, with all its time before it; but a
 * run that is tried again finds what it kept.
 */
export function keptAgainSince({ keptMs = 0, clock }: Pick<KeptParts, 'keptMs' | 'clock'>): Instant {
  return keptMs > 0 ? clock.now() - triedAgainMs : 0;
}

/** @returns how many were let go. Rejects with `cancelled` alone. */
export async function tendKept(parts: KeptParts, run: KeptRun): Promise<number> {
  const kept = new Map([...run.targetRefs].filter(([ref]) => ref.startsWith(keptPrefix)));
  const gone = await orNothing(parts, run, () => letGo(parts, run, kept));
  for (const ref of gone ?? []) kept.delete(ref);
  await orNothing(parts, run, () => noteCost(parts, run, kept));
  return gone?.length ?? 0;
}

async function orNothing<T>(
  { log }: KeptParts,
  { githubId, call }: KeptRun,
  work: () => Promise<T>,
): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (call.signal.aborted || (error instanceof EpicstarError && error.code === 'cancelled')) throw error;
    log.warn('old tips could not be tended', { githubId, error });
    return null;
  }
}

/**
 * Tips that were too old already when both ends were compared the time before: a clock that jumped ahead for once lets
 * nothing go. A name that does not tell its time stays.
 */
export function expiredTips(
  kept: RefMap,
  { keptMs, now, lastVerifiedAt }: { readonly keptMs: number; readonly now: Instant; readonly lastVerifiedAt: Instant },
): readonly { readonly ref: string; readonly oid: string }[] {
  if (keptMs <= 0) return [];
  const before = Math.min(now, lastVerifiedAt) - keptMs;
  return [...kept].flatMap(([ref, oid]) => {
    const at = keptRefTime(ref);
    return at !== null && at < before ? [{ ref, oid }] : [];
  });
}

/** Never where upstream is missing, or anything is said or doubted of it: then these may be all there is. */
function mayLetGo(row: RepositoryRecord | null): row is RepositoryRecord & { readonly mirror: object } {
  return row !== null && row.mirror !== null && row.absentSince === null && row.verdict === null;
}

async function letGo(parts: KeptParts, run: KeptRun, kept: RefMap): Promise<readonly string[]> {
  const { git, target, store, clock, lanes, keptMs = 0, log } = parts;
  const { githubId, project, call } = run;
  if (keptMs <= 0 || kept.size === 0) return [];
  const row = await store.repository(githubId);
  if (!mayLetGo(row)) return [];
  const expired = expiredTips(kept, { keptMs, now: clock.now(), lastVerifiedAt: row.mirror.verifiedAt });
  if (expired.length === 0) return [];
  const remote = await target.remote(project);
  const oldest = expired.slice(0, mostLetGo);
  const { accepted, rejected } = await lanes.run(false, call.signal, () => git.deleteRefs(remote, oldest, call));
  log.info('old tips were let go', { githubId, refs: accepted.length, names: accepted.slice(0, 20) });
  if (rejected.length > 0) log.warn('old tips were not let go', { githubId, rejected: rejected.slice(0, 20) });
  return accepted;
}

async function noteCost(parts: KeptParts, run: KeptRun, kept: RefMap): Promise<void> {
  const { store, clock } = parts;
  const known = await store.keptCost(run.githubId);
  if (kept.size === 0) {
    if (known !== null) await store.writeKeptCost(run.githubId, null);
    return;
  }
  // Names carry their time, so as many as before are the same ones, but where as many went as came.
  const newest = Math.max(...[...kept.keys()].map((ref) => keptRefTime(ref) ?? 0));
  if (known !== null && known.refs === kept.size && newest <= known.measuredAt) return;
  const cost: KeptCost = {
    refs: kept.size,
    bytes: await measure(parts, run, kept),
    measuredAt: Math.max(clock.now(), newest),
  };
  await store.writeKeptCost(run.githubId, cost);
}

/** Null: not all of it is in the cache. */
async function measure({ git }: KeptParts, run: KeptRun, kept: RefMap): Promise<number | null> {
  const { githubId, targetRefs, call } = run;
  const cache: GitCache | null = await git.knownCache(githubId);
  if (cache === null) return null;
  const others = [...targetRefs].filter(([ref]) => !ref.startsWith('refs/epicstar/')).map(([, oid]) => oid);
  const tips = [...new Set(kept.values())];
  const missing = await git.missingObjects(cache, [...tips, ...others], call);
  if (tips.some((oid) => missing.has(oid))) return null;
  const there = [...new Set(others)].filter((oid) => !missing.has(oid));
  return await git.bytesOnlyIn(cache, tips, there, call);
}
