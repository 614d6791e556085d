/** @file Where mirrors stand in a folder, as pure functions. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asideRepository, placeOf } from '../../../src-main/engine/adapters/folder/place.ts';
import { isFullName } from '../../../src-main/engine/domain/repository.ts';

const letters = 'abAB09-_.'.split('');
const part = fc.oneof(
  fc.constantFrom(
    'con',
    'CON',
    'aux.js',
    'nul',
    'com1',
    'COM1.x',
    'com10',
    'lpt9',
    'console',
    'a.',
    'x.git',
    '.github',
  ),
  fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 100 }),
);
const fullNames = fc
  .tuple(part, part)
  .map(([owner, name]) => `${owner}/${name}`)
  .filter(isFullName);

describe('the place of a mirror', () => {
  it.each([
    ['facebook/react', 'facebook/react.git'],
    ['a/.github', 'a/.github.git'],
    ['a/-x', 'a/-x.git'],
    ['a/x.git', 'a/x.git.git'],
    ['a/console', 'a/console.git'],
    ['a/com10', 'a/com10.git'],
    ['a/CON', 'a/CON+7.git'],
    ['a/aux.js', 'a/aux+js+7.git'],
    ['a/name.', 'a/name..git'],
    ['con/x', 'owner+con/x.git'],
    ['a./x', 'owner+a+/x.git'],
    ['a.git/x', 'owner+a+git/x.git'],
  ])('of %s is %s', (fullName, path) => {
    const { owner, repository } = placeOf(fullName, 7);
    expect(`${owner}/${repository}`).toBe(path);
  });

  it('fits every disk, and is never that of another repository', () => {
    fc.assert(
      fc.property(fullNames, fullNames, (one, other) => {
        const a = placeOf(one, 1);
        for (const name of [a.owner, a.repository]) {
          expect(name).toMatch(/^[A-Za-z0-9._+-]{1,255}$/);
          expect(name).not.toMatch(/[. ]$|^\.{1,2}$/);
          expect(name.split('.')[0]).not.toMatch(/^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$/i);
        }
        fc.pre(one.toLowerCase() !== other.toLowerCase());
        const b = placeOf(other, 2);
        expect(`${b.owner}/${b.repository}`.toLowerCase()).not.toBe(`${a.owner}/${a.repository}`.toLowerCase());
      }),
    );
  });

  it('of a former holder of a name is told by its id', () => {
    expect(asideRepository('engine.git', 12)).toBe('engine+12.git');
    expect(asideRepository('engine.js.git', 12)).toBe('engine+js+12.git');
  });
});
