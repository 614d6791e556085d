/** @file Where mirrors stand in OneDev, as pure functions. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSecure, parseAddress } from '../../../src-main/engine/adapters/onedev/address.ts';
import {
  asideName,
  isReachableByGit,
  maxPathLength,
  parseRoot,
  placeOf,
  rootOf,
  withoutList,
} from '../../../src-main/engine/adapters/onedev/place.ts';
import { automaticDefault, refFitness } from '../../../src-main/engine/adapters/onedev/refs.ts';
import { isFullName } from '../../../src-main/engine/domain/repository.ts';

const letters = 'abAB09-_.'.split('');
const names = fc
  .tuple(
    fc.oneof(fc.constantFrom('projects', 'Projects', 'x.git', 'ada'), fc.string({ unit: fc.constantFrom(...letters) })),
    fc.oneof(
      fc.constantFrom('projects', 'PROJECTS', 'x.git', '.git', 'x.GIT', '.github', '-x'),
      fc.string({ unit: fc.constantFrom(...letters), maxLength: 100 }),
    ),
  )
  .map(([owner, name]) => `${owner}/${name}`)
  .filter(isFullName);

describe('the place under a GitHub List', () => {
  it('is one that no owner has, and is told apart from it again', () => {
    expect(placeOf(rootOf('github', 'Machine learning'), 'ada/engine', 1).path).toBe(
      'github/_lists/machine-learning/ada/engine',
    );
    expect(placeOf(rootOf('github', null), 'ada/engine', 1).path).toBe('github/ada/engine');
    expect(placeOf('github', '_lists/art', 1).path).not.toMatch(/^github\/_lists\//);
  });

  it('is reached by git and fits, and leads back to the place without the List', () => {
    fc.assert(
      fc.property(names, fc.string({ unit: 'grapheme', maxLength: 60 }), (fullName, list) => {
        const { path } = placeOf(rootOf('github', list), fullName, 7);
        expect(isReachableByGit(path)).toBe(true);
        expect(path.length).toBeLessThanOrEqual(maxPathLength);
        const plain = placeOf('github', fullName, 7);
        if (path.length < maxPathLength) expect(withoutList(path, 'github')).toBe(plain.path);
        expect(withoutList(plain.path, 'github')).toBe(plain.path);
      }),
    );
  });
});

describe('the place of a mirror', () => {
  it.each([
    ['facebook/react', 'github/facebook/react'],
    ['a/.github', 'github/a/.github'],
    ['a/-x', 'github/a/-x'],
    ['a/robots.txt', 'github/a/robots.txt'],
    ['a/CON', 'github/a/CON'],
    ['a/x.git', 'github/a/x+git+7'],
    ['a/projects', 'github/a/projects+7'],
    ['projects/x', 'github/owner+projects/x'],
    ['a.git/x', 'github/owner+a+git/x'],
  ])('of %s is %s', (fullName, path) => {
    expect(placeOf('github', fullName, 7).path).toBe(path);
  });

  it('has all parents, the outermost first', () => {
    expect(placeOf('all/mirrors', 'ada/engine', 7).parents).toEqual(['all', 'all/mirrors', 'all/mirrors/ada']);
  });

  it('is cut where the path is too long, and ends in the GitHub id', () => {
    const root = 'r'.repeat(200);
    const { path, name } = placeOf(root, `ada/${'n'.repeat(100)}`, 123_456);
    expect(path).toHaveLength(maxPathLength);
    expect(name).toMatch(/^n+\+123456$/);
    expect(placeOf(root, `ada/${'n'.repeat(50)}`, 7).name).toBe('n'.repeat(50));
    expect(() => placeOf('r'.repeat(249), 'ada/x1', 7)).toThrowError(
      expect.objectContaining({ code: 'target-name-unfit' }),
    );
  });

  it('is never that of another repository, is reached by git, and is always the same', () => {
    fc.assert(
      fc.property(names, names, fc.constantFrom('github', 'r'.repeat(120)), (one, other, root) => {
        const a = placeOf(root, one, 1);
        expect(isReachableByGit(a.path)).toBe(true);
        expect(a.path.length).toBeLessThanOrEqual(maxPathLength);
        expect(placeOf(root, one, 1)).toEqual(a);
        fc.pre(one.toLowerCase() !== other.toLowerCase());
        expect(placeOf(root, other, 2).path.toLowerCase()).not.toBe(a.path.toLowerCase());
      }),
    );
  });

  it('of a former holder of a name is told by its id', () => {
    expect(asideName('github/ada', 'engine.js', 12)).toBe('engine+js+12');
    expect(asideName('p'.repeat(240), 'engine', 12)).toBe('engine+12');
    expect(asideName('p'.repeat(250), 'engine', 12)).toBe('e+12');
  });
});

describe('the root', () => {
  it.each([
    ['github', 'github'],
    ['/a/b/', 'a/b'],
    ['x.y-z_1', 'x.y-z_1'],
  ])('%s is taken as %s', (text, root) => {
    expect(parseRoot(text)).toBe(root);
  });

  it.each(['', '/', 'a b', 'ü', 'a//b', 'a/..', '.', 'x.git', 'x.git/y', 'a%20b', 'a"b', 'a*'])(
    '%j is refused',
    (text) => {
      expect(() => parseRoot(text)).toThrowError(expect.objectContaining({ code: 'config-invalid' }));
    },
  );
});

describe('what git reaches', () => {
  it.each([
    ['github/a+b', true],
    ['github/a b', false],
    ['github/ü', false],
    ['github/a%20', false],
    ['github/a?b', false],
    ['github/../b', false],
    ['github//b', false],
    ['github/x.git', false],
  ])('%s: %s', (path, expected) => {
    expect(isReachableByGit(path)).toBe(expected);
  });
});

describe('the address', () => {
  it.each([
    ['https://one.example.com/', 'https://one.example.com'],
    ['https://example.com/onedev//', 'https://example.com/onedev'],
    ['HTTP://LOCALHOST:6610', 'http://localhost:6610'],
  ])('%s is taken as %s', (text, address) => {
    expect(parseAddress(text)).toBe(address);
  });

  it.each([
    '',
    'example.com',
    'ftp://example.com',
    'https://user:secret@example.com',
    'https://e.com/?a',
    'https://e.com/#a',
  ])('%s is refused', (text) => {
    expect(() => parseAddress(text)).toThrowError(expect.objectContaining({ code: 'config-invalid' }));
    expect(() => parseAddress(text)).not.toThrowError(/secret/);
  });

  it.each([
    ['https://example.com', [], true],
    ['http://127.0.0.1:6610', [], true],
    ['http://127.8.0.1', [], true],
    ['http://[::1]:6610', [], true],
    ['http://localhost', [], true],
    ['http://nas.lan:6610', [], false],
    ['http://nas.lan:6610', ['nas.lan'], true],
    ['http://nas.lan:6610', ['NAS.lan:6610'], true],
    ['http://nas.lan:6610', ['nas.lan:80', 'lan'], false],
    ['http://127.0.0.1.example.com', [], false],
    ['http://localhost.example.com', [], false],
  ])('%s with %j allowed is secure: %s', (address, allowed, expected) => {
    expect(isSecure(address, allowed)).toBe(expected);
  });
});

describe('refs', () => {
  it.each(['a+b', 'a&b', 'a=b', 'a%b', 'x%41', 'a#b', 'a?b', 'end+'])(
    'the name %s is unfit, and the reason says why',
    (name) => {
      const character = /[+&=%#?]/.exec(name)?.[0] ?? '';
      expect(refFitness(`refs/heads/${name}`)).toContain(`"${character}"`);
      expect(refFitness(`refs/tags/${name}`)).not.toBeNull();
    },
  );

  it.each(['main', 'a/b', "quote'", '$x', 'größe', '\u00a0', '-dash', 'emoji-😀', 'a@b'])(
    'the name %s is fit',
    (name) => {
      expect(refFitness(`refs/heads/${name}`)).toBeNull();
    },
  );

  it('replacement refs are unfit', () => {
    expect(refFitness(`refs/replace/${'0'.repeat(40)}`)).not.toBeNull();
  });

  it('main becomes the default, else the last', () => {
    expect(automaticDefault([])).toBeNull();
    expect(automaticDefault(['zzz', 'main', 'aaa'])).toBe('main');
    expect(automaticDefault(['zzz', 'master', 'aaa'])).toBe('aaa');
  });
});
