/**
 * @file Keeps the caches within their budget: the least recently needed goes first, what is in work stays. A cache
 * that went is fetched again from the target when it is needed. Bytes on disk are counted once at start and after each
 * job, so ten thousand caches are not walked for every one.
 */
import type { GithubId, Instant } from '../domain/repository.ts';
import type { Git } from '../ports/git.ts';
import type { Log } from '../ports/log.ts';
import type { CacheCost } from './engine-asks-api.ts';
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
  #known: Promise<Map<GithubId, CacheUse>> | null = null;
  #starting: Promise<void> | null = null;
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

  /**
   * Before the first job: removes what fetches that were cut left, and begins to bring what is there within the budget,
   * which may be smaller than it was. Never rejects.
   */
  async start(): Promise<void> {
    try {
      await this.#git.removeCutFetches();
    } catch (error) {
      this.#log.warn('what fetches that were cut left could not be removed', { error });
    }
    this.#starting = this.#keep();
  }

  /** Resolves when what {@link start} began is over. */
  async settled(): Promise<void> {
    await this.#starting;
  }

  async #keep(): Promise<void> {
    try {
      // Outside of the turn: to count ten thousand caches takes a while, and no job waits for it.
      const known = await this.#load();
      await this.#turns.take(() => this.#trim(known));
    } catch (error) {
      this.#log.warn('the caches could not be counted', { error });
    }
  }

  /**
   * What a cache of so many bytes would push out, as things are now; null: they cannot be counted.
   *
   * @param bytes its size once it is fetched
   */
  async costOf(key: GithubId, bytes: number): Promise<CacheCost | null> {
    try {
      const known = await this.#load();
      const cost = { caches: 0, bytes: 0, stays: bytes <= this.#limitBytes };
      if (!cost.stays) return cost;
      const others = [...known].filter(([other]) => other !== key);
      let over = others.reduce((sum, [, use]) => sum + use.bytes, bytes) - this.#limitBytes;
      for (const [other, use] of others.sort(byUse)) {
        if (over <= 0) break;
        if (this.#inWork.has(other)) continue;
        cost.caches += 1;
        cost.bytes += use.bytes;
        over -= use.bytes;
      }
      return cost;
    } catch (error) {
      this.#log.warn('the caches could not be counted', { error });
      return null;
    }
  }

  /** It is not needed any more. Rejects where it cannot be removed; one in work stays. */
  drop(key: GithubId): Promise<void> {
    return this.#turns.take(async () => {
      if (this.#inWork.has(key)) return;
      await this.#git.removeCache(key);
      if (this.#known !== null) (await this.#known).delete(key);
    });
  }

  /** Counts them once; what is fetched and dropped meanwhile is told to what comes of it. */
  #load(): Promise<Map<GithubId, CacheUse>> {
    this.#known ??= this.#count().catch((error: unknown) => {
      this.#known = null;
      throw error;
    });
    return this.#known;
  }

  async #count(): Promise<Map<GithubId, CacheUse>> {
    const caches = await this.#git.listCaches();
    return new Map(caches.map(({ key, bytes, usedAt }) => [key, { bytes, usedAt }] as const));
  }

  async #trim(known: Map<GithubId, CacheUse>): Promise<void> {
    let total = 0;
    for (const { bytes } of known.values()) total += bytes;
    if (total <= this.#limitBytes) return;
    for (const [key, { bytes }] of [...known].sort((a, b) => this.#tooLargeFirst(a, b) || byUse(a, b))) {
      if (total <= this.#limitBytes) return;
      if (this.#inWork.has(key)) continue;
      if (!(await this.#drop(key, bytes))) continue;
      known.delete(key);
      total -= bytes;
    }
  }

  /** What cannot stay whatever goes takes no others with it. */
  #tooLargeFirst([, a]: readonly [GithubId, CacheUse], [, b]: readonly [GithubId, CacheUse]): number {
    return Number(b.bytes > this.#limitBytes) - Number(a.bytes > this.#limitBytes);
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

function byUse([, a]: readonly [GithubId, CacheUse], [, b]: readonly [GithubId, CacheUse]): number {
  return a.usedAt - b.usedAt;
}
