/** @file Answers kept in memory for conditional requests. Knows nothing of HTTP or of what it keeps. */

export interface Remembered<T> {
  readonly etag: string;
  readonly value: T;
  /** Link header that came with it. */
  readonly link: string | null;
}

/** Keeps the `capacity` entries used last. */
export class EtagCache<T> {
  readonly #capacity: number;
  readonly #entries = new Map<string, Remembered<T>>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(key: string): Remembered<T> | null {
    const entry = this.#entries.get(key);
    if (entry === undefined) return null;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry;
  }

  set(key: string, entry: Remembered<T>): void {
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#capacity) break;
      this.#entries.delete(oldest);
    }
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }
}
