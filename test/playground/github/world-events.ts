/** @file What happens in the world, told to whoever listens; must not know HTTP. */
import type { Repository } from './world-types.ts';

/** `repository` is the row itself, as it is after the event. */
export type WorldEvent =
  | {
      readonly kind: 'starred';
      readonly repository: Repository;
      readonly login: string;
      readonly starredAtMs: number;
    }
  | { readonly kind: 'unstarred'; readonly repository: Repository; readonly login: string }
  /** Renamed, transferred, hidden, revealed or edited: what differs between `before` and now. */
  | { readonly kind: 'changed'; readonly repository: Repository; readonly before: Readonly<Repository> }
  | { readonly kind: 'pushed'; readonly repository: Repository }
  | { readonly kind: 'removed'; readonly repository: Repository };

export class WorldEvents {
  readonly #listeners = new Set<(event: WorldEvent) => void>();

  /** Called with every later event, after it has happened. @returns its end */
  subscribe(listener: (event: WorldEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  announce(event: WorldEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
