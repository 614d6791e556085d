/**
 * @file Room for what a run fetches here and pushes there: asked for before, and told of in one clear word where it runs
 * out all the same. What a fetch was seen to need beyond GitHub's figure is remembered, so that what does not fit is not
 * fetched again and again in vain.
 */
import { EpicstarError, type ErrorData, toEpicstarError } from '../domain/errors.ts';
import type { GithubId, Instant, RepositoryFacts } from '../domain/repository.ts';
import type { Clock } from '../ports/clock.ts';
import type { Disk } from '../ports/disk.ts';
import type { MirrorTarget } from '../ports/mirror-target.ts';
import { reserveBytes } from './disk-check.ts';
import { megabytes } from './mirror-refs.ts';

export interface RoomParts {
  readonly disk: Disk;
  readonly target: Pick<MirrorTarget, 'freeBytes' | 'address'>;
  readonly clock: Clock;
}

interface Shortage {
  /** So much was free, and it was too little. */
  readonly freeBytes: number;
  readonly until: Instant;
  readonly times: number;
}

/** Others may have filled the disk together, so it is tried again with as little room after so long. */
const firstWaitMs = 30 * 60_000;
const mostWaitMs = 24 * 3_600_000;

export class Room {
  readonly #parts: RoomParts;
  /** What is being fetched, by what it may still take. */
  readonly #taken = new Map<GithubId, number>();
  readonly #shortages = new Map<GithubId, Shortage>();

  constructor(parts: RoomParts) {
    this.#parts = parts;
  }

  /**
   * Fetches where there is room for it.
   *
   * @param isNew nothing of it is in the cache; of a known one nobody can tell how much is new
   * @throws EpicstarError `disk-full`, or what `fetch` throws
   */
  async fetching<T>(facts: RepositoryFacts, isNew: boolean, fetch: () => Promise<T>): Promise<T> {
    const { githubId, fullName, sizeKb } = facts;
    const { disk, clock } = this.#parts;
    const free = await disk.freeBytes();
    const others = [...this.#taken].reduce((sum, [id, bytes]) => (id === githubId ? sum : sum + bytes), 0);
    const bytes = isNew ? sizeKb * 1_024 : 0;
    const shortage = this.#shortages.get(githubId);
    const seen = shortage !== undefined && clock.now() < shortage.until ? shortage.freeBytes : 0;
    const needed = Math.max(bytes + reserveBytes, seen + 1);
    if (free !== null && free < needed + others) {
      throw shortHere(disk, `${fullName} needs about ${megabytes(needed)} MB${besides(others)}`, free, needed);
    }
    this.#taken.set(githubId, bytes);
    try {
      const result = await fetch();
      this.#shortages.delete(githubId);
      return result;
    } catch (thrown) {
      const error = toEpicstarError(thrown);
      if (error.code !== 'disk-full' || error.data.neededBytes !== undefined) throw error;
      if (free !== null) this.#noteShortage(githubId, free);
      const where = free === null ? '' : ` where ${megabytes(free)} MB were free`;
      throw shortHere(disk, `${fullName} did not fit${where}`, await disk.freeBytes(), needed, error);
    } finally {
      this.#taken.delete(githubId);
    }
  }

  /**
   * Pushes where there is room for it.
   *
   * @param cacheBytes no pack is much larger
   * @param exactBytes what the pack takes, for whoever has what the target has; asked only where it matters
   * @throws EpicstarError `target-disk-full`, or what `push` throws
   */
  async pushing<T>(
    fullName: string,
    { cacheBytes, exactBytes }: { readonly cacheBytes: number; readonly exactBytes: () => Promise<number> },
    push: () => Promise<T>,
  ): Promise<T> {
    const free = await this.#freeThere();
    if (free !== null && free < cacheBytes + reserveBytes) {
      const needed = (await exactBytes()) + reserveBytes;
      if (free < needed) throw this.#shortThere(`${fullName} needs about ${megabytes(needed)} MB`, free, needed);
    }
    try {
      return await push();
    } catch (thrown) {
      const error = toEpicstarError(thrown);
      if (error.code !== 'target-disk-full') throw error;
      const now = await this.#freeThere();
      throw this.#shortThere(`${fullName} did not fit`, now, cacheBytes + reserveBytes, error);
    }
  }

  #noteShortage(githubId: GithubId, freeBytes: number): void {
    const times = (this.#shortages.get(githubId)?.times ?? 0) + 1;
    const waitMs = Math.min(firstWaitMs * 2 ** Math.min(times - 1, 10), mostWaitMs);
    this.#shortages.set(githubId, { freeBytes, until: this.#parts.clock.now() + waitMs, times });
  }

  async #freeThere(): Promise<number | null> {
    try {
      return await this.#parts.target.freeBytes();
    } catch {
      // Whether it is there at all is found out by working with it.
      return null;
    }
  }

  #shortThere(words: string, free: number | null, needed: number, cause?: EpicstarError): EpicstarError {
    return short('target-disk-full', words, this.#parts.target.address, free, needed, cause);
  }
}

function besides(others: number): string {
  return others === 0 ? '' : ` beside ${megabytes(others)} MB that are being fetched`;
}

function shortHere({ dataDir }: Disk, words: string, free: number | null, needed: number, cause?: EpicstarError) {
  return short('disk-full', words, dataDir, free, needed, cause);
}

function short(
  code: 'disk-full' | 'target-disk-full',
  words: string,
  place: string,
  free: number | null,
  needed: number,
  cause: EpicstarError | undefined,
): EpicstarError {
  const told = free === null ? `${place} does not tell how much is free` : `${megabytes(free)} MB are free in ${place}`;
  const data: ErrorData = {
    ...(free === null ? {} : { freeBytes: free, neededBytes: needed }),
    // Smaller ones go on; where nobody tells, whatever comes next would meet the same disk.
    concernsOne: free !== null && free >= reserveBytes,
    ...(cause?.data.output === undefined ? {} : { output: cause.data.output }),
  };
  return new EpicstarError(code, `${words}; ${told}.`, { data, ...(cause === undefined ? {} : { cause }) });
}
