/** @file What a mirror run is made of, and what it is told by whoever runs it. Types alone. */
import type { MirrorPhase } from '../domain/job.ts';
import type { Clock } from '../ports/clock.ts';
import type { Disk } from '../ports/disk.ts';
import type { Git, GitProgress } from '../ports/git.ts';
import type { Github } from '../ports/github.ts';
import type { Log } from '../ports/log.ts';
import type { MirrorTarget, PushLimits } from '../ports/mirror-target.ts';
import type { Store } from '../ports/store.ts';
import type { NamesInWork } from './names-in-work.ts';
import type { PushLanes } from './push-lanes.ts';

export interface MirrorJobParts {
  readonly github: Github;
  readonly target: MirrorTarget;
  readonly git: Git;
  readonly store: Store;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly lanes: PushLanes;
  readonly names: NamesInWork;
  readonly pushLimits: PushLimits;
  /** See `refuseLoss`. */
  readonly holdLossPercent: number;
  readonly log: Log;
}

export interface MirrorCall {
  readonly signal: AbortSignal;
  readonly onPhase: (phase: MirrorPhase) => void;
  readonly onGit: (progress: GitProgress) => void;
}
