/** @file Links, plain texts and views: nothing of a stranger becomes more than text, nothing leaves that no view names. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeLinks } from '../../../src-main/bridge/links.ts';
import { plainLine, plainLines } from '../../../src-main/bridge/plain-text.ts';
import { shapeError } from '../../../src-main/bridge/shape-error.ts';
import { shapeJob } from '../../../src-main/bridge/shape-jobs.ts';
import { shapeOverview, shapeWork } from '../../../src-main/bridge/shape-overview.ts';
import { shapeRepository } from '../../../src-main/bridge/shape-repositories.ts';
import { shapeRun } from '../../../src-main/bridge/shape-runs.ts';
import {
  errorView,
  jobView,
  overviewView,
  repositoryView,
  runView,
  workView,
} from '../../../src-preload/contract/views.ts';
import { formatBytes, formatDuration } from '../../../src-preload/contract/words.ts';
import { errorRecord, makeJob, makeOverview, makeRow, makeRun, makeWorkItem } from '../../support/scripted-facts.ts';

const links = makeLinks(() => ({ githubWebUrl: 'https://github.com', targetUrl: 'https://onedev.example.org/base' }));

describe('links', () => {
  test('lead to GitHub and to the mirror server', () => {
    expect(links.repository('torvalds/linux')).toBe('https://github.com/torvalds/linux');
    expect(links.account('mona')).toBe('https://github.com/mona');
    expect(links.mirror('https://onedev.example.org/github/a/b')).toBe('https://onedev.example.org/github/a/b');
    expect(links.target).toBe('https://onedev.example.org/base');
    expect(links.notice('https://github.com/github/dmca/blob/x.md')).toBe('https://github.com/github/dmca/blob/x.md');
  });

  test('keep the path of an Enterprise server', () => {
    const own = makeLinks(() => ({ githubWebUrl: 'https://git.example.org/hub/', targetUrl: null }));
    expect(own.repository('a/b')).toBe('https://git.example.org/hub/a/b');
  });

  test.each([
    'javascript:alert(1)',
    'https://evil.example/github/a/b',
    'https://onedev.example.org.evil.example/',
    'http://onedev.example.org/github/a/b',
    'https://onedev.example.org:8443/github/a/b',
    'https://user:pass@onedev.example.org/github/a/b',
    'file:///etc/passwd',
    '//onedev.example.org/a',
    '',
  ])('lead nowhere else: %s', (address) => {
    expect([links.mirror(address), links.notice(address)]).toEqual([null, null]);
  });

  test.each(['a', 'a/b/c', '../b', 'a/..', 'a/.', './b', 'a/b?x', 'a/b#x', 'a b/c', '/b', 'a/', 'a/b\n'])(
    'are not made of a name that GitHub does not give: %j',
    (name) => {
      expect(links.repository(name)).toBeNull();
    },
  );

  test('of any name stay on GitHub', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        const page = links.repository(name) ?? links.account(name);
        expect(page === null || new URL(page).origin === 'https://github.com').toBe(true);
      }),
    );
  });
});

describe('plain texts', () => {
  test('are one line, without unseen characters, and no longer than allowed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 40 }), (text, maxChars) => {
        const line = plainLine(text, maxChars);
        expect(line.length).toBeLessThanOrEqual(maxChars);
        expect(line).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029]/u);
      }),
    );
  });

  test('of several lines keep the end', () => {
    expect(plainLines('one\r\ntwo\tthree\u0007', 100)).toBe('one\ntwo  three\ufffd');
    expect(plainLines('0123456789', 5)).toBe('…6789');
  });

  test('keep what joins pictures and letters that need it, and show what only hides', () => {
    for (const text of ['👩‍💻 and 👩🏽‍🚒', '❤️‍🔥', 'می‌خواهم', 'क्‍ष']) expect(plainLine(text, 100)).toBe(text);
    expect(plainLine('ma\u200din', 100)).toBe('ma\ufffdin');
    expect(plainLine('\u200dmain\u200c', 100)).toBe('\ufffdmain\ufffd');
  });
});

describe('views', () => {
  const long = 'x'.repeat(20_000);
  const refs = Array.from({ length: 300 }, (_, index) => ({
    ref: `refs/heads/${index}`,
    kind: index === 299 ? ('rewrite' as const) : ('fast-forward' as const),
    from: 'a'.repeat(64),
    to: 'b'.repeat(64),
    keptAs: index === 299 ? 'refs/epicstar/kept/x/heads/299' : null,
  }));

  test('fit the contract, whatever strangers wrote', () => {
    const error = errorRecord('git-failed', long, { output: long, noticeUrl: long });
    const row = makeRow(1, 'a/b', 'https://evil.example/');
    const wild = {
      ...row,
      repository: { ...row.repository, description: long, topics: Array.from({ length: 500 }, () => long) },
    };
    expect(errorView.safeParse(shapeError(error, links)).success).toBe(true);
    expect(jobView.safeParse(shapeJob(makeJob({ fullName: long, error }), long, links)).success).toBe(true);
    expect(repositoryView.safeParse(shapeRepository(wild, links)).success).toBe(true);
    expect(workView.safeParse(shapeWork([makeWorkItem({ fullName: long })], links)).success).toBe(true);
    const troubles = Array.from({ length: 50 }, () => ({ error, since: 0, until: null }));
    const overview = makeOverview({ troubles, account: { login: long, host: long } });
    expect(overviewView.safeParse(shapeOverview(overview, [], links, '1')).success).toBe(true);
  });

  test('of a run show rewrites first and say how many refs were left out', () => {
    const { report } = makeRun();
    const unfit = Array.from({ length: 70 }, (_, index) => ({ ref: `refs/heads/${index}`, reason: 'too long' }));
    const shaped = runView.parse(shapeRun(makeRun({ report: { ...report, moved: refs, unfit } }), null, links));
    expect(shaped.report.moved).toHaveLength(20);
    expect(shaped.report.moved[0]).toMatchObject({ kind: 'rewrite', keptAs: 'refs/epicstar/kept/x/heads/299' });
    expect([shaped.report.unfit.length, shaped.report.unfitCount]).toEqual([20, 70]);
  });

  test('of a repository leave out what the window does not need', () => {
    const shaped = shapeRepository(makeRow(1, 'a/b', 'https://onedev.example.org/github/a/b'), links);
    expect(Object.keys(shaped)).not.toContain('nodeId');
    expect(shaped.mirrorPage).toBe('https://onedev.example.org/github/a/b');
    expect(repositoryView.parse(shaped)).toEqual(shaped);
  });
});

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [1_000, '1 kB'],
  [1_250_000, '1.3 MB'],
  [327_680_000, '328 MB'],
  [4_000_000_000, '4 GB'],
])('%d bytes are written %s', (bytes, words) => {
  expect(formatBytes(bytes)).toBe(words);
});

test.each([
  [900, '1 s'],
  [59_000, '59 s'],
  [61_000, '1 min'],
  [3_600_000, '1 h'],
  [12_000_000, '3 h 20 min'],
])('%d ms are written %s', (durationMs, words) => {
  expect(formatDuration(durationMs)).toBe(words);
});
