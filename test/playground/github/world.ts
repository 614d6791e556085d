/** @file The world behind the stand-in: users, repositories, stars and what happens to them; must not know HTTP. */
import { readBareFacts } from './bare-facts.ts';
import { type PlaygroundClock, systemClock } from './clock.ts';
import { WorldEvents } from './world-events.ts';
import { WorldLists } from './world-lists.ts';
import {
  type BlockReason,
  fullNameOf,
  type Lookup,
  type Repository,
  type RepositorySpec,
  type Star,
  type User,
  type UserSpec,
  userIdOf,
} from './world-types.ts';

export type StarOrder = 'created' | 'updated';
export type Direction = 'asc' | 'desc';

const FIRST_REPOSITORY_ID = 41_000_001;
const SECOND_MS = 1000;

function splitFullName(fullName: string): { readonly owner: string; readonly name: string } {
  const parts = /^([^/\s]+)\/([^/\s]+)$/.exec(fullName);
  if (parts?.[1] === undefined || parts[2] === undefined) throw new Error(`not an owner/name: ${fullName}`);
  return { owner: parts[1], name: parts[2] };
}

/** GitHub compares names without regard to case. */
function nameKey(fullName: string): string {
  return fullName.toLowerCase();
}

function compareStars(order: StarOrder): (a: Star, b: Star) => number {
  const byCreation = (a: Star, b: Star): number => a.starredAtMs - b.starredAtMs || a.sequence - b.sequence;
  if (order === 'created') return byCreation;
  return (a, b) => (a.repository.pushedAtMs ?? 0) - (b.repository.pushedAtMs ?? 0) || a.repository.id - b.repository.id;
}

/** Repository ids are handed out in ascending order, are the same in every run, and are never used twice. */
export class World {
  /** The user whose stars are meant when no login is named. */
  readonly viewer: User;
  readonly events = new WorldEvents();
  readonly lists: WorldLists;
  readonly #clock: PlaygroundClock;
  readonly #repositories = new Map<number, Repository>();
  readonly #idByName = new Map<string, number>();
  readonly #redirects = new Map<string, number>();
  readonly #users = new Map<string, User>();
  readonly #stars = new Map<string, Map<number, Star>>();
  readonly #sorted = new Map<string, readonly Star[]>();
  #nextRepositoryId = FIRST_REPOSITORY_ID;
  #nextSequence = 1;

  constructor(viewer: UserSpec = { login: 'stella' }, clock: PlaygroundClock = systemClock) {
    this.#clock = clock;
    this.viewer = this.addUser(viewer);
    this.lists = new WorldLists(viewer.login);
  }

  addUser(spec: UserSpec): User {
    const user: User = {
      id: userIdOf(spec.login),
      login: spec.login,
      name: spec.name ?? spec.login,
      email: spec.email ?? null,
      createdAtMs: Date.UTC(2015, 0, 1),
    };
    this.#users.set(spec.login, user);
    this.#stars.set(spec.login, new Map());
    return user;
  }

  user(login: string): User {
    const user = this.#users.get(login);
    if (user === undefined) throw new Error(`no such user: ${login}`);
    return user;
  }

