/**
 * @file What is handed out of mirrors on a person's word: bundles to be fetched, pushes to other remotes. One at a time,
 * each known by an id while it is made and for an hour afterwards; nothing of it outlives the engine. Knows no HTTP.
 */
import { bundleFileName } from '../domain/copy-plan.ts';
import { EpicstarError, type ErrorRecord, toEpicstarError } from '../domain/errors.ts';
import type { GithubId, Instant } from '../domain/repository.ts';
import type { BundleShelf } from '../ports/bundle-shelf.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { GitProgress } from '../ports/git.ts';
import type { Log } from '../ports/log.ts';
import type { OtherAddress, ReadOtherRemote } from '../ports/other-remote.ts';
import type { RepositoryRecord } from '../ports/store.ts';
import {
  type CopyCall,
  type CopyParts,
  type CopyStep,
  bundleMirror,
  type PushedMirror,
  pushMirror,
} from './mirror-copy.ts';
import { Turns } from './turns.ts';

export interface Handout {
  readonly id: string;
  readonly kind: 'bundle' | 'push';
  readonly githubId: GithubId;
  readonly fullName: string;
  readonly withKept: boolean;
  readonly state: 'waiting' | 'working' | 'done' | 'failed' | 'cancelled';
  /** While it works. */
  readonly step: CopyStep | null;
  readonly git: GitProgress | null;
  readonly error: ErrorRecord | null;
  /** A bundle that can be fetched. */
  readonly bundle: HandoutBundle | null;
  readonly push: PushedMirror | null;
}

export interface HandoutBundle {
  readonly fileName: string;
  readonly bytes: number;
  readonly refs: number;
  /** When it is removed, fetched or not. */
  readonly until: Instant;
}

/** Where a bundle lies that can be fetched. */
export interface BundleFile {
  /** Absolute. */
  readonly path: string;
  readonly fileName: string;
  readonly bytes: number;
}

export interface HandoutsParts extends CopyParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Left out: bundles are written to named places alone. */
  readonly shelf?: BundleShelf;
  /** Left out: there is no pushing to other remotes. */
  readonly readOtherRemote?: ReadOtherRemote;
}

/** What is ended is known for so long, and a bundle kept. */
const keepMs = 3_600_000;
/** More than a person asks for; what comes then has to wait. */
const mostUnderWay = 20;
/** Bundles that lie there at once; the oldest makes room for what is asked for now. */
const mostBundles = 10;
/** Of what has ended. */
const mostEnded = 100;

interface Entry {
  handout: Handout;
  readonly abort: AbortController;
  path: string | null;
  cancelTimer: () => void;
}

export class Handouts {
  readonly #parts: HandoutsParts;
  readonly #entries = new Map<string, Entry>();
  readonly #turns = new Turns();
  readonly #works = new Set<Promise<void>>();
  #count = 0;
  #isStopped = false;

  constructor(parts: HandoutsParts) {
    this.#parts = parts;
  }

  /** Removes what an end without warning has left on the disk. Only for the one engine that works on it. */
  async tidy(): Promise<void> {
    const { shelf, git, log } = this.#parts;
    try {
      await shelf?.clear();
      await git.removeLeftCopies();
    } catch (error) {
      log.warn('what was left of handing out mirrors could not be removed', { error });
    }
  }

