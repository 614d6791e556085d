/** @file The shelf of what only the mirrors have, and what became of missing repositories, in a real browser. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { RepositoryRow } from '../../src-main/engine/core/engine-api.ts';
import type { Verdict, VerdictKind } from '../../src-main/engine/domain/verdict.ts';
import { makeRow, makeTotals, scriptedNow } from '../support/scripted-facts.ts';
import { playQuiet } from '../support/scripted-scenes.ts';
import type { WindowBench } from '../support/window-bench.ts';
import { hasBrowser, WindowBrowser } from '../support/window-browser.ts';

const hourMs = 3_600_000;
const targetUrl = 'https://onedev.example.org';

function makeVerdict(kind: VerdictKind, change: Partial<Verdict> = {}): Verdict {
  return {
    kind,
    evidence: { fullName: null, isStarred: null, reason: null, noticeUrl: null },
    firstAt: scriptedNow - 26 * hourMs,
    lastAt: scriptedNow - hourMs,
    confirmedAt: scriptedNow - 25 * hourMs,
    ...change,
  };
}

function missing(
  githubId: number,
  fullName: string,
  verdict: Verdict | null,
  description = 'Once upon a star',
): RepositoryRow {
  const row = makeRow(githubId, fullName, `${targetUrl}/github/${fullName}`);
  return {
    ...row,
    repository: { ...row.repository, description, absentSince: scriptedNow - 27 * hourMs, verdict },
  };
}

const dmca = { fullName: null, isStarred: null, reason: 'dmca', noticeUrl: 'https://github.com/github/dmca/notice.md' };
const blocked = missing(3, 'grace/cobol', makeVerdict('blocked', { evidence: dmca }));
const rows: readonly RepositoryRow[] = [
  missing(2, 'ada/engine', makeVerdict('gone'), '<img src=x onerror=alert(1)> and more'),
  blocked,
  missing(4, 'linus/kernel', makeVerdict('gone', { confirmedAt: null })),
  missing(5, 'zoe/garden', makeVerdict('unstarred')),
  missing(6, 'max/moon', null),
  makeRow(1, 'here/still', `${targetUrl}/github/here/still`),
];

describe.skipIf(!hasBrowser)('the shelf of what was rescued', () => {
  const browser = new WindowBrowser();
  let bench: WindowBench;

  beforeAll(() => browser.open());
  afterEach(() => browser.endBench());
  afterAll(() => browser.close());

  async function open(shown: readonly RepositoryRow[], options: Parameters<WindowBench['start']>[0] = {}) {
    bench = await browser.startBench(options);
    const { page, engine } = bench;
    await page.clock.setFixedTime(scriptedNow);
    playQuiet(engine, scriptedNow);
    const rescued = shown.filter(
      ({ repository: { verdict } }) => verdict !== null && verdict.confirmedAt !== null && verdict.kind !== 'unstarred',
    );
    engine.set({ rows: shown, overview: { totals: makeTotals({ rescued: rescued.length, absent: 5 }) } });
    await bench.open();
    await page.getByRole('link', { name: 'Rescued', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Rescued' }).waitFor();
    await page.locator('.skeleton').first().waitFor({ state: 'detached' });
    return page;
  }

  test('shows what is gone for certain, why, and where it is', async () => {
    const page = await open(rows);
    const items = page.locator('.rescued-row');
    expect(await items.count()).toBe(2);
    const gone = items.filter({ hasText: 'ada/engine' });
    await gone.getByText('GitHub has nothing under its id any more: it was deleted, or made private.').waitFor();
    await gone.getByText('<img src=x onerror=alert(1)> and more').waitFor();
    await gone.getByText(/Found out yesterday, confirmed yesterday\./).waitFor();
    await gone.getByRole('button', { name: 'Copy clone address' }).waitFor();
    expect(await gone.getByRole('link', { name: 'Open the mirror: ada/engine' }).getAttribute('href')).toBe(
      `${targetUrl}/github/ada/engine`,
    );
    const notice = items.filter({ hasText: 'grace/cobol' });
    await notice.getByText('GitHub blocked it (dmca).').waitFor();
    expect(await notice.getByRole('link', { name: 'Read the notice: grace/cobol' }).getAttribute('href')).toBe(
      'https://github.com/github/dmca/notice.md',
    );
    expect(await page.locator('.page-title').innerText()).toContain('2');
  });

  test('says that nothing had to be rescued', async () => {
    const page = await open(rows.slice(2));
    await page.getByText('Nothing had to be rescued').waitFor();
    expect(await page.locator('.rescued-row').count()).toBe(0);
  });

  test.each([
    ['light', { colorScheme: 'light' as const }],
    ['dark', { colorScheme: 'dark' as const }],
    ['narrow', { viewport: { width: 360, height: 780 } }],
  ])('looks right: %s', async (name, options) => {
    const page = await open(rows, options);
    await page.locator('.rescued-row').first().waitFor();
    await bench.shoot(`rescued-${name}`);
    expect(await bench.violations()).toEqual([]);
    expect(await bench.overflow()).toBe(0);
  });

  test.each([
    [2, 'GitHub has nothing under its id any more', 'confirmed yesterday'],
    [3, 'GitHub blocked it (dmca).', 'confirmed yesterday'],
    [4, 'GitHub has nothing under its id any more', 'it counts once GitHub says the same an hour later'],
    [5, 'It is still on GitHub, without your star.', 'confirmed yesterday'],
    [6, 'GitHub is asked what became of it.', 'Not in your starred list since'],
  ])('the page of repository %i tells what became of it', async (githubId, words, certainty) => {
    const page = await open(rows);
    await page.goto(`${page.url().split('#')[0]}#/repositories/${githubId}`);
    const verdict = page.locator('.detail-verdict');
    await verdict.getByText(words).waitFor();
    await verdict.getByText(certainty).waitFor();
    expect(await bench.violations()).toEqual([]);
  });
});
