/** @file GitHub Lists and definitions of builds in a real browser: the filter, the details, and what waits for a word. */
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { errorRecord, makeJob, makeTotals } from '../support/scripted-facts.ts';
import { playQuiet } from '../support/scripted-scenes.ts';
import { openRepositories, type StarsEngine, StarsBench } from '../support/stars-bench.ts';
import { starRow } from '../support/statistics-scene.ts';
import type { WindowBench } from '../support/window-bench.ts';
import { hasBrowser, WindowBrowser } from '../support/window-browser.ts';

const everything = { text: '', state: null } as const;
const longName = 'A List with a name that is as long as GitHub lets anybody write one, and some';

describe.skipIf(!hasBrowser)('GitHub Lists in the window', () => {
  const browser = new WindowBrowser();
  let stars: StarsBench;
  let bench: WindowBench;
  let engine: StarsEngine;
  let ids: readonly number[];

  beforeAll(async () => {
    stars = await StarsBench.make(60);
    await browser.open();
  }, 120_000);
  beforeEach(async () => {
    engine = await stars.open();
    ids = await engine.store.repositoryIds(everything);
    await engine.store.writeLists([
      { name: 'art', githubIds: ids.slice(0, 3) },
      { name: '<b>Web & more</b>', githubIds: ids.slice(2, 7) },
      { name: longName, githubIds: ids.slice(2, 3) },
    ]);
    await engine.store.writeBuildRefs(ids[2] ?? 0, 3);
  });
  afterEach(async () => {
    await browser.endBench();
    await stars.end();
  });
  afterAll(async () => {
    await browser.close();
    await stars.remove();
  });

  async function open(options: Parameters<WindowBench['start']>[0] = {}, path = ''): Promise<WindowBench['page']> {
    bench = await browser.startBench({ viewport: { width: 1_400, height: 900 }, ...options }, engine);
    await openRepositories(bench, path);
    return bench.page;
  }
  const chips = (): Locator => bench.page.getByRole('list', { name: 'Filters in force' });
  const box = (name: string | RegExp): Locator => bench.page.getByRole('checkbox', { name });
  const total = (words: string): Promise<void> => bench.page.getByText(words, { exact: true }).waitFor();

  test('are a filter with counts, chips, and a word for those on none', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'List', exact: true }).click();
    await box(/^art /).waitFor();
    await bench.shoot('lists-filter');
    expect(await bench.violations()).toEqual([]);
    expect(await page.locator('.choice-row').allInnerTexts()).toEqual([
      expect.stringMatching(/^<b>Web & more<\/b>\s*5$/),
      expect.stringMatching(/^A List with a name .*\s*1$/),
      expect.stringMatching(/^art\s*3$/),
      expect.stringMatching(/^On no List\s*53$/),
    ]);
    await box(/^art /).check();
    await total('3 repositories match');
    await box(longName).check();
    await box('On no List').check();
    await total('56 repositories match');
    await page.keyboard.press('Escape');
    await chips().getByText('on art').waitFor();
    await bench.shoot('lists-chips');
    await page.reload();
    await total('56 repositories match');
    await chips().getByRole('button', { name: 'Remove the filter On no List' }).click();
    await total('3 repositories match');
  });

  test.each([
    ['light', 1_400],
    ['dark', 1_400],
    ['light', 360],
  ] as const)('are told among the details, with a definition of builds (%s, %i px)', async (colorScheme, width) => {
    const page = await open({ colorScheme, viewport: { width, height: 900 } }, `/${ids[2]}`);
    const facts = page.getByRole('region', { name: 'About it' });
    await facts.getByText('GitHub Lists').waitFor();
    await facts.getByText('<b>Web & more</b>').scrollIntoViewIfNeeded();
    await facts.getByText('on 3 branches and tags; the mirror server may run it').waitFor();
    await bench.shoot(`lists-details-${colorScheme}-${width}`);
    expect(await bench.violations()).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  });

  test('are not known where the token may not read them, and the filter says so', async () => {
    await engine.store.writeLists([]);
    const page = await open();
    await page.getByRole('button', { name: 'List', exact: true }).click();
    await page.getByText('No GitHub Lists are known. They are read where the token lets them be read.').waitFor();
    expect(await page.locator('.choice-row').count()).toBe(0);
  });
});

describe.skipIf(!hasBrowser)('a definition of builds in the window', () => {
  const browser = new WindowBrowser();

  beforeAll(() => browser.open());
  afterEach(() => browser.endBench());
  afterAll(() => browser.close());

  test('waits among what needs you, and is mirrored only when that is pressed', async () => {
    const bench = await browser.startBench({});
    playQuiet(bench.engine, Date.now());
    const error = errorRecord('builds-held', 'There is a .onedev-buildspec.yml on refs/heads/main.');
    const row = {
      ...starRow(31, 'acme/one', 3, 'failed'),
      job: makeJob({ githubId: 31, fullName: 'acme/one', state: 'failed', error }),
    };
    bench.engine.set({ rows: [row], overview: { totals: makeTotals({ failed: 1 }) } });
    await bench.open();
    const needs = bench.page.getByRole('region', { name: /^Needs you/ });
    await needs.getByText(/^It brings a definition of builds/).waitFor();
    await bench.shoot('activity-builds');
    expect(await bench.violations()).toEqual([]);
    await needs.getByRole('button', { name: 'Mirror with its build definition: acme/one' }).click();
    await bench.page.getByText('acme/one is mirrored with its build definition.').waitFor();
    expect(bench.engine.commands.at(-1)).toEqual({ name: 'mirrorBuilds', argument: 31 });
  });
});
