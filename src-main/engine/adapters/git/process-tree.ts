/** @file Ends a process and all that it started; must not know what the processes do. */
import type { spawn as nodeSpawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
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
const MAX_POLL_MS = 50;

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

/** State and group out of `/proc/<pid>/stat`, whose second field may itself hold blanks and brackets. */
async function readStat(pid: string): Promise<{ readonly state: string; readonly group: number } | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const [state = '', , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state, group: Number(group) };
  } catch {
    // It ended while it was looked at.
    return null;
  }
}

/**
 * Whether the group holds nothing but processes that ended and wait to be reaped. That is up to the first process of
 * the system or container, which may take its time or never do it.
 */
async function isOnlyZombies(pid: number): Promise<boolean> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(names.map(readStat));
  return stats.every((stat) => stat === null || stat.group !== pid || stat.state === 'Z' || stat.state === 'X');
}

async function isGone(pid: number, platform: NodeJS.Platform): Promise<boolean> {
  if (!signalGroup(pid, 0)) return true;
  return platform === 'linux' && (await isOnlyZombies(pid));
}

async function endGroup(pid: number, { clock, platform }: TreeOptions): Promise<void> {
  if (!signalGroup(pid, 'SIGTERM')) return;
  const startMs = clock.monotonicMs();
  let isKilled = false;
  for (let pollMs = 2; !(await isGone(pid, platform)); pollMs = Math.min(pollMs * 2, MAX_POLL_MS)) {
    const elapsedMs = clock.monotonicMs() - startMs;
    if (elapsedMs >= TOTAL_MS) return;
    if (!isKilled && elapsedMs >= POLITE_MS) {
      isKilled = true;
      signalGroup(pid, 'SIGKILL');
    }
    await sleep(clock, pollMs);
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
  else await endGroup(pid, options);
}
