/** @file What the OneDev stand-in was asked. Credentials appear by the name of their token, never in plain. */
import type { RequestKind } from './faults.ts';

export interface LogEntry {
  /** Milliseconds since the epoch when the request's head had arrived. */
  readonly at: number;
  readonly method: string;
  /** Path and query as sent. */
  readonly path: string;
  /** 0 if the connection was closed without an answer. */
  readonly status: number;
  readonly kind: RequestKind;
  /** `none`, `invalid`, `token <name>` or `user <name>`. */
  readonly auth: string;
  readonly durationMs: number;
  /** Of the request's body, unpacked; 0 where nobody read it. */
  readonly bytesIn: number;
}

export interface LogFilter {
  readonly method?: string;
  readonly path?: RegExp | string;
  readonly kind?: RequestKind;
  readonly status?: number;
}

export class RequestLog {
  readonly #entries: LogEntry[] = [];

  /** In the order in which requests were finished. */
  get entries(): readonly LogEntry[] {
    return this.#entries;
  }

  add(entry: LogEntry): void {
    this.#entries.push(entry);
  }

  clear(): void {
    this.#entries.length = 0;
  }

  find(filter: LogFilter): readonly LogEntry[] {
    return this.#entries.filter((entry) => {
      const { path } = filter;
      const pathFits =
        path === undefined || (typeof path === 'string' ? entry.path.startsWith(path) : path.test(entry.path));
      return (
        pathFits &&
        (filter.method === undefined || filter.method === entry.method) &&
        (filter.kind === undefined || filter.kind === entry.kind) &&
        (filter.status === undefined || filter.status === entry.status)
      );
    });
  }

  count(filter: LogFilter): number {
    return this.find(filter).length;
  }
}
