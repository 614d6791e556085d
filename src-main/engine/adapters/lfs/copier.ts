/**
 * @file Objects from upstream to a mirror, group by group: received, checked, sent, removed.
 *
 * [Note: groups] What a server gives for sending is good for some minutes only (OneDev: 5), so it is asked for when the
 * files are here, and a group is small: 100 objects and 20 MB, a larger object alone. So little is on this disk at once.
 */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EpicstarError } from '../../domain/errors.ts';
import type { LfsPointer } from '../../domain/extras.ts';
import type { Disk } from '../../ports/disk.ts';
import type { GitRemote } from '../../ports/git.ts';
import type { LfsCall, LfsCopied, LfsProblem, LfsStop } from '../../ports/lfs.ts';
import { askBatch, type BatchItem, type BatchParts, BatchRefusal } from './batch.ts';
import { putIntoFolder } from './folder.ts';
import { type Problem, receiveObject, sendObject, TransferStop } from './transfer.ts';
import { diskWords } from './words.ts';

const mostInGroup = 100;
const groupBytes = 20 * 1024 * 1024;
const atOnce = 4;
/** Free space that stays untouched. */
const reserveBytes = 256 * 1024 * 1024;

export interface CopierParts extends BatchParts {
  readonly disk: Disk;
  readonly monotonicMs: () => number;
}

