/** @file What is pushed elsewhere, and what bundles are called. */
import { describe, expect, test } from 'vitest';
import { bundleFileName, compareCopy, refsToCopy } from '../../../src-main/engine/domain/copy-plan.ts';

const at = Date.UTC(2026, 10, 24, 8);

describe('refs that go elsewhere', () => {
  const mirror = new Map([
    ['refs/heads/main', 'a'],
    ['refs/tags/v1', 'b'],
    ['refs/epicstar/kept/20261124T081530123Z/heads/main', 'c'],
    ['refs/pull/1/head', 'd'],
  ]);

  test('are branches and tags, and kept tips where they are wanted', () => {
    expect([...refsToCopy(mirror, false).keys()]).toEqual(['refs/heads/main', 'refs/tags/v1']);
    expect(refsToCopy(mirror, true).size).toBe(3);
  });

  test('overwrite nothing: a branch may move, a tag or kept tip that differs is a clash', () => {
    const there = new Map([
      ['refs/heads/main', 'z'],
      ['refs/heads/theirs', 'y'],
      ['refs/tags/v1', 'x'],
      ['refs/epicstar/kept/20261124T081530123Z/heads/main', 'c'],
    ]);
    expect(compareCopy(refsToCopy(mirror, true), there)).toEqual({
      creates: [],
      moves: [{ ref: 'refs/heads/main', oid: 'a', expect: 'z' }],
      clashes: [{ ref: 'refs/tags/v1', oid: 'b', expect: 'x' }],
      unchanged: 1,
    });
    expect(compareCopy(refsToCopy(mirror, false), new Map()).creates).toHaveLength(2);
  });
});

describe('the name of a bundle', () => {
  test.each([
    ['octocat/Hello-World', 'octocat-Hello-World-20261124.bundle'],
    ['a/socket.io', 'a-socket.io-20261124.bundle'],
    ['con./x', 'con--x-20261124.bundle'],
    ['a/../../etc', 'a-..-..-etc-20261124.bundle'],
    ['ä"\r\n/ü', 'mirror-20261124.bundle'],
    ['-x/-y', 'x--y-20261124.bundle'],
  ])('%j is %j', (fullName, name) => {
    expect(bundleFileName(fullName, at)).toBe(name);
    expect(bundleFileName(fullName, at)).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]*$/);
  });
});
