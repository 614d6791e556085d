/** @file The part of the engine's public face about comparisons and restore drills. */
import type { ErrorRecord } from '../domain/errors.ts';
import type { Drill, DrillOf, ProofResult } from '../domain/proof.ts';
import type { GithubId, Instant } from '../domain/repository.ts';
import type { RepositoryRecord } from '../ports/store.ts';
import type { ProofCounts } from '../ports/store-proofs.ts';

export interface VerifyReport {
  readonly githubId: GithubId;
  readonly fullName: string;
  readonly state: ProofResult | 'not-mirrored';
  readonly refCount: number;
  /** When the mirror was equal to upstream, where it is compared with that; else null. */
  readonly provenAt: Instant | null;
  /** A mirror run was asked for, or is under way, that makes both ends equal. */
  readonly isRepairAsked: boolean;
  /** Refs that differ, at most 50. */
  readonly differences: readonly string[];
  readonly unfitRefs: number;
  readonly error: ErrorRecord | null;
}

/** Comparing many mirrors. */
export interface ProofRound {
  readonly startedAt: Instant;
  readonly endedAt: Instant | null;
  readonly total: number;
  /** `waiting`: paused, offline, or held up by the obstacle; goes on by itself. */
  readonly state: 'running' | 'waiting' | 'stopped' | 'over';
  readonly counts: ProofCounts;
  readonly obstacle: ErrorRecord | null;
}

export interface DrillUnderWay {
  readonly githubId: GithubId;
  readonly fullName: string;
  readonly startedAt: Instant;
}

export interface ProofOverview {
  /** The last one; null: there never was any. */
  readonly round: ProofRound | null;
  readonly drill: DrillUnderWay | null;
  /** The newest that is over. */
  readonly lastDrill: DrillOf | null;
}

export interface ProofFace {
  /**
   * Compares both ends of one mirror now, and asks for a mirror run where they differ; what is gone upstream, or not
   * followed, is compared with what was proven. The result is kept.
   */
  verify(githubId: GithubId, signal: AbortSignal): Promise<VerifyReport>;
  /** The same for many (null: all mirrors), a few at once, whether or not anybody looks. Answers how many there are. */
  beginComparing(githubIds: readonly GithubId[] | null): Promise<number>;
  /** Ends that; what was compared stays. */
  endComparing(): Promise<void>;
  /**
   * Tries a restore of one mirror now. Rejects with `config-invalid` while another is tried, and where nothing could be
   * said of the mirror.
   */
  drill(githubId: GithubId, signal: AbortSignal): Promise<Drill>;
  /** Which mirror was not drilled for the longest time; null: there is none. */
  nextToDrill(): Promise<RepositoryRecord | null>;
  /** Begins the same; how it ends is in the repository's row. Rejects with `config-invalid` while another is tried. */
  beginDrill(githubId: GithubId): Promise<void>;
}
