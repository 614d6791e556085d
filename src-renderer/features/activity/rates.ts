/** @file How fast a job moves, and how long a step of it still takes where that can be trusted. Pure. */
import type { WorkItemView } from '../../../src-preload/contract/views.ts';

/** What was seen of a job at one moment. */
export interface Sample {
  readonly atMs: number;
  readonly bytes: number;
  /** Objects of git that were received, of how many; null outside that step, or where git does not say. */
  readonly objects: { readonly done: number; readonly total: number } | null;
}

/** Null: not known, or not to be trusted. */
export interface Rate {
  readonly bytesPerSecond: number | null;
  readonly stepLeftMs: number | null;
}

/** Samples are taken this often. */
export const sampleEveryMs = 1_000;
/** A longer gap, such as a sleep of the computer: what was before it says nothing. */
const longestGapMs = 4 * sampleEveryMs;
const speedOverMs = 5_000;
const leastSpeedMs = 1_900;
const keptMs = 30_000;
const leastObservedMs = 10_000;
const bucketMs = 2_000;
/** Standard deviation of the pace over its mean; with more, what is left is anybody's guess. */
const mostUneven = 0.35;
const longestLeftMs = 24 * 3_600_000;

export function sampleOf({ bytesReceived, bytesSent, git }: WorkItemView, atMs: number): Sample {
  const isReceiving = git !== null && git.phase === 'receiving' && git.total !== null && git.total > 0;
  return {
    atMs,
    bytes: bytesReceived + bytesSent,
    objects: isReceiving ? { done: git.done, total: git.total ?? 0 } : null,
  };
}

/** The samples with one more; older ones are dropped after a gap, a step back, or half a minute. */
export function addSample(samples: readonly Sample[], next: Sample): readonly Sample[] {
  const last = samples.at(-1);
  if (last === undefined || next.atMs - last.atMs > longestGapMs || next.bytes < last.bytes) return [next];
  return [...samples.filter(({ atMs }) => next.atMs - atMs <= keptMs), next];
}

export function rateOf(samples: readonly Sample[]): Rate {
  const bytesPerSecond = speedOf(samples);
  // What stands still just now is not going to end at any time that could be told.
  return { bytesPerSecond, stepLeftMs: bytesPerSecond === null ? null : stepLeft(samples) };
}

function speedOf(samples: readonly Sample[]): number | null {
  const last = samples.at(-1);
  if (last === undefined) return null;
  const first = samples.find(({ atMs }) => last.atMs - atMs <= speedOverMs) ?? last;
  const overMs = last.atMs - first.atMs;
  if (overMs < leastSpeedMs || last.bytes === first.bytes) return null;
  return ((last.bytes - first.bytes) * 1_000) / overMs;
}

interface Pace {
  readonly atMs: number;
  readonly done: number;
}

/** The last samples without a break that count the same objects. */
function paceOf(samples: readonly Sample[], total: number): readonly Pace[] {
  const start = samples.findLastIndex(({ objects }) => objects?.total !== total) + 1;
  return samples.slice(start).map(({ atMs, objects }) => ({ atMs, done: objects?.done ?? 0 }));
}

function stepLeft(samples: readonly Sample[]): number | null {
  const counted = samples.at(-1)?.objects ?? null;
  if (counted === null) return null;
  const pace = paceOf(samples, counted.total);
  const first = pace[0];
  const last = pace.at(-1);
  if (first === undefined || last === undefined || last.atMs - first.atMs < leastObservedMs) return null;
  if (unevenness(pace) > mostUneven) return null;
  const perMs = (last.done - first.done) / (last.atMs - first.atMs);
  const leftMs = (counted.total - last.done) / perMs;
  return leftMs > 0 && leftMs <= longestLeftMs ? leftMs : null;
}

/** Of the pace from bucket to bucket; infinite when nothing moves, or it goes back. */
function unevenness(pace: readonly Pace[]): number {
  const speeds: number[] = [];
  let start = pace[0];
  for (const point of pace) {
    if (start === undefined || point.atMs - start.atMs < bucketMs) continue;
    speeds.push((point.done - start.done) / (point.atMs - start.atMs));
    start = point;
  }
  const mean = speeds.reduce((sum, speed) => sum + speed, 0) / speeds.length;
  if (!(mean > 0) || speeds.some((speed) => speed < 0)) return Number.POSITIVE_INFINITY;
  const variance = speeds.reduce((sum, speed) => sum + (speed - mean) ** 2, 0) / speeds.length;
  return Math.sqrt(variance) / mean;
}
