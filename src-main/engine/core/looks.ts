/** @file The looks at the starred list as the engine has them: the loop, its watcher, and how far a walk has come. */
import type { WatcherView } from './engine-api.ts';
import type { EngineParts } from './engine-parts.ts';
import { LookLoop, type LookLoopParts } from './look-loop.ts';
import { StarWatcher, type StarWatcherParts } from './star-watcher.ts';

type Around = Pick<LookLoopParts, 'isHeld' | 'onChange' | 'onLooked'> & Pick<StarWatcherParts, 'onJobs' | 'select'>;

export interface Looks {
  readonly loop: LookLoop;
  /** While all pages are read: how far; else null. */
  readonly walk: () => WatcherView['walk'];
}

export function makeLooks(parts: EngineParts, { isHeld, onChange, onLooked, onJobs, select }: Around): Looks {
  const { github, store, clock, random, log, options } = parts;
  let reached: WatcherView['walk'] = null;
  const watcher = new StarWatcher({
    github,
    store,
    clock,
    log,
    fullWalkEveryMs: options.fullWalkEveryMs,
    onWalk(walk) {
      reached = walk;
      onChange();
    },
    onJobs,
    select,
  });
  const loop = new LookLoop({ watcher, clock, random, log, everyMs: options.lookEveryMs, isHeld, onChange, onLooked });
  return { loop, walk: () => reached };
}
