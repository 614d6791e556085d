/**
 * @file The rows of one list, read in pages as they come into view and kept. Rows that were read stay on show until
 * newer ones are there, whether they grew old or belong to what was asked before. Knows nothing of React.
 */
import { CallError } from '../../../src-preload/contract/messages.ts';
import type { RepositoryView } from '../../../src-preload/contract/views.ts';
import type { ListView } from './list-view.ts';

export interface PageAnswer {
  readonly items: readonly RepositoryView[];
  readonly total: number;
}

export interface RowPagesOptions {
  readonly read: (view: ListView, offset: number, limit: number) => Promise<PageAnswer>;
  readonly monotonicMs: () => number;
  readonly setTimer: (delayMs: number, fire: () => void) => () => void;
}

export interface Rows {
  /** Null before the first answer. */
  readonly total: number | null;
  /** What the rows are an answer to; null before the first. */
  readonly view: ListView | null;
  readonly pages: ReadonlyMap<number, readonly RepositoryView[]>;
  /** Why the last reading failed; null after one that succeeded. */
  readonly failure: string | null;
}

export const pageRows = 200;
/** The first answer to what is typed is as short as a screen is high, so that it comes at once. */
const firstRows = 50;
/** What is typed is asked for at most this often, the first of it at once. */
const askEveryMs = 60;
/** However often rows change, they are read again at most this often. */
const refreshEveryMs = 1_000;
const retryMs = 2_000;
const atOnce = 2;

const noRows: Rows = { total: null, view: null, pages: new Map(), failure: null };

export function rowAt({ pages }: Rows, index: number): RepositoryView | undefined {
  return pages.get(Math.floor(index / pageRows))?.[index % pageRows];
}

export class RowPages {
  readonly #options: RowPagesOptions;
  readonly #listeners = new Set<() => void>();
  /** Pages that were read in full since the last refresh. */
  readonly #fresh = new Set<number>();
  readonly #reading = new Set<number>();
  #rows: Rows = noRows;
  #wanted: ListView | null = null;
  /** Of what was asked for last, and of what is shown. */
  #asked = 0;
  #shown = 0;
  #refreshes = 0;
  #range = { first: 0, last: 0 };
  #askedAtMs = Number.NEGATIVE_INFINITY;
  #refreshedAtMs = Number.NEGATIVE_INFINITY;
  #stopAsk: (() => void) | null = null;
  #stopRefresh: (() => void) | null = null;
  #stopRetry: (() => void) | null = null;

