import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  blockingDeletes,
  compareRefs,
  isSame,
  keptRefName,
  keptRefOrigin,
  keptRefPrefix,
  keptRefTime,
  planMirror,
} from '../../../src-main/engine/domain/plan.ts';

const allFit = (): null => null;
const oid = (digit: string): string => digit.repeat(40);
const refs = (entries: Record<string, string>): Map<string, string> => new Map(Object.entries(entries));
const prefix = keptRefPrefix(Date.UTC(2026, 10, 24, 8, 15, 30, 123));

describe('comparing both ends', () => {
  it('tells creates, changes, deletes and what stays, over heads and tags alone', () => {
    const difference = compareRefs(
      refs({
        'refs/heads/main': oid('1'),
        'refs/heads/new': oid('2'),
        'refs/tags/v1': oid('3'),
        'refs/pull/1/head': oid('9'),
        'refs/replace/x': oid('9'),
      }),
      refs({
        'refs/heads/main': oid('0'),
        'refs/heads/old': oid('4'),
        'refs/tags/v1': oid('3'),
        'refs/epicstar/kept/a/heads/b': oid('5'),
        'refs/pulls/1/head': oid('6'),
      }),
      allFit,
    );
    expect(difference.creates).toEqual([{ ref: 'refs/heads/new', from: null, to: oid('2') }]);
    expect(difference.changes).toEqual([{ ref: 'refs/heads/main', from: oid('0'), to: oid('1') }]);
    expect(difference.deletes).toEqual([{ ref: 'refs/heads/old', from: oid('4'), to: null }]);
    expect(difference.unchanged).toBe(1);
  });

  it('leaves unfit names out on both ends', () => {
    const fitness = (ref: string): string | null => (ref.includes('+') ? 'a plus' : null);
    const difference = compareRefs(
      refs({ 'refs/tags/v1+x': oid('1') }),
      refs({ 'refs/tags/v0+x': oid('2'), 'refs/tags/v1+x': oid('3') }),
      fitness,
    );
    expect(isSame(difference)).toBe(true);
    expect(difference.unfit).toEqual([{ ref: 'refs/tags/v1+x', reason: 'a plus' }]);
  });
});

describe('planning', () => {
  it('keeps the old tip of every rewrite and delete, and of nothing else', () => {
    const difference = compareRefs(
      refs({ 'refs/heads/ff': oid('2'), 'refs/heads/rewritten': oid('4'), 'refs/tags/moved': oid('6') }),
      refs({
        'refs/heads/ff': oid('1'),
        'refs/heads/rewritten': oid('3'),
        'refs/tags/moved': oid('5'),
        'refs/heads/gone': oid('7'),
      }),
      allFit,
    );
    const plan = planMirror(difference, new Set(['refs/heads/ff', 'refs/tags/moved']), prefix);
    expect(plan.fastForwards.map(({ ref }) => ref)).toEqual(['refs/heads/ff']);
    expect(plan.rewrites.map(({ ref }) => ref)).toEqual(['refs/heads/rewritten', 'refs/tags/moved']);
    expect(plan.kept).toEqual([
      { ref: `${prefix}/heads/rewritten`, oid: oid('3'), of: 'refs/heads/rewritten' },
      { ref: `${prefix}/tags/moved`, oid: oid('5'), of: 'refs/tags/moved' },
      { ref: `${prefix}/heads/gone`, oid: oid('7'), of: 'refs/heads/gone' },
    ]);
  });

  it('finds the deletes that stand in the way of a create, in both directions', () => {
    const difference = compareRefs(
      refs({ 'refs/heads/keep/sub': oid('1'), 'refs/heads/flat': oid('2') }),
      refs({ 'refs/heads/keep': oid('3'), 'refs/heads/flat/deep/er': oid('4'), 'refs/heads/other': oid('5') }),
      allFit,
    );
    const blocking = blockingDeletes(planMirror(difference, new Set(), prefix));
    expect([...blocking].sort()).toEqual(['refs/heads/flat/deep/er', 'refs/heads/keep']);
  });

  it('leads any pair of ends to equality and loses no tip', () => {
    const name = fc.constantFrom('a', 'b', 'c/d', 'c', 'e+f', 'ü');
    const ref = fc.tuple(fc.constantFrom('heads', 'tags'), name).map(([kind, text]) => `refs/${kind}/${text}`);
    const side = fc
      .array(fc.tuple(ref, fc.constantFrom('1', '2', '3').map(oid)), { maxLength: 8 })
      .map((p) => new Map(p));
    fc.assert(
      fc.property(side, side, (source, target) => {
        const fitness = (text: string): string | null => (text.includes('+') ? 'plus' : null);
        const plan = planMirror(compareRefs(source, target, fitness), new Set(), prefix);
        const result = new Map(target);
        for (const { ref: kept, oid: tip } of plan.kept) result.set(kept, tip);
        for (const { ref: gone } of plan.deletes) result.delete(gone);
        for (const { ref: moved, to } of [...plan.creates, ...plan.fastForwards, ...plan.rewrites]) {
          if (to !== null) result.set(moved, to);
        }
        expect(isSame(compareRefs(source, result, fitness))).toBe(true);
        const tips = new Set(result.values());
        for (const tip of target.values()) expect(tips.has(tip)).toBe(true);
      }),
    );
  });
});

