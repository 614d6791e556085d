/** @file Texts as a stranger with bad intentions writes them, and what must never come of them. */

const escape = String.fromCharCode(27);
const csi = String.fromCharCode(0x9b);

/** Colours and titles of terminals, a turned direction, elements, pictures, mentions, and more than fits anywhere. */
export const hostile = {
  escape: `${escape}[31mred${escape}]0;title${String.fromCharCode(7)}`,
  c1: `${csi}31mred`,
  bidi: 'user\u202egnp.exe\u2066x\u2069',
  element: '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script><b>bold</b>',
  picture: '![pixel](https://tracker.invalid/pixel.png) [![a][b]][b] [b]: https://tracker.invalid/b.png',
  mention: '@admin and (@root) see #1, a&b &amp; c',
  lines: 'first\nsecond\r\nthird\ttab',
  emoji: '👩‍👩‍👧‍👦 ünïcode',
  long: 'x'.repeat(10_000),
} as const;

export const hostileDescription = Object.values(hostile).join(' ');

/** Names that git takes, and that are as bad as git allows. */
export const hostileRefs = [
  'refs/heads/<img-src=x-onerror=alert(1)>',
  'refs/heads/user\u202egnp.exe',
  'refs/heads/@admin/#1&amp;',
  'refs/tags/👩‍👩‍👧‍👦',
  `refs/tags/c1-${csi}31m`,
] as const;

/** Control characters but line ends, and those that turn the direction; empty: there is none. */
export function badCharactersIn(text: string): readonly string[] {
  const found = text.match(/[^\P{Cc}\n]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu) ?? [];
  return found.map((character) => `U+${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);
}
