/**
 * @file Brings a long history into the target piece by piece, so that others get their turn between two pieces and a cut
 * connection loses one alone. Each piece goes up to refs under `refs/epicstar/incoming/` that no one else looks at; those
 * are in the way of nothing and say to a later run how far it is. The mirror's own refs follow when all but the last piece
 * is there; then what was incoming is removed.
 */
import type { Clock } from '../ports/clock.ts';
import type { Git, GitCache, GitCall, GitProgress, GitRemote, PushCommand } from '../ports/git.ts';
import type { HistoryPoint } from '../ports/git-slices.ts';
import type { MirrorTarget, PushLimits, TargetProject } from '../ports/mirror-target.ts';
import type { RefMap } from '../domain/plan.ts';
import type { PushLanes } from './push-lanes.ts';
import type { WorkPart } from './work-part.ts';

export interface HistorySlicesParts {
  readonly git: Pick<Git, 'push' | 'cutHistory'>;
  readonly lanes: PushLanes;
  readonly limits: PushLimits;
  readonly clock: Clock;
  readonly cache: GitCache;
  readonly remote: GitRemote;
  readonly call: GitCall;
  readonly onPart: (part: WorkPart | null) => void;
}

const incomingPrefix = 'refs/epicstar/incoming/';
/** A slice is made of so many pieces where the target takes them fast, of fewer where it is slow. */
const piecesPerSlice = 10;
/** Of the first slice, when nobody knows yet how fast the target takes it. */
const firstPieces = 2;

/** Those of the refs of a target that a push in slices made and has not removed yet. */
export function incomingRefs(refs: RefMap): RefMap {
  return new Map([...refs].filter(([ref]) => ref.startsWith(incomingPrefix)));
}

/** Removes what a run has left behind that was cut when all was there. */
export async function removeIncoming(
  { git, target }: { readonly git: Pick<Git, 'deleteRefs'>; readonly target: Pick<MirrorTarget, 'remote'> },
  project: TargetProject,
  targetRefs: RefMap,
  call: GitCall,
): Promise<void> {
  const left = [...incomingRefs(targetRefs)].map(([ref, oid]) => ({ ref, oid }));
  if (left.length > 0) await git.deleteRefs(await target.remote(project), left, call);
}

export class HistorySlices {
  readonly #parts: HistorySlicesParts;
  readonly #standing: Map<string, string>;
  #bytesSent = 0;
  /** Bytes that were sent for each byte that the same takes in the cache. */
  #growth = 1;
  #bytesPerMs: number | null = null;

  constructor(parts: HistorySlicesParts, targetRefs: RefMap) {
    this.#parts = parts;
    this.#standing = new Map(incomingRefs(targetRefs));
  }

  /** Of all slices so far, also after {@link push} rejected. */
  get bytesSent(): number {
    return this.#bytesSent;
  }

