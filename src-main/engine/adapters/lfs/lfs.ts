/** @file The port `Lfs`, over HTTP and folders. Composes the parts; must not know the jobs that use it. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dispatcher } from 'undici';
import { EpicstarError } from '../../domain/errors.ts';
import type { LfsPointer } from '../../domain/extras.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Disk } from '../../ports/disk.ts';
import type { GitRemote } from '../../ports/git.ts';
import type { Lfs, LfsCall } from '../../ports/lfs.ts';
import type { Redactor } from '../../ports/log.ts';
import { askBatch, type BatchItem, type BatchParts, BatchRefusal } from './batch.ts';
import { Copier } from './copier.ts';
import { isInFolder } from './folder.ts';
import { LfsHttp } from './http.ts';
import { diskWords } from './words.ts';

export interface LfsOptions {
  /** Absolute folder for files on their way. It and all in it belong to this adapter. */
  readonly tempDir: string;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly redactor: Redactor;
  /** Connection pool; without one, that of undici itself is used. */
  readonly dispatcher?: Dispatcher;
}

const mostInBatch = 100;

/** Nothing is sent, read or written until it is asked for something. */
export function createLfs({ tempDir, disk, clock, redactor, dispatcher }: LfsOptions): Lfs {
  const http = new LfsHttp(dispatcher ?? null);
  const parts: BatchParts = { http, redactor };
  let tidied: Promise<void> | null = null;

  /** A process that was killed left its files behind; nobody else uses the data directory now. */
  const tidy = async (): Promise<void> => {
    await rm(tempDir, { recursive: true, force: true, maxRetries: 3 });
    await mkdir(tempDir, { recursive: true, mode: 0o700 });
  };

  const copy: Lfs['copy'] = async (from, to, pointers, call) => {
    let dir: string;
    try {
      tidied ??= tidy();
      await tidied;
      dir = await mkdtemp(join(tempDir, 'copy-'));
    } catch (error) {
      tidied = null;
      const words = diskWords(error) ?? 'The folder for files on their way could not be made.';
      return { copied: 0, bytes: 0, problems: [], stopped: { side: 'here', words } };
    }
    try {
      const copier = new Copier({ ...parts, disk, monotonicMs: () => clock.monotonicMs() }, from, to, dir, call);
      return await copier.copy(pointers);
    } finally {
      await rm(dir, { recursive: true, force: true, maxRetries: 3 });
    }
  };

  return {
    absentAt: (remote, pointers, call) =>
      remote.transport === 'file'
        ? absentInFolder(remote, pointers, call)
        : absentAtServer(parts, remote, pointers, call),
    copy,
    requestCount: () => http.requests,
  };
}

async function absentInFolder(
  remote: GitRemote,
  pointers: readonly LfsPointer[],
  { signal }: LfsCall,
): Promise<readonly LfsPointer[]> {
  const absent: LfsPointer[] = [];
  for (const pointer of pointers) {
    if (signal.aborted) throw new EpicstarError('cancelled', '', { cause: signal.reason });
    try {
      if (!(await isInFolder(remote.url, pointer))) absent.push(pointer);
    } catch (error) {
      throw new EpicstarError('target-unavailable', diskWords(error) ?? '', { cause: error });
    }
  }
  return absent;
}

async function absentAtServer(
  parts: BatchParts,
  remote: GitRemote,
  pointers: readonly LfsPointer[],
  { signal }: LfsCall,
): Promise<readonly LfsPointer[]> {
  const absent: LfsPointer[] = [];
  for (let at = 0; at < pointers.length; at += mostInBatch) {
    const asked = pointers.slice(at, at + mostInBatch);
    const items = await ask(parts, remote, asked, signal);
    absent.push(...asked.filter(({ oid }) => items.get(oid)?.kind !== 'action'));
  }
  return absent;
}

async function ask(
  parts: BatchParts,
  remote: GitRemote,
  pointers: readonly LfsPointer[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, BatchItem>> {
  try {
    return await askBatch(parts, remote, 'download', pointers, signal);
  } catch (error) {
    if (!(error instanceof BatchRefusal)) throw error;
    const { status, message } = error;
    const code =
      status === 401
        ? 'target-signed-out'
        : status === 403
          ? 'target-right-missing'
          : status === 200
            ? 'target-unexpected'
            : 'target-unavailable';
    throw new EpicstarError(code, `${message}.`, { cause: error, data: { status } });
  }
}
