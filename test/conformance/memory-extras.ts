/** @file The in-memory store's part about LFS files, submodules and wikis. */
import { type Extras, type LfsPointer, noExtras } from '../../src-main/engine/domain/extras.ts';
import type { GithubId } from '../../src-main/engine/domain/repository.ts';
import type { ExtrasStore } from '../../src-main/engine/ports/store-extras.ts';
import { MemoryKept } from './memory-kept.ts';

export abstract class MemoryExtras extends MemoryKept implements ExtrasStore {
  readonly #extras = new Map<GithubId, Extras>();
  readonly #pointers = new Map<GithubId, Map<string, LfsPointer>>();

  async extras(githubId: GithubId) {
    return this.#extras.get(githubId) ?? noExtras;
  }

  async writeExtras(githubId: GithubId, extras: Extras, newPointers: readonly LfsPointer[]) {
    if (!this.knows(githubId)) return;
    this.#extras.set(githubId, extras);
    const known = this.#pointers.get(githubId) ?? new Map<string, LfsPointer>();
    for (const pointer of newPointers) if (!known.has(pointer.oid)) known.set(pointer.oid, pointer);
    this.#pointers.set(githubId, known);
  }

  async lfsPointers(githubId: GithubId) {
    const pointers = [...(this.#pointers.get(githubId)?.values() ?? [])];
    return pointers.toSorted((a, b) => (a.oid < b.oid ? -1 : 1));
  }

  async dueExtras(at: number, most: number) {
    const due = [...this.#extras].flatMap(([githubId, { retryAt }]) =>
      retryAt !== null && retryAt <= at && this.isWanted(githubId) ? [{ githubId, retryAt }] : [],
    );
    return due
      .toSorted((a, b) => a.retryAt - b.retryAt || a.githubId - b.githubId)
      .slice(0, most)
      .map(({ githubId }) => githubId);
  }

  /** In words, null where nothing is missing. */
  protected incompleteOf(githubId: GithubId): string | null {
    const { lfs, wiki } = this.#extras.get(githubId) ?? noExtras;
    const words = [lfs?.reason ?? '', wiki?.kind === 'incomplete' ? `Wiki: ${wiki.reason}` : ''];
    return words.filter((word) => word !== '').join(' ') || null;
  }

  protected forgetExtras(githubId: GithubId): void {
    this.#extras.delete(githubId);
  }

  /** Starred, and the rules say that it is mirrored. */
  protected abstract isWanted(githubId: GithubId): boolean;
}
