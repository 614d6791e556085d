/** @file The GitHub of a model: repositories, their names, stars and refs, and all that may happen to them. */
import type { RepositoryFacts, Star } from '../../src-main/engine/domain/repository.ts';
import { facts } from './facts.ts';
import type { ModelClock } from './model-life.ts';
import { isInTheWay, type ModelGraph } from './model-graph.ts';

export const names = ['ada/loom', 'ada/Loom', 'ada/note', 'bob/loom', 'bob/note', 'eve/loom', 'eve/kite', 'eve/reed'];
/** One that the target is known not to take, and one of which only trying tells. */
export const branches = ['main', 'trunk', 'dev', 'a', 'a/b', 'x+y', 'c~d'];
const tags = ['v1', 'v1/x', 'trees'];

export type Access = 'public' | 'own' | 'closed';

export interface ModelRepository {
  readonly id: number;
  fullName: string;
  readonly refs: Map<string, string>;
  defaultBranch: string;
  pushedAt: number | null;
  /** `own`: private, and open to this person. */
  access: Access;
  isRemoved: boolean;
  isBlocked: boolean;
  starredAt: number | null;
  /** Counts stars given, so that two within one instant can be told apart. */
  starredAs: number;
  /** Refs that its mirror had when it was emptied, and that stay there until somebody pushes again. */
  heldRefs: readonly string[];
  /** What took the last star away. */
  lostStarBy: 'person' | 'owner' | null;
  /** Whether the list showed it as private when it was shown last; null: it never was. */
  shownPrivate: boolean | null;
}

/**
 * A name that comes back to its first owner from a stranger while one fetch by that name is under way can be told by
 * nobody: so that takes longer here than any fetch.
 */
const nameAwayMs = 2 * 3_600_000;

export const pushKinds = ['forward', 'rewrite', 'delete', 'tag', 'nest', 'rename', 'reset'] as const;
export type PushKind = (typeof pushKinds)[number];

export class ModelGithub {
  readonly graph: ModelGraph;
  readonly #clock: ModelClock;
  readonly #repositories: ModelRepository[] = [];
  /** Old names and the repository that they lead to. */
  readonly #redirects = new Map<string, ModelRepository>();
  /** By old name: who had it before a stranger took it, and until when nobody gives it back. */
  readonly #losers = new Map<string, { readonly repository: ModelRepository; readonly untilAt: number }>();

  #starsGiven = 0;
  #lastStarAt = 0;

  constructor(graph: ModelGraph, clock: ModelClock) {
    this.graph = graph;
    this.#clock = clock;
  }

  get starsGiven(): number {
    return this.#starsGiven;
  }

  get all(): readonly ModelRepository[] {
    return this.#repositories;
  }

  byId(id: number): ModelRepository | null {
    return this.#repositories.find((repository) => repository.id === id && !repository.isRemoved) ?? null;
  }

  /** Whoever git and REST find under this name today. */
  byName(fullName: string): ModelRepository | null {
    const led = this.#redirects.get(fullName.toLowerCase());
    return this.#holder(fullName) ?? (led === undefined || led.isRemoved ? null : led);
  }

  isFree(fullName: string): boolean {
    return this.#holder(fullName) === null;
  }

  /** Blocked ones stay in the list. */
  starred(): readonly ModelRepository[] {
    return this.#repositories.filter((one) => one.starredAt !== null && !one.isRemoved);
  }

  factsOf(repository: ModelRepository): RepositoryFacts {
    const { id, fullName, defaultBranch, pushedAt, access } = repository;
    return facts({
      githubId: id,
      fullName,
      defaultBranch,
      pushedAt,
      isPrivate: access !== 'public',
      description: null,
    });
  }

  starOf(repository: ModelRepository): Star {
    return { starredAt: repository.starredAt ?? 0, repository: this.factsOf(repository) };
  }

  /** Null where every name is taken. */
  create(fullName: string | undefined): ModelRepository | null {
    if (fullName === undefined || !this.isFree(fullName)) return null;
    const id = this.#repositories.length + 1;
    const first = this.graph.add(id, []);
    const repository: ModelRepository = {
      id,
      fullName,
      refs: new Map([['refs/heads/main', this.graph.add(id, [first])]]),
      defaultBranch: 'main',
      pushedAt: this.#second(),
      access: 'public',
      isRemoved: false,
      isBlocked: false,
      starredAt: null,
      starredAs: 0,
      heldRefs: [],
      lostStarBy: null,
      shownPrivate: null,
    };
    this.#take(fullName, repository);
    this.#repositories.push(repository);
    return repository;
  }

  star(repository: ModelRepository): void {
    if (repository.access === 'closed' || repository.starredAt !== null) return;
    // No two within one second: nobody stars so quickly, and lists go by these times.
    this.#lastStarAt = Math.max(this.#second(), this.#lastStarAt + 1000);
    repository.starredAt = this.#lastStarAt;
    this.#starsGiven += 1;
    repository.starredAs = this.#starsGiven;
  }

