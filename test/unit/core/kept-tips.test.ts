/** @file Which old tips are old enough to be let go. */
import { describe, expect, test } from 'vitest';
import { expiredTips, keptAgainSince } from '../../../src-main/engine/core/kept-tips.ts';
import { keptRefName, keptRefPrefix } from '../../../src-main/engine/domain/plan.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const dayMs = 24 * 3_600_000;
const now = Date.UTC(2026, 10, 24);
const keptMs = 30 * dayMs;

const tipOf = (daysAgo: number): string => keptRefName(keptRefPrefix(now - daysAgo * dayMs), 'refs/heads/main');
const kept = new Map([-1, 0, 29, 30, 31, 400].map((days) => [tipOf(days), `oid-${days}`]));
kept.set('refs/epicstar/kept/no-time/heads/main', 'oid-none');

const expired = (change: Partial<Parameters<typeof expiredTips>[1]> = {}): readonly string[] =>
  expiredTips(kept, { keptMs, now, lastVerifiedAt: now, ...change }).map(({ oid }) => oid);

describe('old tips', () => {
  test('are let go once they are older than was said, with the commit that they are at', () => {
    expect(expired()).toEqual(['oid-31', 'oid-400']);
    expect(expired({ keptMs: 500 * dayMs })).toEqual([]);
  });

  test('all stay where nobody said so', () => {
    expect(expired({ keptMs: 0 })).toEqual([]);
    expect(expired({ keptMs: -1 })).toEqual([]);
  });

  test('stay where a clock jumped ahead since the mirror was last compared, or it never was', () => {
    expect(expired({ now: now + 10_000 * dayMs, lastVerifiedAt: now - 5 * dayMs })).toEqual(['oid-400']);
    expect(expired({ lastVerifiedAt: 0 })).toEqual([]);
  });

  test('are kept anew, with all their time, where they are let go at all', () => {
    const clock = new ManualClock(now);
    expect(keptAgainSince({ clock })).toBe(0);
    expect(keptAgainSince({ clock, keptMs })).toBe(now - dayMs);
  });
});
