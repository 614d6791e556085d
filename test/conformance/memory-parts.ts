/** @file Parts of the in-memory store that know nothing of jobs: pages, names, and its small values. */
import { EpicstarError } from '../../src-main/engine/domain/errors.ts';
import type { Page, PageRequest, RepositoryRecord, WatcherMemory } from '../../src-main/engine/ports/store.ts';
import { bug } from './memory-jobs.ts';

const emptyMemory: WatcherMemory = {
  head: null,
  total: null,
  pushedWatermark: null,
  lastLookAt: null,
  lastFullWalkAt: null,
  lastSweepAt: null,
};

export function paged<T>(all: readonly T[], { offset, limit }: PageRequest): Page<T> {
  if (!Number.isInteger(offset) || offset < 0) throw bug(`offset must be 0 or more, not ${offset}`);
  if (!Number.isInteger(limit) || limit < 1 || limit > 200) throw bug(`limit must be 1 to 200, not ${limit}`);
  return { items: all.slice(offset, offset + limit), total: all.length };
}

export function namesBefore(known: RepositoryRecord, fullName: string): readonly string[] {
  const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
  if (same(known.fullName, fullName)) return known.previousNames;
  const others = known.previousNames.filter((name) => !same(name, known.fullName) && !same(name, fullName));
  return [known.fullName, ...others];
}

/** The watcher's memory and the engine's own values. */
export abstract class MemoryValues {
  readonly #values = new Map<string, string>();
  #watcher = emptyMemory;

  async watcherMemory(): Promise<WatcherMemory> {
    this.check();
    return this.#watcher;
  }

  async rememberWatcher(change: Partial<WatcherMemory>): Promise<void> {
    this.check();
    this.#watcher = { ...this.#watcher, ...structuredClone(change) };
  }

  async readValue(key: string): Promise<string | null> {
    this.check();
    return this.#values.get(key) ?? null;
  }

  async writeValue(key: string, value: string | null): Promise<void> {
    this.check();
    if (value === null) {
      this.#values.delete(key);
      return;
    }
    try {
      JSON.parse(value);
    } catch (cause) {
      throw new EpicstarError('internal', `the value of ${key} is not JSON`, { cause });
    }
    this.#values.set(key, value);
  }

  /** Throws where the store is closed. */
  protected abstract check(): void;
}
