/** @file What GitHub Lists are called in paths, and under which of several a mirror stands. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listFolder, parentList } from '../../../src-main/engine/domain/lists.ts';

describe('the folder of a List', () => {
  it.each([
    ['Machine learning', 'machine-learning'],
    ['web', 'web'],
    ['2024', '2024'],
    ['  To  read ', 'to-read'],
  ])('%s is %s', (name, folder) => {
    expect(listFolder(name)).toBe(folder);
  });

  it('keeps names apart that lose something on the way', () => {
    const names = [
      'C',
      'C++',
      'C#',
      'c/',
      'Ünïcode',
      'Unicode',
      '日本',
      '中国',
      '🚀',
      '..',
      '-',
      'projects',
      'a_b',
      'a.b',
    ];
    const folders = names.map(listFolder);
    expect(new Set(folders).size).toBe(names.length);
    expect(folders[1]).toMatch(/^c-[0-9a-f]{8}$/);
    expect(folders[6]).toMatch(/^list-[0-9a-f]{8}$/);
    expect(folders[11]).toMatch(/^projects-[0-9a-f]{8}$/);
  });

  it('is one segment of a path that git reaches, whatever somebody wrote', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (name) => {
        expect(listFolder(name)).toMatch(/^[a-z0-9][a-z0-9-]{0,48}$/);
        expect(listFolder(name)).toBe(listFolder(name));
      }),
    );
  });
});

describe('of several Lists', () => {
  it('the first by name counts, whatever their order', () => {
    expect(parentList(['web', 'Art', 'zoo'])).toBe('Art');
    expect(parentList(['zoo', 'Art', 'web'])).toBe('Art');
    expect(parentList([])).toBeNull();
  });
});
