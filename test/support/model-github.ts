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
  /** What took the last star away. */
  lostStarBy: 'person' | 'owner' | null;
  /** Whether the list showed it as private when it was shown last; null: it never was. */
  shownPrivate: boolean | null;
}

export const pushKinds = ['forward', 'rewrite', 'delete', 'tag', 'nest', 'rename', 'reset'] as const;
export type PushKind = (typeof pushKinds)[number];

export class ModelGithub {
  readonly graph: ModelGraph;
  readonly #clock: ModelClock;
  readonly #repositories: ModelRepository[] = [];
  /** Old names and the repository that they lead to. */
  readonly #redirects = new Map<string, ModelRepository>();

  constructor(graph: ModelGraph, clock: ModelClock) {
    this.graph = graph;
    this.#clock = clock;
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
      lostStarBy: null,
      shownPrivate: null,
    };
    this.#redirects.delete(fullName.toLowerCase());
    this.#repositories.push(repository);
    return repository;
  }

  star(repository: ModelRepository): void {
    if (repository.access === 'closed' || repository.starredAt !== null) return;
    repository.starredAt = this.#second();
  }

  unstar(repository: ModelRepository): void {
    if (repository.starredAt === null) return;
    repository.starredAt = null;
    repository.lostStarBy = 'person';
  }

  /** @returns whether the name was free */
  rename(repository: ModelRepository, fullName: string): boolean {
    const holder = this.#holder(fullName);
    if (holder !== null && holder !== repository) return false;
    this.#redirects.set(repository.fullName.toLowerCase(), repository);
    this.#redirects.delete(fullName.toLowerCase());
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

  empty(repository: ModelRepository): void {
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
