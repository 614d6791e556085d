/**
 * @file git as the engine needs it, over bare caches. Every method rejects with an EpicstarError of a `git-*` code,
 * `disk-full` or `cancelled`, and with nothing else. When a signal aborts, the whole process tree is ended before the
 * promise rejects, within 2 s.
 */
import type { RefMap } from '../domain/plan.ts';
import type { GitContents } from './git-contents.ts';
import type { GitCopies } from './git-copies.ts';
import type { GitDrills } from './git-drills.ts';
import type { FetchSteps, GitSlices } from './git-slices.ts';

export interface GitRemote {
  /** http(s) URL without credentials, or an absolute path for `file`. */
  readonly url: string;
  readonly transport: 'http' | 'file';
  /** Whole value of the Authorization header; reaches git by environment alone, scoped to this URL's host. */
  readonly authorization: string | null;
}

/** A bare repository of ours on this disk. */
export interface GitCache {
  readonly dir: string;
}

export interface GitProgress {
  /** What git itself names: `Receiving objects`, `Writing objects`, … in a closed form. */
  readonly phase: 'counting' | 'compressing' | 'receiving' | 'resolving' | 'writing' | 'other';
  /** Objects (or deltas) done and in all; null where git does not say. */
  readonly done: number;
  readonly total: number | null;
  /** Bytes moved so far; null outside receiving and writing. */
  readonly bytes: number | null;
}

export interface GitCall {
  readonly signal: AbortSignal;
  /** At most 5 calls a second. */
  readonly onProgress?: (progress: GitProgress) => void;
}

export interface RefListing {
  readonly refs: RefMap;
  /** Ref that HEAD points to (`refs/heads/main`), null where not told or dangling. */
  readonly head: string | null;
  /** Refs whose names are not valid UTF-8: shown escaped, never mirrored. */
  readonly unreadable: readonly string[];
}

export interface PushCommand {
  readonly ref: string;
  /** Null deletes. */
  readonly oid: string | null;
  /** Tip that the target must have now (`null`: absent), else this ref is refused. */
  readonly expect: string | null;
}

export interface PushRejection {
  readonly ref: string;
  /** git's and the server's words, redacted, one line. */
  readonly reason: string;
}

/** A push that reached the server: each command ended in one of both lists. */
export interface PushResult {
  readonly accepted: readonly string[];
  readonly rejected: readonly PushRejection[];
  /** Lines from the server, redacted, for the detail view. */
  readonly output: string;
  /** Bytes of the pack that was sent, as far as git told; else 0. */
  readonly bytesSent: number;
}

export interface GitVersion {
  readonly version: string;
  /** `bundled` (dugite's) or `system`. */
  readonly origin: 'bundled' | 'system';
  readonly path: string;
}

/** Type of what a tag finally points to. */
export type PeeledType = 'commit' | 'tree' | 'blob';

export interface Git extends GitDrills, GitContents, GitCopies, GitSlices {
  /** Rejects with `git-missing`. */
  version(): Promise<GitVersion>;
  /** Processes started since start of the program: every direct child counts one. */
  processCount(): number;
  /**
   * Heads and tags, not peeled. With `advertised` the plain advertisement of protocol v0 is read, which lists all
   * refs: for targets, where it is not held up by pack work. Otherwise protocol v2 asks for heads and tags alone.
   */
  listRefs(remote: GitRemote, how: 'advertised' | 'heads-and-tags', call: GitCall): Promise<RefListing>;
  /** Opens the cache of this key (a GitHub id), making an empty one where there is none. Never spawns. */
  openCache(key: number): Promise<{ readonly cache: GitCache; readonly isNew: boolean }>;
  /** Removes a cache for good. */
  removeCache(key: number): Promise<void>;
  /** Keys of all caches on disk, with bytes and when each was last used. */
  listCaches(): Promise<readonly { readonly key: number; readonly bytes: number; readonly usedAt: number }[]>;
  /** Removes what first fetches that were cut left beside the caches. Only while nothing is fetched by anybody. */
  removeCutFetches(): Promise<void>;
  /** Bytes of a cache on disk. */
  cacheBytes(cache: GitCache): Promise<number>;
  /**
   * Fetches heads and tags into the same names, forced and pruned; never `refs/pull/*`.
   *
   * @param steps how a first fetch is cut. What came of one that failed is kept beside the cache, which has nothing of
   * it before all is there. A remote that cannot do that is fetched at once.
   */
  fetch(
    cache: GitCache,
    remote: GitRemote,
    call: GitCall,
    steps?: FetchSteps,
  ): Promise<{ readonly bytesReceived: number }>;
  /**
   * Fetches what the named refs of the remote hold, so that their objects are local, and keeps them reachable under
   * `refs/epicstar/target/`. Used for old tips that only the target has.
   */
  fetchTips(cache: GitCache, remote: GitRemote, refs: readonly string[], call: GitCall): Promise<void>;
  /** Heads and tags of the cache. */
  localRefs(cache: GitCache, call: GitCall): Promise<RefMap>;
  /** Which of these objects are not in the cache. */
  missingObjects(cache: GitCache, oids: readonly string[], call: GitCall): Promise<ReadonlySet<string>>;
  /** For each object id: the type at the end of the chain of tags. */
  peeledTypes(cache: GitCache, oids: readonly string[], call: GitCall): Promise<ReadonlyMap<string, PeeledType>>;
  /** For those of the objects that lead to a commit or tree with a file at one of these paths: the first such path. */
  filesAtTips(
    cache: GitCache,
    oids: readonly string[],
    paths: readonly string[],
    call: GitCall,
  ): Promise<ReadonlyMap<string, string>>;
  /** Those of the pairs in which `old` is an ancestor of `new` (both must be local commits), by index. */
  fastForwards(
    cache: GitCache,
    pairs: readonly { readonly old: string; readonly new: string }[],
    call: GitCall,
  ): Promise<ReadonlySet<number>>;
  /** Upper estimate in bytes of the pack that pushing `wants` to somebody who has `haves` takes. */
  packBytes(cache: GitCache, wants: readonly string[], haves: readonly string[], call: GitCall): Promise<number>;
  /**
   * Pushes at most a few hundred commands. Resolves also when refs were rejected; rejects when nothing can be said
   * about any ref (connection, access, project missing).
   */
  push(cache: GitCache, remote: GitRemote, commands: readonly PushCommand[], call: GitCall): Promise<PushResult>;
  /**
   * Makes a branch at the commit that another ref of the same remote leads to. The branch must not be there yet. Rejects
   * also with `git-push-rejected`.
   *
   * @returns the commit
   */
  copyToBranch(remote: GitRemote, from: string, to: string, call: GitCall): Promise<string>;
  /**
   * Pushes a commit without files to `refs/heads/epicstar-check` of a remote that has no such ref, and reads it back.
   * Only for a remote that is removed afterwards. Rejects also with `git-push-rejected`.
   */
  tryPush(remote: GitRemote, call: GitCall): Promise<void>;
}
