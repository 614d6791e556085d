/** @file How the window looks in a real browser: both colour schemes, small and zoomed, and in every state. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Overview } from '../../src-main/engine/core/engine-api.ts';
import { errorRecord, makeOverview, makeTotals } from '../support/scripted-facts.ts';
import { playBusy, playHostile, playQuiet } from '../support/scripted-scenes.ts';
import type { WindowBench } from '../support/window-bench.ts';
import { hasBrowser, WindowBrowser } from '../support/window-browser.ts';

const minuteMs = 60_000;

describe.skipIf(!hasBrowser)('the look of the window', () => {
  const window = new WindowBrowser();
  let bench: WindowBench;

  beforeAll(() => window.open());
  afterEach(() => window.endBench());
  afterAll(() => window.close());

  async function start(options: Parameters<WindowBench['start']>[0] = {}): Promise<WindowBench> {
    bench = await window.startBench(options);
    return bench;
  }

  test.each(['light', 'dark'] as const)('has no accessibility fault in %s', async (colorScheme) => {
    const { page, engine } = await start({ colorScheme });
    await page.goto(bench.web.host.url);
    await bench.shoot(`sign-in-${colorScheme}`);
    expect(await bench.violations()).toEqual([]);
    playBusy(engine, Date.now());
    await bench.open();
    await page.getByText('Details').first().click();
    await bench.shoot(`busy-${colorScheme}`);
    expect(await bench.violations()).toEqual([]);
    playQuiet(engine, Date.now());
    await bench.open();
    await bench.shoot(`quiet-${colorScheme}`);
    expect(await bench.violations()).toEqual([]);
    await page.getByRole('button', { name: 'Choose for how long' }).click();
    await bench.shoot(`menu-${colorScheme}`);
    expect(await bench.violations()).toEqual([]);
  });

  test.each([
    ['360 px', { viewport: { width: 360, height: 740 } }],
    ['200 % zoom', { viewport: { width: 500, height: 450 }, deviceScaleFactor: 2 }],
    ['320 px', { viewport: { width: 320, height: 640 } }],
  ])('fits %s', async (name, options) => {
    const { page, engine } = await start(options);
    const slug = name.replace(/\W+/g, '-');
    playHostile(engine, Date.now());
    await bench.open();
    await bench.shoot(`hostile-${slug}`);
    expect(await bench.overflow()).toBe(0);
    playBusy(engine, Date.now());
    await bench.open();
    await bench.shoot(`busy-${slug}`);
    expect(await bench.overflow()).toBe(0);
    await page.getByRole('button', { name: 'Choose for how long' }).click();
    const { x, width } = (await page.getByRole('menu').boundingBox()) ?? { x: -1, width: 0 };
    await bench.shoot(`menu-${slug}`);
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x + width).toBeLessThanOrEqual(options.viewport.width);
    expect(await bench.violations()).toEqual([]);
  });

  test('moves nothing for whoever asked for less motion', async () => {
    const { page, engine } = await start({ reducedMotion: 'reduce' });
    playBusy(engine, Date.now());
    await bench.open();
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  });

  const disk = { error: errorRecord('disk-full', '12 MB are free.'), since: Date.now() - minuteMs, until: null };
  const away = {
    error: errorRecord('target-unavailable', 'https://onedev.example.org answered 502.'),
    since: Date.now() - 10 * minuteMs,
    until: Date.now() + minuteMs,
  };
  const signedOut = { error: errorRecord('github-signed-out'), since: Date.now() - minuteMs, until: null };
  const scenes: readonly (readonly [string, Partial<Overview>, string])[] = [
    ['offline', { isOnline: false }, 'Offline'],
    ['error', { totals: makeTotals({ mirrored: 1_201, failed: 3 }) }, '3 repositories could not be mirrored'],
    ['signed-out-github', { troubles: [signedOut] }, 'GitHub does not accept the token.'],
    ['troubles', { troubles: [disk, away] }, 'The disk is full. 12 MB are free.'],
    ['empty', { totals: makeTotals({ starred: 0, repositories: 0, mirrored: 0 }) }, 'No stars yet'],
  ];
  test.each(scenes)('looks right when it is %s', async (name, change, words) => {
    const { engine } = await start();
    engine.set({ overview: makeOverview(change), runs: [], jobs: [], work: [] });
    await bench.open();
    await bench.sentence(words).waitFor();
    await bench.shoot(`state-${name}`);
    expect(await bench.violations()).toEqual([]);
  });
});
