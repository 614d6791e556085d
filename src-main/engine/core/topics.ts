/**
 * @file Who listens to what. Listeners are called on a later turn, in order, and one that throws harms nobody. The
 * overview and the ids of changed rows are gathered, so that a burst of changes is one message.
 */
import type { GithubId } from '../domain/repository.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { EngineTopic, EngineTopics, Overview } from './engine-api.ts';

/** Bursts are gathered for so long. */
const gatherMs = 200;
/** More changed rows than this are said as "many". */
const mostIds = 200;

export interface TopicsParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly overview: () => Promise<Overview>;
}

type Listeners = { readonly [T in EngineTopic]: Set<(value: EngineTopics[T]) => void> };

export class Topics {
  readonly #parts: TopicsParts;
  readonly #listeners: Listeners = { overview: new Set(), work: new Set(), run: new Set(), repositories: new Set() };
  readonly #changedIds = new Set<GithubId>();
  #changedMany = false;
  #cancelTimer: (() => void) | null = null;
  #isStopped = false;

  constructor(parts: TopicsParts) {
    this.#parts = parts;
  }

  subscribe<T extends EngineTopic>(topic: T, listener: (value: EngineTopics[T]) => void): () => void {
    this.#listeners[topic].add(listener);
    return () => {
      this.#listeners[topic].delete(listener);
    };
  }

  emit<T extends EngineTopic>(topic: T, value: EngineTopics[T]): void {
    const listeners = this.#listeners[topic];
    for (const listener of listeners) {
      queueMicrotask(() => {
        if (!listeners.has(listener)) return;
        try {
          listener(value);
        } catch (error) {
          this.#parts.log.error('a listener failed', { topic, error });
        }
      });
    }
  }

  /** @param githubIds empty: many */
  rowsChanged(githubIds: readonly GithubId[]): void {
    if (githubIds.length === 0) this.#changedMany = true;
    for (const id of githubIds) this.#changedIds.add(id);
    this.overviewChanged();
  }

  overviewChanged(): void {
    if (this.#isStopped || this.#cancelTimer !== null) return;
    this.#cancelTimer = this.#parts.clock.setTimer(gatherMs, () => {
      this.#cancelTimer = null;
      this.#flush().catch((error: unknown) => this.#parts.log.error('the overview could not be made', { error }));
    });
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  async #flush(): Promise<void> {
    if (this.#changedMany || this.#changedIds.size > 0) {
      this.emit('repositories', this.#changedMany || this.#changedIds.size > mostIds ? [] : [...this.#changedIds]);
      this.#changedIds.clear();
      this.#changedMany = false;
    }
    if (this.#listeners.overview.size === 0) return;
    const overview = await this.#parts.overview();
    if (!this.#isStopped) this.emit('overview', overview);
  }
}
