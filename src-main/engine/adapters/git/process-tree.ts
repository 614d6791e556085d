/** @file Ends a process and all that it started; must not know what the processes do. */
import type { spawn as nodeSpawn } from 'node:child_process';
import { type Clock, sleep } from '../../ports/clock.ts';

export type Spawn = typeof nodeSpawn;

export interface TreeOptions {
  readonly platform: NodeJS.Platform;
  readonly clock: Clock;
  readonly spawn: Spawn;
}

/** git removes its lock files when it gets SIGTERM; after this long it is not asked any more. */
const POLITE_MS = 1000;
/** The port promises 2 s in all. */
const TOTAL_MS = 1800;
const POLL_MS = 10;

/** Sends to the whole group. @returns false when nobody is left to get it */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // macOS answers EPERM for a group in which only processes wait to be reaped.
    if (code === 'ESRCH' || code === 'EPERM') return false;
    throw error;
  }
}

async function endGroup(pid: number, clock: Clock): Promise<void> {
  const startMs = clock.monotonicMs();
  const elapsedMs = (): number => clock.monotonicMs() - startMs;
  let alive = signalGroup(pid, 'SIGTERM');
  while (alive && elapsedMs() < POLITE_MS) {
    await sleep(clock, POLL_MS);
    alive = signalGroup(pid, 0);
  }
  if (alive) alive = signalGroup(pid, 'SIGKILL');
  while (alive && elapsedMs() < TOTAL_MS) {
    await sleep(clock, POLL_MS);
    alive = signalGroup(pid, 0);
  }
}

function taskkill(pid: number, options: TreeOptions): Promise<void> {
  return new Promise((resolve) => {
    const killer = options.spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true });
    const stop = options.clock.setTimer(TOTAL_MS, resolve);
    const finish = (): void => {
      stop();
      resolve();
    };
    killer.once('error', finish);
    killer.once('exit', finish);
  });
}

/**
 * Ends the tree of a process that was started as the leader of its own group (on Windows: any process). Resolves when
 * it is gone, or within 2 s if the system does not let go of it. Does nothing where it is gone already.
 */
export async function endTree(pid: number, options: TreeOptions): Promise<void> {
  if (options.platform === 'win32') await taskkill(pid, options);
  else await endGroup(pid, options.clock);
}