  /** Joins one that is being made; one that is made already is made anew. */
  bundle(repository: RepositoryRecord, withKept: boolean): Handout {
    const { shelf } = this.#parts;
    if (shelf === undefined) throw new EpicstarError('config-invalid', 'There is no place for bundles here.');
    const same = [...this.#entries.values()].find(
      ({ handout }) =>
        handout.kind === 'bundle' && handout.githubId === repository.githubId && handout.withKept === withKept,
    );
    if (same !== undefined) {
      if (isUnderWay(same.handout)) return same.handout;
      this.#drop(same);
    }
    return this.#begin('bundle', repository, withKept, async (entry, call) => {
      entry.path = await shelf.place(entry.handout.id);
      const { refs } = await bundleMirror(this.#parts, repository, { file: entry.path, withKept }, call);
      const bytes = await shelf.bytes(entry.handout.id);
      const now = this.#parts.clock.now();
      return { bundle: { fileName: bundleFileName(repository.fullName, now), bytes, refs, until: now + keepMs } };
    });
  }

  /** @throws EpicstarError as {@link ReadOtherRemote} does */
  push(repository: RepositoryRecord, other: OtherAddress, withKept: boolean): Handout {
    const { readOtherRemote } = this.#parts;
    if (readOtherRemote === undefined) throw new EpicstarError('config-invalid', 'There are no other remotes here.');
    const remote = readOtherRemote(other, false);
    return this.#begin('push', repository, withKept, async (_entry, call) => ({
      push: await pushMirror(this.#parts, repository, { remote, withKept }, call),
    }));
  }

  get(id: string): Handout | null {
    return this.#entries.get(id)?.handout ?? null;
  }

  /** Of one repository, the newest first. */
  of(githubId: GithubId): readonly Handout[] {
    const handouts = [...this.#entries.values()].map(({ handout }) => handout);
    return handouts.filter((handout) => handout.githubId === githubId).toReversed();
  }

  /** Null: there is none, or not yet, or not any more. */
  file(id: string): BundleFile | null {
    const entry = this.#entries.get(id);
    if (entry === undefined || entry.path === null || entry.handout.bundle === null) return null;
    const { fileName, bytes } = entry.handout.bundle;
    return { path: entry.path, fileName, bytes };
  }

  /** Ends one that is under way, or forgets one that has ended, its bundle too. False: it is not known. */
  end(id: string): boolean {
    const entry = this.#entries.get(id);
    if (entry === undefined) return false;
    if (!isUnderWay(entry.handout)) this.#drop(entry);
    else {
      entry.abort.abort(new DOMException('it was cancelled', 'AbortError'));
      this.#settle(entry, { state: 'cancelled' });
    }
    return true;
  }

  /** Ends all; resolves when git is gone. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const entry of this.#entries.values()) {
      entry.cancelTimer();
      entry.abort.abort(new DOMException('the engine ends', 'AbortError'));
    }
    await Promise.all(this.#works);
    await Promise.all([...this.#entries.values()].map((entry) => this.#removeFile(entry)));
    this.#entries.clear();
  }

  #begin(
    kind: Handout['kind'],
    { githubId, fullName }: RepositoryRecord,
    withKept: boolean,
    work: (entry: Entry, call: CopyCall) => Promise<Partial<Handout>>,
  ): Handout {
    if (this.#isStopped) throw new EpicstarError('cancelled', '');
    const underWay = [...this.#entries.values()].filter(({ handout }) => isUnderWay(handout));
    if (underWay.length >= mostUnderWay) {
      throw new EpicstarError('config-invalid', `${mostUnderWay} bundles and pushes are under way already.`);
    }
    this.#count += 1;
    // Not to be guessed, though whoever asks has to be known as well.
    const id = `${randomWord(this.#parts.random)}${randomWord(this.#parts.random)}-${this.#count}`;
    const entry: Entry = {
      handout: {
        id,
        kind,
        githubId,
        fullName,
        withKept,
        state: 'waiting',
        step: null,
        git: null,
        error: null,
        bundle: null,
        push: null,
      },
      abort: new AbortController(),
      path: null,
      cancelTimer: () => undefined,
    };
    this.#entries.set(id, entry);
    const turn = this.#turns.take(() => this.#work(entry, work)).finally(() => this.#works.delete(turn));
    this.#works.add(turn);
    return entry.handout;
  }

  async #work(entry: Entry, work: (entry: Entry, call: CopyCall) => Promise<Partial<Handout>>): Promise<void> {
    const { signal } = entry.abort;
    if (signal.aborted) return;
    const { log } = this.#parts;
    const { id, kind, fullName } = entry.handout;
    const change = (part: Partial<Handout>): void => {
      if (!signal.aborted) entry.handout = { ...entry.handout, ...part };
    };
    change({ state: 'working' });
    log.info('a mirror is handed out', { id, kind, fullName });
    try {
      const result = await work(entry, {
        signal,
        onStep: (step) => change({ step, git: null }),
        onGit: (git) => change({ git }),
      });
      signal.throwIfAborted();
      log.info('a mirror was handed out', { id, kind, fullName, ...countsOf(result) });
      this.#settle(entry, { ...result, state: 'done' });
    } catch (thrown) {
      const error = toEpicstarError(thrown);
      if (!signal.aborted) {
        log.warn('a mirror could not be handed out', { id, kind, fullName, error: thrown });
        this.#settle(entry, { state: 'failed', error: error.toRecord() });
      }
      await this.#removeFile(entry);
    }
  }

  #settle(entry: Entry, part: Partial<Handout>): void {
    entry.handout = { ...entry.handout, step: null, git: null, ...part };
    if (this.#isStopped) return;
    entry.cancelTimer = this.#parts.clock.setTimer(keepMs, () => this.#drop(entry));
    const ended = [...this.#entries.values()].filter(({ handout }) => !isUnderWay(handout));
    const bundles = ended.filter(({ handout }) => handout.bundle !== null);
    const surplus = new Set([...bundles.slice(0, -mostBundles), ...ended.slice(0, -mostEnded)]);
    for (const old of surplus) if (old !== entry) this.#drop(old);
  }

  #drop(entry: Entry): void {
    entry.cancelTimer();
    this.#entries.delete(entry.handout.id);
    void this.#removeFile(entry);
  }

  async #removeFile(entry: Entry): Promise<void> {
    const { shelf, log } = this.#parts;
    if (entry.path === null) return;
    try {
      await shelf?.remove(entry.handout.id);
    } catch (error) {
      // Somebody may read it still; the next start clears the folder.
      log.warn('a bundle could not be removed', { id: entry.handout.id, error });
    }
  }
}

function randomWord(random: Random): string {
  return Math.floor(random() * 36 ** 9)
    .toString(36)
    .padStart(9, '0');
}

function isUnderWay({ state }: Handout): boolean {
  return state === 'waiting' || state === 'working';
}

function countsOf({ bundle, push }: Partial<Handout>): Readonly<Record<string, number>> {
  if (bundle !== undefined && bundle !== null) return { bytes: bundle.bytes, refs: bundle.refs };
  return { pushed: push?.pushed ?? 0, refused: push?.refused.length ?? 0 };
}