  unstar(repository: ModelRepository): void {
    if (repository.starredAt === null) return;
    repository.starredAt = null;
    repository.lostStarBy = 'person';
  }

  /** @returns whether it may have the name */
  rename(repository: ModelRepository, fullName: string): boolean {
    const holder = this.#holder(fullName);
    if (holder !== null && holder !== repository) return false;
    const lost = this.#losers.get(fullName.toLowerCase());
    if (lost?.repository === repository && this.#clock.now() < lost.untilAt) return false;
    this.#redirects.set(repository.fullName.toLowerCase(), repository);
    this.#take(fullName, repository);
    repository.fullName = fullName;
    return true;
  }

  /** All stars are lost with the change to private. */
  setAccess(repository: ModelRepository, access: Access): void {
    if (access !== 'public' && repository.access === 'public' && repository.starredAt !== null) {
      repository.starredAt = null;
      repository.lostStarBy = 'owner';
    }
    if (access === 'closed' && repository.starredAt !== null) {
      repository.starredAt = null;
      repository.lostStarBy = 'owner';
    }
    repository.access = access;
  }

  /** @param mirror the refs of its mirror */
  empty(repository: ModelRepository, mirror: ReadonlyMap<string, string>): void {
    if (repository.refs.size > 0) {
      const { refs } = repository;
      const isEqual = [...refs].every(([ref, oid]) => mirror.get(ref) === oid);
      repository.heldRefs = isEqual ? [...refs.keys()] : [];
    }
    repository.refs.clear();
    this.#touch(repository);
  }

  push(repository: ModelRepository, kind: PushKind, branch: string): void {
    const { id, refs } = repository;
    const ref = `refs/heads/${branch}`;
    const old = refs.get(ref);
    const base = old ?? refs.get(`refs/heads/${repository.defaultBranch}`) ?? [...refs.values()][0];
    switch (kind) {
      case 'forward':
        this.#put(repository, ref, this.graph.add(id, base === undefined ? [] : [base]));
        break;
      case 'rewrite':
        this.#put(repository, ref, this.graph.add(id, base === undefined ? [] : this.graph.get(base).parents));
        break;
      case 'reset': {
        const [back] = old === undefined ? [] : this.graph.get(old).parents;
        if (back !== undefined) this.#put(repository, ref, back);
        break;
      }
      case 'delete':
        if (branch !== repository.defaultBranch) refs.delete(ref);
        break;
      case 'tag': {
        const name = tags[(refs.size + branch.length) % tags.length] ?? 'v1';
        const isTree = name === 'trees';
        const oid = isTree ? this.graph.add(id, [], 'tree') : this.graph.add(id, base === undefined ? [] : [base]);
        this.#put(repository, `refs/tags/${name}`, oid);
        break;
      }
      case 'nest':
        this.#nest(repository);
        break;
      case 'rename':
        // GitHub lets nobody delete the default branch, but it may be another.
        this.#put(repository, ref, base ?? this.graph.add(id, []));
        if (refs.has(ref) && repository.defaultBranch !== branch) {
          refs.delete(`refs/heads/${repository.defaultBranch}`);
          repository.defaultBranch = branch;
        }
        break;
    }
    if (refs.size > 0) repository.heldRefs = [];
    this.#touch(repository);
  }

  /** The branch `a` becomes `a/b`, or the other way round. */
  #nest(repository: ModelRepository): void {
    const { refs } = repository;
    const [from, to] = refs.has('refs/heads/a') ? ['a', 'a/b'] : ['a/b', 'a'];
    const tip = refs.get(`refs/heads/${from}`);
    if (tip === undefined) return;
    refs.delete(`refs/heads/${from}`);
    refs.set(`refs/heads/${to}`, tip);
    if (repository.defaultBranch === from) repository.defaultBranch = to;
  }

  /** Whoever left this name is not found by it any more. */
  #take(fullName: string, taker: ModelRepository): void {
    const key = fullName.toLowerCase();
    const left = this.#redirects.get(key);
    this.#redirects.delete(key);
    if (left === undefined || left === taker) return;
    this.#losers.set(key, { repository: left, untilAt: this.#clock.now() + nameAwayMs });
  }

  #put({ refs }: ModelRepository, ref: string, oid: string): void {
    if (!isInTheWay(ref, refs.keys())) refs.set(ref, oid);
  }

  /** Two pushes within one second look like one. */
  #touch(repository: ModelRepository): void {
    repository.pushedAt = this.#second();
  }

  #second(): number {
    return Math.floor(this.#clock.now() / 1000) * 1000;
  }

  #holder(fullName: string): ModelRepository | null {
    const key = fullName.toLowerCase();
    return this.#repositories.find((one) => !one.isRemoved && one.fullName.toLowerCase() === key) ?? null;
  }
}