  constructor(options: RowPagesOptions) {
    this.#options = options;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly rows = (): Rows => this.#rows;

  /** Shows another list from its start on. The newest answer wins, whatever the order they come in. */
  ask(view: ListView): void {
    this.#wanted = view;
    this.#asked += 1;
    this.#stopAsk?.();
    const waitMs = this.#askedAtMs + askEveryMs - this.#options.monotonicMs();
    if (waitMs <= 0) this.#askNow();
    else this.#stopAsk = this.#options.setTimer(waitMs, () => this.#askNow());
  }

  /** Says which rows are seen: they are read, and those around them. */
  want(first: number, last: number): void {
    this.#range = { first, last };
    this.#pump();
  }

  /** Rows may have changed: those that are seen are read again soon, the others when they come into view. */
  refresh(): void {
    if (this.#stopRefresh !== null) return;
    const waitMs = Math.max(0, this.#refreshedAtMs + refreshEveryMs - this.#options.monotonicMs());
    this.#stopRefresh = this.#options.setTimer(waitMs, () => this.refreshNow());
  }

  refreshNow(): void {
    this.#stopRefresh?.();
    this.#stopRefresh = null;
    this.#stopRetry?.();
    this.#stopRetry = null;
    this.#refreshedAtMs = this.#options.monotonicMs();
    this.#refreshes += 1;
    this.#fresh.clear();
    if (this.#shown === this.#asked) this.#pump();
    else this.#askNow();
  }

  /**
   * Reads what is missing of a range.
   *
   * @returns the ids from `first` to `last`; null if they could not be read, or another list was asked for meanwhile
   */
  async idsBetween(first: number, last: number): Promise<readonly number[] | null> {
    const generation = this.#shown;
    const ids: number[] = [];
    for (let index = first; index <= last; index += 1) {
      if (rowAt(this.#rows, index) === undefined) await this.#readPage(Math.floor(index / pageRows));
      const row = rowAt(this.#rows, index);
      if (row === undefined || this.#asked !== generation) return null;
      ids.push(row.githubId);
    }
    return ids;
  }

  close(): void {
    this.#stopAsk?.();
    this.#stopRefresh?.();
    this.#stopRetry?.();
    this.#stopAsk = null;
    this.#stopRefresh = null;
    this.#stopRetry = null;
  }

  #askNow(): void {
    const view = this.#wanted;
    if (view === null) return;
    this.#askedAtMs = this.#options.monotonicMs();
    const generation = this.#asked;
    const isFirst = this.#rows.total === null;
    const take = ({ items, total }: PageAnswer): void => {
      if (generation <= this.#shown) return;
      this.#shown = generation;
      this.#fresh.clear();
      this.#reading.clear();
      this.#range = { first: 0, last: 0 };
      if (items.length === Math.min(pageRows, total)) this.#fresh.add(0);
      this.#set({ total, view, pages: new Map([[0, items]]), failure: null });
      this.#pump();
    };
    this.#options.read(view, 0, isFirst ? pageRows : firstRows).then(take, (error: unknown) => {
      if (generation === this.#asked) this.#fail(error);
    });
  }

  /** Pages that are seen, then the ones before and after, nearest first. */
  *#neededPages(): Generator<number> {
    const { total } = this.#rows;
    if (total === null) return;
    const lastPage = Math.max(0, Math.floor((total - 1) / pageRows));
    const from = Math.min(lastPage, Math.floor(this.#range.first / pageRows));
    const to = Math.min(lastPage, Math.floor(this.#range.last / pageRows));
    for (let page = from; page <= to; page += 1) yield page;
    for (const page of [to + 1, from - 1, to + 2]) if (page >= 0 && page <= lastPage) yield page;
  }

  #pump(): void {
    if (this.#stopRetry !== null) return;
    for (const page of this.#neededPages()) {
      if (this.#reading.size >= atOnce) return;
      if (!this.#fresh.has(page) && !this.#reading.has(page)) void this.#readPage(page);
    }
  }

  async #readPage(page: number): Promise<void> {
    const { view } = this.#rows;
    if (view === null) return;
    const generation = this.#shown;
    const refreshes = this.#refreshes;
    this.#reading.add(page);
    try {
      const answer = await this.#options.read(view, page * pageRows, pageRows);
      if (generation !== this.#shown) return;
      this.#reading.delete(page);
      this.#take(page, answer, refreshes === this.#refreshes);
      this.#pump();
    } catch (error) {
      if (generation !== this.#shown) return;
      this.#reading.delete(page);
      this.#fail(error);
    }
  }

  #take(page: number, { items, total }: PageAnswer, isFresh: boolean): void {
    const pages = new Map(this.#rows.pages);
    if (total !== this.#rows.total) {
      // Where there are more or fewer rows than before, others have moved too.
      this.#fresh.clear();
      for (const other of pages.keys()) if (other * pageRows >= total) pages.delete(other);
    }
    pages.set(page, items);
    if (isFresh) this.#fresh.add(page);
    this.#set({ ...this.#rows, pages, total, failure: null });
  }

  #fail(error: unknown): void {
    // A lost connection is said elsewhere, and everything is read again with the next one.
    if (error instanceof CallError && error.name === 'disconnected') return;
    this.#set({ ...this.#rows, failure: error instanceof Error ? error.message : String(error) });
    this.#stopRetry ??= this.#options.setTimer(retryMs, () => this.refreshNow());
  }

  #set(rows: Rows): void {
    this.#rows = rows;
    this.#listeners.forEach((listener) => listener());
  }
}
