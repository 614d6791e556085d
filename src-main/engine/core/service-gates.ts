/**
 * @file What holds up all jobs at once: a rate limit, a sign-in that is missing, a full disk, a server that is away.
 * While a gate is shut no job is claimed, so a thousand of them do not each find out for themselves.
 */
import type { ErrorCode, ErrorRecord } from '../domain/errors.ts';
import type { Outcome, WaitReason } from '../domain/job.ts';
import type { Instant } from '../domain/repository.ts';
import type { Clock } from '../ports/clock.ts';
import type { Trouble } from './engine-api.ts';

/** So many failures of one service in a row, with no success between, are an outage. */
const failuresOfAnOutage = 3;
const firstOutageWaitMs = 5_000;
const mostOutageWaitMs = 60_000;
/** A disk that nobody can look at is found out by sending it something: each time in vain the wait doubles, to this. */
const mostBlindWaitMs = 3_600_000;
/** How long a gate that is open again is still told of: whoever goes through it needs so long to end. */
const afterglowMs = 10 * 60_000;
/** Nothing asks for a longer wait, so a gate that is shut for longer tells of a clock that was put back. */
const longestWaitMs = 25 * 3_600_000;

/** Waits that concern everybody; the others concern one job. */
const commonReasons: ReadonlySet<WaitReason> = new Set(['rate-limit', 'signed-out', 'disk', 'target-starting']);
const serviceCodes: ReadonlySet<ErrorCode> = new Set(['github-unavailable', 'target-unavailable', 'proxy-unusable']);

export class ServiceGates {
  readonly #clock: Clock;
  readonly #gates = new Map<string, Trouble>();
  readonly #failures = new Map<ErrorCode, { readonly count: number; readonly since: Instant }>();
  /** Whether gates without a time let somebody try; until the next one that ends tells. */
  #isAjar = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes note of how a job ended, and answers the outcome to be settled: in an outage an attempt is given back. */
  note(outcome: Outcome): Outcome {
    this.#isAjar = false;
    if (outcome.kind === 'done') {
      this.#failures.clear();
      this.#gates.clear();
      return outcome;
    }
    if (outcome.kind === 'wait' && outcome.error !== null && concernsAll(outcome.reason, outcome.error)) {
      const until = this.#blindUntil(outcome.error, outcome.until);
      this.#shut(outcome.error, until);
      return { ...outcome, until };
    }
    if (outcome.kind === 'retry' && serviceCodes.has(outcome.error.code)) return this.#noteOutage(outcome);
    return outcome;
  }

  /** Until when no job may be claimed: a time, null for "until a person acts", undefined where the way is free. */
  shutUntil(): Instant | null | undefined {
    const now = this.#clock.now();
    let latest: Instant | undefined;
    for (const { until } of this.#gates.values()) {
      if (until === null) {
        if (!this.#isAjar) return null;
        continue;
      }
      if (until > now + longestWaitMs) continue;
      if (until > now && (latest === undefined || until > latest)) latest = until;
    }
    return latest;
  }

  /** Opens all gates: a person did something, or asks to try now. */
  open(): void {
    this.#gates.clear();
    this.#failures.clear();
  }

  /** Services that were away may be there on another network, or after a while: their gates open. */
  openOutages(): void {
    for (const code of serviceCodes) {
      this.#gates.delete(code);
      this.#failures.delete(code);
    }
  }

  /**
   * Lets somebody try behind gates that have no time, since what shut them can be repaired without our being told: a
   * token replaced in its file, a service that was wrong. They count as shut, as before, once one has tried in vain.
   */
  setAjar(): void {
    this.#isAjar = true;
  }

  isShutFor(code: ErrorCode): boolean {
    return this.#gates.has(code);
  }

  troubles(): readonly Trouble[] {
    const now = this.#clock.now();
    const told = [...this.#gates.values()].filter(({ until }) => until === null || until > now - afterglowMs);
    return told.sort((a, b) => b.since - a.since);
  }

  #noteOutage(outcome: Extract<Outcome, { kind: 'retry' }>): Outcome {
    const { error, report } = outcome;
    const before = this.#failures.get(error.code);
    const count = (before?.count ?? 0) + 1;
    this.#failures.set(error.code, { count, since: before?.since ?? this.#clock.now() });
    if (count < failuresOfAnOutage) return outcome;
    const steps = Math.min(count - failuresOfAnOutage, 10);
    const until = this.#clock.now() + Math.min(firstOutageWaitMs * 2 ** steps, mostOutageWaitMs);
    this.#shut(error, until);
    return { kind: 'wait', reason: 'unavailable', until, error, report };
  }

  #blindUntil({ code, data }: ErrorRecord, until: Instant | null): Instant | null {
    if (code !== 'target-disk-full' || data.freeBytes !== undefined || until === null) return until;
    const now = this.#clock.now();
    const gate = this.#gates.get(code);
    // Others were under way when it was found out.
    if (gate?.until !== undefined && gate.until !== null && gate.until > now) return gate.until;
    const before = this.#failures.get(code);
    const count = (before?.count ?? 0) + 1;
    this.#failures.set(code, { count, since: before?.since ?? now });
    return Math.max(until, now + Math.min((until - now) * 2 ** Math.min(count - 1, 10), mostBlindWaitMs));
  }

  #shut(error: ErrorRecord, until: Instant | null): void {
    const since = this.#gates.get(error.code)?.since ?? this.#failures.get(error.code)?.since ?? this.#clock.now();
    this.#gates.set(error.code, { error, since, until });
  }
}

function concernsAll(reason: WaitReason, error: ErrorRecord): boolean {
  return commonReasons.has(reason) && error.data.concernsOne !== true;
}
