/** @file What a selection keeper needs beside a store and a clock, with free space that a test can name. */
import type { SelectionKeeperParts } from '../../src-main/engine/core/selection-keeper.ts';
import { createFolderTarget } from '../../src-main/engine/adapters/folder/folder-target.ts';
import type { Store } from '../../src-main/engine/ports/store.ts';
import { createKeptLog } from './kept-log.ts';
import { ManualClock } from './manual-clock.ts';

/** Its target is a folder that does not exist, so that its free space is not known. */
export function keeperParts(store: Store, freeBytesHere: number | null = null): SelectionKeeperParts {
  const clock = new ManualClock();
  const log = createKeptLog();
  return {
    store,
    disk: {
      dataDir: '/nowhere',
      freeBytes: () => Promise.resolve(freeBytesHere),
      writeProblem: () => Promise.resolve(null),
    },
    target: createFolderTarget({ clock, log, folder: '/nowhere/at/all' }),
    clock,
    log,
    onChanged: () => undefined,
  };
}
