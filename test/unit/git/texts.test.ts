/** @file Lines, names and reports: the pure parts that read what git writes. */
import { describe, expect, test } from 'vitest';
import { withTargetRefs } from '../../../src-main/engine/adapters/git/fetch.ts';
import { createLineSplitter, createTail } from '../../../src-main/engine/adapters/git/lines.ts';
import { createRefReader } from '../../../src-main/engine/adapters/git/ref-reader.ts';
import { parseGitVersion } from '../../../src-main/engine/adapters/git/location.ts';
import { splitPush } from '../../../src-main/engine/adapters/git/push.ts';
import { parseRefReport, rejectionReason, serverWords } from '../../../src-main/engine/adapters/git/push-report.ts';
import { checkedOid, checkedRef, escapeControls, oneLine } from '../../../src-main/engine/adapters/git/text.ts';

const oid = '778806fa645cff79664d69eeb0ecff5cbaae5da6';

describe('createLineSplitter', () => {
  const split = (separators: 'lf' | 'cr-lf', text: string, pieceBytes: number, maxBytes = 1000): string[] => {
    const lines: string[] = [];
    const splitter = createLineSplitter(separators, maxBytes, (line) => lines.push(line.toString()));
    const bytes = Buffer.from(text);
    for (let from = 0; from < bytes.length; from += pieceBytes) splitter.push(bytes.subarray(from, from + pieceBytes));
    splitter.end();
    return lines;
  };

  test.each([1, 2, 3, 7, 100])('cuts the same wherever pieces of %i bytes end', (pieceBytes) => {
    expect(split('lf', 'one\ntwo\r\n\nünf', pieceBytes)).toEqual(['one', 'two\r', '', 'ünf']);
    expect(split('cr-lf', 'a 1%\ra 2%\rdone\nlast\n', pieceBytes)).toEqual(['a 1%', 'a 2%', 'done', 'last']);
    expect(split('lf', `${'x'.repeat(5000)}\nnext`, pieceBytes, 10)).toEqual(['x'.repeat(10), 'next']);
  });
});

test('createTail keeps the end, and a line that repeats once', () => {
  const tail = createTail(20);
  for (let index = 0; index < 1000; index += 1) tail.add(`line ${index}`);
  for (let index = 0; index < 1000; index += 1) tail.add('same');
  expect(tail.text()).toBe('line 999\nsame');
});

describe('names', () => {
  test.each([
    'refs/heads/main',
    'refs/heads/a/b',
    'refs/tags/v1.0+k3s=1&x%41',
    'refs/heads/caf\u00e9',
    'refs/heads/-dash',
  ])('takes %s', (ref) => {
    expect(checkedRef(ref)).toBe(ref);
  });

  test.each([
    'main',
    '-f',
    '--all',
    'refs/heads/',
    'refs/heads/a..b',
    'refs/heads/*',
    'refs/heads/a:b',
    'refs/a\tb',
    'refs/x.lock/y',
  ])('refuses %j', (ref) => {
    expect(() => checkedRef(ref)).toThrow(expect.objectContaining({ code: 'git-failed' }));
  });

  test('takes whole ids alone', () => {
    expect(checkedOid(oid)).toBe(oid);
    expect(checkedOid('a'.repeat(64))).toHaveLength(64);
    for (const wrong of ['', 'HEAD', oid.slice(1), oid.toUpperCase(), `${oid}^{}`, '-x']) {
      expect(() => checkedOid(wrong)).toThrow(expect.objectContaining({ code: 'git-failed' }));
    }
  });

  test('shows what cannot be seen', () => {
    expect(escapeControls('a\u001b[2Jb\u202ec\nd\te\u0085')).toBe('a\\x1b[2Jb\\u{202e}c\nd\te\\x85');
    expect(oneLine('  a\n\n b\u0000 ')).toBe('a b\\x00');
    expect(oneLine('x'.repeat(500), 10)).toBe(`${'x'.repeat(9)}…`);
  });
});

test('the ref reader leaves out peeled tags, HEAD and other prefixes', () => {
  const reader = createRefReader(['refs/heads/', 'refs/tags/']);
  for (const line of [
    'ref: refs/heads/main\tHEAD',
    `${oid}\tHEAD`,
    `${oid}\trefs/heads/main`,
    'ref: refs/heads/main\trefs/remotes/origin/HEAD',
    `${oid}\trefs/pull/1/head`,
    `${oid}\trefs/tags/v1`,
    `${oid}\trefs/tags/v1^{}`,
    'garbage',
    `${oid} refs/tags/no-tab`,
  ]) {
    reader.take(Buffer.from(line));
  }
  expect(reader.listing()).toEqual({
    refs: new Map([
      ['refs/heads/main', oid],
      ['refs/tags/v1', oid],
    ]),
    head: 'refs/heads/main',
    unreadable: [],
  });
});

