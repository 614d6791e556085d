/** @file The page of history in a real browser: filters, days, many rows and clearing. */
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { EpicstarError, type Run } from '../../src-main/engine/core/engine-api.ts';
import { manyRuns, openHistory } from '../support/history-scene.ts';
import { makeRun, scriptedNow } from '../support/scripted-facts.ts';
import { hostileName } from '../support/scripted-scenes.ts';
import type { WindowBench } from '../support/window-bench.ts';
import { hasBrowser, WindowBrowser } from '../support/window-browser.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

describe.skipIf(!hasBrowser)('the history', () => {
  const browser = new WindowBrowser();
  let bench: WindowBench;

  beforeAll(() => browser.open());
  afterEach(() => browser.endBench());
  afterAll(() => browser.close());

  async function open(
    runs: readonly Run[],
    options: Parameters<WindowBench['start']>[0] = {},
  ): Promise<WindowBench['page']> {
    bench = await browser.startBench(options);
    return openHistory(bench, runs);
  }

  const rows = (): Locator => bench.page.locator('.run-row');
  const count = (text: string): Promise<void> =>
    bench.page.getByRole('heading', { level: 1, name: `History ${text}` }).waitFor();

  test('shows runs by day, newest first, with what each came to', async () => {
    const page = await open(manyRuns(60, scriptedNow, 3 * hourMs));
    await count('60 runs');
    const today = page.getByRole('region', { name: 'Today' });
    await today.getByRole('heading', { name: 'Today 5' }).waitFor();
    await page.getByRole('heading', { name: 'Yesterday 8' }).waitFor();
    const first = rows().first();
    await first.getByText('3 refs: 2 created, 1 forwarded · took 5.0 s · 4.2 MB received · 4.1 MB sent').waitFor();
    await first.getByText('Mirrored').waitFor();
    await first.getByText('14:59').waitFor();
    const link = first.getByRole('link', { name: 'facebook/react' });
    expect(await link.getAttribute('href')).toBe('#/repositories/1000');
    const phases = first.getByRole('list', { name: 'Phases of facebook/react' });
    expect(await phases.getByRole('listitem').allInnerTexts()).toContain('Pushing to the mirror: 1.5 s');
    const rewritten = rows().nth(1);
    await rewritten
      .getByText('5 refs: 2 created, 1 forwarded, 1 rewritten, 1 deleted, 2 old ones kept, 1 left out')
      .waitFor();
    await rewritten.getByRole('button', { name: 'Details of torvalds/react' }).click();
    await rewritten.getByText('refs/heads/main rewritten a1a1a1a1 to b2b2b2b2').waitFor();
    await rewritten.getByText('refs/heads/a..b two dots').waitFor();
    await first.getByRole('button', { name: 'Details of facebook/react' }).click();
    expect(await first.getByRole('link', { name: 'Mirror: facebook/react' }).getAttribute('href')).toBe(
      'https://onedev.example.org/github/facebook/react',
    );
    expect(await first.getByRole('link', { name: 'GitHub: facebook/react' }).getAttribute('href')).toBe(
      'https://github.com/facebook/react',
    );
    await bench.shoot('history-details', 'seen');
    expect(bench.engine.commands).toEqual([]);
  });

  test('tells how long each phase took when its bar is pointed at or focused', async () => {
    const page = await open(manyRuns(3, scriptedNow, hourMs));
    const tip = page.locator('.phase-tip');
    await rows().first().locator('.phases').hover();
    await tip.getByText('Fetching from GitHub').waitFor();
    await bench.shoot('history-phases', 'seen');
    await page.mouse.move(0, 0);
    await tip.waitFor({ state: 'detached' });
    await rows().nth(1).getByRole('link').focus();
    await page.keyboard.press('Tab');
    await tip.getByText('2.4 s').waitFor();
    await page.keyboard.press('Escape');
    await tip.waitFor({ state: 'detached' });
    expect(await rows().count()).toBe(3);
  });

  test('narrows by result, by repository and by time', async () => {
    const page = await open(manyRuns(200, scriptedNow, 6 * hourMs));
    await count('200 runs');
    await page.getByLabel('Result').selectOption({ label: 'Failed' });
    await count('12 runs');
    await page.getByRole('searchbox', { name: 'Repository' }).fill('torvalds');
    await count('2 runs');
    for (const title of await page.locator('.run-row .row-title').allInnerTexts()) {
      expect(title).toMatch(/^torvalds\/.*Failed/s);
    }
    await page.getByLabel('Result').selectOption({ label: 'Any' });
    await count('40 runs');
    await page.getByRole('searchbox', { name: 'Repository' }).fill('');
    await page.getByLabel('Time').selectOption({ label: 'Today' });
    await count('3 runs');
    await page.getByLabel('Time').selectOption({ label: 'Last 7 days' });
    await count('27 runs');
    await page.getByLabel('Time').selectOption({ label: 'Last 35 days' });
    await count('139 runs');
    await page.getByRole('searchbox', { name: 'Repository' }).fill('nothing-like-it');
    await page.getByText('No run matches this.').waitFor();
    await bench.shoot('history-none', 'seen');
    expect(await bench.violations()).toEqual([]);
  });

  test('offers new runs and moves nothing meanwhile', async () => {
    const runs = manyRuns(150, scriptedNow, hourMs);
    const page = await open(runs);
    await page.mouse.wheel(0, 1_200);
    await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(1_000);
    const before = await rows().nth(8).boundingBox();
    const text = await rows().nth(8).innerText();
    for (const id of [900_001, 900_002]) {
      bench.engine.endRun(makeRun({ id, fullName: `new/${id}`, finishedAt: scriptedNow - 1_000 }));
    }
    const offer = page.getByRole('button', { name: 'Show 2 new runs' });
    await offer.waitFor();
    await bench.shoot('history-newer', 'seen');
    expect(await rows().nth(8).innerText()).toBe(text);
    expect((await rows().nth(8).boundingBox())?.y).toBe(before?.y);
    await offer.click();
    await page.getByRole('link', { name: 'new/900002' }).waitFor();
    await count('152 runs');
    await offer.waitFor({ state: 'detached' });
    await rows().first().getByRole('link', { name: 'new/900002' }).waitFor();
  });

  test('fills an empty list by itself', async () => {
    const page = await open([]);
    await page.getByText('Nothing was done yet.').waitFor();
    await bench.shoot('history-empty', 'seen');
    expect(await bench.violations()).toEqual([]);
    bench.engine.endRun(makeRun({ finishedAt: scriptedNow - 1_000 }));
    await rows().first().waitFor();
  });

  test('says why it cannot be read, and reads again on a press', async () => {
    const page = await open(manyRuns(150, scriptedNow, hourMs));
    const { engine } = bench;
    const runs = engine.runs.bind(engine);
    engine.runs = () => Promise.reject(new EpicstarError('disk-full', '0 bytes are free.'));
    await page.getByLabel('Result').selectOption({ label: 'Mirrored' });
    await page.getByRole('alert').getByText('The history could not be read. The disk is full. 0 bytes').waitFor();
    await bench.shoot('history-failure', 'seen');
    expect(await bench.violations()).toEqual([]);
    engine.runs = runs;
    await page.getByRole('button', { name: 'Try again' }).click();
    await count('123 runs');
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  test('draws but a few of 20 000 runs, and reads on as it is scrolled', async () => {
    const page = await open(manyRuns(20_000, scriptedNow, 10 * minuteMs));
    await count('20,000 runs');
    await page.getByText('100 of 20,000').waitFor();
    await page.getByRole('heading', { name: 'Today 90' }).waitFor();
    const readSoFar = async (): Promise<number> =>
      Number((await page.locator('.more').innerText()).replace(/ of .*/s, '').replaceAll(',', ''));
    let drawn = 0;
    for (let step = 0; step < 500 && (await readSoFar()) < 2_000; step += 1) {
      await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
      drawn = Math.max(drawn, await rows().count());
    }
    expect(await readSoFar()).toBeGreaterThanOrEqual(2_000);
    expect(drawn).toBeLessThan(60);
    const longest = await page.evaluate(async () => {
      let worst = 0;
      let before = performance.now();
      for (let step = 0; step < 40; step += 1) {
        window.scrollBy(0, step < 20 ? -700 : 350);
        await new Promise((resolve) => requestAnimationFrame(resolve));
        worst = Math.max(worst, performance.now() - before);
        before = performance.now();
      }
      return worst;
    });
    expect(longest).toBeLessThan(500);
    expect(await rows().count()).toBeGreaterThan(5);
  });

  test('clears the history after a word, and asks the engine for nothing else', async () => {
    const page = await open(manyRuns(100, scriptedNow, dayMs));
    await count('100 runs');
    const clear = page.getByRole('button', { name: 'Clear history' });
    await clear.click();
    const dialog = page.getByRole('dialog', { name: 'Clear history' });
    await dialog.getByText('No work stops, no mirror is touched').waitFor();
    await bench.shoot('history-clear', 'seen');
    expect(await bench.violations()).toEqual([]);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(bench.engine.commands).toEqual([]);
    await clear.click();
    await dialog.getByRole('button', { name: 'Forget' }).click();
    await page.getByText('65 runs forgotten.').waitFor();
    await count('35 runs');
    await clear.click();
    await dialog.getByLabel('Everything').check();
    await dialog.getByRole('button', { name: 'Forget' }).click();
    await page.getByText('35 runs forgotten.').waitFor();
    await page.getByText('Nothing was done yet.').waitFor();
    // The start of the day 34 days before, in Berlin.
    const kept = Date.UTC(2026, 9, 21) - 2 * hourMs;
    expect(bench.engine.commands).toEqual([
      { name: 'forgetRuns', argument: kept },
      { name: 'forgetRuns', argument: null },
    ]);
  });

  test('keeps what is read when the engine goes, and reads on when it is back', async () => {
    const page = await open(manyRuns(40, scriptedNow, hourMs));
    const { port } = bench.web;
    await bench.web.stop();
    await page.getByText('epicstar does not answer.').waitFor();
    expect(await rows().count()).toBeGreaterThan(3);
    expect(await page.getByRole('button', { name: 'Clear history' }).getAttribute('aria-disabled')).toBe('true');
    expect(await bench.violations()).toEqual([]);
    bench.engine.endRun(makeRun({ id: 900_001, finishedAt: scriptedNow - 1_000 }));
    await bench.startHost({ port });
    await page.getByRole('button', { name: 'Show 1 new run' }).waitFor();
  });

  test('shows names of strangers as text', async () => {
    const page = await open([makeRun({ fullName: hostileName, finishedAt: scriptedNow - minuteMs })], {
      viewport: { width: 360, height: 740 },
    });
    await page.getByText('<img src=x').first().waitFor();
    expect(await page.locator('main img').count()).toBe(0);
    expect(await bench.overflow()).toBe(0);
  });

  test.each([
    ['light', { colorScheme: 'light' as const }],
    ['dark', { colorScheme: 'dark' as const }],
    ['360', { viewport: { width: 360, height: 740 } }],
    ['zoom', { viewport: { width: 500, height: 450 }, deviceScaleFactor: 2 }],
  ])('looks right: %s', async (name, options) => {
    const page = await open(manyRuns(24, scriptedNow, 3 * hourMs), options);
    await rows().nth(1).getByRole('button').click();
    await rows().nth(1).getByText('refs/heads/a..b').waitFor();
    await bench.shoot(`history-${name}`, 'seen');
    expect(await bench.violations()).toEqual([]);
    expect(await bench.overflow()).toBe(0);
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menu').waitFor();
    expect(await bench.overflow()).toBe(0);
    expect(await bench.violations()).toEqual([]);
  });
});
