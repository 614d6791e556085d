/** @file The stand-in's memory of what it was asked, for tests to count; holds no tokens. */

export interface LogEntry {
  readonly at: number;
  readonly kind: 'rest' | 'graphql' | 'oauth' | 'git' | 'lfs' | 'control';
  readonly method: string;
  /** REST paths are without the `/api/v3` in front. */
  readonly path: string;
  /** Without the question mark; anything that looks like a token is blanked. */
  readonly query: string;
  /** 0 when the connection ended before a status line was sent. */
  readonly status: number;
  readonly bytesOut: number;
  readonly complete: boolean;
  readonly auth: 'none' | 'token';
  /** Whether the client offered an ETag. */
  readonly conditional: boolean;
}

export type LogFilter = Partial<Omit<LogEntry, 'path'>> & { readonly path?: string | RegExp };

export function blankTokens(text: string): string {
  return text.replaceAll(/(?:gh[opru]|github_pat)_[A-Za-z0-9]+/g, '[token]');
}

function matches(entry: LogEntry, filter: LogFilter): boolean {
  return Object.entries(filter).every(([key, wanted]: [string, unknown]) => {
    const actual = entry[key as keyof LogEntry];
    return wanted instanceof RegExp ? wanted.test(String(actual)) : wanted === undefined || actual === wanted;
  });
}

export class RequestLog {
  readonly #entries: LogEntry[] = [];
  readonly #listeners = new Set<(entry: LogEntry) => void>();

  get entries(): readonly LogEntry[] {
    return this.#entries;
  }

  /** Entries with all the given values; `path` may be a pattern. */
  filter(filter: LogFilter = {}): readonly LogEntry[] {
    return this.#entries.filter((entry) => matches(entry, filter));
  }

  count(filter: LogFilter = {}): number {
    return this.filter(filter).length;
  }

  clear(): void {
    this.#entries.length = 0;
  }

  /** Called with every later entry. @returns its end */
  subscribe(listener: (entry: LogEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves with the first entry, past or future, that fits; rejects after `timeoutMs`. */
  waitFor(filter: LogFilter, timeoutMs = 5000): Promise<LogEntry> {
    const found = this.#entries.find((entry) => matches(entry, filter));
    if (found !== undefined) return Promise.resolve(found);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`no such request within ${timeoutMs} ms: ${JSON.stringify(filter)}`));
      }, timeoutMs);
      const stop = this.subscribe((entry) => {
        if (!matches(entry, filter)) return;
        clearTimeout(timer);
        stop();
        resolve(entry);
      });
    });
  }

  add(entry: LogEntry): void {
    const blanked = { ...entry, path: blankTokens(entry.path), query: blankTokens(entry.query) };
    this.#entries.push(blanked);
    for (const listener of this.#listeners) listener(blanked);
  }
}
