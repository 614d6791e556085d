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

  constructor(parts: ListReaderParts) {
    this.#parts = parts;
  }

  /** Begins to read them where they are needed and due. */
  refresh(): void {
    const { keeper, clock } = this.#parts;
    const isNew = keeper.needsLists && !this.#isNeeded;
    this.#isNeeded = keeper.needsLists;
    if (this.#isNeeded && (isNew || clock.monotonicMs() >= this.#notBeforeMs)) {
      // Never rejects.
      void this.#begin();
    }
  }

  /**
   * Before rules that name Lists take effect, so that nothing is decided by Lists that are not known. Waits 10 s at
   * most and never rejects: what comes later is learnt then.
   */
  async readFor({ lists: { only, never } }: SelectionRules): Promise<void> {
    const { clock } = this.#parts;
    if (only.length + never.length === 0) return;
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
      this.#notBeforeMs = clock.monotonicMs() + everyMs;
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
