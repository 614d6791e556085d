/** @file The page of all repositories in a real browser, with ten thousand stars in a real store behind it. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type StarsEngine, StarsBench } from '../support/stars-bench.ts';
import type { WindowBench } from '../support/window-bench.ts';
import { hasBrowser, WindowBrowser } from '../support/window-browser.ts';

describe.skipIf(!hasBrowser)('the page of repositories', () => {
  const window = new WindowBrowser();
  let stars: StarsBench;
  let bench: WindowBench;
  let engine: StarsEngine;

  beforeAll(async () => {
    stars = await StarsBench.make(10_000);
    await window.open();
  }, 120_000);
  afterEach(async () => {
    await window.endBench();
    await stars.end();
  });
  afterAll(async () => {
    await window.close();
    await stars.remove();
  });

  async function start(options: Parameters<WindowBench['start']>[0] = {}): Promise<void> {
    engine = await stars.open();
    bench = await window.startBench(options, engine);
    await bench.page.goto(bench.web.host.urlWithToken);
    await bench.page.locator('.state').waitFor();
    await bench.page.getByRole('link', { name: 'Repositories' }).click();
    await bench.page.locator('.table-body .cell-name').first().waitFor();
  }

  test.each(['light', 'dark'] as const)(
    'pictures in %s',
    async (colorScheme) => {
      for (const [width, height] of [
        [1_000, 900],
        [1_400, 900],
        [360, 740],
      ] as const) {
        await start({ colorScheme, viewport: { width, height } });
        const { page } = bench;
        await bench.shoot(`repositories-${width}-${colorScheme}`);
        await page.locator('.table-body .cell-link').nth(2).click();
        await page.locator('.detail .facts').waitFor();
        await bench.shoot(`repositories-detail-${width}-${colorScheme}`);
        expect(await bench.violations()).toEqual([]);
        expect(await bench.overflow()).toBe(0);
        await window.endBench();
        await stars.end();
      }
    },
    120_000,
  );
});
