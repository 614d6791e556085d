/** @file The engine's face for repositories that wait for a person's word: what each would cost. Types alone. */
import type { PageRequest, RepositoryRow } from '../ports/store.ts';

/** What a repository would push out of the caches. */
export interface CacheCost {
  readonly caches: number;
  readonly bytes: number;
  /** False: it is larger than all caches may be together, so its own copy goes once it is mirrored. */
  readonly stays: boolean;
}

export interface Ask {
  readonly row: RepositoryRow;
  /** By GitHub's figure: an estimate. */
  readonly bytes: number;
  /** Null: nobody knows, since another process works on the caches. */
  readonly cache: CacheCost | null;
}

export interface Asks {
  /** The largest first. */
  readonly items: readonly Ask[];
  readonly total: number;
  /** Null: the system does not tell. */
  readonly freeBytesHere: number | null;
  /** Null: the target does not tell. */
  readonly freeBytesAtTarget: number | null;
}

export interface EngineAsks {
  /** What waits for a person's word, with what it would cost. */
  asks(page: PageRequest): Promise<Asks>;
}
