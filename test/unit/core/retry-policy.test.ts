import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultRetryPolicy, outcomeOfError, retryDelayMs } from '../../../src-main/engine/core/retry-policy.ts';
import { type ErrorCode, EpicstarError, errorSpecs } from '../../../src-main/engine/domain/errors.ts';
import { emptyReport, type Outcome, type WaitReason } from '../../../src-main/engine/domain/job.ts';

const codes = Object.keys(errorSpecs) as ErrorCode[];
const now = 1_000_000;

function outcomeOf(code: ErrorCode, until?: number): Outcome {
  const error = new EpicstarError(code, 'why', until === undefined ? {} : { data: { until } });
  return outcomeOfError(error, emptyReport, now);
}

describe('what becomes of an error', () => {
  const byKind = {
    transient: 'retry',
    wait: 'wait',
    'signed-out': 'wait',
    permanent: 'failed',
    cancelled: 'cancelled',
  };

  it.each(codes)('is what its kind says: %s', (code) => {
    const outcome = outcomeOf(code);
    expect(outcome.kind).toBe(byKind[errorSpecs[code].kind]);
    expect(outcome.report).toBe(emptyReport);
    if (outcome.kind !== 'cancelled' && outcome.kind !== 'done') expect(outcome.error).toMatchObject({ code });
  });

  it('is a wait for the right thing', () => {
    const waits = codes.flatMap((code) => {
      const outcome = outcomeOf(code);
      return outcome.kind === 'wait' ? [[code, outcome.reason, outcome.until] as const] : [];
    });
    const expected: readonly (readonly [ErrorCode, WaitReason, number | null])[] = [
      ['github-sign-in-ended', 'signed-out', null],
      ['github-signed-out', 'signed-out', null],
      ['github-rate-limited', 'rate-limit', now + 60_000],
      ['target-not-set', 'signed-out', null],
      ['target-signed-out', 'signed-out', null],
      ['target-token-limited', 'signed-out', null],
      ['target-starting', 'target-starting', now + 15_000],
      ['disk-full', 'disk', now + 300_000],
      ['target-disk-full', 'disk', now + 300_000],
      ['offline', 'offline', null],
    ];
    expect(waits).toEqual(expected);
  });

  it('is a wait until the time that it names, and for a second at least', () => {
    expect(outcomeOf('github-rate-limited', now + 9_000)).toMatchObject({ until: now + 9_000 });
    expect(outcomeOf('github-rate-limited', now - 1e9)).toMatchObject({ until: now + 1_000 });
    expect(outcomeOf('target-starting', now)).toMatchObject({ until: now + 1_000 });
  });
});

describe('the delay of a retry', () => {
  it('is finite, within its cap and a fifth, and never shorter than that of the attempt before', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (attempt, jitter) => {
          const delayMs = retryDelayMs(defaultRetryPolicy, attempt, () => jitter);
          const { quickFirstMs, slowMostMs } = defaultRetryPolicy;
          expect(delayMs).toBeGreaterThanOrEqual(quickFirstMs);
          expect(delayMs).toBeLessThanOrEqual(slowMostMs * 1.2);
          const nextMs = retryDelayMs(defaultRetryPolicy, attempt + 1, () => jitter);
          expect(nextMs).toBeGreaterThanOrEqual(delayMs);
        },
      ),
    );
  });
});
