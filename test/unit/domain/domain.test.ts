import { describe, expect, it } from 'vitest';
import { chooseDefaultBranch } from '../../../src-main/engine/domain/default-branch.ts';
import { dueCause } from '../../../src-main/engine/domain/due.ts';
import { EpicstarError, errorSpecs, toEpicstarError } from '../../../src-main/engine/domain/errors.ts';
import { isFullName, splitFullName } from '../../../src-main/engine/domain/repository.ts';
import { facts } from '../../support/facts.ts';

describe('the branch shown first', () => {
  it.each([
    [['main', 'trunk'], 'trunk', 'main', 'trunk'],
    [['main', 'b'], 'gone', 'b', 'b'],
    [['master', 'b'], 'gone', 'gone-too', 'master'],
    [['z', 'b'], 'gone', null, 'b'],
    [[], 'main', null, null],
  ])('of %j, wanted %s, shown %s, is %s', (branches, wanted, current, expected) => {
    expect(chooseDefaultBranch(new Set(branches), wanted, current)).toBe(expected);
  });
});

describe('which mirror is due', () => {
  const known = { ...facts({}), absentSince: null, mirror: {} };
  it('is every new star and every change, and nothing else', () => {
    expect(dueCause(null, facts({}))).toBe('new-star');
    expect(dueCause(known, facts({}))).toBeNull();
    expect(dueCause(known, facts({ pushedAt: 5 }))).toBe('pushed');
    expect(dueCause(known, facts({ defaultBranch: 'trunk' }))).toBe('pushed');
    expect(dueCause(known, facts({ fullName: 'ada/other' }))).toBe('renamed');
    expect(dueCause(known, facts({ description: 'other', sizeKb: 7 }))).toBeNull();
    expect(dueCause({ ...known, absentSince: 3 }, facts({}))).toBe('pushed');
    expect(dueCause({ ...known, absentSince: 3, mirror: null }, facts({}))).toBe('new-star');
  });
});

describe('full names', () => {
  it.each(['a/b', 'owner/.github', 'o-w/-x', 'o/a.b_c-d'])('%s is one', (name) => {
    expect(isFullName(name)).toBe(true);
  });
  it.each([
    '',
    '/',
    'a',
    'a/',
    '/b',
    'a/b/c',
    'a/..',
    'a/.',
    '../b',
    'a/b\n',
    'a/b c',
    `a/${'x'.repeat(101)}`,
    'ü/b',
    'a/%2e',
  ])('%j is none', (name) => {
    expect(isFullName(name)).toBe(false);
  });
  it('split into owner and name, and into nothing else', () => {
    expect(splitFullName('a/b')).toEqual({ owner: 'a', name: 'b' });
    expect(() => splitFullName('a/b/c')).toThrow(RangeError);
  });
});

describe('errors', () => {
  it('each name a cause and a next step', () => {
    for (const [code, { cause, nextStep }] of Object.entries(errorSpecs)) {
      expect(cause, code).toMatch(/\.$/);
      expect(nextStep, code).toMatch(/\.$/);
    }
  });
  it('turn whatever was thrown into the closed set', () => {
    const own = new EpicstarError('disk-full', 'x');
    expect(toEpicstarError(own)).toBe(own);
    expect(toEpicstarError(new DOMException('stop', 'AbortError')).code).toBe('cancelled');
    expect(toEpicstarError(new TypeError('boom')).message).toContain('TypeError: boom');
    expect(toEpicstarError('text').code).toBe('internal');
  });
});
