/** @file What the store keeps of comparisons and restore drills, one of each a mirror. */
import type { Drill, DrillOf, Proof, Proofs } from '../domain/proof.ts';
import type { GithubId, Instant } from '../domain/repository.ts';
import type { RepositoryRecord } from './store.ts';

/** Comparisons since a time, by what came of them. */
export interface ProofCounts {
  readonly same: number;
  readonly sameAsProven: number;
  readonly differs: number;
  readonly failed: number;
  /** Found to differ since then, and equal again. */
  readonly repaired: number;
}

export interface StoreProofs {
  /** Of what has a mirror; null: nothing is known of it, or it has none. */
  proofs(githubId: GithubId): Promise<Proofs | null>;
  /**
   * What a comparison told, see `withProof`; nothing for what has no mirror. A run that ends with `done` writes the same
   * in its own transaction.
   *
   * @param digest of the mirror's refs, where they were read
   */
  writeProof(githubId: GithubId, proof: Proof, digest: string | null): Promise<void>;
  /** Takes what the mirror holds now for what was proven. Nothing where no comparison ever told anything. */
  recordDigest(githubId: GithubId, digest: string): Promise<void>;
  /** Of these mirrors (null: all), those that were not compared since, the longest ago first; `most`: 1 to 200. */
  uncomparedSince(since: Instant, only: readonly GithubId[] | null, most: number): Promise<readonly RepositoryRecord[]>;
  /** How many of these (null: all) have a mirror. */
  countMirrors(only: readonly GithubId[] | null): Promise<number>;
  countProofs(since: Instant, only: readonly GithubId[] | null): Promise<ProofCounts>;

  /** Nothing for what has no mirror. */
  writeDrill(githubId: GithubId, drill: Drill): Promise<void>;
  /**
   * Mirrors in the order in which they are to be drilled: those that never were, rescued ones before others, then the
   * longest not drilled. `most`: 1 to 200.
   */
  drillCandidates(most: number): Promise<readonly RepositoryRecord[]>;
  /** The newest; null: none. */
  lastDrill(): Promise<DrillOf | null>;
  /** Those whose last drill found the mirror `damaged`, or `differs` with that difference open; `most`: 1 to 200. */
  badDrills(most: number): Promise<readonly DrillOf[]>;
}
