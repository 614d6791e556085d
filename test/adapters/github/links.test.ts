/** @file Page numbers out of Link headers, sane and not. */
import { describe, expect, it } from 'vitest';
import { readPageLinks } from '../../../src-main/engine/adapters/github/links.ts';

const link = (pages: Readonly<Record<string, string | number>>, base = 'https://api.github.com/user/starred'): string =>
  Object.entries(pages)
    .map(([rel, page]) => `<${base}?per_page=1&page=${page}>; rel="${rel}"`)
    .join(', ');

describe('readPageLinks', () => {
  it('takes the numbers of next and last', () => {
    expect(readPageLinks(link({ prev: 1, next: 3, last: 9, first: 1 }), 2, false)).toEqual({ next: 3, last: 9 });
  });

  it('has none on the last page', () => {
    expect(readPageLinks(link({ prev: 1, first: 1 }), 2, false)).toEqual({ next: null, last: null });
    expect(readPageLinks(null, 1, false)).toEqual({ next: null, last: null });
  });

  it('does not care about host, path, order of parameters or form', () => {
    const odd = '</x?page=2&a=b,c>;title="n"; rel=next,<http://evil.example/?page=7>; rel="last"';
    expect(readPageLinks(odd, 1, false)).toEqual({ next: 2, last: 7 });
  });

  it('takes a last page before an empty one for a list that shrank', () => {
    expect(readPageLinks(link({ prev: 4, last: 3, first: 1 }), 5, true)).toEqual({ next: null, last: null });
  });

  it.each([
    ['a circle', link({ next: 2 }), 2],
    ['a jump', link({ next: 9, last: 9 }), 2],
    ['back to the first', link({ next: 1, last: 3 }), 3],
    ['last before current', link({ last: 1 }), 3],
    ['last before next', link({ next: 3, last: 2 }), 2],
    ['a text', link({ next: 'abc' }), 1],
    ['a negative number', link({ last: -4 }), 1],
    ['zero', link({ last: 0 }), 1],
    ['a fraction', link({ last: '2.5' }), 1],
    ['an endless number', link({ last: '9'.repeat(40) }), 1],
    ['too many', link({ last: 999_999_999 }), 1],
    ['no page', '<https://api.github.com/user/starred?after=abc>; rel="next"', 1],
  ])('refuses %s', (_name, header, current) => {
    expect(() => readPageLinks(header, current, false)).toThrow(expect.objectContaining({ code: 'github-unexpected' }));
  });

  it('reads a hostile header in no time', () => {
    const startedMs = performance.now();
    expect(readPageLinks('<'.repeat(200_000), 1, false)).toEqual({ next: null, last: null });
    expect(readPageLinks(`<a>${'; rel='.repeat(50_000)}`, 1, false)).toEqual({ next: null, last: null });
    expect(performance.now() - startedMs).toBeLessThan(2000);
  });
});
