/**
 * @file What GitHub Lists are at the target: asks for runs that move mirrors below the parent of their List, and keeps
 * the labels of mirrors. Goes by what it remembers to have done, so that nothing is asked of the target where nothing
 * changed. Knows neither how Lists are read nor what a place or label is there.
 */
import { type EpicstarError, toEpicstarError } from '../domain/errors.ts';
import { type ListUse, parentList } from '../domain/lists.ts';
import type { GithubId } from '../domain/repository.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { MirrorTarget } from '../ports/mirror-target.ts';
import type { RepositoryRecord, Store } from '../ports/store.ts';
import type { ListMark } from '../ports/store-lists.ts';

export interface ListArrangerParts {
  readonly store: Store;
  readonly target: MirrorTarget;
  readonly clock: Clock;
  readonly log: Log;
  readonly use: ListUse;
  /** Null: Lists were never read. */
  readonly listsOf: (githubId: GithubId) => readonly string[] | null;
  readonly isHeld: () => boolean;
  readonly onJobs: () => void;
}

const noMark: ListMark = { place: null, labels: [] };
const firstRetryMs = 60_000;
/** A right that is missing is looked for again after so long. */
const longestRetryMs = 3_600_000;
const rowsAtOnce = 100;

export class ListArranger {
  readonly #parts: ListArrangerParts;
  readonly #ending = new AbortController();
  #marks: Promise<Map<GithubId, ListMark>> | null = null;
  /** Mirrors to be looked at; null: all. */
  #due: Set<GithubId> | null = null;
  #round: Promise<void> | null = null;
  #failures = 0;
  /** By the monotonic clock. */
  #notBeforeMs = 0;

  constructor(parts: ListArrangerParts) {
    this.#parts = parts;
  }

  /** Lists are others now: every mirror is looked at. */
  listsChanged(): void {
    this.#due = null;
    this.refresh();
  }

  /** A mirror was made or moved just now. */
  mirrorChanged(githubId: GithubId): void {
    this.#due?.add(githubId);
    this.refresh();
  }

