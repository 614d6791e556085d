/** @file What answers of GitHub mean for a repository that is missing, and when a meaning is certain. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  askAgainAt,
  askAgainMs,
  confirmAfterMs,
  type Finding,
  isUpstreamLost,
  judge,
  nextVerdict,
  type Verdict,
} from '../../../src-main/engine/domain/verdict.ts';

const known = { fullName: 'ada/engine', isPrivate: false };
const found = (change: Partial<Extract<Finding, { kind: 'found' }>> = {}): Finding => ({
  kind: 'found',
  fullName: 'ada/engine',
  isPrivate: false,
  isStarred: false,
  ...change,
});
const blocked: Finding = { kind: 'blocked', reason: 'dmca', noticeUrl: 'https://github.com/github/dmca' };

describe('an answer', () => {
  it.each([
    ['nothing under its id', { kind: 'gone' }, known, 'gone'],
    ['a notice', blocked, known, 'blocked'],
    ['there, without the star', found(), known, 'unstarred'],
    ['there under another name, without the star', found({ fullName: 'zoe/engine' }), known, 'unstarred'],
    ['private now', found({ isPrivate: true }), known, 'made-private'],
    ['private as ever', found({ isPrivate: true }), { ...known, isPrivate: true }, 'unstarred'],
    ['another name, with the star', found({ fullName: 'zoe/engine', isStarred: true }), known, 'moved'],
    ['its name spelt otherwise, with the star', found({ fullName: 'Ada/Engine', isStarred: true }), known, null],
    ['all as it was', found({ isStarred: true }), known, null],
  ] as const)('%s', (_words, finding, before, kind) => {
    expect(judge(finding, before)?.kind ?? null).toBe(kind);
  });

  it('is kept as evidence', () => {
    expect(judge(blocked, known)?.evidence).toEqual({
      fullName: null,
      isStarred: null,
      reason: 'dmca',
      noticeUrl: 'https://github.com/github/dmca',
    });
    expect(judge(found({ fullName: 'zoe/engine' }), known)?.evidence).toMatchObject({
      fullName: 'zoe/engine',
      isStarred: false,
    });
  });
});

describe('a verdict', () => {
  const judgedGone = judge({ kind: 'gone' }, known);
  const judgedBlocked = judge(blocked, known);
  if (judgedGone === null || judgedBlocked === null) throw new Error('these are verdicts');

  it('is confirmed by the same answer an hour later, and not before', () => {
    const first = nextVerdict(null, judgedGone, 1_000);
    expect(first).toMatchObject({ kind: 'gone', firstAt: 1_000, lastAt: 1_000, confirmedAt: null });
    expect(askAgainAt(first)).toBe(1_000 + confirmAfterMs);
    const tooSoon = nextVerdict(first, judgedGone, 1_000 + confirmAfterMs - 1);
    expect(tooSoon).toMatchObject({ firstAt: 1_000, confirmedAt: null });
    const later = nextVerdict(tooSoon, judgedGone, 1_000 + confirmAfterMs);
    expect(later.confirmedAt).toBe(1_000 + confirmAfterMs);
    expect(askAgainAt(later)).toBe(later.lastAt + askAgainMs);
    expect(isUpstreamLost(first)).toBe(false);
    expect(isUpstreamLost(later)).toBe(true);
  });

  it('keeps the time of its confirmation', () => {
    const later = nextVerdict(nextVerdict(null, judgedGone, 0), judgedGone, confirmAfterMs);
    expect(nextVerdict(later, judgedGone, 9 * confirmAfterMs)).toMatchObject({
      confirmedAt: confirmAfterMs,
      lastAt: 9 * confirmAfterMs,
    });
  });

  it('begins anew with another answer, and where the clock was put back', () => {
    const confirmed = nextVerdict(nextVerdict(null, judgedGone, 0), judgedGone, confirmAfterMs);
    expect(nextVerdict(confirmed, judgedBlocked, 2 * confirmAfterMs)).toMatchObject({
      kind: 'blocked',
      firstAt: 2 * confirmAfterMs,
      confirmedAt: null,
    });
    const future = nextVerdict(null, judgedGone, 5 * confirmAfterMs);
    expect(nextVerdict(future, judgedGone, 1_000)).toMatchObject({ firstAt: 1_000, confirmedAt: null });
  });

  it('is never confirmed but by two equal answers an hour apart, whatever comes in between', () => {
    const answers = fc.array(
      fc.record({ at: fc.integer({ min: 0, max: 10 * confirmAfterMs }), isGone: fc.boolean() }),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(answers, (all) => {
        let verdict: Verdict | null = null;
        let equalSince: number | null = null;
        for (const { at, isGone } of all) {
          const judged = isGone ? judgedGone : judgedBlocked;
          const goesOn: boolean = verdict?.kind === judged.kind && equalSince !== null && equalSince <= at;
          equalSince = goesOn ? equalSince : at;
          verdict = nextVerdict(verdict, judged, at);
          if (verdict.confirmedAt !== null) {
            expect(verdict.confirmedAt - verdict.firstAt).toBeGreaterThanOrEqual(confirmAfterMs);
            expect(verdict.firstAt).toBe(equalSince);
          }
        }
      }),
    );
  });
});
