/** @file Which repositories a person is acting on now: no run of theirs begins until that is over. */
import type { GithubId } from '../domain/repository.ts';
import { orAborted } from './names-in-work.ts';

export class RepositoriesInHand {
  /** Resolves when all that was begun with it is over. */
  readonly #holds = new Map<GithubId, Promise<void>>();

  async hold<T>(githubId: GithubId, work: () => Promise<T>): Promise<T> {
    const before = this.#holds.get(githubId);
    let leave = (): void => undefined;
    const done = new Promise<void>((resolve) => {
      leave = resolve;
    });
    const all = before === undefined ? done : before.then(() => done);
    this.#holds.set(githubId, all);
    try {
      return await work();
    } finally {
      leave();
      if (this.#holds.get(githubId) === all) this.#holds.delete(githubId);
    }
  }

  /** Resolves when nothing is done with it. Rejects with `signal.reason` on abort. */
  async free(githubId: GithubId, signal: AbortSignal): Promise<void> {
    for (let hold = this.#holds.get(githubId); hold !== undefined; hold = this.#holds.get(githubId)) {
      await orAborted(hold, signal);
    }
  }
}
