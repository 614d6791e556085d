/**
 * @file What git does with a whole copy of one remote, beside the caches, and with refs that only a remote has. Rejects
 * and ends as `Git` does.
 */
import type { GitCache, GitCall, GitRemote, PushResult } from './git.ts';

export interface GitCopies {
  /**
   * Fetches branches and tags of a remote, on demand its kept tips too, into a repository of its own, where HEAD is as it
   * is there; that every object came is checked. It is removed when `work` has ended, whatever came of it. What `work`
   * rejects with passes through.
   */
  withCopy<T>(
    remote: GitRemote,
    what: { readonly withKept: boolean },
    call: GitCall,
    work: (copy: GitCache) => Promise<T>,
  ): Promise<T>;
  /** Removes copies that a process which is gone has left behind. */
  removeLeftCopies(): Promise<void>;
  /**
   * Writes all refs of a copy and what they reach as a bundle, to an absolute path. The file is there when it is whole,
   * not before; one that was there is replaced. Rejects with `git-failed` where there is no ref.
   */
  writeBundle(copy: GitCache, file: string, call: GitCall): Promise<void>;
  /** Deletes refs of a remote that are still where they are said to be. Resolves also when some were refused. */
  deleteRefs(
    remote: GitRemote,
    refs: readonly { readonly ref: string; readonly oid: string }[],
    call: GitCall,
  ): Promise<PushResult>;
  /** The cache of this key; null: there is none, and none is made. Never spawns. */
  knownCache(key: number): Promise<GitCache | null>;
  /** Bytes on disk of what these objects reach and the others do not; all of them must be local. */
  bytesOnlyIn(cache: GitCache, oids: readonly string[], others: readonly string[], call: GitCall): Promise<number>;
}
