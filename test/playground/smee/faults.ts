/** @file The list of misbehaviours a test has asked for, and which of them strikes a request. */
import type { RequestKind } from './request-log.ts';

/** All given conditions must hold. */
export interface FaultTarget {
  readonly on?: RequestKind;
  readonly channel?: string;
  /** How many fitting requests are let through first; default 0. */
  readonly skip?: number;
  /** How many fitting requests are struck; default all, until the fault is removed. */
  readonly times?: number;
}

export type FaultEffect =
  /** A spell of 502 is `status: 502`. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The connection ends before a status line. */
  | { readonly kind: 'cut' }
  /** Never answers; ends when the client gives up. */
  | { readonly kind: 'stall' }
  | { readonly kind: 'delay'; readonly delayMs: number }
  /** A subscription begins as ever (head and `ready`), then nothing more comes and it stays open. */
  | { readonly kind: 'half-open' };

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

export class Faults {
  readonly #active = new Set<ActiveFault>();

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

  /** The oldest fault that strikes this request; it is counted as a hit. */
  take(kind: RequestKind, channel: string): Fault | null {
    for (const active of this.#active) {
      const { on, channel: wanted, skip = 0, times = Infinity } = active.fault;
      if ((on !== undefined && on !== kind) || (wanted !== undefined && wanted !== channel)) continue;
      active.seen += 1;
      if (active.seen <= skip || active.hits >= times) continue;
      active.hits += 1;
      return active.fault;
    }
    return null;
  }
}
