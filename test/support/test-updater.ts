/** @file The real Updater over whatever a test gives it; without a library, a program that cannot update itself. */
import { Updater, type UpdaterOptions } from '../../src-main/shell/updater.ts';
import { HandTimers } from './hand-timers.ts';
import { createKeptLog } from './kept-log.ts';

export function makeUpdater(options: Partial<UpdaterOptions> & Pick<UpdaterOptions, 'preferences'>): Updater {
  const timers = new HandTimers();
  return new Updater({
    version: '1.2.3',
    notes: null,
    platform: 'linux',
    whyNot: options.load === undefined ? 'system-package' : null,
    load: () => Promise.reject(new Error('there is no updater')),
    now: () => timers.nowMs,
    setTimer: timers.setTimer,
    random: () => 0,
    quit: () => undefined,
    beforeInstall: () => undefined,
    onRenamed: () => undefined,
    log: createKeptLog(),
    ...options,
  });
}
