/** @file The window in a real browser, against the real web host, over a scripted engine. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { EpicstarError } from '../../src-main/engine/core/engine-api.ts';
import { makeTotals, makeWorkItem } from '../support/scripted-facts.ts';
import { playBusy, playHostile, playQuiet } from '../support/scripted-scenes.ts';
import { benchToken } from '../support/web-bench.ts';
import type { WindowBench } from '../support/window-bench.ts';
import { hasBrowser, WindowBrowser } from '../support/window-browser.ts';

const minuteMs = 60_000;

describe.skipIf(!hasBrowser)('the window', () => {
  const window = new WindowBrowser();
  let bench: WindowBench;

  beforeAll(() => window.open());
  afterEach(() => window.endBench());
  afterAll(() => window.close());

  async function start(options: Parameters<WindowBench['start']>[0] = {}): Promise<WindowBench> {
    bench = await window.startBench(options);
    return bench;
  }

  test('takes the token out of the address and shows what happens', async () => {
    const { page, engine } = await start();
    playBusy(engine, Date.now());
    await bench.open();
    expect(page.url()).toBe(bench.web.host.url);
    await bench.sentence('Mirroring 3 repositories, 1.2 GB').waitFor();
    const progress = page.getByRole('progressbar', { name: 'torvalds/linux' });
    expect(await progress.getAttribute('aria-valuenow')).toBe('25');
    expect(await progress.getAttribute('aria-valuetext')).toContain('receiving objects, 2,500,000 of 10,000,000');
    const runs = page.getByRole('region', { name: 'Last runs' });
    await runs.getByText('1 ref rewritten, 1 updated · old history kept').waitFor();
    const source = runs.getByRole('link', { name: 'facebook/react', exact: true });
    expect(await source.getAttribute('href')).toBe('https://github.com/facebook/react');
    const mirror = runs.getByRole('link', { name: 'Mirror: facebook/react' });
    expect(await mirror.getAttribute('href')).toBe('https://onedev.example.org/github/facebook/react');
  });

  test('signs in by the form', async () => {
    const { page, engine } = await start();
    playQuiet(engine, Date.now());
    await page.goto(bench.web.host.url);
    await page.getByLabel('Token').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('not the right one').waitFor();
    await page.getByLabel('Token').fill(benchToken);
    await page.keyboard.press('Enter');
    await bench.sentence('All 1,204 stars are safe').waitFor();
    expect(page.url()).toBe(bench.web.host.url);
  });

  test('presses reach the engine, and what came of them is said', async () => {
    const { page, engine } = await start();
    playBusy(engine, Date.now());
    await bench.open();
    await page.getByRole('button', { name: 'Look now' }).click();
    await page.getByText('Looked: 2 new stars, 2 repositories to mirror.').waitFor();
    await page.getByRole('button', { name: 'Retry failed' }).click();
    await page.getByText('Trying 3 repositories again.').waitFor();
    await page.getByRole('button', { name: 'Cancel microsoft/vscode' }).click();
    await page.getByText('Cancelled: microsoft/vscode.').waitFor();
    await page.getByRole('progressbar', { name: 'microsoft/vscode' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Try again: acme/private-fork' }).click();
    await page.getByText('acme/private-fork is next in line.').waitFor();
    expect(engine.commands).toEqual([
      { name: 'lookNow', argument: false },
      { name: 'retryFailed', argument: null },
      { name: 'cancelJob', argument: 102 },
      { name: 'mirrorNow', argument: [13] },
    ]);
  });

  test('pauses and resumes, by keyboard alone', async () => {
    const { page, engine } = await start();
    playQuiet(engine, Date.now());
    await bench.open();
    const pause = page.getByRole('button', { name: 'Choose for how long' });
    await pause.focus();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    expect(await pause.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('ArrowDown');
    const command = engine.nextCommand('pause');
    await page.keyboard.press('Enter');
    const { argument } = await command;
    expect(Number(argument) - Date.now()).toBeGreaterThan(59 * minuteMs);
    expect(Number(argument) - Date.now()).toBeLessThanOrEqual(60 * minuteMs);
    await bench.sentence(/^Paused until .*\d\d:\d\d$/).waitFor();
    await bench.shoot('paused');
    await page.getByRole('button', { name: 'Resume' }).focus();
    await page.keyboard.press('Enter');
    await bench.sentence('All 1,204 stars are safe').waitFor();
  });

  test('pauses until resumed by one press', async () => {
    const { page, engine } = await start();
    playQuiet(engine, Date.now());
    await bench.open();
    const command = engine.nextCommand('pause');
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    expect((await command).argument).toBeNull();
    await bench.sentence('Paused until you resume').waitFor();
  });

  test('every control can be reached and is seen to be focused', async () => {
    const { page, engine } = await start();
    playBusy(engine, Date.now());
    await bench.open();
    const controls = await page.locator('button, a[href], summary').count();
    const reached = new Set<string>();
    const unseen: string[] = [];
    for (let press = 0; press < controls; press += 1) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(() => {
        const element = document.activeElement;
        if (element === null || element === document.body) return null;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        const at = [...document.querySelectorAll('*')].indexOf(element);
        return { html: `${at} ${element.outerHTML}`, isSeen: outlineStyle !== 'none' && outlineWidth !== '0px' };
      });
      if (focused === null) continue;
      if (!focused.isSeen) unseen.push(focused.html);
      reached.add(focused.html);
    }
    expect(unseen).toEqual([]);
    expect(reached.size).toBe(controls);
  });

  test('a failure is said with its next step', async () => {
    const { page, engine } = await start();
    playQuiet(engine, Date.now());
    await bench.open();
    engine.failNext(new EpicstarError('github-unavailable', 'It answered 502.'));
    await page.getByRole('button', { name: 'Look now' }).click();
    const words = 'GitHub does not answer. It answered 502. It is tried again by itself.';
    await page.getByRole('alert').getByText(words).waitFor();
    await bench.shoot('failure');
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await page.getByText(words).waitFor({ state: 'detached' });
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  test('follows the engine without being asked', async () => {
    const { page, engine } = await start();
    playQuiet(engine, Date.now());
    await bench.open();
    engine.set({
      work: [makeWorkItem({ git: { phase: 'receiving', done: 1, total: 2, bytes: 5_000 } })],
      overview: { totals: makeTotals({ mirrored: 1_203, jobs: { running: 1 }, pendingKb: 5_000_000 }) },
    });
    await bench.sentence('Mirroring torvalds/linux, 1.2 GB of about 5.1 GB').waitFor();
    await page.locator('.state').getByRole('status').getByText('Mirroring torvalds/linux').waitFor();
    const totals = makeTotals({ starred: 1_205, repositories: 1_205, mirrored: 1_205 });
    engine.set({ work: [], overview: { totals } });
    await bench.sentence('All 1,205 stars are safe').waitFor();
    await page.getByText('Nothing is being mirrored right now.').waitFor();
    expect(await page.getByRole('progressbar').count()).toBe(0);
  });

  test('says that the engine is gone, and comes back by itself', async () => {
    const { page, engine } = await start();
    playQuiet(engine, Date.now());
    await bench.open();
    const { port } = bench.web;
    await bench.web.stop();
    await page.getByText('epicstar does not answer.').waitFor();
    const look = page.getByRole('button', { name: 'Look now' });
    expect(await look.getAttribute('aria-disabled')).toBe('true');
    expect(await bench.violations()).toEqual([]);
    await bench.shoot('disconnected');
    engine.set({ overview: { totals: makeTotals({ starred: 7, repositories: 7, mirrored: 7 }) } });
    await bench.startHost({ port });
    await bench.sentence('All 7 stars are safe').waitFor();
    await page.getByText('epicstar does not answer.').waitFor({ state: 'detached' });
    expect(await look.getAttribute('aria-disabled')).toBe('false');
  });

  test('says so when nothing can be heard from the start', async () => {
    const { page, engine } = await start();
    playQuiet(engine, Date.now());
    let isBlocked = true;
    await page.routeWebSocket(/\/api\/socket$/, (socket) => {
      if (isBlocked) void socket.close({ code: 1001 });
      else socket.connectToServer();
    });
    await page.goto(bench.web.host.urlWithToken);
    await page.getByRole('heading', { name: 'epicstar does not answer' }).waitFor();
    await bench.shoot('unheard');
    expect(await bench.violations()).toEqual([]);
    isBlocked = false;
    await bench.sentence('All 1,204 stars are safe').waitFor();
  });

  test('says that it was signed out when the token was changed', async () => {
    const { page, engine } = await start();
    playQuiet(engine, Date.now());
    await bench.open();
    const { port } = bench.web;
    await bench.web.stop();
    await bench.startHost({ port, token: 'another-token-0123456789abcdef' });
    await page.getByText('This window is signed out.').waitFor();
    await bench.shoot('signed-out');
    await page.getByRole('link', { name: 'Sign in again' }).click();
    await page.getByLabel('Token').waitFor();
    expect(page.url()).toBe(bench.web.host.url);
  });

  test('shows names and words of strangers as text and nothing else', async () => {
    const { page, engine } = await start();
    playHostile(engine, Date.now());
    await bench.open();
    await page.getByText('<b>bold</b>').waitFor();
    await page.getByText('Details').click();
    await page.getByText("<script>document.title='owned'</script>").waitFor();
    await bench.shoot('hostile');
    expect(await page.title()).toBe('Mirroring · epicstar');
    expect(await page.locator('main img, main b, main i, main script').count()).toBe(0);
    const addresses = await page.locator('a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
    const own = /^(#\/|https:\/\/(github\.com|onedev\.example\.org)\/)/;
    expect(addresses.filter((address) => !own.test(address ?? ''))).toEqual([]);
    expect(await page.locator('body').innerText()).not.toMatch(/[\u202a-\u202e]/);
    expect(await bench.overflow()).toBe(0);
  });
});
