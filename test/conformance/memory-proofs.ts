/** @file The in-memory store's part about comparisons and restore drills. */
import {
  type Drill,
  type DrillOf,
  noProofs,
  type Proof,
  type Proofs,
  withProof,
} from '../../src-main/engine/domain/proof.ts';
import type { GithubId } from '../../src-main/engine/domain/repository.ts';
import type { RepositoryRecord } from '../../src-main/engine/ports/store.ts';
import type { StoreProofs } from '../../src-main/engine/ports/store-proofs.ts';
import { MemoryExtras } from './memory-extras.ts';
import { paged } from './memory-parts.ts';
import { isRescued } from './memory-queries.ts';

export abstract class MemoryProofs extends MemoryExtras implements StoreProofs {
  readonly #proofs = new Map<GithubId, Proofs>();

  async proofs(githubId: GithubId) {
    return this.#proofs.get(githubId) ?? null;
  }

  async writeProof(githubId: GithubId, proof: Proof, digest: string | null) {
    this.noteProof(githubId, proof, digest);
  }

  async recordDigest(githubId: GithubId, digest: string) {
    const known = this.proofsOf(githubId);
    if (known.last === null) return;
    const proven = known.proven ?? { at: known.last.at, refCount: known.last.refCount };
    this.#proofs.set(githubId, { ...known, proven: { ...proven, digest } });
  }

  async uncomparedSince(since: number, only: readonly GithubId[] | null, most: number) {
    const at = ({ githubId }: RepositoryRecord): number => this.proofsOf(githubId).last?.at ?? 0;
    const found = this.#among(only)
      .filter((record) => at(record) < since)
      .toSorted((a, b) => at(a) - at(b) || a.githubId - b.githubId);
    return paged(found, { offset: 0, limit: most }).items;
  }

  async countMirrors(only: readonly GithubId[] | null) {
    return this.#among(only).length;
  }

  async countProofs(since: number, only: readonly GithubId[] | null) {
    const known = this.#among(only)
      .map(({ githubId }) => this.proofsOf(githubId))
      .filter(({ last }) => last !== null && last.at >= since);
    const count = (result: Proof['result']): number => known.filter(({ last }) => last?.result === result).length;
    const repaired = known.filter(
      ({ difference }) => (difference?.at ?? -1) >= since && difference?.repairedAt !== null,
    );
    return {
      same: count('same'),
      sameAsProven: count('same-as-proven'),
      differs: count('differs'),
      failed: count('failed'),
      repaired: repaired.length,
    };
  }

  async writeDrill(githubId: GithubId, drill: Drill) {
    if (!this.#hasMirror(githubId)) return;
    const rounded = { ...structuredClone(drill), durationMs: Math.round(drill.durationMs) };
    this.#proofs.set(githubId, { ...this.proofsOf(githubId), drill: rounded });
  }

  async drillCandidates(most: number) {
    const rank = (record: RepositoryRecord): number =>
      this.proofsOf(record.githubId).drill?.at ?? (isRescued(record) ? -2 : -1);
    const found = this.#among(null).toSorted((a, b) => rank(a) - rank(b) || a.githubId - b.githubId);
    return paged(found, { offset: 0, limit: most }).items;
  }

  async lastDrill() {
    return this.#drills()[0] ?? null;
  }

  async badDrills(most: number) {
    const bad = this.#drills().filter(({ githubId, drill: { result } }) => {
      const { difference } = this.proofsOf(githubId);
      return result === 'damaged' || (result === 'differs' && difference !== null && difference.repairedAt === null);
    });
    return paged(bad, { offset: 0, limit: most }).items;
  }

  protected abstract records(): readonly RepositoryRecord[];

  protected proofsOf(githubId: GithubId): Proofs {
    return this.#proofs.get(githubId) ?? noProofs;
  }

  protected noteProof(githubId: GithubId, proof: Proof, digest: string | null): void {
    if (!this.#hasMirror(githubId)) return;
    this.#proofs.set(githubId, structuredClone(withProof(this.proofsOf(githubId), proof, digest)));
  }

  protected forgetProofs(githubId: GithubId): void {
    this.#proofs.delete(githubId);
  }

  #among(only: readonly GithubId[] | null): readonly RepositoryRecord[] {
    return this.records().filter(
      ({ githubId, mirror }) => mirror !== null && (only === null || only.includes(githubId)),
    );
  }

  /** Newest first. */
  #drills(): readonly DrillOf[] {
    return this.#among(null)
      .flatMap(({ githubId, fullName }) => {
        const { drill } = this.proofsOf(githubId);
        return drill === null ? [] : [{ githubId, fullName, drill }];
      })
      .toSorted((a, b) => b.drill.at - a.drill.at || a.githubId - b.githubId);
  }

  #hasMirror(githubId: GithubId): boolean {
    return this.#among([githubId]).length > 0;
  }
}
