/** @file The parser of git's progress lines, and its throttle. */
import { describe, expect, test } from 'vitest';
import { parseProgress, throttleProgress } from '../../../src-main/engine/adapters/git/progress.ts';
import type { GitProgress } from '../../../src-main/engine/ports/git.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const kib = 1024;

describe('parseProgress', () => {
  test.each<[string, GitProgress]>([
    ['remote: Enumerating objects: 1133, done.', { phase: 'counting', done: 1133, total: null, bytes: null }],
    ['remote: Counting objects:  42% (476/1133)', { phase: 'counting', done: 476, total: 1133, bytes: null }],
    ['remote: Counting objects: 100% (1133/1133), done.', { phase: 'counting', done: 1133, total: 1133, bytes: null }],
    ['Compressing objects:   5% (1/20)', { phase: 'compressing', done: 1, total: 20, bytes: null }],
    ['Receiving objects:   0% (1/159)', { phase: 'receiving', done: 1, total: 159, bytes: null }],
    [
      'Receiving objects:  42% (67/159), 2.33 MiB | 1.15 MiB/s',
      { phase: 'receiving', done: 67, total: 159, bytes: Math.round(2.33 * kib * kib) },
    ],
    [
      'Receiving objects: 100% (159/159), 512 bytes | 512.00 KiB/s, done.',
      { phase: 'receiving', done: 159, total: 159, bytes: 512 },
    ],
    ['Unpacking objects:  33% (1/3), 1.50 KiB | 1.50 MiB/s', { phase: 'receiving', done: 1, total: 3, bytes: 1536 }],
    [
      'Writing objects: 100% (3/3), 1.00 GiB | 9.00 MiB/s, done.',
      { phase: 'writing', done: 3, total: 3, bytes: kib ** 3 },
    ],
    ['Resolving deltas: 100% (9/9), done.', { phase: 'resolving', done: 9, total: 9, bytes: null }],
    ['remote: Resolving deltas:  10% (1/10)', { phase: 'resolving', done: 1, total: 10, bytes: null }],
    ['Checking connectivity: 17, done.', { phase: 'other', done: 17, total: null, bytes: null }],
    ['Counting objects: 5', { phase: 'counting', done: 5, total: null, bytes: null }],
    [
      'remote: Compressing objects: 100% (7/7), done.        ',
      { phase: 'compressing', done: 7, total: 7, bytes: null },
    ],
  ])('%s', (line, progress) => {
    expect(parseProgress(line)).toEqual(progress);
  });

  test.each([
    '',
    'fatal: early EOF',
    "remote: Create a pull request for 'x' by visiting:",
    'remote: Total 3 (delta 0), reused 0 (delta 0), pack-reused 0',
    'Total 3 (delta 0), reused 3 (delta 0), pack-reused 0',
    'Delta compression using up to 2 threads',
    'error: RPC failed; curl 18 Transferred a partial file',
    'Receiving objects: many',
    'Receiving objects: 5% (1/2) and more',
    'My server says: 5% (1/2)',
    'fatal: Receiving objects: 5% (1/2)',
    'ERROR PUSHING REF: 100',
  ])('is no progress: %s', (line) => {
    expect(parseProgress(line)).toBeNull();
  });
});

test('at most five reports a second pass, whatever the number', async () => {
  const clock = new ManualClock();
  const passed: number[] = [];
  const report = throttleProgress(clock, ({ done }) => passed.push(done));
  for (let done = 0; done < 1000; done += 1) {
    report({ phase: 'receiving', done, total: 1000, bytes: null });
    await clock.advance(2);
  }
  expect(passed).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900]);
});
