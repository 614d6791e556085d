/**
 * @file Keeps the caches within their budget: the least recently needed goes first, what is in work stays. A cache
 * that went is fetched again from the target when it is needed. Bytes on disk are counted once at start and after each
 * job, so ten thousand caches are not walked for every one.
 */
import type { GithubId, Instant } from '../domain/repository.ts';
import type { Git } from '../ports/git.ts';
import type { Log } from '../ports/log.ts';
import { Turns } from './turns.ts';

interface CacheUse {
  readonly bytes: number;
  readonly usedAt: Instant;
}

export class CacheBudget {
  readonly #git: Git;
  readonly #log: Log;
  readonly #limitBytes: number;
  readonly #inWork = new Set<GithubId>();
  #known: Map<GithubId, CacheUse> | null = null;
  /** One at a time, so that a cache is never dropped while a job is about to take it. */
  readonly #turns = new Turns();

  constructor(parts: { readonly git: Git; readonly log: Log; readonly limitBytes: number }) {
    this.#git = parts.git;
    this.#log = parts.log;
    this.#limitBytes = parts.limitBytes;
  }

  /** Once this resolved the cache is not dropped until {@link end}. */
  begin(key: GithubId): Promise<void> {
    return this.#turns.take(async () => {
      this.#inWork.add(key);
    });
  }

  /**
   * The work on this cache ended.
   *
   * @param bytes its size on disk now; null: it was not touched
   */
  end(key: GithubId, bytes: number | null, now: Instant): Promise<void> {
    return this.#turns.take(async () => {
      this.#inWork.delete(key);
      if (bytes === null) return;
      const known = await this.#load();
      known.set(key, { bytes, usedAt: now });
      await this.#trim(known);
    });
  }

  async #load(): Promise<Map<GithubId, CacheUse>> {
    if (this.#known === null) {
      const caches = await this.#git.listCaches();
      this.#known = new Map(caches.map(({ key, bytes, usedAt }) => [key, { bytes, usedAt }] as const));
    }
    return this.#known;
  }

  async #trim(known: Map<GithubId, CacheUse>): Promise<void> {
    let total = 0;
    for (const { bytes } of known.values()) total += bytes;
    if (total <= this.#limitBytes) return;
    const oldestFirst = [...known].sort(([, a], [, b]) => a.usedAt - b.usedAt);
    for (const [key, { bytes }] of oldestFirst) {
      if (total <= this.#limitBytes) return;
      if (this.#inWork.has(key)) continue;
      if (!(await this.#drop(key, bytes))) continue;
      known.delete(key);
      total -= bytes;
    }
  }

  /** False where it cannot be removed, such as for a file that somebody has open: it is tried again after the next job. */
  async #drop(key: GithubId, bytes: number): Promise<boolean> {
    const fields = { githubId: key, bytes, limitBytes: this.#limitBytes };
    try {
      await this.#git.removeCache(key);
      this.#log.info('dropped a cache to keep the budget', fields);
      return true;
    } catch (error) {
      this.#log.warn('a cache could not be dropped', { ...fields, error });
      return false;
    }
  }
}
