/** @file The list of misbehaviours a test has asked for, and which of them strike a request. */

/** A request as faults see it. REST paths are without the `/api/v3` in front. */
export interface RequestView {
  readonly kind: 'rest' | 'graphql' | 'oauth' | 'git' | 'lfs';
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** All given conditions must hold. */
export interface FaultTarget {
  readonly match?: (request: RequestView) => boolean;
  /** The whole path, or its beginning when it ends in `*`. */
  readonly path?: string;
  readonly method?: string;
  /** How many fitting requests are let through first; default 0. */
  readonly skip?: number;
  /** How many fitting requests are struck; default all, until the fault is removed. */
  readonly times?: number;
}

export type FaultEffect =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Record<string, string>;
    }
  | { readonly kind: 'delay'; readonly delayMs: number }
  /** Never answers; ends when the client gives up. */
  | { readonly kind: 'stall' }
  /** Ends the connection after so many body bytes; 0 ends it before the status line. `request` counts uploaded bytes (git only). */
  | { readonly kind: 'cut'; readonly afterBytes: number; readonly of?: 'response' | 'request' }
  /** Serves the content of that page, whichever was asked for. */
  | { readonly kind: 'wrong-page'; readonly page: number }
  /** An empty list, the Link header unchanged. */
  | { readonly kind: 'empty-page' }
  /** Only the first items of a page and no Link to any other: looks like the end of the list. */
  | { readonly kind: 'truncated-list'; readonly keep: number }
  /** A web page where JSON is expected, as from a hotel's network. */
  | { readonly kind: 'html'; readonly status?: number }
  /** An endless looking but valid JSON text of so many bytes. */
  | { readonly kind: 'huge-body'; readonly bytes: number }
  /** The first page again and again, each time with a Link to a next one. */
  | { readonly kind: 'endless-link' }
  | { readonly kind: 'redirect-other-host'; readonly to?: string; readonly status?: 301 | 302 | 307 | 308 }
  /** The primary limit is used up. */
  | { readonly kind: 'rate-limit'; readonly resetInSeconds?: number; readonly status?: 403 | 429 }
  /** `retryAfterSeconds: null` sends none, as GitHub sometimes does. */
  | { readonly kind: 'secondary-limit'; readonly retryAfterSeconds?: number | null; readonly status?: 403 | 429 }
  /** Numbers become strings and strings numbers in every item. */
  | { readonly kind: 'wrong-types' }
  /** Fields that are never null become null. */
  | { readonly kind: 'nulls'; readonly fields?: readonly string[] }
  /** JSON that ends in the middle, with a matching length. */
  | { readonly kind: 'broken-json' }
  | { readonly kind: 'slow-git'; readonly bytesPerSecond: number }
  /** Runs before the answer is made: lets the world change between two pages. */
  | { readonly kind: 'run'; readonly run: (request: RequestView) => void };

export type Fault = FaultTarget & FaultEffect;

export interface FaultHandle {
  /** How many requests were struck so far. */
  readonly hits: number;
  remove(): void;
}

interface ActiveFault {
  readonly fault: Fault;
  seen: number;
  hits: number;
}

function fits(fault: FaultTarget, request: RequestView): boolean {
  if (fault.method !== undefined && fault.method !== request.method) return false;
  if (fault.path?.endsWith('*') === true && !request.path.startsWith(fault.path.slice(0, -1))) return false;
  if (fault.path?.endsWith('*') === false && fault.path !== request.path) return false;
  return fault.match?.(request) ?? true;
}

export class Faults {
  readonly #active = new Set<ActiveFault>();

  /** Faults added together strike together; of two that replace the answer, the older one wins. */
  add(fault: Fault): FaultHandle {
    const active: ActiveFault = { fault, seen: 0, hits: 0 };
    this.#active.add(active);
    return {
      get hits() {
        return active.hits;
      },
      remove: () => {
        this.#active.delete(active);
      },
    };
  }

  clear(): void {
    this.#active.clear();
  }

  /** The faults that strike this request; each is counted as a hit. */
  take(request: RequestView): readonly Fault[] {
    const struck: Fault[] = [];
    for (const active of this.#active) {
      if (!fits(active.fault, request)) continue;
      active.seen += 1;
      if (active.seen <= (active.fault.skip ?? 0) || active.hits >= (active.fault.times ?? Infinity)) continue;
      active.hits += 1;
      struck.push(active.fault);
    }
    return struck;
  }
}

/** The first fault of a kind. */
export function faultOf<K extends Fault['kind']>(
  faults: readonly Fault[],
  kind: K,
): Extract<Fault, { readonly kind: K }> | undefined {
  return faults.find((fault): fault is Extract<Fault, { readonly kind: K }> => fault.kind === kind);
}
