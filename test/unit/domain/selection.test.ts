import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueCause } from '../../../src-main/engine/domain/due.ts';
import {
  decideSelection,
  defaultSelectionRules,
  matchesGlob,
  type SelectionRules,
} from '../../../src-main/engine/domain/selection.ts';
import { facts } from '../../support/facts.ts';

const decide = (rules: Partial<SelectionRules>, change: Parameters<typeof facts>[0] = {}, starredAt = 500) =>
  decideSelection({ ...defaultSelectionRules, ...rules }, facts(change), starredAt, null);

describe('the default rules', () => {
  it('mirror every star', () => {
    const odd = { isFork: true, isArchived: true, isPrivate: true, language: null, topics: [], sizeKb: 90_000_000 };
    expect(decide({}, odd, 0)).toEqual({ selection: 'mirror', reason: 'chosen by the rules' });
  });
});

describe('a rule', () => {
  it.each<[string, Partial<SelectionRules>, Parameters<typeof facts>[0], Parameters<typeof facts>[0]]>([
    ['archived', { archived: 'skip' }, { isArchived: true }, {}],
    ['fork', { forks: 'skip' }, { isFork: true }, {}],
    ['private', { privateOnes: 'skip' }, { isPrivate: true }, {}],
    ['owner not chosen', { owners: { only: ['ADA'], never: [] } }, { fullName: 'adam/engine' }, { fullName: 'Ada/x' }],
    ['owner excluded', { owners: { only: [], never: [' ada '] } }, {}, { fullName: 'adam/engine' }],
    ['owner excluded', { owners: { only: ['ada', 'b'], never: ['ada'] } }, {}, { fullName: 'b/y' }],
    ['language not chosen', { languages: { only: ['go', 'c'], never: [] } }, { language: 'C++' }, { language: 'Go' }],
    ['language not chosen', { languages: { only: ['go'], never: [] } }, { language: null }, { language: 'GO' }],
    ['language excluded', { languages: { only: [], never: ['HTML'] } }, { language: 'html' }, { language: null }],
    ['topic not chosen', { topics: { only: ['git'], never: [] } }, { topics: ['got'] }, { topics: ['x', 'Git'] }],
    ['topic excluded', { topics: { only: [], never: ['ai'] } }, { topics: ['git', 'AI'] }, { topics: ['aim'] }],
    ['name not chosen', { namePatterns: { only: ['*/e*'], never: [] } }, { fullName: 'e/x' }, { fullName: 'a/E' }],
    ['name excluded', { namePatterns: { only: [], never: ['ada/*'] } }, { fullName: 'ADA/x' }, { fullName: 'adam/x' }],
  ])('of "%s" skips what it names: %j', (reason, rules, skipped, mirrored) => {
    expect(decide(rules, skipped)).toEqual({ selection: 'skip', reason });
    expect(decide(rules, mirrored).selection).toBe('mirror');
  });

  it('of new stars alone goes by the time of the star', () => {
    const rules = { scope: 'new-only', newSince: 500 } as const;
    expect(decide(rules, {}, 499)).toEqual({ selection: 'skip', reason: 'starred earlier' });
    expect(decide(rules, {}, 500).selection).toBe('mirror');
    expect(decide({ scope: 'all', newSince: 500 }, {}, 499).selection).toBe('mirror');
  });

  it.each([
    [2_000_000, 'larger than 2 GB'],
    [1_500_000, 'larger than 1.5 GB'],
    [2_500, 'larger than 2.5 MB'],
    [7, 'larger than 7 KB'],
  ])('of size asks above %d kB, unless another rule skips', (askAboveKb, reason) => {
    expect(decide({ askAboveKb }, { sizeKb: askAboveKb + 1 })).toEqual({ selection: 'ask', reason });
    expect(decide({ askAboveKb }, { sizeKb: askAboveKb }).selection).toBe('mirror');
    expect(decide({ askAboveKb, forks: 'skip' }, { sizeKb: askAboveKb + 1, isFork: true }).selection).toBe('skip');
  });
});

const listArbitrary = fc.array(fc.constantFrom('ada', 'Bob', 'c', 'go', '*', 'a?a/*', 'zz'), { maxLength: 3 });
const listsArbitrary = fc.record({ only: listArbitrary, never: listArbitrary });
const flagArbitrary = fc.constantFrom('mirror' as const, 'skip' as const);
const rulesArbitrary: fc.Arbitrary<SelectionRules> = fc.record({
  scope: fc.constantFrom('all' as const, 'new-only' as const),
  newSince: fc.nat(1_000),
  owners: listsArbitrary,
  languages: listsArbitrary,
  topics: listsArbitrary,
  lists: fc.constant({ only: [], never: [] }),
  forks: flagArbitrary,
  archived: flagArbitrary,
  privateOnes: flagArbitrary,
  namePatterns: listsArbitrary,
  askAboveKb: fc.option(fc.nat(200)),
});
const factsArbitrary = fc
  .record({
    fullName: fc.constantFrom('ada/go', 'Bob/ada', 'c/c', 'zz/top'),
    language: fc.option(fc.constantFrom('go', 'C')),
    topics: fc.array(fc.constantFrom('ada', 'go', 'c'), { maxLength: 2 }),
    isFork: fc.boolean(),
    isArchived: fc.boolean(),
    isPrivate: fc.boolean(),
    sizeKb: fc.nat(200),
  })
  .map(facts);

