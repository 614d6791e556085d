/** @file What the commits of a cache say beside their refs: files kept by LFS, submodules. A part of the port `Git`. */
import type { LfsPointer } from '../domain/extras.ts';
import type { RefMap } from '../domain/plan.ts';
import type { GitCall } from './git.ts';

export interface ContentsWanted {
  /** Key of the cache. */
  readonly key: number;
  /** Branches and tags whose commits are read; all must be in the cache. */
  readonly refs: RefMap;
  /** What was read before, as {@link Contents.mark} said; null: nothing. */
  readonly mark: string | null;
  /** Full name of the ref whose submodules are read; null: none. */
  readonly branch: string | null;
  /** Whether pointers or submodules were found before: then they are looked for in any case. */
  readonly knowsLfs: boolean;
  readonly knowsSubmodules: boolean;
}

export interface Contents {
  /** Digest of the tips that were read. */
  readonly mark: string;
  /** Those of commits that were not read before, each once. */
  readonly pointers: readonly LfsPointer[];
  /** Of the branch's tip, at most 1000, as they are written there; null: as they were. */
  readonly submodules: readonly { readonly path: string; readonly address: string }[] | null;
}

export interface GitContents {
  /** Digest of tips, to be compared with a mark. Pure. */
  tipsMark(refs: RefMap): string;
  /**
   * Reads what is new since the mark. Mostly one process; none where the mark says the same. Null where there is no
   * cache of this key.
   */
  readContents(wanted: ContentsWanted, call: GitCall): Promise<Contents | null>;
}
