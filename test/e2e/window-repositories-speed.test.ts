/**
 * @file How quick the page of repositories is with ten thousand stars: measured in the page, printed, and held to
 * bounds that a busy computer keeps.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openRepositories, type StarsEngine, StarsBench } from '../support/stars-bench.ts';
import type { WindowBench } from '../support/window-bench.ts';
import { hasBrowser, WindowBrowser } from '../support/window-browser.ts';

/** What the issue asks for; a slower or busier computer is given three times as much. */
const firstRowsMs = 1_000;
const typingMs = 100;
const patience = 3;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function tell(what: string, values: readonly number[]): void {
  const figures = values.map((value) => Math.round(value)).join(' ');
  process.stdout.write(`${what}: median ${Math.round(median(values))} ms (${figures})\n`);
}

describe.skipIf(!hasBrowser)('how quick the page of repositories is', () => {
  const window = new WindowBrowser();
  let stars: StarsBench;
  let bench: WindowBench;
  let engine: StarsEngine;

  beforeAll(async () => {
    stars = await StarsBench.make(10_000);
    await window.open(true);
  }, 120_000);
  beforeEach(async () => {
    engine = await stars.open();
    bench = await window.startBench({ viewport: { width: 1_400, height: 900 } }, engine);
  });
  afterEach(async () => {
    await window.endBench();
    await stars.end();
  });
  afterAll(async () => {
    await window.close();
    await stars.remove();
  });

  test('shows the first rows soon after it is opened', async () => {
    const { page } = bench;
    await page.addInitScript(() => {
      const look = new MutationObserver(() => {
        if (document.querySelector('.table-body .cell-name') === null) return;
        look.disconnect();
        requestAnimationFrame(() => performance.mark('rows'));
      });
      look.observe(document, { childList: true, subtree: true });
    });
    await page.goto(bench.web.host.urlWithToken);
    const times: number[] = [];
    for (let turn = 0; turn < 5; turn += 1) {
      await page.goto('about:blank');
      await page.goto(`${bench.web.host.url}#/repositories`);
      await page.locator('.table-body .cell-name').first().waitFor();
      await page.waitForFunction(() => performance.getEntriesByName('rows').length > 0);
      times.push(await page.evaluate(() => performance.getEntriesByName('rows')[0]?.startTime ?? Number.NaN));
    }
    tell('from opening the window to the first rows', times);
    expect(median(times)).toBeLessThan(firstRowsMs * patience);
  });

  test('filters while somebody types', async () => {
    const { page } = bench;
    await openRepositories(bench);
    await page.evaluate(() => {
      const search = document.querySelector<HTMLInputElement>('.search .input');
      search?.addEventListener('input', () => {
        const from = performance.now();
        const text = search.value.toLowerCase();
        const look = (): void => {
          const table = document.querySelector('.table');
          const rows = [...document.querySelectorAll('.table-body > .table-row')];
          const isThere = (row: Element): boolean => row.textContent.toLowerCase().includes(text);
          // Topics are not shown in a row, so a word that is looked for stands in the text of each.
          if (search.value.toLowerCase() !== text) return;
          if (table?.getAttribute('aria-busy') === 'false' && rows.every(isThere)) {
            performance.measure('typing', { start: from, end: performance.now() });
          } else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      });
    });
    const field = page.getByRole('textbox', { name: 'Search' });
    for (const word of ['parser', 'solar-', 'number 77', 'acme-labs/river', 'Zebra']) {
      await field.fill('');
      await page.getByText('10,000 repositories').waitFor();
      await field.pressSequentially(word, { delay: 120 });
      await page.getByText(/^[\d,]+ repositories match$/).waitFor();
      await page.waitForFunction(() => document.querySelector('.table')?.getAttribute('aria-busy') === 'false');
    }
    const times = await page.evaluate(() => performance.getEntriesByName('typing').map(({ duration }) => duration));
    tell('from a key to the rows that match', times);
    expect(times.length).toBeGreaterThan(25);
    expect(median(times)).toBeLessThan(typingMs * patience);
  });

  test('scrolls through ten thousand rows without a blank one', async () => {
    const { page } = bench;
    await openRepositories(bench);
    await page.evaluate(() => {
      const found = { frames: 0, blank: 0, longestMs: 0 };
      let lastMs = performance.now();
      const look = (nowMs: number): void => {
        const table = document.querySelector('.table');
        if (table === null) return;
        const { top, bottom, left } = table.getBoundingClientRect();
        found.frames += 1;
        found.longestMs = Math.max(found.longestMs, nowMs - lastMs);
        lastMs = nowMs;
        for (let y = top + 60; y < bottom - 90; y += 20) {
          const row = document.elementFromPoint(left + 60, y)?.closest('.table-body > .table-row') ?? null;
          if (row === null || row.matches('.table-row-empty')) {
            found.blank += 1;
            break;
          }
        }
        Object.assign(document.documentElement.dataset, { scrolled: JSON.stringify(found) });
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
    await page.mouse.move(300, 500);
    const isAtEnd = (): Promise<boolean> =>
      page.evaluate(() => document.querySelector('.table [aria-rowindex="10001"]') !== null);
    const startMs = performance.now();
    for (let turn = 0; turn < 2_000 && !(await isAtEnd()); turn += 1) await page.mouse.wheel(0, 2_400);
    const tookMs = performance.now() - startMs;
    expect(await isAtEnd()).toBe(true);
    const text = await page.evaluate(() => document.documentElement.dataset['scrolled'] ?? '{}');
    const { frames, blank, longestMs }: Record<string, number> = JSON.parse(text);
    process.stdout.write(
      `scrolled 10,000 rows in ${Math.round(tookMs)} ms: ${frames} frames, ${blank} with a blank row, longest ${Math.round(longestMs ?? 0)} ms\n`,
    );
    expect(frames).toBeGreaterThan(100);
    expect(blank).toBe(0);
  });

  test('shows placeholders after a jump only until the rows are there', async () => {
    const { page } = bench;
    await openRepositories(bench);
    const startMs = performance.now();
    await page.locator('.table').evaluate((table) => table.scrollTo({ top: 350_000 }));
    await page.locator('.table-body .table-row-empty').first().waitFor({ state: 'detached' });
    tell('from a jump to rows', [performance.now() - startMs]);
    expect(await page.locator('.table-body .cell-name').count()).toBeGreaterThan(15);
  });
});