describe('names of kept refs', () => {
  it('carry no character that a target cannot take and can be read back', () => {
    for (const ref of ['refs/tags/v1.0+k3s1', 'refs/heads/a&b=c%41#?', 'refs/heads/ü_x41_x', 'refs/heads/日本/🚀']) {
      const kept = keptRefName(prefix, ref);
      expect(kept).toMatch(/^[A-Za-z0-9._/-]+$/);
      expect(keptRefOrigin(kept)).toBe(ref);
    }
    expect(keptRefOrigin('refs/heads/main')).toBeNull();
  });

  it('differ for different refs', () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
      .filter((t) => !/[\ud800-\udfff]/.test(t) || t.isWellFormed());
    fc.assert(
      fc.property(text, text, (a, b) => {
        const [keptA, keptB] = [keptRefName(prefix, `refs/heads/${a}`), keptRefName(prefix, `refs/heads/${b}`)];
        expect(keptA === keptB).toBe(a === b);
        expect(keptRefOrigin(keptA)).toBe(`refs/heads/${a}`);
      }),
    );
  });

  it.each([
    'heads/_xff',
    'heads/a_xc3',
    'heads/_xc3_x28',
    'heads/_xed_xa0_x80',
    'heads/_xf0_x9f_x/_x98',
    'notes/commits',
    'heads/',
    'heads',
    '',
  ])('that are somebody else’s are not read back: %s', (suffix) => {
    expect(keptRefOrigin(`${prefix}/${suffix}`)).toBeNull();
  });

  it('are read back however the bytes of a character are folded', () => {
    const name = `refs/heads/${'日'.repeat(60)}/${'🚀'.repeat(50)}_x/${'é'.repeat(80)}`;
    expect(keptRefOrigin(keptRefName(prefix, name))).toBe(name);
  });

  it('tell when they were kept, to the millisecond, whatever stands behind', () => {
    expect(keptRefTime(keptRefName(prefix, 'refs/heads/main'))).toBe(Date.UTC(2026, 10, 24, 8, 15, 30, 123));
    expect(keptRefTime(`${prefix}/heads/_xff`)).toBe(Date.UTC(2026, 10, 24, 8, 15, 30, 123));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) }), (atMs) => {
        expect(keptRefTime(`${keptRefPrefix(atMs)}/heads/x`)).toBe(atMs);
      }),
    );
  });

  it.each([
    'refs/heads/main',
    'refs/epicstar/kept/20261124/heads/main',
    'refs/epicstar/kept/20261324T081530123Z/heads/main',
    'refs/epicstar/kept/20261124T251530123Z/heads/main',
    'refs/epicstar/kept/20261124T081530123Z',
    'x/refs/epicstar/kept/20261124T081530123Z/heads/main',
  ])('without a time have none: %s', (ref) => {
    expect(keptRefTime(ref)).toBeNull();
  });
});
