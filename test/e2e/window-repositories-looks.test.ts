/** @file How the page of repositories looks: sizes, colour schemes, every state of the list, strangers' texts. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Star } from '../../src-main/engine/domain/repository.ts';
import { star } from '../support/facts.ts';
import { makeOverview } from '../support/scripted-facts.ts';
import { openRepositories, type StarsEngine, StarsBench } from '../support/stars-bench.ts';
import type { WindowBench } from '../support/window-bench.ts';
import { hasBrowser, WindowBrowser } from '../support/window-browser.ts';

const hostile: readonly Star[] = [
  star(Date.now() - 1_000, {
    githubId: 900_001,
    fullName: '00-evil/<img src=x onerror="document.title=1">',
    description: `<script>document.title='owned'</script> <b>bold</b> \u202egnp.exe\u0007 ${'long '.repeat(300)}`,
    language: '<i>C</i>',
    topics: ['<u>topic</u>', 'x'.repeat(100)],
    defaultBranch: '\u202emain"><script>',
  }),
  star(Date.now() - 2_000, {
    githubId: 900_002,
    fullName: `00-${'l'.repeat(36)}/${'n'.repeat(100)}`,
    description: '😀🎉👩‍👩‍👧‍👦 '.repeat(60),
  }),
  star(Date.now() - 3_000, { githubId: 900_003, fullName: '00-plain/empty', description: '', language: null }),
];

describe.skipIf(!hasBrowser)('the look of the page of repositories', () => {
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
  }

  async function expectSound(name: string): Promise<void> {
    await expectFits(name);
    expect(await bench.violations()).toEqual([]);
  }

  async function expectFits(name: string): Promise<void> {
    await bench.shoot(`repositories-${name}`);
    expect(await bench.overflow()).toBe(0);
    expect(await cutOff()).toEqual([]);
  }

  /** What is wider than the details that it stands in. */
  function cutOff(): Promise<readonly string[]> {
    return bench.page.evaluate(() =>
      [...document.querySelectorAll('.detail, .table, .selection-bar')]
        .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
        .map(({ className, scrollWidth, clientWidth }) => `${className}: ${scrollWidth} in ${clientWidth}`),
    );
  }

  const sizes = [
    [1_400, 'light'],
    [1_400, 'dark'],
    [1_000, 'light'],
    [1_000, 'dark'],
    [360, 'light'],
    [360, 'dark'],
  ] as const;
  test.each(sizes)('fits %i px in %s', async (width, colorScheme) => {
    await start({ colorScheme, viewport: { width, height: width === 360 ? 740 : 900 } });
    const { page } = bench;
    // The widest has nothing that the others have not.
    const expectLooks = width === 1_400 ? expectFits : expectSound;
    await openRepositories(bench);
    await expectFits(`list-${width}-${colorScheme}`);
    const boxes = page.locator('.table-body').getByRole('checkbox');
    await boxes.nth(1).check();
    await boxes.nth(3).check();
    await page.getByRole('button', { name: 'Language' }).click();
    await page.getByRole('checkbox', { name: 'Rust' }).waitFor();
    await expectLooks(`filter-${width}-${colorScheme}`);
    await page.keyboard.press('Escape');
    const failed = (await engine.store.repositoryIds({ text: '', state: 'failed' })).find((id) => id % 2 === 0);
    await openRepositories(bench, `/${failed}`);
    await page.getByText('fatal: early EOF').waitFor();
    await page.locator('.detail-run').waitFor();
    await expectLooks(`detail-${width}-${colorScheme}`);
  });

  test('fits a window of 500 by 450 at 200 %', async () => {
    await start({ viewport: { width: 500, height: 450 }, deviceScaleFactor: 2 });
    await openRepositories(bench);
    await expectFits('zoomed');
    await bench.page.locator('.table-body .cell-link').first().click();
    await bench.page.getByRole('heading', { level: 1 }).waitFor();
    await expectSound('zoomed-detail');
  });

  test('shows texts of strangers as text and nothing else', async () => {
    await start({ viewport: { width: 360, height: 740 } });
    await engine.store.observeStars(hostile, Date.now(), () => null);
    const { page } = bench;
    await openRepositories(bench);
    await page.getByText('<img src=x onerror="document.title=1">').waitFor();
    await expectFits('hostile-360');
    await page.setViewportSize({ width: 1_000, height: 900 });
    await expectFits('hostile-1000');
    for (const { repository } of hostile) {
      await openRepositories(bench, `/${repository.githubId}`);
      await page.locator('.detail-facts').waitFor();
      await expectFits(`hostile-detail-${repository.githubId}`);
    }
    await openRepositories(bench, `/${hostile[0]?.repository.githubId}`);
    await page.getByText("<script>document.title='owned'</script> <b>bold</b>").last().waitFor();
    expect(await bench.violations()).toEqual([]);
    expect(await page.title()).toBe('epicstar');
    expect(await page.locator('main img, main b, main i, main u, main script').count()).toBe(0);
    const addresses = await page.locator('a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
    const own = /^(#\/|https:\/\/(github\.com|onedev\.example\.org)\/)/;
    expect(addresses.filter((address) => !own.test(address ?? ''))).toEqual([]);
    expect(await page.locator('body').innerText()).not.toMatch(/[\u202a-\u202e]/);
  });

  test('says that nothing matches, and clears what is in force', async () => {
    await start();
    const { page } = bench;
    await openRepositories(bench);
    await page.getByRole('textbox', { name: 'Search' }).fill('nothing-has-this-name');
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
    await expectSound('no-match');
    await page.locator('.stars-empty').getByRole('button', { name: 'Clear all' }).click();
    await page.getByText('10,000 repositories').waitFor();
    expect(await page.getByRole('textbox', { name: 'Search' }).inputValue()).toBe('');
  });

  test('says that stars are being read, and that there are none', async () => {
    const empty = await StarsBench.make(0);
    try {
      engine = await empty.open();
      bench = await window.startBench({}, engine);
      const { page } = bench;
      const { watcher } = makeOverview();
      engine.set({ overview: { watcher: { ...watcher, isLooking: true, walk: { page: 3, pages: 12 } } } });
      await page.goto(`${bench.web.host.urlWithToken}#/repositories`);
      await page.getByText('Page 3 of 12.').waitFor();
      await expectFits('reading');
      engine.set({ overview: { watcher } });
      await page.getByRole('heading', { name: 'No stars yet' }).waitFor();
      await expectSound('none');
      await engine.store.observeStars(hostile, Date.now(), () => null);
      engine.touchRepositories([]);
      await page.getByText('3 repositories').waitFor();
    } finally {
      await window.endBench();
      await empty.remove();
    }
  });
});
