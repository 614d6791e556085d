/**
 * @file Files that Git LFS keeps, between two remotes. Every method rejects with an EpicstarError of a `github-*` or
 * `target-*` code, `insecure-address`, `disk-full`, `proxy-unusable` or `cancelled`, and with nothing else: then nothing
 * can be said of any object. What concerns one object is a value.
 */
import type { LfsPointer } from '../domain/extras.ts';
import type { GitRemote } from './git.ts';

export interface LfsCall {
  readonly signal: AbortSignal;
  /** At most 5 calls a second. */
  readonly onProgress?: (progress: LfsProgress) => void;
}

export interface LfsProgress {
  readonly doneObjects: number;
  readonly allObjects: number;
  /** Received so far. */
  readonly bytes: number;
}

/** Why an object was not brought over. */
export interface LfsProblem {
  readonly oid: string;
  /**
   * `absent`: upstream does not have it; `denied`: upstream does not give it; `damaged`: what came is not what the
   * pointer says; `broken`: the transfer failed; `refused`: the target did not take it.
   */
  readonly kind: 'absent' | 'denied' | 'damaged' | 'broken' | 'refused' | 'large';
  /** In the words of who said no, one line, redacted. */
  readonly words: string;
}

export interface LfsCopied {
  /** Objects that were brought over in this call. */
  readonly copied: number;
  readonly bytes: number;
  readonly problems: readonly LfsProblem[];
  /** What ended the copying before its time; null: every object was tried. */
  readonly stopped: LfsStop | null;
}

export interface LfsStop {
  /** Which end it is about. */
  readonly side: 'github' | 'target' | 'here';
  readonly words: string;
}

export interface Lfs {
  /** Those of the objects that a mirror does not have. */
  absentAt(remote: GitRemote, pointers: readonly LfsPointer[], call: LfsCall): Promise<readonly LfsPointer[]>;
  /**
   * Brings objects from upstream to a mirror, each by way of a file on this disk that is checked and then removed.
   * Rejects with `cancelled` alone.
   */
  copy(from: GitRemote, to: GitRemote, pointers: readonly LfsPointer[], call: LfsCall): Promise<LfsCopied>;
  /** Requests sent since start. */
  requestCount(): number;
}
