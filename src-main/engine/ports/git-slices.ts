/** @file How a long history can be moved piece by piece: the parts of `Git` for it. Reject and end as `Git` does. */
import type { GitCache, GitCall } from './git.ts';

/** Where a history can be cut: all that these commits reach, and nothing else, has gone before. */
export interface HistoryPoint {
  /** Bytes on disk of what lies between the point before and this one. */
  readonly bytes: number;
  /** None is reached by another. */
  readonly tips: readonly string[];
}

export interface GitSlices {
  /**
   * Goes through what `wants` reach and `haves` do not, the oldest first, and tells where it can be cut. Between two
   * points lie at most `bytes`, or one commit that cannot be cut. Two processes, however long the history is.
   *
   * @param haves all of them must be local
   * @returns the last point stands for the end; what only tags reach is counted there
   */
  cutHistory(
    cache: GitCache,
    wants: readonly string[],
    haves: readonly string[],
    bytes: number,
    call: GitCall,
  ): Promise<readonly HistoryPoint[]>;
}

/** How a first fetch goes step by step, the newest history first, so that one that was cut goes on where it was. */
export interface FetchSteps {
  /** What a step shall bring, as far as that can be foretold. */
  readonly bytes: number;
  /** At the begin of each step, from 1. */
  readonly onStep: (step: number) => void;
}
