/** @file What a restore drill asks of git, on a copy that `GitCopies.withCopy` made. */
import type { RefMap } from '../domain/plan.ts';
import type { GitCache, GitCall } from './git.ts';

export interface CopyCheck {
  readonly objects: number;
  /** On disk. */
  readonly bytes: number;
  /** What is missing or broken, in git's words, at most 50 lines; empty: all that the refs reach is there. */
  readonly problems: readonly string[];
}

export interface GitDrills {
  /** Walks all that the refs of the copy reach. Resolves also where something is wrong with it. */
  checkCopy(copy: GitCache, call: GitCall): Promise<CopyCheck>;
  /** SHA-256 in hex of the lines `<ref> <oid>`, sorted by ref. Never spawns. */
  digestOf(refs: RefMap): string;
}