  /** Begins with what is due, unless that is being done. */
  refresh(): void {
    const { clock, log, isHeld } = this.#parts;
    const isIdle = this.#due !== null && this.#due.size === 0;
    if (isIdle || isHeld() || this.#ending.signal.aborted || clock.monotonicMs() < this.#notBeforeMs) return;
    this.#round ??= this.#arrange()
      .catch((error: unknown) => log.error('mirrors were not arranged by Lists', { error }))
      .finally(() => {
        this.#round = null;
      });
  }

  /** Which List the mirror is to stand under; null: none. */
  placeOf(githubId: GithubId): string | null {
    const { use, target, listsOf } = this.#parts;
    return use === 'parents' && target.holdsLists === true ? parentList(listsOf(githubId) ?? []) : null;
  }

  /** @param isNew the project was made just now and has no labels yet */
  async placed(githubId: GithubId, place: string | null, isNew: boolean): Promise<void> {
    await this.#mark(githubId, isNew ? { place, labels: [] } : { place });
  }

  /** Resolves when nothing is being done. */
  async settled(): Promise<void> {
    while (this.#round !== null) await this.#round;
  }

  async stop(): Promise<void> {
    this.#ending.abort(new DOMException('epicstar ends', 'AbortError'));
    await this.settled();
  }

  async #arrange(): Promise<void> {
    while (this.#due === null || this.#due.size > 0) {
      const due = this.#due;
      this.#due = new Set();
      try {
        if (!(await this.#arrangeThose(due))) {
          this.#due = null;
          return;
        }
        this.#failures = 0;
      } catch (thrown) {
        this.#due = null;
        const error = toEpicstarError(thrown);
        if (error.kind !== 'cancelled') this.#postpone(error);
        return;
      }
    }
  }

  #postpone({ code, message, kind }: EpicstarError): void {
    const { clock, log } = this.#parts;
    this.#failures += 1;
    const delayMs = kind === 'permanent' ? longestRetryMs : firstRetryMs * 2 ** Math.min(this.#failures - 1, 10);
    this.#notBeforeMs = clock.monotonicMs() + Math.min(delayMs, longestRetryMs);
    if (this.#failures === 1) log.warn('labels of GitHub Lists could not be set', { code, message });
  }

  /** False: it was held up on the way. */
  async #arrangeThose(due: ReadonlySet<GithubId> | null): Promise<boolean> {
    const { use, listsOf } = this.#parts;
    const marks = await this.#readMarks();
    if (use === 'off' && marks.size === 0) return true;
    const mirrors = (await this.#records(due)).filter(
      ({ mirror, selection, absentSince }) => mirror !== null && selection === 'mirror' && absentSince === null,
    );
    // What is not known is no reason to undo anything.
    const known = mirrors.filter(({ githubId }) => use === 'off' || listsOf(githubId) !== null);
    await this.#move(known.filter(({ githubId }) => placeIn(marks, githubId) !== this.placeOf(githubId)));
    let failure: EpicstarError | null = null;
    for (const repository of known) {
      if (this.#parts.isHeld() || this.#ending.signal.aborted) return false;
      try {
        await this.#label(repository, marks.get(repository.githubId)?.labels ?? []);
      } catch (thrown) {
        const error = toEpicstarError(thrown);
        // A name that the target does not take is no reason to leave all others without.
        if (error.code !== 'target-unexpected') throw error;
        failure ??= error;
      }
    }
    if (failure !== null) throw failure;
    return true;
  }

  async #records(due: ReadonlySet<GithubId> | null): Promise<readonly RepositoryRecord[]> {
    const { store } = this.#parts;
    if (due === null) return store.allRepositories();
    const records: RepositoryRecord[] = [];
    const ids = [...due];
    for (let from = 0; from < ids.length; from += rowsAtOnce) {
      const rows = await store.repositoryRows(ids.slice(from, from + rowsAtOnce));
      records.push(...rows.map(({ repository }) => repository));
    }
    return records;
  }

  async #move(misplaced: readonly RepositoryRecord[]): Promise<void> {
    const { store, clock, log, onJobs } = this.#parts;
    if (misplaced.length === 0) return;
    const requests = misplaced.map(({ githubId }) => ({ githubId, cause: 'renamed' as const }));
    if ((await store.requestJobs(requests, clock.now())) === 0) return;
    log.info('mirrors are moved because of GitHub Lists', { mirrors: misplaced.length });
    onJobs();
  }

  async #label({ githubId, mirror }: RepositoryRecord, before: readonly string[]): Promise<void> {
    const { use, target, listsOf, log } = this.#parts;
    const wanted = use === 'labels' ? (listsOf(githubId) ?? []) : [];
    if (mirror === null || target.labels === undefined || isSame(wanted, before)) return;
    const { projectId: id, projectPath: path, projectUrl: webUrl } = mirror;
    if (!(await target.labels.set({ id, path, webUrl }, wanted, this.#ending.signal, githubId))) return;
    await this.#mark(githubId, { labels: wanted });
    log.info('labels of a mirror follow GitHub Lists', { path, labels: wanted.length });
  }

  async #mark(githubId: GithubId, change: Partial<ListMark>): Promise<void> {
    const marks = await this.#readMarks();
    const before = marks.get(githubId) ?? noMark;
    const mark = { ...before, ...change };
    if (mark.place === before.place && isSame(mark.labels, before.labels)) return;
    await this.#parts.store.markList(githubId, change);
    if (mark.place === null && mark.labels.length === 0) marks.delete(githubId);
    else marks.set(githubId, mark);
  }

  #readMarks(): Promise<Map<GithubId, ListMark>> {
    this.#marks ??= this.#parts.store.listMarks().then(
      (marks) => new Map(marks),
      (error: unknown) => {
        this.#marks = null;
        throw error;
      },
    );
    return this.#marks;
  }
}

function placeIn(marks: ReadonlyMap<GithubId, ListMark>, githubId: GithubId): string | null {
  return marks.get(githubId)?.place ?? null;
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name) => other.includes(name));
}