  /** @returns the new repository's id. @throws when the name is taken; an old name that only redirects is free. */
  addRepository(spec: RepositorySpec): number {
    const { owner, name } = splitFullName(spec.fullName);
    if (this.#idByName.has(nameKey(spec.fullName))) throw new Error(`name is taken: ${spec.fullName}`);
    const now = this.#clock.now();
    const facts = spec.bareDir === undefined ? null : readBareFacts(spec.bareDir);
    const createdAtMs = spec.createdAtMs ?? Math.min(now, Date.UTC(2020, 0, 1));
    const pushedAtMs = spec.pushedAtMs === undefined ? (facts?.isEmpty === true ? null : now) : spec.pushedAtMs;
    const repository: Repository = {
      id: this.#nextRepositoryId++,
      owner,
      name,
      bareDir: spec.bareDir ?? null,
      wikiDir: spec.wikiDir ?? null,
      private: spec.private ?? false,
      fork: spec.fork ?? false,
      archived: spec.archived ?? false,
      disabled: spec.disabled ?? false,
      topics: spec.topics ?? [],
      language: spec.language ?? null,
      description: spec.description ?? null,
      homepage: spec.homepage ?? null,
      license: spec.license ?? null,
      defaultBranch: spec.defaultBranch ?? facts?.defaultBranch ?? 'main',
      hasWiki: spec.hasWiki ?? true,
      sizeKb: spec.sizeKb ?? facts?.sizeKb ?? 0,
      stargazers: 0,
      createdAtMs,
      updatedAtMs: Math.max(createdAtMs, pushedAtMs ?? createdAtMs),
      pushedAtMs,
      hidden: false,
      blocked: null,
    };
    this.#repositories.set(repository.id, repository);
    this.#claimName(spec.fullName, repository.id);
    return repository.id;
  }

  /** A copy of the row. @throws when it was removed or never existed */
  repository(id: number): Readonly<Repository> {
    return { ...this.#get(id) };
  }

  repositories(): ReadonlyArray<Readonly<Repository>> {
    return [...this.#repositories.values()];
  }

  findById(id: number): Repository | null {
    return this.#repositories.get(id) ?? null;
  }

  /** Follows one old name to where its repository lives now. */
  findByName(fullName: string): Lookup {
    const key = nameKey(fullName);
    const current = this.#repositories.get(this.#idByName.get(key) ?? 0);
    if (current !== undefined) return { kind: 'found', repository: current };
    const moved = this.#repositories.get(this.#redirects.get(key) ?? 0);
    return moved === undefined ? { kind: 'missing' } : { kind: 'moved', repository: moved };
  }

  /** Starring twice changes nothing, as on GitHub. `atMs` defaults to now. */
  star(id: number, atMs: number = this.#clock.now(), login: string = this.viewer.login): void {
    const stars = this.#starsOf(login);
    const repository = this.#get(id);
    if (stars.has(id)) return;
    stars.set(id, { repository, starredAtMs: atMs, sequence: this.#nextSequence++ });
    repository.stargazers += 1;
    this.#sorted.clear();
    this.events.announce({ kind: 'starred', repository, login, starredAtMs: atMs });
  }

  unstar(id: number, login: string = this.viewer.login): void {
    if (!this.#starsOf(login).delete(id)) return;
    const repository = this.#get(id);
    repository.stargazers -= 1;
    this.#sorted.clear();
    this.events.announce({ kind: 'unstarred', repository, login });
  }

  isStarred(id: number, login: string = this.viewer.login): boolean {
    return this.#starsOf(login).has(id);
  }

  /** Every star of a user in GitHub's order; the same array until the world changes. */
  stars(login: string, order: StarOrder, direction: Direction): readonly Star[] {
    const key = `${login} ${order} ${direction}`;
    let sorted = this.#sorted.get(key);
    if (sorted === undefined) {
      const compare = compareStars(order);
      sorted = [...this.#starsOf(login).values()].sort(direction === 'asc' ? compare : (a, b) => compare(b, a));
      this.#sorted.set(key, sorted);
    }
    return sorted;
  }

  /** The old name redirects until somebody uses it again. Also a transfer, when the owner differs. */
  rename(id: number, newFullName: string): void {
    const repository = this.#get(id);
    const oldKey = nameKey(fullNameOf(repository));
    const { owner, name } = splitFullName(newFullName);
    const holder = this.#idByName.get(nameKey(newFullName));
    if (holder !== undefined && holder !== id) throw new Error(`name is taken: ${newFullName}`);
    this.#idByName.delete(oldKey);
    this.#redirects.set(oldKey, id);
    this.#claimName(newFullName, id);
    this.#change(id, { owner, name, updatedAtMs: this.#clock.now() });
  }

  transfer(id: number, newOwner: string): void {
    this.rename(id, `${newOwner}/${this.#get(id).name}`);
  }

  /** Deleted by its owner: gone from every list, its name free, its redirects dead. */
  remove(id: number): void {
    const repository = this.#get(id);
    for (const stars of this.#stars.values()) stars.delete(id);
    for (const [name, target] of this.#redirects) if (target === id) this.#redirects.delete(name);
    this.#idByName.delete(nameKey(fullNameOf(repository)));
    this.#repositories.delete(id);
    this.#sorted.clear();
    this.events.announce({ kind: 'removed', repository });
  }

  /** Made private by its owner: unreadable for everybody here, and the stars are lost. */
  hide(id: number): void {
    for (const stars of this.#stars.values()) stars.delete(id);
    this.#sorted.clear();
    this.#change(id, { private: true, hidden: true, stargazers: 0 });
  }

  /** Public again; stars do not come back. */
  reveal(id: number): void {
    this.#change(id, { private: false, hidden: false });
  }

  /** Blocked by GitHub: still listed among the stars, but neither its details nor its git data can be read. */
  block(id: number, reason: BlockReason): void {
    this.#get(id).blocked = reason;
  }

  unblock(id: number): void {
    this.#get(id).blocked = null;
  }

  /** `pushed_at` moves to now, and always by at least one second, GitHub's resolution. */
  touch(id: number): void {
    const repository = this.#get(id);
    const previousMs = repository.pushedAtMs;
    const now = this.#clock.now();
    repository.pushedAtMs = previousMs === null ? now : Math.max(now, previousMs + SECOND_MS);
    repository.updatedAtMs = Math.max(repository.updatedAtMs, repository.pushedAtMs);
    this.#sorted.clear();
    this.events.announce({ kind: 'pushed', repository });
  }

  /** As `touch`, after a change of the bare repository: default branch and size are read again. */
  pushed(id: number): void {
    const repository = this.#get(id);
    if (repository.bareDir === null) throw new Error(`${fullNameOf(repository)} has no bare repository`);
    const { defaultBranch, sizeKb } = readBareFacts(repository.bareDir);
    this.#change(id, { defaultBranch, sizeKb });
    this.touch(id);
  }

  /** Changes what GitHub shows about a repository; `updated_at` moves, `pushed_at` does not. */
  edit(
    id: number,
    change: Partial<
      Pick<
        Repository,
        | 'archived'
        | 'bareDir'
        | 'defaultBranch'
        | 'description'
        | 'disabled'
        | 'homepage'
        | 'private'
        | 'sizeKb'
        | 'topics'
        | 'wikiDir'
      >
    >,
  ): void {
    this.#change(id, { ...change, updatedAtMs: this.#clock.now() });
  }

  /** A stranger's repository under a name that was left by a rename; the redirect ends. @returns the new id */
  reuseName(spec: RepositorySpec): number {
    if (this.findByName(spec.fullName).kind !== 'moved') throw new Error(`nothing moved away from ${spec.fullName}`);
    return this.addRepository(spec);
  }

  #claimName(fullName: string, id: number): void {
    this.#redirects.delete(nameKey(fullName));
    this.#idByName.set(nameKey(fullName), id);
  }

  #change(id: number, change: Partial<Repository>): void {
    const repository = this.#get(id);
    const before = { ...repository };
    Object.assign(repository, change);
    this.events.announce({ kind: 'changed', repository, before });
  }

  #get(id: number): Repository {
    const repository = this.#repositories.get(id);
    if (repository === undefined) throw new Error(`no such repository: ${id}`);
    return repository;
  }

  #starsOf(login: string): Map<number, Star> {
    const stars = this.#stars.get(login);
    if (stars === undefined) throw new Error(`no such user: ${login}`);
    return stars;
  }
}
