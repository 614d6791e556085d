/** @file Addresses of submodules, what is missing in words, identities of wikis. */
import { describe, expect, it } from 'vitest';
import {
  describeIncomplete,
  isWikiId,
  noExtras,
  parsePointer,
  wikiIdOf,
} from '../../../src-main/engine/domain/extras.ts';
import { fullNameOfAddress } from '../../../src-main/engine/domain/submodule.ts';

describe('the address of a submodule', () => {
  it.each([
    ['https://github.com/ada/lib', 'ada/lib'],
    ['https://github.com/ada/lib.git/', 'ada/lib'],
    ['http://www.github.com/ada/lib.git', 'ada/lib'],
    ['https://token@github.com/ada/lib.git', 'ada/lib'],
    ['git://github.com/ada/lib.git', 'ada/lib'],
    ['git@github.com:ada/lib.git', 'ada/lib'],
    ['ssh://git@ssh.github.com:443/ada/lib.git', 'ada/lib'],
    ['../lib.git', 'zoe/lib'],
    ['../../ada/lib', 'ada/lib'],
    ['./../lib', 'zoe/lib'],
    ['../../../ada/lib', null],
    ['../..', null],
    ['https://gitlab.com/ada/lib.git', null],
    ['https://github.com.evil.example/ada/lib', null],
    ['https://github.com/ada', null],
    ['https://github.com/ada/lib/tree/main', null],
    ['https://github.com/ada/..', null],
    ['-oProxyCommand=evil', null],
    ['/srv/git/lib.git', null],
    ['', null],
  ])('%s leads to %s', (address, fullName) => {
    expect(fullNameOfAddress(address, 'github.com', 'zoe/engine')).toBe(fullName);
  });
});

describe('a pointer', () => {
  const oid = 'a'.repeat(64);
  it('is one only as a whole', () => {
    const text = `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize 12\n`;
    expect(parsePointer(text)).toEqual({ oid, size: 12 });
    expect(parsePointer(text.replace('git-lfs', 'hawser'))).toEqual({ oid, size: 12 });
    for (const other of [
      `x${text}`,
      `${text}x`,
      text.replace('size 12', 'size -1'),
      text.replace('sha256', 'sha1'),
      '',
    ]) {
      expect(parsePointer(other)).toBeNull();
    }
  });
});

describe('a wiki', () => {
  it('has an identity that no repository has', () => {
    expect(isWikiId(wikiIdOf(1))).toBe(true);
    expect(isWikiId(9_999_999_999)).toBe(false);
    expect(Number.isSafeInteger(wikiIdOf(999_999_999_999))).toBe(true);
    expect(String(wikiIdOf(999_999_999_999))).toHaveLength(16);
  });
});

describe('what is missing', () => {
  it('is told in one line, and is nothing where nothing is', () => {
    expect(describeIncomplete(noExtras)).toBeNull();
    const lfs = { objects: 2, bytes: 9, missing: 1, reason: '1 of 2 LFS files is not in the mirror.', checkedAt: 1 };
    const place = { projectId: null, projectPath: null, projectUrl: null, refCount: 0, checkedAt: 1 };
    const wiki = { ...place, kind: 'incomplete' as const, reason: 'It broke.' };
    expect(describeIncomplete({ ...noExtras, lfs, wiki })).toBe(
      '1 of 2 LFS files is not in the mirror. Wiki: It broke.',
    );
    expect(describeIncomplete({ ...noExtras, wiki: { ...place, kind: 'absent', reason: null } })).toBeNull();
  });
});
