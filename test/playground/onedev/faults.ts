/** @file Ways in which the OneDev stand-in can be told to misbehave. A list of rules; the first that matches is used up. */

export type RequestKind = 'rest' | 'git' | 'lfs' | 'probe' | 'page';

export interface Fault {
  /** Answer this instead of doing anything. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Wait before anything else happens. */
  readonly delayMs?: number;
  /** Do the work, then close the connection after so many bytes of the answer's body. */
  readonly cutAfterBytes?: number;
  /** Close the connection after so many bytes of the request's body. */
  readonly cutRequestAfterBytes?: number;
  /** Read the request's body no faster than this. */
  readonly requestBytesPerSecond?: number;
  /** Do the work, but answer with this body (and type) under the true status. */
  readonly replaceBody?: { readonly contentType: string; readonly body: string };
  /** Do the work, then answer with so many bytes of padding. */
  readonly hugeBodyBytes?: number;
  /** 302 to this address. */
  readonly redirectTo?: string;
  /** Hold the pack slot for so long before git starts. */
  readonly holdSlotMs?: number;
}

export interface FaultRule {
  readonly method?: string;
  /** Tested against the path with its query. */
  readonly path?: RegExp;
  readonly kind?: RequestKind;
  /** How many requests get it; without it, all. */
  readonly times?: number;
  readonly fault: Fault;
}

export class Faults {
  readonly #rules: { readonly rule: FaultRule; left: number }[] = [];

  /** Returns a function that takes the rule away again. */
  add(rule: FaultRule): () => void {
    const entry = { rule, left: rule.times ?? Number.POSITIVE_INFINITY };
    this.#rules.push(entry);
    return () => {
      entry.left = 0;
    };
  }

  clear(): void {
    this.#rules.length = 0;
  }

  take(method: string, path: string, kind: RequestKind): Fault | undefined {
    const entry = this.#rules.find(({ rule, left }) => {
      const methodFits = rule.method === undefined || rule.method === method;
      const kindFits = rule.kind === undefined || rule.kind === kind;
      return left > 0 && methodFits && kindFits && (rule.path === undefined || rule.path.test(path));
    });
    if (entry !== undefined) {
      entry.left -= 1;
    }
    return entry?.rule.fault;
  }
}
