/**
 * @file When the person's GitHub Lists are read: beside looks that succeeded, where somebody needs them, and never in
 * their way. Knows nothing of what Lists are for.
 */
import { toEpicstarError } from '../domain/errors.ts';
import type { SelectionRules } from '../domain/selection.ts';
import { type Clock, sleep } from '../ports/clock.ts';
import type { Github } from '../ports/github.ts';
import type { Log } from '../ports/log.ts';
import type { SelectionKeeper } from './selection-keeper.ts';

export interface ListReaderParts {
  readonly github: Pick<Github, 'lists'>;
  readonly keeper: Pick<SelectionKeeper, 'needsLists' | 'learnLists'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Lists that were read are read again after this; failures slow down to it. */
const everyMs = 15 * 60_000;
/** The same where only a filter shows them. */
const unneededEveryMs = 60 * 60_000;
const firstUnneededMs = 5 * 60_000;
const firstRetryMs = 30_000;
/** A person waits for rules to be saved. */
const longestWaitMs = 10_000;

export class ListReader {
  readonly #parts: ListReaderParts;
  #reading: Promise<void> | null = null;
  #controller = new AbortController();
  #isNeeded = false;
  /** By the monotonic clock. */
  #notBeforeMs = 0;
  #failures = 0;
  #wasRefused = false;
  /** By the monotonic clock; null: not at all where nothing needs them. */
  #unneededFromMs: number | null = null;

  constructor(parts: ListReaderParts) {
    this.#parts = parts;
  }

  /** Whether the last reading was refused to this token, or there are none on this GitHub. */
  get wasRefused(): boolean {
    return this.#wasRefused;
  }

  /** From some time after this on they are read once an hour even where nothing needs them. */
  readNowAndThen(): void {
    this.#unneededFromMs ??= this.#parts.clock.monotonicMs() + firstUnneededMs;
  }

  /** Begins to read them where they are needed and due. */
  refresh(): void {
    const { keeper, clock } = this.#parts;
    const isNew = keeper.needsLists && !this.#isNeeded;
    this.#isNeeded = keeper.needsLists;
    const isWanted = this.#isNeeded || clock.monotonicMs() >= (this.#unneededFromMs ?? Number.POSITIVE_INFINITY);
    if (isWanted && (isNew || clock.monotonicMs() >= this.#notBeforeMs)) {
      // Never rejects.
      void this.#begin();
    }
  }

  /**
   * Before rules that name Lists take effect, so that nothing is decided by Lists that are not known. Waits 10 s at
   * most and never rejects: what comes later is learnt then.
   */
  async readFor({ lists: { only, never } }: SelectionRules): Promise<void> {
    if (only.length + never.length === 0) return;
    await this.readNow();
  }

  /** The same, whatever needs them. */
  async readNow(): Promise<void> {
    const { clock } = this.#parts;
    const isFresh = this.#isNeeded && this.#failures === 0 && clock.monotonicMs() < this.#notBeforeMs;
    this.#isNeeded = true;
    if (isFresh) return;
    const waiting = new AbortController();
    const reading = this.#begin().finally(() => waiting.abort());
    await Promise.race([reading, sleep(clock, longestWaitMs, waiting.signal).catch(() => undefined)]);
  }

  /** Another account has other Lists: they are read beside the next look. */
  forget(): void {
    this.#controller.abort(new DOMException('the account changed', 'AbortError'));
    this.#controller = new AbortController();
    this.#notBeforeMs = 0;
    this.#failures = 0;
    this.#wasRefused = false;
  }

  /** Resolves when none are being read. */
  async settled(): Promise<void> {
    await this.#reading;
  }

  async stop(): Promise<void> {
    this.#controller.abort(new DOMException('epicstar ends', 'AbortError'));
    await this.#reading;
  }

  #begin(): Promise<void> {
    this.#reading ??= this.#read(this.#controller.signal).finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #read(signal: AbortSignal): Promise<void> {
    const { github, keeper, clock, log } = this.#parts;
    try {
      const lists = await github.lists(signal);
      if (signal.aborted) return;
      await keeper.learnLists(lists);
      if (lists === null && !this.#wasRefused) log.info('this token, or this GitHub, does not let Lists be read');
      this.#wasRefused = lists === null;
      this.#failures = 0;
      this.#notBeforeMs = clock.monotonicMs() + (this.#isNeeded ? everyMs : unneededEveryMs);
    } catch (thrown) {
      const { code, message, kind } = toEpicstarError(thrown);
      if (signal.aborted || kind === 'cancelled') return;
      this.#failures += 1;
      this.#notBeforeMs = clock.monotonicMs() + Math.min(firstRetryMs * 2 ** (this.#failures - 1), everyMs);
      // That nobody is signed in is told by the looks.
      if (this.#failures === 1 && kind !== 'signed-out') log.warn('GitHub Lists could not be read', { code, message });
    }
  }
}
