/** @file The in-memory store's part about GitHub Lists and what was done because of them. */
import type { GithubId } from '../../src-main/engine/domain/repository.ts';
import type { KnownList, ListMark, StoreLists } from '../../src-main/engine/ports/store-lists.ts';
import { MemoryValues } from './memory-parts.ts';

const noMark: ListMark = { place: null, labels: [] };

export abstract class MemoryLists extends MemoryValues implements StoreLists {
  #lists: readonly KnownList[] = [];
  readonly #marks = new Map<GithubId, ListMark>();
  readonly #buildRefs = new Map<GithubId, number>();

  async writeLists(lists: readonly KnownList[]) {
    this.#lists = structuredClone(lists);
  }

  async listMarks() {
    return new Map(this.#marks);
  }

  async markList(githubId: GithubId, change: Partial<ListMark>) {
    if (!this.knows(githubId)) return;
    const mark = { ...noMark, ...this.#marks.get(githubId), ...structuredClone(change) };
    if (mark.place === null && mark.labels.length === 0) this.#marks.delete(githubId);
    else this.#marks.set(githubId, mark);
  }

  async writeBuildRefs(githubId: GithubId, refs: number) {
    if (refs === 0) this.#buildRefs.delete(githubId);
    else if (this.knows(githubId)) this.#buildRefs.set(githubId, refs);
  }

  async countBuildMirrors() {
    return this.#buildRefs.size;
  }

  protected abstract knows(githubId: GithubId): boolean;

  protected forgetMarks(githubId: GithubId): void {
    this.#marks.delete(githubId);
    this.#buildRefs.delete(githubId);
  }

  protected extrasOf(githubId: GithubId): { readonly lists: readonly string[]; readonly buildRefs: number } {
    const names = this.#lists.filter(({ githubIds }) => githubIds.includes(githubId)).map(({ name }) => name);
    const rank = (name: string): string => name.toLowerCase();
    const lists = [...new Set(names)].sort((a, b) => (rank(a) < rank(b) ? -1 : Number(rank(a) > rank(b))));
    return { lists, buildRefs: this.#buildRefs.get(githubId) ?? 0 };
  }
}
