/** @file A list of stars on the GitHub stand-in, with all that can happen to it, and a watcher that looks at it. */
import fc from 'fast-check';
import type { Dispatcher } from 'undici';
import { createGithub } from '../../src-main/engine/adapters/github/github.ts';
import { createRedactor } from '../../src-main/engine/adapters/system/redactor.ts';
import type { LookReport } from '../../src-main/engine/core/engine-api.ts';
import { StarWatcher } from '../../src-main/engine/core/star-watcher.ts';
import type { Store } from '../../src-main/engine/ports/store.ts';
import { createMemoryStore } from '../conformance/memory-store.ts';
import { type Github, startGithub } from '../playground/github/index.ts';
import { createKeptLog } from './kept-log.ts';
import { ManualClock } from './manual-clock.ts';

const kinds = ['unstar', 'rename', 'takeover', 'remove', 'hide', 'reveal', 'block', 'push', 'restar'] as const;

export type Change =
  | { readonly kind: 'star' }
  | {
      readonly kind: (typeof kinds)[number];
      /** Which of the repositories it concerns, counted from the oldest, round and round. */
      readonly pick: number;
    };

export const anyChange: fc.Arbitrary<Change> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: 'star' } as const) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constantFrom(...kinds), pick: fc.nat(10_000) }) },
);

/** What the list shows of one repository. */
export interface Shown {
  readonly fullName: string;
  readonly pushedAt: number | null;
  readonly starredAt: number;
}

export class StarWorld {
  readonly github: Github;
  readonly ids: number[] = [];
  readonly #hidden = new Set<number>();
  #names = 0;

  constructor(github: Github) {
    this.github = github;
  }

  apply(change: Change): void {
    const { world } = this.github;
    if (change.kind === 'star') {
      this.#starNew(this.#newName());
      return;
    }
    const alive = this.ids.filter((id) => world.findById(id) !== null);
    const pool = change.kind === 'reveal' ? [...this.#hidden].filter((id) => alive.includes(id)) : alive;
    const id = pool[change.pick % Math.max(pool.length, 1)];
    if (id !== undefined) this.#applyTo(id, change.kind);
  }

  /** By id. */
  shown(): ReadonlyMap<number, Shown> {
    const stars = this.github.world.stars(this.github.world.viewer.login, 'created', 'desc');
    // GitHub tells times to the second.
    const toSecond = (ms: number): number => Math.floor(ms / 1000) * 1000;
    return new Map(
      stars.map(({ repository, starredAtMs }) => [
        repository.id,
        {
          fullName: `${repository.owner}/${repository.name}`,
          pushedAt: repository.pushedAtMs === null ? null : toSecond(repository.pushedAtMs),
          starredAt: toSecond(starredAtMs),
        },
      ]),
    );
  }

  #applyTo(id: number, kind: (typeof kinds)[number]): void {
    const { world } = this.github;
    switch (kind) {
      case 'unstar':
        world.unstar(id);
        break;
      case 'restar':
        world.unstar(id);
        if (!this.#hidden.has(id)) world.star(id);
        break;
      case 'rename':
        world.rename(id, this.#newName());
        break;
      case 'takeover': {
        const { owner, name } = world.repository(id);
        world.rename(id, this.#newName());
        this.#starNew(`${owner}/${name}`);
        break;
      }
      case 'remove':
        world.remove(id);
        break;
      case 'hide':
        this.#hidden.add(id);
        world.hide(id);
        break;
      case 'reveal':
        this.#hidden.delete(id);
        world.reveal(id);
        break;
      case 'block':
        world.block(id, 'dmca');
        break;
      case 'push':
        world.touch(id);
        break;
    }
  }

  #starNew(fullName: string): void {
    const { world } = this.github;
    const id = world.addRepository({ fullName, pushedAtMs: Date.UTC(2026, 0, 1) + this.ids.length * 60_000 });
    this.ids.push(id);
    world.star(id);
  }

  #newName(): string {
    this.#names += 1;
    return `owner-${this.#names % 7}/repository-${this.#names}`;
  }
}

export interface StarStage {
  readonly github: Github;
  readonly world: StarWorld;
  readonly store: Store;
  readonly clock: ManualClock;
  /** Rejects with what the look rejected with. */
  look(full: boolean): Promise<LookReport>;
  close(): Promise<void>;
}

/** @param count stars in the list, of which the watcher has seen none yet */
export async function setStarStage(count: number, dispatcher: Dispatcher): Promise<StarStage> {
  const github = await startGithub({ rateLimits: { user: 1_000_000 } });
  const world = new StarWorld(github);
  for (let index = 0; index < count; index += 1) world.apply({ kind: 'star' });
  const token = github.addToken();
  const clock = new ManualClock(Date.now());
  const store = createMemoryStore();
  const log = createKeptLog();
  const adapter = createGithub({
    apiUrl: github.apiUrl,
    version: 'test',
    dispatcher,
    clock,
    log,
    redactor: createRedactor(),
    secrets: {
      read: () => Promise.resolve(token),
      write: () => Promise.resolve(),
      isFixed: () => Promise.resolve(false),
      origin: () => Promise.resolve(null),
    },
  });
  const watcher = new StarWatcher({
    github: adapter,
    store,
    clock,
    log,
    fullWalkEveryMs: 1_000 * 3_600_000,
    onWalk: () => undefined,
    onJobs: () => undefined,
    select: () => ({ selection: 'mirror', reason: 'chosen by the rules' }),
  });
  return {
    github,
    world,
    store,
    clock,
    look: (full) => watcher.look(full, new AbortController().signal),
    close: () => github.close(),
  };
}