export function groupsOf(pointers: readonly LfsPointer[]): readonly (readonly LfsPointer[])[] {
  const groups: LfsPointer[][] = [];
  let bytes = 0;
  for (const pointer of pointers.toSorted((a, b) => a.size - b.size)) {
    const last = groups.at(-1);
    if (last === undefined || last.length >= mostInGroup || bytes + pointer.size > groupBytes) {
      groups.push([pointer]);
      bytes = pointer.size;
    } else {
      last.push(pointer);
      bytes += pointer.size;
    }
  }
  return groups;
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const workers = Array.from({ length: Math.min(atOnce, items.length) }, async () => {
    for (const item of rest) await work(item);
  });
  // All of them end before a failure is passed on: nobody writes into a folder that is being removed.
  const failed = (await Promise.allSettled(workers)).find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

interface Here {
  readonly pointer: LfsPointer;
  readonly file: string;
}

export class Copier {
  readonly #parts: CopierParts;
  readonly #from: GitRemote;
  readonly #to: GitRemote;
  readonly #dir: string;
  readonly #call: LfsCall;
  readonly #problems: LfsProblem[] = [];
  #all = 0;
  #copied = 0;
  #bytes = 0;
  #received = 0;
  #lastReportMs = Number.NEGATIVE_INFINITY;

  /** @param dir exists and belongs to this copier */
  constructor(parts: CopierParts, from: GitRemote, to: GitRemote, dir: string, call: LfsCall) {
    this.#parts = parts;
    this.#from = from;
    this.#to = to;
    this.#dir = dir;
    this.#call = call;
  }

  /** Rejects with `cancelled` alone. */
  async copy(pointers: readonly LfsPointer[]): Promise<LfsCopied> {
    this.#all = pointers.length;
    let stopped: LfsStop | null = null;
    try {
      for (const group of groupsOf(pointers)) await this.#copyGroup(group);
    } catch (error) {
      stopped = this.#stopOf(error);
    }
    return { copied: this.#copied, bytes: this.#bytes, problems: this.#problems, stopped };
  }

  #stopOf(error: unknown): LfsStop {
    if (error instanceof EpicstarError && error.code === 'cancelled') throw error;
    if (this.#call.signal.aborted) throw new EpicstarError('cancelled', '', { cause: error });
    if (error instanceof TransferStop) return { side: error.side, words: error.message };
    if (error instanceof Refused) return { side: error.side, words: error.message };
    const words = diskWords(error) ?? (error instanceof Error ? error.message : String(error));
    return { side: 'here', words: this.#parts.redactor.redact(words) };
  }

  async #copyGroup(group: readonly LfsPointer[]): Promise<void> {
    if (!(await this.#hasRoom(group))) return;
    const offered = await this.#ask('github', this.#from, 'download', group);
    const here: Here[] = [];
    try {
      await inParallel(group, async (pointer) => {
        const file = await this.#receive(pointer, offered.get(pointer.oid));
        if (file !== null) here.push({ pointer, file });
      });
      if (here.length > 0) await this.#send(here);
    } finally {
      await Promise.all(here.map(({ file }) => rm(file, { force: true })));
    }
  }

  /** False: one object alone does not fit, which says nothing of others. A pointer may name any size. */
  async #hasRoom(group: readonly LfsPointer[]): Promise<boolean> {
    const free = await this.#parts.disk.freeBytes();
    const needed = group.reduce((sum, { size }) => sum + size, 0) + reserveBytes;
    if (free === null || free >= needed) return true;
    const megabytes = (bytes: number): number => Math.ceil(bytes / 1024 / 1024);
    const [only, ...others] = group;
    if (only !== undefined && others.length === 0 && free >= reserveBytes) {
      const words = `${megabytes(only.size)} MB by their pointer, ${megabytes(free)} MB free`;
      this.#note(only, { kind: 'large', words });
      return false;
    }
    throw new TransferStop(
      'here',
      `About ${megabytes(needed)} MB are needed on the way and ${megabytes(free)} MB are free in ${this.#parts.disk.dataDir}.`,
    );
  }

  async #ask(
    side: 'github' | 'target',
    remote: GitRemote,
    operation: 'download' | 'upload',
    pointers: readonly LfsPointer[],
  ): Promise<ReadonlyMap<string, BatchItem>> {
    try {
      return await askBatch(this.#parts, remote, operation, pointers, this.#call.signal);
    } catch (error) {
      if (error instanceof BatchRefusal) throw new Refused(side, `${capital(error.message)}.`);
      throw error;
    }
  }

  /** Null where it did not come whole; a transfer that breaks is tried once more. */
  async #receive(pointer: LfsPointer, item: BatchItem | undefined): Promise<string | null> {
    if (item === undefined || item.kind !== 'action') {
      this.#note(pointer, problemOf(item));
      return null;
    }
    for (let attempt = 1; ; attempt += 1) {
      const file = join(this.#dir, `${pointer.oid}.${randomUUID()}`);
      const receivedBefore = this.#received;
      let problem: Problem | null = { kind: 'broken', words: '' };
      try {
        problem = await receiveObject(
          this.#parts.http,
          this.#from,
          item.action,
          pointer,
          file,
          this.#call.signal,
          (bytes) => this.#report(bytes),
        );
        if (problem === null) return file;
      } finally {
        if (problem !== null) await rm(file, { force: true });
      }
      if (attempt === 2 || problem.kind !== 'broken') {
        this.#note(pointer, problem);
        return null;
      }
      this.#received = Math.min(this.#received, receivedBefore);
    }
  }

  async #send(here: readonly Here[]): Promise<void> {
    const { http } = this.#parts;
    if (this.#to.transport === 'file') {
      for (const { pointer, file } of here) {
        await putIntoFolder(this.#to.url, pointer.oid, file);
        this.#done(pointer);
      }
      return;
    }
    const wanted = await this.#ask(
      'target',
      this.#to,
      'upload',
      here.map(({ pointer }) => pointer),
    );
    await inParallel(here, async ({ pointer, file }) => {
      const item = wanted.get(pointer.oid);
      if (item?.kind === 'there') return;
      const problem =
        item?.kind === 'action'
          ? await sendObject(http, this.#to, item, pointer, file, this.#call.signal)
          : { kind: 'refused' as const, words: item === undefined ? 'the mirror server does not want it' : item.words };
      if (problem === null) this.#done(pointer);
      else this.#note(pointer, problem);
    });
  }

  #done({ size }: LfsPointer): void {
    this.#copied += 1;
    this.#bytes += size;
    this.#report(0);
  }

  #note({ oid }: LfsPointer, { kind, words }: Problem): void {
    this.#problems.push({ oid, kind, words });
  }

  #report(bytes: number): void {
    this.#received += bytes;
    const now = this.#parts.monotonicMs();
    if (now - this.#lastReportMs < 200) return;
    this.#lastReportMs = now;
    this.#call.onProgress?.({ doneObjects: this.#copied, allObjects: this.#all, bytes: this.#received });
  }
}

/** One end answered the question for a whole group with no. */
class Refused extends Error {
  override readonly name = 'Refused';
  readonly side: 'github' | 'target';

  constructor(side: 'github' | 'target', words: string) {
    super(words);
    this.side = side;
  }
}

function problemOf(item: BatchItem | undefined): Problem {
  if (item === undefined || item.kind !== 'error') return { kind: 'absent', words: 'GitHub says nothing of it' };
  const { status, words } = item;
  const kind = status === 404 || status === 410 ? 'absent' : status === 401 || status === 403 ? 'denied' : 'broken';
  return { kind, words: words === '' ? `GitHub answers ${status}` : words };
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
