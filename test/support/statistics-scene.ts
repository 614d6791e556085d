/** @file Numbers of an account with some years of stars behind it. */
import type { RepositoryRow, Statistics } from '../../src-main/engine/core/engine-api.ts';
import { makeRow, scriptedNow } from './scripted-facts.ts';

const dayMs = 24 * 3_600_000;

const languages: readonly (readonly [string, number, number])[] = [
  ['C', 41_000_000, 61],
  ['TypeScript', 9_400_000, 310],
  ['C++', 8_100_000, 74],
  ['Rust', 5_200_000, 188],
  ['Python', 4_900_000, 201],
  ['Go', 3_100_000, 95],
  ['', 2_200_000, 88],
  ['JavaScript', 1_900_000, 143],
  ['Jupyter Notebook', 900_000, 12],
  ['Java', 610_000, 9],
  ['Zig', 84_000, 7],
  ['Vim Script', 12_000, 5],
];

const owners: readonly (readonly [string, number, number])[] = [
  ['chromium', 40_000_000, 2],
  ['torvalds', 5_000_000, 2],
  ['microsoft', 4_800_000, 31],
  ['rust-lang', 2_900_000, 14],
  ['a-rather-long-organisation-name-of-its-own', 2_000_000, 3],
  ['nodejs', 1_100_000, 6],
];

function sharesOf(parts: readonly (readonly [string, number, number])[], rest: { sizeKb: number; count: number }) {
  return { items: parts.map(([value, sizeKb, count]) => ({ value, sizeKb, count })), rest };
}

/** 35 days of runs, and stars of so many spans. */
export function makeStatistics(spans: number): Statistics {
  return {
    outcomes: Array.from({ length: 35 }, (_, index) => ({
      done: index % 9 === 4 ? 0 : 12 + ((index * 7) % 31),
      retry: (index * 5) % 4 === 0 ? 3 : 0,
      waiting: index % 11 === 0 ? 2 : 0,
      failed: index % 8 === 3 ? 2 : 0,
      cancelled: index % 13 === 2 ? 4 : 0,
      interrupted: 0,
    })),
    byLanguage: sharesOf(languages, { sizeKb: 310_000, count: 11 }),
    byOwner: sharesOf(owners, { sizeKb: 21_000_000, count: 1_146 }),
    stars: Array.from({ length: spans }, (_, index) => (index === 0 ? 1 : (index * 13) % 19)),
  };
}

export function starRow(
  githubId: number,
  fullName: string,
  daysAgo: number,
  state: RepositoryRow['state'] = 'mirrored',
): RepositoryRow {
  const row = makeRow(githubId, fullName, null);
  return { ...row, state, repository: { ...row.repository, starredAt: scriptedNow - daysAgo * dayMs } };
}

/** The newest eight, and the first of all. */
export function starRows(firstDaysAgo: number): readonly RepositoryRow[] {
  return [
    starRow(1, 'torvalds/linux', firstDaysAgo),
    starRow(2, 'ziglang/zig', 0.01, 'running'),
    starRow(3, 'a-rather-long-organisation-name/a-repository-with-a-name-that-does-not-end-early', 0.5, 'queued'),
    starRow(4, 'nodejs/node', 1),
    starRow(5, 'chromium/chromium', 2, 'asks'),
    starRow(6, 'rust-lang/rust', 4),
    starRow(7, 'acme/private-fork', 6, 'failed'),
    starRow(8, 'golang/go', 9),
    starRow(9, 'facebook/react', 12, 'excluded'),
  ];
}
