/** @file The page of the popup by the tray icon, in a real browser over a scripted engine. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { makeOverview, makeTotals, errorRecord } from '../support/scripted-facts.ts';
import { playBusy, playHostile, playQuiet } from '../support/scripted-scenes.ts';
import type { WindowBench } from '../support/window-bench.ts';
import { hasBrowser, WindowBrowser } from '../support/window-browser.ts';

/** As the desktop program opens it. */
const viewport = { width: 380, height: 560 };

describe.skipIf(!hasBrowser)('the popup', () => {
  const window = new WindowBrowser();
  let bench: WindowBench;

  beforeAll(() => window.open());
  afterEach(() => window.endBench());
  afterAll(() => window.close());

  async function start(options: Parameters<WindowBench['start']>[0] = {}): Promise<WindowBench> {
    bench = await window.startBench({ viewport, ...options });
    return bench;
  }

  /** Signs in, then goes to the place that the desktop program opens. */
  async function open(): Promise<void> {
    await bench.page.goto(bench.web.host.urlWithToken);
    await bench.page.locator('.state').waitFor();
    await bench.page.goto(`${bench.web.host.url}#/popup`);
    await bench.page.getByRole('navigation', { name: 'Full window' }).waitFor();
    await bench.page.locator('.skeleton').first().waitFor({ state: 'detached' });
  }

  /** Two things that need the person besides what is in work. */
  function playNeeds(now: number): void {
    playBusy(bench.engine, now);
    bench.engine.set({
      overview: {
        ...makeOverview(),
        totals: makeTotals({ mirrored: 1_190, failed: 3, asks: 1, jobs: { running: 3, queued: 2, waiting: 2 } }),
        troubles: [
          { error: errorRecord('disk-full'), since: now - 60_000, until: null },
          { error: errorRecord('target-signed-out'), since: now - 60_000, until: null },
        ],
      },
    });
  }

  test('shows the state, what is in work and the last runs, and no more', async () => {
    const { page, engine } = await start();
    playBusy(engine, Date.now());
    await open();
    await bench.sentence('Mirroring 3 repositories, 1.2 GB').waitFor();
    const progress = page.getByRole('progressbar', { name: 'torvalds/linux' });
    expect(await progress.getAttribute('aria-valuenow')).toBe('25');
    await page.getByRole('region', { name: 'In work' }).getByText('4 in line').waitFor();
    const runs = page.getByRole('region', { name: 'Last runs' });
    expect(await runs.getByRole('listitem').count()).toBe(6);
    const mirror = runs.getByRole('link', { name: 'Mirror: facebook/react' });
    expect(await mirror.getAttribute('href')).toBe('https://onedev.example.org/github/facebook/react');
    expect(await page.getByRole('navigation', { name: 'Pages' }).count()).toBe(0);
    expect(await page.getByRole('banner').count()).toBe(0);
  });

  test('says what needs the person, with the way there', async () => {
    const { page } = await start();
    playNeeds(Date.now());
    await open();
    const needs = page.getByRole('region', { name: 'Needs you' });
    await needs.getByText('1 repository asks whether to be mirrored').waitFor();
    await needs.getByText('3 repositories failed').waitFor();
    await needs.getByRole('link', { name: 'See why' }).click();
    await page.waitForURL(/#\/repositories\/in\/failed$/);
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
    expect(await page.locator('.popup').count()).toBe(0);
  });

  test('presses reach the engine', async () => {
    const { page, engine } = await start();
    playQuiet(engine, Date.now());
    await open();
    await page.getByRole('button', { name: 'Look now' }).click();
    await page.getByText('Looked: 2 new stars, 2 repositories to mirror.').waitFor();
    await page.getByRole('button', { name: 'Choose for how long' }).click();
    const list = page.getByRole('menu');
    await list.waitFor();
    const box = await list.boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(viewport.width);
    await bench.shoot('popup-menu', 'seen');
    await page.keyboard.press('Escape');
    await list.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await bench.sentence('Paused until you resume').waitFor();
    expect(engine.commands.map(({ name }) => name)).toEqual(['lookNow', 'pause']);
  });

  test('follows the engine, and says when it is gone', async () => {
    const { page, engine } = await start();
    playQuiet(engine, Date.now());
    await open();
    await bench.sentence('All 1,204 stars are safe').waitFor();
    const { port } = bench.web;
    await bench.web.stop();
    await page.getByText('epicstar does not answer.').waitFor();
    expect(await page.getByRole('button', { name: 'Look now' }).getAttribute('aria-disabled')).toBe('true');
    expect(await bench.violations()).toEqual([]);
    await bench.shoot('popup-disconnected', 'seen');
    engine.set({ overview: { totals: makeTotals({ starred: 7, repositories: 7, mirrored: 7 }) } });
    await bench.startHost({ port });
    await bench.sentence('All 7 stars are safe').waitFor();
  });

  test('has its way out while nothing was heard yet', async () => {
    const { page } = await start();
    await page.routeWebSocket(/\/api\/socket$/, (socket) => void socket.close({ code: 1001 }));
    await page.goto(bench.web.host.urlWithToken);
    await page.goto(`${bench.web.host.url}#/popup`);
    await page.getByRole('heading', { name: 'epicstar does not answer' }).waitFor();
    expect(await page.getByRole('link', { name: 'Settings' }).getAttribute('href')).toBe('#/settings');
    expect(await bench.violations()).toEqual([]);
    await bench.shoot('popup-unheard', 'seen');
  });

  test('every control can be reached by keyboard, is seen to be focused and is in view then', async () => {
    const { page } = await start();
    playNeeds(Date.now());
    await open();
    const controls = await page.locator('button, a[href], summary').count();
    const reached = new Set<string>();
    const unseen: string[] = [];
    for (let press = 0; press < controls; press += 1) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(() => {
        const element = document.activeElement;
        if (element === null || element === document.body) return null;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        const { top, bottom, left, right } = element.getBoundingClientRect();
        const at = [...document.querySelectorAll('*')].indexOf(element);
        const isInView = top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth;
        const isSeen = outlineStyle !== 'none' && outlineWidth !== '0px' && isInView;
        return { html: `${at} ${element.outerHTML}`, isSeen };
      });
      if (focused === null) continue;
      if (!focused.isSeen) unseen.push(focused.html);
      reached.add(focused.html);
    }
    expect(unseen).toEqual([]);
    expect(reached.size).toBe(controls);
  });

  test('shows names and words of strangers as text and nothing else', async () => {
    const { page, engine } = await start();
    playHostile(engine, Date.now());
    await open();
    await page
      .getByTitle(/gnp\.exe$/)
      .first()
      .waitFor();
    expect(await page.locator('main img, main b, main i, main script').count()).toBe(0);
    expect(await page.locator('body').innerText()).not.toMatch(/[\u202a-\u202e]/);
    expect(await bench.overflow()).toBe(0);
    await bench.shoot('popup-hostile', 'seen');
  });

  test.each([
    ['light', viewport],
    ['dark', viewport],
    ['light', { width: 190, height: 280 }],
    ['dark', { width: 320, height: 400 }],
  ] as const)('looks right in %s at %j', async (colorScheme, size) => {
    const { page } = await start({ colorScheme, viewport: size });
    const name = `popup-${colorScheme}-${size.width}`;
    playBusy(bench.engine, Date.now());
    await open();
    await page.getByRole('progressbar').first().waitFor();
    await bench.shoot(`${name}-busy`, 'seen');
    expect(await bench.violations()).toEqual([]);
    expect(await bench.overflow()).toBe(0);
    await page.locator('.popup-body').evaluate((body) => body.scrollTo(0, body.scrollHeight));
    await bench.shoot(`${name}-busy-end`, 'seen');
    playQuiet(bench.engine, Date.now());
    await bench.sentence('All 1,204 stars are safe').waitFor();
    await page.locator('.popup-body').evaluate((body) => body.scrollTo(0, 0));
    await bench.shoot(`${name}-quiet`, 'seen');
    expect(await bench.violations()).toEqual([]);
    playNeeds(Date.now());
    await page.getByRole('region', { name: 'Needs you' }).waitFor();
    await bench.shoot(`${name}-needs`, 'seen');
    expect(await bench.violations()).toEqual([]);
    expect(await bench.overflow()).toBe(0);
  });
});
