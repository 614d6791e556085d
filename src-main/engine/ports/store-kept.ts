/** @file What old tips that mirrors keep cost, as runs measured it. */
import type { GithubId, Instant } from '../domain/repository.ts';

export interface KeptCost {
  /** How many old tips the mirror keeps. */
  readonly refs: number;
  /**
   * What only they hold, as it lay in the cache; the target packs as it likes. Null: not measured, since not all of it was
   * in the cache.
   */
  readonly bytes: number | null;
  readonly measuredAt: Instant;
}

export interface KeptTotals {
  /** Mirrors that keep any. */
  readonly mirrors: number;
  readonly refs: number;
  /** Of those that were measured. */
  readonly bytes: number;
  /** Mirrors that keep some whose cost was not measured. */
  readonly unmeasured: number;
}

export interface StoreKept {
  /** Null, or no tips: nothing is kept. An unknown repository is left out. */
  writeKeptCost(githubId: GithubId, cost: KeptCost | null): Promise<void>;
  /** Null: nothing is kept as far as is known. */
  keptCost(githubId: GithubId): Promise<KeptCost | null>;
  keptTotals(): Promise<KeptTotals>;
}
