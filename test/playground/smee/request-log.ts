/** @file The stand-in's memory of what it was asked, for tests to count; holds neither bodies nor signatures. */

/** `new` asks for an id, `page` is a channel's web page. */
export type RequestKind = 'new' | 'subscribe' | 'page' | 'deliver' | 'other';

export interface LogEntry {
  /** Milliseconds since 1970: when the answer ended, of a subscription when it began. */
  readonly at: number;
  readonly kind: RequestKind;
  readonly method: string;
  readonly path: string;
  /** Empty where the path names none. */
  readonly channel: string;
  /** 0 when the connection ended before a status line was sent. */
  readonly status: number;
  /** `X-GitHub-Delivery` of a delivery. */
  readonly guid: string | null;
  /** `Last-Event-ID` of a subscription, which the service ignores. */
  readonly lastEventId: string | null;
}

export type LogFilter = Partial<Omit<LogEntry, 'at'>>;

function matches(entry: LogEntry, filter: LogFilter): boolean {
  return Object.entries(filter).every(([key, wanted]) => entry[key as keyof LogEntry] === wanted);
}

export class RequestLog {
  readonly #entries: LogEntry[] = [];
  readonly #listeners = new Set<(entry: LogEntry) => void>();

  get entries(): readonly LogEntry[] {
    return this.#entries;
  }

  count(filter: LogFilter = {}): number {
    return this.#entries.filter((entry) => matches(entry, filter)).length;
  }

  clear(): void {
    this.#entries.length = 0;
  }

  add(entry: LogEntry): void {
    this.#entries.push(entry);
    for (const listener of this.#listeners) listener(entry);
  }

  /** Resolves with the first entry, past or future, that fits; rejects after `timeoutMs`. */
  waitFor(filter: LogFilter, timeoutMs = 5000): Promise<LogEntry> {
    const found = this.#entries.find((entry) => matches(entry, filter));
    if (found !== undefined) return Promise.resolve(found);
    return new Promise((resolve, reject) => {
      const listener = (entry: LogEntry): void => {
        if (!matches(entry, filter)) return;
        stop();
        resolve(entry);
      };
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`no such request within ${timeoutMs} ms: ${JSON.stringify(filter)}`));
      }, timeoutMs);
      const stop = (): void => {
        clearTimeout(timer);
        this.#listeners.delete(listener);
      };
      this.#listeners.add(listener);
    });
  }
}
