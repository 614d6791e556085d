/**
 * @file What is known of a mirror because somebody looked: comparisons of both ends, and attempts to restore from it.
 * Values only.
 */
import type { ErrorRecord } from './errors.ts';
import type { MirrorProof } from './job.ts';
import type { GithubId, Instant } from './repository.ts';

export const proofResults = ['same', 'same-as-proven', 'differs', 'failed'] as const;
/**
 * - `same`: both ends have the same branches and tags, as far as the mirror can hold them.
 * - `same-as-proven`: upstream was not, or is not to be, compared with; the mirror is as it was when both ends were the same.
 * - `differs`: from upstream, or from what was proven.
 * - `failed`: it could not be told.
 */
export type ProofResult = (typeof proofResults)[number];

/** Who looked: a mirror run, a comparison that was asked for, or a restore drill. */
export const proofSources = ['run', 'verify', 'drill'] as const;
export type ProofSource = (typeof proofSources)[number];

export interface Proof {
  readonly result: ProofResult;
  readonly source: ProofSource;
  readonly at: Instant;
  /** Refs that were the same. */
  readonly refCount: number;
  /** Refs that differed, one sentence each, at most {@link differencesKept}. */
  readonly differences: readonly string[];
  readonly error: ErrorRecord | null;
}

/** The last time that a mirror was found to differ. */
export interface FoundDifference {
  readonly at: Instant;
  readonly differences: readonly string[];
  /** When it was found to be equal again; null: not yet. */
  readonly repairedAt: Instant | null;
}

/** What the mirror held when both ends were the same. */
export interface Proven {
  readonly at: Instant;
  readonly refCount: number;
  /** Of the mirror's branches and tags, see `GitDrills.digestOf`; null: it was not recorded. */
  readonly digest: string | null;
}

export const drillResults = ['fine', 'differs', 'damaged', 'failed', 'cut'] as const;
/**
 * - `fine`: all came, all objects are there, and the tips are as they should be.
 * - `differs`: all came and is whole, but is not what was proven.
 * - `damaged`: the mirror lacks objects, or they are broken.
 * - `failed`: it could not be tried.
 * - `cut`: epicstar ended in the middle without a word.
 */
export type DrillResult = (typeof drillResults)[number];

export interface Drill {
  readonly result: DrillResult;
  readonly at: Instant;
  readonly durationMs: number;
  readonly refCount: number;
  readonly objects: number;
  /** On disk. */
  readonly bytes: number;
  /** What was wrong, one sentence each, at most {@link differencesKept}. */
  readonly findings: readonly string[];
  readonly error: ErrorRecord | null;
}

export interface DrillOf {
  readonly githubId: GithubId;
  readonly fullName: string;
  readonly drill: Drill;
}

/** All of it about one mirror. */
export interface Proofs {
  readonly last: Proof | null;
  readonly proven: Proven | null;
  readonly difference: FoundDifference | null;
  readonly drill: Drill | null;
}

export const noProofs: Proofs = { last: null, proven: null, difference: null, drill: null };

export const differencesKept = 50;

/** What a new proof makes of what was known. Pure. */
export function withProof(before: Proofs, proof: Proof, digest: string | null): Proofs {
  const { result, at, refCount, differences } = proof;
  const isEqual = result === 'same' || result === 'same-as-proven';
  const open = before.difference !== null && before.difference.repairedAt === null ? before.difference : null;
  return {
    ...before,
    last: proof,
    proven: result === 'same' ? { at, refCount, digest } : before.proven,
    difference:
      result === 'differs'
        ? { at: open?.at ?? at, differences, repairedAt: null }
        : isEqual && open !== null
          ? { ...open, repairedAt: at }
          : before.difference,
  };
}

/** A run is done only when it found both ends equal. */
export function proofOfRun({ verifiedAt, refCount }: Pick<MirrorProof, 'verifiedAt' | 'refCount'>): Proof {
  return { result: 'same', source: 'run', at: verifiedAt, refCount, differences: [], error: null };
}
