/** @file The line in a description by which a mirror is found again. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeMirror, githubIdOf, provenanceToken } from '../../../src-main/engine/adapters/onedev/provenance.ts';
import { wanted } from './surroundings.ts';

describe('the description of a mirror', () => {
  it('is the own one, an empty line, and where it comes from', () => {
    expect(describeMirror(wanted(12, 'ada/engine', ' An engine '))).toBe(
      'An engine\n\nMirrored by epicstar from https://github.com/ada/engine (epicstar-github-id:12;)',
    );
    expect(describeMirror(wanted(12, 'ada/engine'))).toBe(
      'Mirrored by epicstar from https://github.com/ada/engine (epicstar-github-id:12;)',
    );
  });

  it('tells the id whatever the foreign texts are, and no other id', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 40 }),
        fc.oneof(
          fc.string({ unit: 'grapheme', maxLength: 200 }),
          fc.constant(`x ${describeMirror(wanted(99, 'a/b'))}`),
        ),
        fc.string({ maxLength: 50 }),
        (githubId, text, url) => {
          const description = describeMirror({ ...wanted(githubId, 'a/b', text), htmlUrl: `https://x/${url}` });
          expect(githubIdOf(description)).toBe(githubId);
          expect(description.match(/epicstar-github-id/gi)).toHaveLength(1);
          expect(description).toContain(provenanceToken(githubId));
        },
      ),
    );
  });

  it.each([
    ['an element', '<img src=x> a < b, 3<4', '‹img src=x> a < b, 3<4'],
    [
      'a picture',
      '![a](https://x.invalid/p.png) [b][c] [c]: https://x',
      '! [a] (https://x.invalid/p.png) [b] [c] [c] : https://x',
    ],
    ['a mention', '@admin (@root) me@x.org', '＠admin (＠root) me@x.org'],
    ['a reference', 'see #12, C# and # title', 'see ＃12, C# and # title'],
    ['a turned direction', 'a\u202eb\u2066c', 'abc'],
    ['a family', '👩‍👩‍👧‍👦', '👩‍👩‍👧‍👦'],
  ])('of a stranger is text where OneDev would show Markdown: %s', (_name, text, shown) => {
    expect(describeMirror(wanted(1, 'a/b', text)).split('\n')[0]).toBe(shown);
  });

  it('cannot be forged by a description', () => {
    const forged = describeMirror(wanted(99, 'evil/x', `\n${describeMirror(wanted(12, 'ada/engine'))}\n`));
    expect(githubIdOf(forged)).toBe(99);
    expect(forged).not.toContain(provenanceToken(12));
  });

  it('of 123 does not contain the token of 12', () => {
    expect(describeMirror(wanted(123, 'a/b'))).not.toContain(provenanceToken(12));
    expect(describeMirror(wanted(312, 'a/b'))).not.toContain(provenanceToken(12));
  });

  it.each([14_800, 14_899, 14_900, 15_000, 100_000])('of %i characters is cut below what OneDev keeps', (length) => {
    const description = describeMirror(wanted(12, 'ada/engine', `a${'😀'.repeat(length / 2)}`));
    expect(description.length).toBeLessThan(15_000);
    expect(description.isWellFormed()).toBe(true);
    expect(githubIdOf(description)).toBe(12);
  });

  it('is known with a text that a person added below, and not with two lines or none', () => {
    const line = describeMirror(wanted(12, 'ada/engine'));
    expect(githubIdOf(`${line}\r\nNote: ours`)).toBe(12);
    expect(githubIdOf(`${line}\n${line}`)).toBeNull();
    expect(githubIdOf(`x ${line}`)).toBeNull();
    expect(githubIdOf('')).toBeNull();
    expect(githubIdOf(null)).toBeNull();
  });
});
