/** @file What a mirror run is made of, and what it is told by whoever runs it. */
import type { MirrorPhase } from '../domain/job.ts';
import type { GithubId } from '../domain/repository.ts';
import type { Clock } from '../ports/clock.ts';
import type { Disk } from '../ports/disk.ts';
import type { Git, GitProgress } from '../ports/git.ts';
import type { Github } from '../ports/github.ts';
import type { Lfs } from '../ports/lfs.ts';
import type { Log } from '../ports/log.ts';
import type { MirrorTarget, PushLimits } from '../ports/mirror-target.ts';
import type { RepositoryRecord, Store } from '../ports/store.ts';
import type { EngineParts } from './engine-parts.ts';
import type { NamesInWork } from './names-in-work.ts';
import { PushLanes } from './push-lanes.ts';
import type { RepositoriesInHand } from './repositories-in-hand.ts';
import { Room } from './room.ts';
import type { WorkPart } from './work-part.ts';

/** What GitHub Lists say of places. */
export interface MirrorLists {
  /** The List under which the mirror is to stand. Rejects with `github-unavailable` while nobody knows. */
  placeOf(repository: RepositoryRecord): Promise<string | null>;
  /** It stands there now; `isNew`: it was made there. */
  placed(githubId: GithubId, place: string | null, isNew: boolean): Promise<void>;
}

export interface MirrorJobParts {
  readonly github: Pick<Github, 'host' | 'repositoryById' | 'remote'>;
  readonly target: MirrorTarget;
  readonly git: Git;
  readonly store: Store;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly lanes: PushLanes;
  readonly names: NamesInWork;
  /** Left out: nothing is remembered from run to run of what did not fit. */
  readonly room?: Room;
  /** Left out: nobody acts on mirrors. */
  readonly inHand?: RepositoriesInHand;
  /** Before a mirror is made; left out: nobody looks for those that are there. */
  readonly foundMirrors?: (githubId: GithubId, signal: AbortSignal) => Promise<void>;
  readonly pushLimits: PushLimits;
  /** What GitHub says to be larger is fetched in steps; 0 or left out: nothing is. */
  readonly deepenBytes?: number;
  /** Left out: files kept by LFS stay upstream. */
  readonly lfs?: Lfs;
  /** Whether wikis are mirrored beside their repositories; left out: no. */
  readonly mirrorsWikis?: boolean;
  /** See `refuseLoss`. */
  readonly holdLossPercent: number;
  /** Whether definitions of builds are mirrored without asking; left out: no. */
  readonly mirrorsBuilds?: boolean;
  /** Left out: no mirror stands under a List. */
  readonly lists?: MirrorLists;
  /** See `KeptParts`. */
  readonly keptMs?: number;
  readonly log: Log;
}

export interface MirrorCall {
  readonly signal: AbortSignal;
  readonly onPhase: (phase: MirrorPhase) => void;
  readonly onGit: (progress: GitProgress) => void;
  /** Which part of a long transfer comes now; null: it goes at once. */
  readonly onPart?: (part: WorkPart | null) => void;
}

/** @param own what one engine has for all its runs together */
export function makeMirrorParts(
  { github, target, git, store, disk, clock, log, lfs, options }: EngineParts,
  own: Required<Pick<MirrorJobParts, 'names' | 'inHand' | 'lists' | 'foundMirrors'>>,
): MirrorJobParts {
  const pushLimits = options.pushLimits ?? target.limits;
  return {
    ...own,
    github,
    target,
    git,
    store,
    disk,
    clock,
    log,
    lanes: new PushLanes(pushLimits.smallPushesAtOnce),
    room: new Room({ disk, target, clock }),
    pushLimits,
    deepenBytes: options.deepenBytes ?? 0,
    holdLossPercent: options.holdLossPercent ?? 50,
    keptMs: options.keptMs ?? 0,
    mirrorsBuilds: options.mirrorsBuilds ?? false,
    ...(lfs === undefined ? {} : { lfs }),
    mirrorsWikis: options.mirrorsWikis ?? false,
  };
}
