/** @file The overview in pictures in a real browser: what is asked for, what is drawn, and what is told of it. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { EpicstarError } from '../../src-main/engine/core/engine-api.ts';
import { makeRun, makeTotals, scriptedNow } from '../support/scripted-facts.ts';
import { playQuiet } from '../support/scripted-scenes.ts';
import { makeStatistics, starRow, starRows } from '../support/statistics-scene.ts';
import type { WindowBench } from '../support/window-bench.ts';
import { hasBrowser, WindowBrowser } from '../support/window-browser.ts';

interface Question {
  readonly days: readonly number[];
  readonly starBounds: readonly number[];
}

describe.skipIf(!hasBrowser)('the overview in pictures', () => {
  const browser = new WindowBrowser();
  let bench: WindowBench;
  let questions: Question[];

  beforeAll(() => browser.open());
  afterEach(() => browser.endBench());
  afterAll(() => browser.close());

  interface Scene {
    readonly now?: number;
    readonly firstDaysAgo?: number;
    readonly spans?: number;
    readonly options?: Parameters<WindowBench['start']>[0];
  }

  async function open({ now = scriptedNow, firstDaysAgo = 3_190, spans = 106, options = {} }: Scene = {}) {
    bench = await browser.startBench(options);
    const { page, engine } = bench;
    questions = [];
    page.on('websocket', (socket) =>
      socket.on('framesent', ({ payload }) => {
        const message = JSON.parse(String(payload)) as { readonly call?: string; readonly argument?: unknown };
        if (message.call === 'statistics.get') questions.push(message.argument as Question);
      }),
    );
    await page.clock.setFixedTime(now);
    playQuiet(engine, scriptedNow);
    engine.set({
      rows: starRows(firstDaysAgo),
      statistics: makeStatistics(spans),
      overview: { totals: makeTotals({ absent: 3 }) },
    });
    await bench.open();
    await page.getByRole('link', { name: 'Overview', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await page.locator('.skeleton').first().waitFor({ state: 'detached' });
    return page;
  }

  test('says in a sentence and in a table what each picture shows', async () => {
    const page = await open();
    const outcomes = page.getByRole('img', { name: /^What came of the last 35 days\. [\d,]+ runs ended: .* done, / });
    await outcomes.waitFor();
    await page
      .getByRole('img', {
        name: /^Stars over time\. [\d,]+ stars; 3 of them gone from the list by now; the first of March 1, 2018; most, 18, in /,
      })
      .waitFor();
    await page
      .getByRole('img', {
        name: /^Size by language\. About 79\.6 GB in all by GitHub’s figures; the largest part is C with 53 %\.$/,
      })
      .waitFor();
    await page.getByRole('img', { name: /^Size by owner\. About 78\.6 GB/ }).waitFor();
    const figures = page.locator('.figures-wide');
    expect((await figures.innerText()).split('\n').filter((line) => line !== '')).toEqual(
      expect.arrayContaining(['Stars', '1,204', 'Size of all, about', '78.6 GB', 'Gone from the list', '3']),
    );
    const region = page.getByRole('region', { name: 'What came of the last 35 days' });
    await region.getByText('Show as table').click();
    const table = region.getByRole('table');
    expect(await table.getByRole('row').count()).toBe(36);
    const today = table.getByRole('row').nth(1);
    expect(await today.getByRole('rowheader').innerText()).toBe('Tuesday, November 24');
    expect(await today.getByRole('cell').allInnerTexts()).toEqual(['33', '0', '0', '0']);
    const languages = page.getByRole('region', { name: 'Size by language' });
    await languages.getByText('Show as table').click();
    const names = await languages.getByRole('rowheader').allInnerTexts();
    expect(names).toHaveLength(13);
    expect(names.slice(6, 8)).toEqual(['no language', 'JavaScript']);
    expect(names.at(-1)).toBe('all other languages');
    await bench.shoot('pictures-tables');
    expect(await bench.violations()).toEqual([]);
    const newest = page.getByRole('region', { name: 'Newest stars' });
    expect(await newest.getByRole('listitem').count()).toBe(8);
    expect(await newest.getByRole('link').first().getAttribute('href')).toBe('#/repositories/2');
    await newest.getByRole('listitem').nth(1).getByText('Queued').waitFor();
    expect(bench.engine.commands).toEqual([]);
  });

  test('asks for whole days and months of the reader, over changes of the clocks too', async () => {
    await open({ now: Date.UTC(2026, 10, 10, 11), firstDaysAgo: 3_190 });
    expect(questions).toHaveLength(1);
    const { days = [], starBounds = [] } = questions[0] ?? {};
    expect(days).toHaveLength(35);
    // Berlin is two hours ahead of UTC until 25 October, and one after.
    expect(days[0]).toBe(Date.UTC(2026, 9, 6, 22));
    expect(days[18]).toBe(Date.UTC(2026, 9, 24, 22));
    expect(days[19]).toBe(Date.UTC(2026, 9, 25, 23));
    expect(days.at(-1)).toBe(Date.UTC(2026, 10, 9, 23));
    expect(starBounds[0]).toBe(Date.UTC(2018, 1, 28, 23));
    expect(starBounds[1]).toBe(Date.UTC(2018, 2, 31, 22));
    expect(starBounds.at(-1)).toBe(Date.UTC(2026, 9, 31, 23));
    expect(starBounds).toHaveLength(105);
  });

  test.each([
    ['days', 20, 21, Date.UTC(2026, 10, 3, 23)],
    ['weeks', 200, 30, Date.UTC(2026, 4, 3, 22)],
  ])('counts stars by %s when there are few', async (_name, firstDaysAgo, bounds, first) => {
    await open({ firstDaysAgo, spans: bounds });
    expect(questions[0]?.starBounds).toHaveLength(bounds);
    expect(questions[0]?.starBounds[0]).toBe(first);
    await bench.shoot(`pictures-by-${_name}`);
  });

  test('tells of each part on pointing at it and by the arrow keys', async () => {
    const page = await open();
    const plot = page.getByRole('group', { name: 'Day by day, by the arrow keys' });
    await plot.focus();
    const tip = page.locator('.plot-tip');
    await tip.getByText('Tuesday, November 24').waitFor();
    await page.keyboard.press('ArrowLeft');
    await plot.getByRole('status').getByText('Monday, November 23: 26 done, 2 other').waitFor();
    await page.keyboard.press('Home');
    await plot.getByRole('status').getByText('Wednesday, October 21').waitFor();
    const { x: left = -1 } = (await tip.boundingBox()) ?? {};
    expect(left).toBeGreaterThanOrEqual(0);
    await page.keyboard.press('Escape');
    await tip.waitFor({ state: 'detached' });
    const owners = page.getByRole('group', { name: 'Each owner, by the arrow keys' });
    await owners.hover({ position: { x: 50, y: 10 } });
    await tip.getByText('about 41 GB in 2 repositories').waitFor();
    await tip.getByText('52 % of all').waitFor();
    await bench.shoot('pictures-tip');
  });

  test('follows what happens, once in ten seconds at most', async () => {
    const page = await open();
    expect(questions).toHaveLength(1);
    bench.engine.set({ rows: [starRow(99, 'new/arrival', 0), ...starRows(3_190)] });
    for (let id = 1; id <= 5; id += 1) bench.engine.endRun(makeRun({ id: 900_000 + id }));
    bench.engine.touchRepositories([99]);
    await page.getByRole('link', { name: 'new/arrival' }).waitFor({ timeout: 15_000 });
    expect(questions).toHaveLength(2);
  });

  test('says so when there is nothing yet', async () => {
    bench = await browser.startBench();
    const { page, engine } = bench;
    playQuiet(engine, Date.now());
    engine.set({ rows: [], overview: { totals: makeTotals({ starred: 0, repositories: 0, mirrored: 0 }) } });
    await bench.open();
    await page.getByRole('link', { name: 'Overview', exact: true }).click();
    await page.getByText('There is no star yet.').waitFor();
    await bench.shoot('pictures-empty');
    expect(await bench.violations()).toEqual([]);
  });

  test('says why it cannot be read, and reads again on a press', async () => {
    bench = await browser.startBench();
    const { page, engine } = bench;
    playQuiet(engine, Date.now());
    const statistics = engine.statistics.bind(engine);
    engine.statistics = () => Promise.reject(new EpicstarError('disk-full', '0 bytes are free.'));
    await bench.open();
    await page.getByRole('link', { name: 'Overview', exact: true }).click();
    await page.getByRole('alert').getByText('The figures could not be read. The disk is full.').waitFor();
    await bench.shoot('pictures-failure');
    expect(await bench.violations()).toEqual([]);
    engine.statistics = statistics;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('There is no star yet.').or(page.getByText('Newest stars')).first().waitFor();
    await page.getByRole('alert').waitFor({ state: 'detached' });
  });

  test.each([
    ['light', { colorScheme: 'light' as const }],
    ['dark', { colorScheme: 'dark' as const }],
    ['360', { viewport: { width: 360, height: 740 } }],
    ['zoom', { viewport: { width: 500, height: 450 }, deviceScaleFactor: 2 }],
  ])('looks right: %s', async (name, options) => {
    await open({ options });
    await bench.shoot(`pictures-${name}`);
    expect(await bench.violations()).toEqual([]);
    expect(await bench.overflow()).toBe(0);
  });
});
