import { describe, expect, it } from 'vitest';
import { PushLanes } from '../../../src-main/engine/core/push-lanes.ts';
import { defaultRetryPolicy, outcomeOfError, retryDelayMs } from '../../../src-main/engine/core/retry-policy.ts';
import { ServiceGates } from '../../../src-main/engine/core/service-gates.ts';
import { type ErrorCode, EpicstarError, errorSpecs } from '../../../src-main/engine/domain/errors.ts';
import { emptyReport, type Outcome } from '../../../src-main/engine/domain/job.ts';
import { ManualClock, settle } from '../../support/manual-clock.ts';

const second = 1_000;
const minute = 60 * second;

describe('retries', () => {
  it('come quickly at first, then ever more slowly up to a day, and never end', () => {
    const delays = [1, 2, 3, 4, 5, 9, 10, 11, 1000].map((attempt) =>
      retryDelayMs(defaultRetryPolicy, attempt, () => 0),
    );
    expect(delays.slice(0, 5)).toEqual([4 * second, 8 * second, 15 * minute, 30 * minute, 60 * minute]);
    expect(delays.slice(6)).toEqual([24 * 60 * minute, 24 * 60 * minute, 24 * 60 * minute]);
  });

  it('are spread by a fifth at most', () => {
    expect(retryDelayMs(defaultRetryPolicy, 1, () => 0.999)).toBeLessThanOrEqual(4.8 * second);
  });
});

describe('what becomes of an error', () => {
  const outcome = (code: ErrorCode, until?: number): Outcome =>
    outcomeOfError(new EpicstarError(code, '', until === undefined ? {} : { data: { until } }), emptyReport, 1_000);

  it('is decided for each code', () => {
    const kinds = Object.keys(errorSpecs).map((code) => outcome(code as ErrorCode).kind);
    expect(new Set(kinds)).toEqual(new Set(['retry', 'wait', 'failed', 'cancelled']));
  });

  it('is a wait until the time the error names', () => {
    expect(outcome('github-rate-limited', 9_000)).toMatchObject({ kind: 'wait', reason: 'rate-limit', until: 9_000 });
    expect(outcome('target-starting')).toMatchObject({ kind: 'wait', reason: 'target-starting', until: 16_000 });
    expect(outcome('disk-full')).toMatchObject({ kind: 'wait', reason: 'disk', until: 301_000 });
    expect(outcome('github-signed-out')).toMatchObject({ kind: 'wait', reason: 'signed-out', until: null });
  });

  it('is a failure only where trying again cannot help', () => {
    expect(outcome('github-gone').kind).toBe('failed');
    expect(outcome('target-name-clash').kind).toBe('failed');
    expect(outcome('git-network').kind).toBe('retry');
    expect(outcome('cancelled').kind).toBe('cancelled');
  });
});

describe('push lanes', () => {
  const begin = (atOnce: number) => {
    const lanes = new PushLanes(atOnce);
    const log: string[] = [];
    const ends = new Map<string, () => void>();
    const push = (name: string, isLarge: boolean, signal = new AbortController().signal): Promise<void> =>
      lanes.run(isLarge, signal, () => {
        log.push(name);
        return new Promise<void>((resolve) => ends.set(name, resolve));
      });
    return { push, log, end: (name: string) => ends.get(name)?.() };
  };

  it('let small ones overlap, so many at once', async () => {
    const { push, log, end } = begin(2);
    const all = ['a', 'b', 'c'].map((name) => push(name, false));
    await settle();
    expect(log).toEqual(['a', 'b']);
    end('a');
    await settle();
    expect(log).toEqual(['a', 'b', 'c']);
    end('b');
    end('c');
    await Promise.all(all);
  });

  it('let a large one go alone, and nobody overtake it', async () => {
    const { push, log, end } = begin(4);
    const all = [push('small', false), push('large', true), push('later', false)];
    await settle();
    expect(log).toEqual(['small']);
    end('small');
    await settle();
    expect(log).toEqual(['small', 'large']);
    end('large');
    await settle();
    expect(log).toEqual(['small', 'large', 'later']);
    end('later');
    await Promise.all(all);
  });

  it('forget whoever gave up waiting, and go on after a push that failed', async () => {
    const lanes = new PushLanes(1);
    const controller = new AbortController();
    const first = lanes.run(false, new AbortController().signal, () =>
      settle().then(() => Promise.reject(new Error('lost'))),
    );
    const given = lanes.run(false, controller.signal, () => Promise.resolve('never'));
    const third = lanes.run(true, new AbortController().signal, () => Promise.resolve('third'));
    controller.abort(new Error('gave up'));
    await expect(given).rejects.toThrow('gave up');
    await expect(first).rejects.toThrow('lost');
    await expect(third).resolves.toBe('third');
  });
});

