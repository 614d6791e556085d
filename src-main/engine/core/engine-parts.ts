/** @file What an engine is made of, and how it is set. */
import type { ListUse } from '../domain/lists.ts';
import type { QuietHours } from '../domain/quiet.ts';
import type { BundleShelf } from '../ports/bundle-shelf.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { Disk } from '../ports/disk.ts';
import type { Git } from '../ports/git.ts';
import type { Github } from '../ports/github.ts';
import type { Lfs } from '../ports/lfs.ts';
import type { Log } from '../ports/log.ts';
import type { MirrorTarget, PushLimits } from '../ports/mirror-target.ts';
import type { Network } from '../ports/network.ts';
import type { ReadOtherRemote } from '../ports/other-remote.ts';
import type { Store } from '../ports/store.ts';
import type { RetryPolicy } from './retry-policy.ts';

export interface EngineOptions {
  /** Jobs at once, 1 or more. */
  readonly concurrency: number;
  readonly lookEveryMs: number;
  readonly fullWalkEveryMs: number;
  readonly sweepEveryMs: number;
  /** How long runs are remembered. */
  readonly historyMs: number;
  /** All caches together; the ones in work come on top. */
  readonly cacheLimitBytes: number;
  /** False: another process may work on the caches, so they are not tidied at start. Default true. */
  readonly ownsCaches?: boolean;
  readonly retry?: RetryPolicy;
  /** What goes at once upstream beyond this part of a mirror's refs waits for a person; 0: nothing. Default 50. */
  readonly holdLossPercent?: number;
  /** Whether what lost its star, and is there, is mirrored as ever; default: its mirror stays as it is. */
  readonly followsUnstarred?: boolean;
  /** Between two restore drills that begin by themselves; 0 or left out: none does. `startOnce` has none. */
  readonly drillEveryMs?: number;
  /** False: nothing is kept of comparisons and drills, since another process works on the store. Default true. */
  readonly keepsProofs?: boolean;
  /** What GitHub Lists are at the target; default: nothing. */
  readonly lists?: ListUse;
  /** Whether definitions of builds in mirrored code are mirrored without asking; default: no. */
  readonly mirrorsBuilds?: boolean;
  /** Old tips older than this are let go, see `letGoOfKept`; 0 or left out: none ever. */
  readonly keptMs?: number;
  /** At these hours only what a person asks for is mirrored; null or left out: none. `startOnce` has none. */
  readonly quietHours?: QuietHours | null;
  /** Names the place of the mirrors; where it differs from that of the last start, all are made anew. */
  readonly targetKey?: string;
  /** Whether wikis are mirrored beside their repositories; default: no. */
  readonly mirrorsWikis?: boolean;
  /** What GitHub says to be larger is fetched in steps; 0 or left out: nothing is. */
  readonly deepenBytes?: number;
  /** Default: the target's own. */
  readonly pushLimits?: PushLimits;
}

export interface EngineParts {
  readonly store: Store;
  readonly github: Github;
  readonly target: MirrorTarget;
  readonly git: Git;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly random: Random;
  readonly network: Network;
  readonly log: Log;
  readonly options: EngineOptions;
  /** Left out: files kept by LFS stay upstream. */
  readonly lfs?: Lfs;
  /** See `HandoutsParts`. */
  readonly shelf?: BundleShelf;
  readonly readOtherRemote?: ReadOtherRemote;
  /** Called last when the engine stops: frees what was made for it alone. */
  readonly release?: () => Promise<void>;
}
