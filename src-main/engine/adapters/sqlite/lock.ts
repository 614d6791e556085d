/**
 * @file One process a data directory. The lock is an exclusive transaction on an empty database, which the operating
 * system ends together with the process, however that ends. The number of the process stands in a file beside it, for
 * messages alone: it may be stale and decides nothing.
 */
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { EpicstarError } from '../../domain/errors.ts';
import { codeOf } from './sqlite-errors.ts';

export interface Lock {
  /** The process that had it before did not release it: it crashed or was killed. */
  readonly wasLeftBehind: boolean;
  release(): void;
}

function pidFileOf(lockFile: string): string {
  return `${lockFile}.pid`;
}

function holderOf(lockFile: string): string {
  try {
    const pid = /^\d{1,10}/.exec(readFileSync(pidFileOf(lockFile), 'utf8'))?.[0];
    return pid === undefined ? 'another process' : `process ${pid}`;
  } catch {
    return 'another process';
  }
}

/**
 * @param guarded what the lock stands for, in words for the message
 * @throws EpicstarError `data-dir-locked`, with the number of the process that holds it where that is known
 */
export function acquireLock(lockFile: string, guarded: string): Lock {
  closeSync(openSync(lockFile, 'a', 0o600));
  const database = new Database(lockFile, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    if (!codeOf(cause).startsWith('SQLITE_BUSY')) throw cause;
    throw new EpicstarError('data-dir-locked', `${guarded} is in use by ${holderOf(lockFile)}.`, { cause });
  }
  const wasLeftBehind = existsSync(pidFileOf(lockFile));
  writeFileSync(pidFileOf(lockFile), `${process.pid}\n`, { mode: 0o600 });
  return {
    wasLeftBehind,
    release: () => {
      if (!database.open) return;
      rmSync(pidFileOf(lockFile), { force: true });
      database.close();
    },
  };
}
