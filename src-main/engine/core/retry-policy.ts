/** @file From an error to what becomes of the job, and how long retries wait. Pure but for the jitter handed in. */
import { type EpicstarError, errorSpecs } from '../domain/errors.ts';
import type { MirrorReport, Outcome, WaitReason } from '../domain/job.ts';
import type { Instant } from '../domain/repository.ts';
import type { Random } from '../ports/clock.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

export interface RetryPolicy {
  /** Attempts that follow each other quickly; after them the slow cadence begins. */
  readonly quickAttempts: number;
  readonly quickFirstMs: number;
  readonly factor: number;
  readonly quickMostMs: number;
  readonly slowFirstMs: number;
  /** The slow cadence grows to this and stays there: nothing is ever given up. */
  readonly slowMostMs: number;
}

export const defaultRetryPolicy: RetryPolicy = {
  quickAttempts: 3,
  quickFirstMs: 4 * second,
  factor: 2,
  quickMostMs: minute,
  slowFirstMs: 15 * minute,
  slowMostMs: 24 * hour,
};

/**
 * How long to wait after an attempt that failed, with up to 20 % added so that many do not come back at once.
 *
 * @param attempt number of the attempt that failed, from 1
 * @returns milliseconds
 */
export function retryDelayMs(policy: RetryPolicy, attempt: number, random: Random): number {
  const isQuick = attempt < policy.quickAttempts;
  const exponent = isQuick ? attempt - 1 : attempt - policy.quickAttempts;
  const first = isQuick ? policy.quickFirstMs : policy.slowFirstMs;
  const most = isQuick ? policy.quickMostMs : policy.slowMostMs;
  // The exponent is bounded: 2^60 is far above any cap and still a finite number.
  const delayMs = Math.min(first * policy.factor ** Math.min(exponent, 60), most);
  return Math.round(delayMs * (1 + 0.2 * random()));
}

/** Waits of these kinds end by themselves after so long where the error does not name a time. */
const waitMs: Partial<Record<WaitReason, number>> = {
  'rate-limit': minute,
  'target-starting': 15 * second,
  disk: 5 * minute,
};

function waitReasonOf(error: EpicstarError): WaitReason {
  if (error.kind === 'signed-out') return 'signed-out';
  switch (error.code) {
    case 'target-starting':
      return 'target-starting';
    case 'disk-full':
    case 'target-disk-full':
      return 'disk';
    case 'offline':
      return 'offline';
    default:
      return 'rate-limit';
  }
}

/** What an attempt that ended with this error comes to. */
export function outcomeOfError(error: EpicstarError, report: MirrorReport, now: Instant): Outcome {
  switch (errorSpecs[error.code].kind) {
    case 'transient':
      return { kind: 'retry', error: error.toRecord(), report };
    case 'permanent':
      return { kind: 'failed', error: error.toRecord(), report };
    case 'cancelled':
      return { kind: 'cancelled', report };
    case 'signed-out':
    case 'wait': {
      const reason = waitReasonOf(error);
      const afterMs = waitMs[reason];
      const named = error.data.until ?? (afterMs === undefined ? null : now + afterMs);
      // A time that is over already is no reason to ask again at once, and again.
      const until = named === null ? null : Math.max(named, now + second);
      return { kind: 'wait', reason, until, error: error.toRecord(), report };
    }
  }
}
