/** @file Two rules of notifications that hold whatever happens, over stories that are made up. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../../src-main/engine/core/engine-api.ts';
import type { NotificationEvent } from '../../../src-main/shell/notification-policy.ts';
import { type NotificationKind, notificationKinds } from '../../../src-main/shell/notification-state.ts';
import type { NotificationView } from '../../../src-main/shell/notification-words.ts';
import { Desk, overview, rewriting, runs, troubled } from '../../support/notification-desk.ts';

const hourMs = 3_600_000;
const minuteMs = 60_000;

describe('whatever happens', () => {
  const codes: readonly ErrorCode[] = ['internal', 'target-right-missing', 'source-emptied', 'target-name-unfit'];
  interface Happening {
    readonly afterMs: number;
    readonly make: () => NotificationEvent;
    readonly events: Partial<Record<NotificationKind, number>>;
  }
  const kindOfCode = (code: ErrorCode): NotificationKind => {
    if (code === 'source-emptied') return 'upstream-gone';
    return code === 'target-right-missing' ? 'needs-you' : 'failed-again';
  };
  const gap = fc.oneof(fc.nat(5_000), fc.nat(20 * minuteMs), fc.nat(3 * hourMs));
  const happening: fc.Arbitrary<Happening> = fc.oneof(
    gap.map((afterMs) => ({ afterMs, make: (): NotificationEvent => ({ kind: 'began' }), events: {} })),
    gap.map((afterMs) => ({ afterMs, make: (): NotificationEvent => ({ kind: 'time' }), events: {} })),
    fc.tuple(gap, fc.constantFrom(...codes)).map(([afterMs, code]) => ({
      afterMs,
      make: () => runs({ code }),
      events: { [kindOfCode(code)]: 1 },
    })),
    fc.tuple(gap, fc.integer({ min: 1, max: 15 })).map(([afterMs, count]) => ({
      afterMs,
      make: () => runs(...Array.from({ length: count }, () => rewriting('refs/heads/main'))),
      events: { 'rewrite-caught': count },
    })),
    fc
      .tuple(gap, fc.subarray<ErrorCode>(['github-signed-out', 'target-signed-out', 'disk-full']))
      .map(([afterMs, present]) => ({ afterMs, make: () => troubled(...present), events: {} })),
  );

  it('no two of a kind are told within an hour, and nothing is lost', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 40 }), (story) => {
        const desk = new Desk();
        const toldAt = new Map<NotificationKind, number>();
        const expected = new Map<NotificationKind, number>();
        const counted = new Map<NotificationKind, number>();
        const note = (views: readonly NotificationView[]): void => {
          for (const { kind, count } of views) {
            const last = toldAt.get(kind);
            // Told at the time of the step: the desk stands there.
            expect(last === undefined || desk.now - last >= hourMs).toBe(true);
            toldAt.set(kind, desk.now);
            counted.set(kind, (counted.get(kind) ?? 0) + count);
          }
        };
        const turn = (untilMs: number): void => {
          for (let turns = 0; desk.wakeAt !== null && desk.wakeAt <= untilMs && turns < 1_000; turns += 1) {
            desk.now = Math.max(desk.now, desk.wakeAt);
            note(desk.give({ kind: 'time' }));
          }
          desk.now = untilMs;
        };
        desk.give(overview());
        for (const { afterMs, make, events } of story) {
          turn(desk.now + afterMs);
          note(desk.give(make()));
          for (const kind of notificationKinds) expected.set(kind, (expected.get(kind) ?? 0) + (events[kind] ?? 0));
        }
        // Conditions end; what happened is told in the end.
        note(desk.give(overview()));
        turn(desk.now + 3 * hourMs);
        for (const kind of ['rewrite-caught', 'upstream-gone', 'failed-again'] as const) {
          expect(counted.get(kind) ?? 0).toBe(expected.get(kind) ?? 0);
        }
        expect(counted.get('needs-you') ?? 0).toBeGreaterThanOrEqual(expected.get('needs-you') ?? 0);
        expect(desk.state.pending).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