test('withTargetRefs repeats every ref under the target, and stays sorted', () => {
  const head = '# pack-refs with: peeled fully-peeled sorted ';
  const packed = Buffer.from(`${head}\n${oid} refs/heads/caf\u00e9\n${oid} refs/tags/v1\n^${oid}\n`);
  expect(withTargetRefs(packed).toString()).toBe(
    `${head}
${oid} refs/epicstar/target/heads/caf\u00e9
${oid} refs/epicstar/target/tags/v1
^${oid}
${oid} refs/heads/caf\u00e9
${oid} refs/tags/v1
^${oid}
`,
  );
});

describe('the report of a push', () => {
  test.each([
    [`*\t${oid}:refs/heads/n\t[new branch]`, 'refs/heads/n', true, false],
    [` \t${oid}:refs/heads/main\tbcce7e3..778806f`, 'refs/heads/main', true, false],
    [`+\t${oid}:refs/heads/main\tbcce7e3...778806f (forced update)`, 'refs/heads/main', true, false],
    ['-\t:refs/heads/gone\t[deleted]', 'refs/heads/gone', true, false],
    [`=\t${oid}:refs/tags/v1\t[up to date]`, 'refs/tags/v1', true, false],
    ['!\t(delete):refs/heads/gone\t[rejected] (stale info)', 'refs/heads/gone', false, false],
    [`!\t${oid}:refs/heads/h\t[remote rejected] (pre-receive hook declined)`, 'refs/heads/h', false, false],
    [`!\t${oid}:refs/heads/h\t[remote failure] (remote failed to report status)`, 'refs/heads/h', false, true],
  ])('%j', (line, ref, isAccepted, isUnknown) => {
    expect(parseRefReport(line)).toMatchObject({ ref, isAccepted, isUnknown });
  });

  test.each(['To https://host/a.git', 'Done', '', 'Everything up-to-date'])('is none: %j', (line) => {
    expect(parseRefReport(line)).toBeNull();
  });

  test("keeps the server's words, without invitations, progress and frames", () => {
    const stderr = [
      'Total 3 (delta 0), reused 0 (delta 0), pack-reused 0',
      'remote: Resolving deltas: 100% (1/1), done.',
      'remote:',
      "remote: Create a pull request for 'x' by visiting:",
      'remote:     https://onedev.example.org/github/a/b/~pulls/new?source=3:x',
      'remote: *****************',
      'remote: *  ERROR PUSHING REF: refs/heads/main',
      'remote: curl: (22) The requested URL returned error: 500',
      'remote: see https://onedev.example.org/help',
      "error: failed to push some refs to 'https://onedev.example.org/a'",
    ].join('\n');
    expect(serverWords(stderr)).toEqual([
      '*  ERROR PUSHING REF: refs/heads/main',
      'curl: (22) The requested URL returned error: 500',
      'see https://onedev.example.org/help',
    ]);
  });

  test('adds the words where the summary says little', () => {
    const report = (summary: string) => ({ ref: 'refs/heads/b', isAccepted: false, isUnknown: false, summary });
    const words = ["error: cannot lock ref 'refs/heads/a': x", "error: cannot lock ref 'refs/heads/b': y"];
    expect(rejectionReason(report('[rejected] (stale info)'), words)).toBe('[rejected] (stale info)');
    expect(rejectionReason(report('[remote rejected] (failed to update ref)'), words)).toBe(
      `[remote rejected] (failed to update ref): ${words[1]}`,
    );
    expect(rejectionReason(report('[remote rejected] (pre-receive hook declined)'), ['*  No.'])).toBe(
      '[remote rejected] (pre-receive hook declined): No.',
    );
  });
});

test('splitPush keeps order, and every command line short enough', () => {
  const commands = Array.from({ length: 300 }, (_, index) => ({
    ref: `refs/heads/${index}-${'é'.repeat(50)}`,
    oid: index % 3 === 0 ? null : oid,
    expect: index % 2 === 0 ? oid : null,
  }));
  const parts = splitPush(commands, 24_000);
  expect(parts.flatMap((part) => part.commands)).toEqual(commands);
  expect(parts.length).toBeGreaterThan(1);
  for (const { args } of parts) expect(Buffer.byteLength(args.join(' '))).toBeLessThan(24_000);
  expect(splitPush(commands.slice(0, 2), 400_000)[0]?.args).toEqual([
    `--force-with-lease=${commands[0]?.ref}:${oid}`,
    `--force-with-lease=${commands[1]?.ref}:`,
    '--',
    `:${commands[0]?.ref}`,
    `${oid}:${commands[1]?.ref}`,
  ]);
});

test('parseGitVersion reads what the makers of git print', () => {
  expect(parseGitVersion('git version 2.39.5')).toBe('2.39.5');
  expect(parseGitVersion('git version 2.39.5 (Apple Git-154)')).toBe('2.39.5');
  expect(parseGitVersion('git version 2.47.1.windows.2')).toBe('2.47.1.windows.2');
  expect(parseGitVersion('git version 3.0.0')).toBe('3.0.0');
  for (const wrong of ['git version 2.31.9', 'git version 1.9.1', 'hg 5', '']) {
    expect(() => parseGitVersion(wrong)).toThrow(expect.objectContaining({ code: 'git-missing' }));
  }
});