const shout = (lists: { readonly only: readonly string[]; readonly never: readonly string[] }) => ({
  only: lists.only.map((word) => word.toUpperCase()),
  never: lists.never.map((word) => ` ${word.toUpperCase()}`),
});

describe('whatever the rules', () => {
  it('what a person chose wins', () => {
    fc.assert(
      fc.property(rulesArbitrary, factsArbitrary, fc.nat(1_000), (rules, seen, starredAt) => {
        expect(decideSelection(rules, seen, starredAt, 'include').selection).toBe('mirror');
        expect(decideSelection(rules, seen, starredAt, 'exclude')).toEqual({
          selection: 'skip',
          reason: 'excluded by you',
        });
      }),
    );
  });

  it('case means nothing, and every decision has a reason', () => {
    fc.assert(
      fc.property(rulesArbitrary, factsArbitrary, fc.nat(1_000), (rules, seen, starredAt) => {
        const { owners, languages, topics, namePatterns } = rules;
        const loud: SelectionRules = {
          ...rules,
          owners: shout(owners),
          languages: shout(languages),
          topics: shout(topics),
          namePatterns: shout(namePatterns),
        };
        const decided = decideSelection(rules, seen, starredAt, null);
        expect(decideSelection(loud, seen, starredAt, null)).toEqual(decided);
        expect(decided.reason).not.toBe('');
      }),
    );
  });

  it('one more name in a never list adds nothing to what is mirrored', () => {
    fc.assert(
      fc.property(rulesArbitrary, factsArbitrary, fc.constantFrom('ada', 'c', 'zz'), (rules, seen, owner) => {
        const owners = { ...rules.owners, never: [...rules.owners.never, owner] };
        const after = decideSelection({ ...rules, owners }, seen, 500, null).selection;
        const before = decideSelection(rules, seen, 500, null).selection;
        expect([before, 'skip']).toContain(after);
        expect(seen.fullName.startsWith(`${owner}/`) ? after : 'skip').toBe('skip');
      }),
    );
  });
});

describe('name patterns', () => {
  it.each([
    ['*', ''],
    ['*', 'a/b'],
    ['a/b', 'A/B'],
    ['a*', 'a/b'],
    ['*b', 'a/b/b'],
    ['a?b', 'a/b'],
    ['*.github', 'ada/.github'],
    ['**a**', 'ba'],
    ['*a*b*c', 'xxaxxbxxbc'],
  ])('%s fits %j', (pattern, text) => {
    expect(matchesGlob(pattern, text)).toBe(true);
  });

  it.each([
    ['', 'a'],
    ['a', ''],
    ['?', ''],
    ['a/b', 'a/bc'],
    ['a.b', 'axb'],
    ['[ab]', 'a'],
    ['a*', 'ba'],
    ['*a', 'ab'],
    ['a?', 'abc'],
  ])('%s does not fit %j', (pattern, text) => {
    expect(matchesGlob(pattern, text)).toBe(false);
  });

  it('fit as a plain expression of the same meaning does', () => {
    const pattern = fc.string({ unit: fc.constantFrom('a', 'B', '/', '.', '*', '?'), maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.'), maxLength: 10 });
    fc.assert(
      fc.property(pattern, text, (glob, chars) => {
        const parts = Array.from(glob, (char) => (char === '*' ? '.*' : char === '?' ? '.' : `[${char}]`));
        expect(matchesGlob(glob, chars)).toBe(new RegExp(`^${parts.join('')}$`, 'i').test(chars));
      }),
      { numRuns: 500 },
    );
  });

  it('take no time to speak of, whatever they are', () => {
    const start = performance.now();
    expect(matchesGlob('*a'.repeat(60), `${'a'.repeat(140)}b`)).toBe(false);
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});

describe('what was left out', () => {
  it('is due when it is selected, and then by changes alone', () => {
    const known = { ...facts({}), absentSince: null, mirror: null };
    expect(dueCause({ ...known, selection: 'skip' }, facts({}))).toBe('new-star');
    expect(dueCause({ ...known, mirror: {}, selection: 'ask' }, facts({}))).toBe('pushed');
    expect(dueCause({ ...known, selection: 'mirror' }, facts({}))).toBeNull();
  });
});
