/** @file Notes of versions become plain text, whatever they were written in. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { plainNotes, readPackedNotes } from '../../../src-main/shell/release-notes.ts';

describe('notes of a version', () => {
  it.each<[string, unknown, string | null]>([
    ['text', 'Faster.\r\n\r\n\r\n\r\nCalmer.  ', 'Faster.\n\nCalmer.'],
    [
      'Markdown',
      '## 1.3.0 ##\n\n### Added\n* **Lists** by `name`\n+ a < b > c\n',
      '1.3.0\n\nAdded\n- Lists by name\n- a < b > c',
    ],
    ['names in angle brackets', 'Mirrors of <owner>/<name> move', 'Mirrors of <owner>/<name> move'],
    [
      'HTML',
      '<p>One<br>two</p>\n<p>three &lt;b&gt; &amp;amp; &#65;&#x42; &unknown;</p>',
      'One\ntwo\n\nthree <b> &amp; AB &unknown;',
    ],
    ['a list in HTML', '<ul>\n  <li>one</li>\n  <li class="x">two</li>\n</ul>', '- one\n- two'],
    ['a heading in HTML', '<h1>New</h1>text', 'New\ntext'],
    ['scripts', '<p>a</p><script>alert(1)</script><style>p{}</style><!-- x -->b', 'a\nb'],
    ['a script without an end', '<p>a</p><script>alert(1)', 'a'],
    ['broken HTML', '<p>a <b', 'a <b'],
    ['signs that turn the text', '\u202eabc\u0000\u200bd', 'abcd'],
    ['characters that are none', '<p>&#0;&#xd800;&#x110000;x</p>', '&#0;&#xd800;&#x110000;x'],
    [
      'a list of versions',
      [{ version: '1.3.0', note: '<p>Two</p>' }, { version: '1.2.9', note: null }, 'Three', 4, null],
      '1.3.0\nTwo\n\nThree',
    ],
    ['nothing', null, null],
    ['an empty text', ' \n ', null],
    ['a number', 7, null],
    ['an object', { note: 'x' }, null],
    ['tags alone', '<p></p>', null],
  ])('as %s', (_as, notes, text) => {
    expect(plainNotes(notes)).toBe(text);
  });

  // An expression that goes back over what it has read would not end within the limit of a test.
  it('have a bound, in length and in work', () => {
    const hostile = [
      '<p '.repeat(100_000),
      '<li>'.repeat(100_000),
      '<'.repeat(200_000),
      '**'.repeat(100_000),
      '`'.repeat(200_001),
      ' '.repeat(200_000),
      `${' '.repeat(60_000)}x`,
      `# ${'#'.repeat(60_000)}x`,
      `${'\t'.repeat(2_000)}x\n`.repeat(30),
      '# '.repeat(100_000),
      '&#x'.repeat(70_000),
      '<script>'.repeat(30_000),
    ];
    const longest = hostile
      .map((text) => plainNotes(`<b>${text}`)?.length ?? 0)
      .concat(hostile.map((text) => plainNotes(text)?.length ?? 0));
    expect(Math.max(...longest)).toBeLessThanOrEqual(16_000);
    expect(plainNotes('x'.repeat(20_000))).toMatch(/^x{15999}…$/);
  });

  it('are read from the file that was packed', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'epicstar-notes-'));
    onTestFinished(() => rm(dir, { recursive: true, force: true }));
    const path = join(dir, 'release-notes.txt');
    expect(await readPackedNotes(path)).toBeNull();
    await writeFile(path, '### Added\n- Lists\n');
    expect(await readPackedNotes(path)).toBe('Added\n- Lists');
  });
});
