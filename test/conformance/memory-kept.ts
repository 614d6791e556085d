/** @file The in-memory store's part about the cost of old tips. */
import type { GithubId } from '../../src-main/engine/domain/repository.ts';
import type { KeptCost, KeptTotals, StoreKept } from '../../src-main/engine/ports/store-kept.ts';
import { MemoryLists } from './memory-lists.ts';

export abstract class MemoryKept extends MemoryLists implements StoreKept {
  readonly #costs = new Map<GithubId, KeptCost>();

  async writeKeptCost(githubId: GithubId, cost: KeptCost | null) {
    if (cost === null || cost.refs === 0) this.#costs.delete(githubId);
    else if (this.knows(githubId)) this.#costs.set(githubId, { ...cost });
  }

  async keptCost(githubId: GithubId) {
    return this.isMirrored(githubId) ? (this.#costs.get(githubId) ?? null) : null;
  }

  async keptTotals(): Promise<KeptTotals> {
    const costs = [...this.#costs].filter(([githubId]) => this.isMirrored(githubId)).map(([, cost]) => cost);
    return {
      mirrors: costs.length,
      refs: costs.reduce((sum, { refs }) => sum + refs, 0),
      bytes: costs.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
      unmeasured: costs.filter(({ bytes }) => bytes === null).length,
    };
  }

  protected abstract isMirrored(githubId: GithubId): boolean;
}