  /**
   * Sends all but the last slice. A target that refuses such refs gets everything at once.
   *
   * @param haves tips of the target, all of them local
   * @returns bytes that are left for the push of the refs themselves
   */
  async push(wants: readonly string[], haves: readonly string[]): Promise<number> {
    const { git, limits, cache, call, onPart } = this.#parts;
    const piece = Math.max(1, Math.floor((limits.slices?.bytes ?? 0) / piecesPerSlice));
    const points = await git.cutHistory(cache, wants, haves, piece, call);
    let next = 0;
    try {
      for (let number = 1; ; number += 1) {
        const limit = this.#limit();
        const end = endOf(points, next, limit);
        const left = bytesOf(points, next);
        onPart({ number, of: this.#foretell(number, left, limit) });
        const last = points[end - 1];
        if (end >= points.length || last === undefined) return left;
        if (!(await this.#send(last.tips, bytesOf(points.slice(0, end), next)))) return left;
        next = end;
      }
    } finally {
      if (next === 0) onPart(null);
    }
  }

  /** Removes what is incoming; what cannot be removed now is tried again by the next run. */
  async clear(): Promise<void> {
    const deletes = [...this.#standing].map(([ref, oid]) => ({ ref, oid: null, expect: oid }));
    await this.#pushBatches(deletes);
  }

  /** How many slices there will be in all. */
  #foretell(number: number, left: number, limit: number): number {
    const { bytes } = this.#parts.limits.slices ?? { bytes: 1 };
    // The first one is smaller than the others.
    const usual = this.#bytesPerMs === null ? bytes : limit;
    return number - 1 + Math.max(1, Math.ceil(left / usual));
  }

  /** In bytes of the cache. */
  #limit(): number {
    const slices = this.#parts.limits.slices ?? { bytes: 0, ms: 0 };
    const most =
      this.#bytesPerMs === null ? (slices.bytes * firstPieces) / piecesPerSlice : this.#bytesPerMs * slices.ms;
    return Math.max(1, Math.min(slices.bytes, most) / this.#growth);
  }

  /** @returns false: the target refuses it */
  async #send(tips: readonly string[], bytes: number): Promise<boolean> {
    const names = new Map(tips.map((oid) => [`${incomingPrefix}${oid}`, oid]));
    const creates = [...names]
      .filter(([ref]) => !this.#standing.has(ref))
      .map(([ref, oid]): PushCommand => ({ ref, oid, expect: null }));
    // What came before is reached from the new tips, so that few refs stand at any time.
    const deletes = [...this.#standing]
      .filter(([ref]) => !names.has(ref))
      .map(([ref, oid]): PushCommand => ({ ref, oid: null, expect: oid }));
    const { sent, tookMs, accepted } = await this.#pushBatches([...creates, ...deletes]);
    if (creates.some(({ ref }) => !accepted.has(ref))) return false;
    if (sent > 0) {
      this.#growth = Math.min(10, Math.max(0.5, sent / Math.max(1, bytes)));
      this.#bytesPerMs = sent / Math.max(1, tookMs);
    }
    return true;
  }

  async #pushBatches(commands: readonly PushCommand[]) {
    const { git, lanes, limits, clock, cache, remote, call } = this.#parts;
    const accepted = new Set<string>();
    let sent = 0;
    let tookMs = 0;
    for (let start = 0; start < commands.length; start += limits.refsPerPush) {
      const batch = commands.slice(start, start + limits.refsPerPush);
      const isLarge = batch.some(({ oid }) => oid !== null);
      const result = await lanes.run(isLarge, call.signal, async () => {
        let beganMs = clock.monotonicMs();
        let isWriting = false;
        const onProgress = (progress: GitProgress): void => {
          // The server has nothing to do before.
          if (progress.phase === 'writing' && !isWriting) {
            isWriting = true;
            beganMs = clock.monotonicMs();
          }
          call.onProgress?.(
            progress.bytes === null ? progress : { ...progress, bytes: this.#bytesSent + progress.bytes },
          );
        };
        const pushed = await git.push(cache, remote, batch, { signal: call.signal, onProgress });
        tookMs += clock.monotonicMs() - beganMs;
        return pushed;
      });
      sent += result.bytesSent;
      this.#bytesSent += result.bytesSent;
      for (const ref of result.accepted) accepted.add(ref);
    }
    for (const { ref, oid } of commands) {
      if (!accepted.has(ref)) continue;
      if (oid === null) this.#standing.delete(ref);
      else this.#standing.set(ref, oid);
    }
    return { sent, tookMs, accepted };
  }
}

/** One more piece than fits is taken where none fits. */
function endOf(points: readonly HistoryPoint[], start: number, limit: number): number {
  let end = start;
  let bytes = 0;
  for (const point of points.slice(start)) {
    bytes += point.bytes;
    if (end > start && bytes > limit) break;
    end += 1;
  }
  return end;
}

function bytesOf(points: readonly HistoryPoint[], start: number): number {
  return points.slice(start).reduce((sum, { bytes }) => sum + bytes, 0);
}
