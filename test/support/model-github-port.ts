/** @file The engine's GitHub port over a model of GitHub, with lists that are wrong and outages. */
import { EpicstarError, type ErrorCode } from '../../src-main/engine/domain/errors.ts';
import type { Github, RepositoryLookup, StarPage } from '../../src-main/engine/ports/github.ts';
import type { ModelGithub, ModelRepository } from './model-github.ts';
import { type Life, type ModelClock, throwIfAborted } from './model-life.ts';

export const listFaults = ['truncated', 'short', 'unreadable', 'empty', 'error', 'repeat'] as const;
export type ListFault = (typeof listFaults)[number];

const perPage = 4;

/** What GitHub answered to a question about one repository. */
export interface Answer {
  readonly githubId: number;
  readonly at: number;
  readonly kind: RepositoryLookup['kind'];
}

/** What is wrong with GitHub for a while, whichever process asks. */
export class GithubTroubles {
  readonly answers: Answer[] = [];
  /** How many stars had been given when the head of the list was asked for last, and the time before. */
  heads: readonly [number, number] = [0, 0];
  /** How often what the list leaves out had changed at these two times. */
  omissions: readonly [number, number] = [0, 0];
  readonly #clock: ModelClock;
  #omissionChanges = 0;
  #fault: { readonly how: ListFault; skip: number } | null = null;
  #outage: { readonly code: ErrorCode; readonly untilAt: number } | null = null;
  #omitted: number | null = null;
  readonly #everOmitted = new Set<number>();

  constructor(clock: ModelClock) {
    this.#clock = clock;
  }

  /** One page, after so many good ones, will be wrong. */
  addFault(how: ListFault, skip: number): void {
    this.#fault = { how, skip };
  }

  shutUntil(code: ErrorCode, untilAt: number): void {
    this.#outage = { code, untilAt };
  }

  /** The list and its total leave out one repository. */
  omit(githubId: number): void {
    this.#omissionChanges += 1;
    this.#omitted = githubId;
    this.#everOmitted.add(githubId);
  }

  lift(): void {
    this.#omissionChanges += 1;
    this.#fault = null;
    this.#outage = null;
    this.#omitted = null;
  }

  noteHead(starsGiven: number): void {
    this.heads = [starsGiven, this.heads[0]];
    this.omissions = [this.#omissionChanges, this.omissions[0]];
  }

  check(): void {
    if (!this.isAway()) return;
    const { code, untilAt } = this.#outage ?? { code: 'github-unavailable', untilAt: 0 };
    throw new EpicstarError(code, '', code === 'github-rate-limited' ? { data: { until: untilAt } } : {});
  }

  isAway(): boolean {
    return this.#outage !== null && this.#clock.now() < this.#outage.untilAt;
  }

  isOmitted({ id }: ModelRepository): boolean {
    return this.#omitted === id;
  }

  wasEverOmitted({ id }: ModelRepository): boolean {
    return this.#everOmitted.has(id);
  }

  takeFault(): ListFault | null {
    if (this.#fault === null) return null;
    if (this.#fault.skip > 0) {
      this.#fault.skip -= 1;
      return null;
    }
    const { how } = this.#fault;
    this.#fault = null;
    return how;
  }
}

export function createModelGithubPort(github: ModelGithub, troubles: GithubTroubles, life: Life): Github {
  const ask = <T>(signal: AbortSignal, answer: () => T): Promise<T> =>
    life.step(() => {
      throwIfAborted(signal);
      troubles.check();
      return answer();
    });
  const listed = (): readonly ModelRepository[] => github.starred().filter((one) => !troubles.isOmitted(one));
  const ordered = (order: 'created' | 'updated'): readonly ModelRepository[] => {
    const timeOf = (one: ModelRepository): number => (order === 'created' ? one.starredAt : one.pushedAt) ?? 0;
    return listed().toSorted((a, b) => timeOf(b) - timeOf(a) || b.id - a.id);
  };
  const show = (repositories: readonly ModelRepository[]) =>
    repositories.map((repository) => {
      repository.shownPrivate = repository.access !== 'public';
      return github.starOf(repository);
    });
  const readPage = (order: 'created' | 'updated', page: number): StarPage => {
    const all = ordered(order);
    const fault = troubles.takeFault();
    if (fault === 'error') throw new EpicstarError('github-unavailable', 'It answered 502.');
    const start = fault === 'repeat' ? 0 : (page - 1) * perPage;
    const items = all.slice(start, start + perPage);
    const hasNext = all.length > page * perPage;
    const lastPage = hasNext ? Math.ceil(all.length / perPage) : null;
    switch (fault) {
      case 'truncated':
        return { stars: show(items.slice(0, 1)), unreadable: [], hasNext: false, lastPage: null };
      case 'empty':
        return { stars: [], unreadable: [], hasNext, lastPage };
      case 'short':
        return { stars: show(items.slice(1)), unreadable: [], hasNext, lastPage };
      case 'unreadable':
        return { stars: show(items.slice(1)), unreadable: items.slice(0, 1).map(() => 'no id'), hasNext, lastPage };
      default:
        return { stars: show(items), unreadable: [], hasNext, lastPage };
    }
  };
  const lookUp = (githubId: number): RepositoryLookup => {
    const repository = github.byId(githubId);
    if (repository === null || repository.access === 'closed') return { kind: 'gone' };
    if (repository.isBlocked) return { kind: 'blocked', reason: 'dmca', noticeUrl: null };
    return { kind: 'found', repository: github.factsOf(repository) };
  };
  return {
    host: 'github.com',
    viewer: (signal) => ask(signal, () => ({ githubId: 1, login: 'stella', scopes: null })),
    rate: (signal) => ask(signal, () => null),
    starHead: (signal) =>
      ask(signal, () => {
        troubles.noteHead(github.starsGiven);
        const [newest] = ordered('created');
        return { newest: newest === undefined ? null : github.starOf(newest), total: listed().length };
      }),
    starPage: (order, page, signal) => ask(signal, () => readPage(order, page)),
    lists: (signal) => ask(signal, () => null),
    repositoryById: (githubId, signal) =>
      ask(signal, () => {
        const answer = lookUp(githubId);
        troubles.answers.push({ githubId, at: life.clock.now(), kind: answer.kind });
        return answer;
      }),
    isStarred: (fullName, signal) => ask(signal, () => (github.byName(fullName)?.starredAt ?? null) !== null),
    star: () => Promise.reject(new EpicstarError('github-scope-missing', '')),
    remote: (fullName) =>
      life.step(() => ({ url: `https://github.com/${fullName}`, transport: 'http', authorization: null })),
    requestCount: () => 0,
  };
}