describe('gates', () => {
  const failed = (code: ErrorCode): Outcome => ({
    kind: 'retry',
    error: new EpicstarError(code, '').toRecord(),
    report: emptyReport,
  });

  it('shut for everybody on what concerns everybody, until it is over', async () => {
    const clock = new ManualClock();
    const gates = new ServiceGates(clock);
    const error = new EpicstarError('github-rate-limited', '').toRecord();
    const until = clock.now() + minute;
    gates.note({ kind: 'wait', reason: 'rate-limit', until, error, report: emptyReport });
    expect(gates.shutUntil()).toBe(until);
    expect(gates.troubles().map((trouble) => trouble.error.code)).toEqual(['github-rate-limited']);
    await clock.advance(minute);
    expect(gates.shutUntil()).toBeUndefined();
  });

  it('stay shut without a sign-in until somebody signs in', async () => {
    const clock = new ManualClock();
    const gates = new ServiceGates(clock);
    const error = new EpicstarError('target-signed-out', '').toRecord();
    gates.note({ kind: 'wait', reason: 'signed-out', until: null, error, report: emptyReport });
    await clock.advance(1_000 * minute);
    expect(gates.shutUntil()).toBeNull();
    gates.open();
    expect(gates.shutUntil()).toBeUndefined();
    expect(gates.troubles()).toEqual([]);
  });

  it.each([
    [true, undefined],
    [false, 'shut'],
  ])('for a disk without room: where it concerns one repository alone (%s), the others go on', (concernsOne, end) => {
    const clock = new ManualClock();
    const gates = new ServiceGates(clock);
    const error = new EpicstarError('disk-full', '', { data: { concernsOne } }).toRecord();
    const outcome: Outcome = { kind: 'wait', reason: 'disk', until: clock.now() + minute, error, report: emptyReport };
    expect(gates.note(outcome)).toEqual(outcome);
    expect(gates.shutUntil() === undefined ? undefined : 'shut').toBe(end);
    expect(gates.troubles()).toHaveLength(concernsOne ? 0 : 1);
  });

  it('take three failures of one service in a row for an outage, and give those attempts back', () => {
    const gates = new ServiceGates(new ManualClock());
    expect(gates.note(failed('target-unavailable')).kind).toBe('retry');
    expect(gates.note(failed('target-unavailable')).kind).toBe('retry');
    expect(gates.note(failed('git-network')).kind).toBe('retry');
    expect(gates.shutUntil()).toBeUndefined();
    expect(gates.note(failed('target-unavailable'))).toMatchObject({ kind: 'wait', reason: 'unavailable' });
    expect(gates.shutUntil()).toBeTypeOf('number');
  });

  it('open on another network for services that were away, and for nothing else', () => {
    const clock = new ManualClock();
    const gates = new ServiceGates(clock);
    for (let failure = 0; failure < 5; failure += 1) gates.note(failed('github-unavailable'));
    const error = new EpicstarError('disk-full', '').toRecord();
    const until = clock.now() + second;
    gates.note({ kind: 'wait', reason: 'disk', until, error, report: emptyReport });
    gates.openOutages();
    expect(gates.shutUntil()).toBe(until);
    expect(gates.troubles().map((trouble) => trouble.error.code)).toEqual(['disk-full']);
    // Counted anew.
    expect(gates.note(failed('github-unavailable')).kind).toBe('retry');
  });

  it('ask ever more rarely in an outage, once a minute at least, and forget it after a success', async () => {
    const clock = new ManualClock();
    const gates = new ServiceGates(clock);
    const waits: number[] = [];
    for (let failure = 0; failure < 12; failure += 1) {
      gates.note(failed('github-unavailable'));
      const until = gates.shutUntil();
      if (typeof until !== 'number') continue;
      waits.push(until - clock.now());
      await clock.advance(until - clock.now());
    }
    expect(waits.slice(0, 5)).toEqual([5 * second, 10 * second, 20 * second, 40 * second, minute]);
    expect(Math.max(...waits)).toBe(minute);
    const proof = {
      projectId: '1',
      projectPath: 'p',
      projectUrl: null,
      fullName: 'a/b',
      defaultBranch: null,
      pushedAt: null,
      verifiedAt: 1,
      refCount: 0,
      cacheBytes: 0,
    };
    gates.note({ kind: 'done', proof, report: emptyReport });
    expect(gates.note(failed('github-unavailable')).kind).toBe('retry');
    expect(gates.troubles()).toEqual([]);
  });
});
