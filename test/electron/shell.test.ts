/** @file The desktop program on a real Electron under a virtual display, attached to a real engine. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { generateSmall } from '../playground/repositories/index.ts';
import { allProcesses, processFamily } from '../support/program.ts';
import { figureOf, sentenceOf } from '../support/program-window.ts';
import { Served } from '../support/served.ts';
import { type Installation, Stage } from '../support/stage.ts';
import { waitUntil } from '../support/wait.ts';
import { type Desktop, DesktopBench, refusal } from './desktop-bench.ts';

/** Whoever asks for an end gets it within this. */
const quitWithinMs = 10_000;

describe('the desktop program', () => {
  let bench: DesktopBench;
  let stage: Stage;
  let installation: Installation;
  let engine: Served;
  let home: string;
  let desktop: Desktop;
  let page: Page;

  const says = (text: string | RegExp): Promise<void> => sentenceOf(page, text).waitFor();
  const gone = (family: readonly number[]): Promise<boolean> =>
    waitUntil('all of its processes to be gone', () => !allProcesses().some(({ pid }) => family.includes(pid)));
  /** Resolves with how long it took to end after `ask`, in ms. */
  async function timeToEnd(one: { readonly ended: Promise<unknown> }, ask: () => unknown): Promise<number> {
    const startMs = performance.now();
    await ask();
    await one.ended;
    return performance.now() - startMs;
  }

  beforeAll(async () => {
    if (refusal !== null) return;
    [bench, stage] = await Promise.all([DesktopBench.open(), Stage.start(3)]);
    installation = await stage.install();
    engine = await Served.start(installation);
    await engine.mirrored(3);
    home = await bench.makeHome();
    desktop = await bench.launch(home, engine);
    page = await desktop.window();
  });
  beforeEach(({ skip }) => {
    if (refusal !== null) skip(refusal);
  });
  afterAll(async () => {
    await bench?.close();
    await stage?.close();
  });

  test('opens its window over its own protocol and says the same in the tray', async () => {
    expect(page.url()).toBe('epicstar://window/index.html#/');
    await says('All 3 stars are safe');
    await desktop.visible(1);
    await desktop.tooltip(/^epicstar: All 3 stars are safe$/);
    const menu = await desktop.menu();
    expect(menu).toEqual(expect.arrayContaining(['Open epicstar', 'Pause > For an hour', 'Quit epicstar']));
    const runs = menu.filter((label) => /^Last runs > [^>]+$/.test(label));
    expect(runs.map((label) => label.replace('Last runs > ', '')).sort()).toEqual(
      stage.stars.map(({ fullName }) => fullName).sort(),
    );
  });

  test('looks at a press in the tray, and shows what comes of it everywhere', async () => {
    const [added] = await generateSmall(join(stage.dir, 'later'), 4).then((all) => all.slice(3));
    if (added === undefined) throw new Error('nothing was generated');
    stage.add(added);
    await desktop.press('Look for new stars now');
    await says('All 4 stars are safe');
    expect(await figureOf(page, 'Mirrored')).toBe(4);
    await desktop.tooltip(/All 4 stars are safe/);
    expect(await desktop.menu()).toContain(`Last runs > ${added.fullName} > Open on OneDev`);
  });

  test('pauses and resumes the engine from the tray', async () => {
    const before = (await desktop.observe()).images.length;
    await desktop.press('Pause', 'For an hour');
    await says(/^Paused until /);
    await desktop.tooltip(/^epicstar: Paused until /);
    expect((await desktop.observe()).images.length).toBe(before + 1);
    // Another client of the engine is told the same.
    const other = await bench.launch(await bench.makeHome(), engine, ['--hidden']);
    await other.tooltip(/^epicstar: Paused until /);
    await desktop.press('Resume');
    await says('All 4 stars are safe');
    await other.tooltip(/All 4 stars are safe/);
    expect(await timeToEnd(other, () => other.press('Quit epicstar'))).toBeLessThan(quitWithinMs);
  });

  test('goes to the place that an entry of the tray names, without loading the page again', async () => {
    await page.evaluate(() => Object.assign(globalThis, { wasLoadedBefore: true }));
    await desktop.press('Settings');
    await page.waitForURL('epicstar://window/index.html#/settings');
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    const { fullName, id } = stage.star(0);
    await desktop.press('Last runs', fullName, 'Show');
    await page.waitForURL(`epicstar://window/index.html#/repositories/${id}`);
    await desktop.press('Open epicstar');
    await page.waitForURL('epicstar://window/index.html#/');
    await says('All 4 stars are safe');
    expect(await page.evaluate(() => 'wasLoadedBefore' in globalThis)).toBe(true);
  });

  test('hides its window when it is closed, and a second start shows it again', async () => {
    await desktop.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().forEach((window) => window.close()),
    );
    await desktop.visible(0);
    expect(await desktop.windows()).toHaveLength(1);
    expect(await bench.start(home, engine).ended).toBe(0);
    await desktop.visible(1);
    expect(await desktop.windows()).toHaveLength(1);
    await says('All 4 stars are safe');
  });

  test('was silent in the console, and the shell had nothing to warn of', async () => {
    expect(desktop.complaints).toEqual([]);
    expect((await desktop.observe()).warnings).toEqual([]);
  });

  test('opens in the browser only what is on the list', async () => {
    const { fullName } = stage.star(1);
    const mirrorPage = new RegExp(`^${installation.onedev.url}/github/${fullName}`);
    const opened = async (count: number): Promise<readonly string[]> => {
      const all = async (): Promise<readonly string[]> => (await desktop.observe()).opened;
      await waitUntil(`${count} pages to be opened`, async () => (await all()).length >= count);
      return all();
    };
    await desktop.press('Last runs', fullName, 'Open on OneDev');
    expect((await opened(1))[0]).toMatch(mirrorPage);
    const mirrorLink = page.getByRole('link', { name: `Mirror: ${fullName}` });
    await mirrorLink.first().click();
    expect((await opened(2))[1]).toMatch(mirrorPage);
    for (const address of [
      'https://github.com.example.org/',
      'http://github.com/',
      'https://someone@github.com/',
      'https://example.org/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'epicstar://window/index.html',
      `${engine.url}?token=${engine.token}`,
    ]) {
      expect(await page.evaluate((url) => window.open(url) === null, address)).toBe(true);
    }
    await page.evaluate(() => window.open('https://github.com/someone/something'));
    expect((await opened(3)).slice(2)).toEqual(['https://github.com/someone/something']);
    expect(await desktop.windows()).toHaveLength(1);
  });

  test('tells when the engine is gone, and finds it again', async () => {
    const port = Number(new URL(engine.url).port);
    await engine.program.stop();
    await desktop.tooltip(/^epicstar: The engine cannot be reached/);
    expect(await desktop.menu()).not.toContain('Look for new stars now');
    engine = await Served.start(installation, {}, port);
    await desktop.tooltip(/All 4 stars are safe/);
    await says('All 4 stars are safe');
  });

  test('tells when the engine does not take its token', async () => {
    const other = await bench.launch(await bench.makeHome(), { url: engine.url, token: 'wrong' }, ['--hidden']);
    await other.tooltip(/^epicstar: The engine does not accept the token$/);
    expect(await other.menu()).not.toContain('Look for new stars now');
    await timeToEnd(other, () => other.press('Quit epicstar'));
  });

  test('starts hidden without a window, and opens one in its old place', async () => {
    const bounds = { x: 90, y: 70, width: 700, height: 500 };
    await desktop.app.evaluate(
      ({ BrowserWindow }, wanted) => BrowserWindow.getAllWindows().forEach((window) => window.setBounds(wanted)),
      bounds,
    );
    await waitUntil('the window to be there', async () => (await desktop.windows())[0]?.bounds.width === bounds.width);
    const family = processFamily(desktop.app.process().pid ?? 0);
    // Zygotes, GPU, network and the page.
    expect(family.length).toBeGreaterThan(4);
    expect(await timeToEnd(desktop, () => desktop.press('Quit epicstar'))).toBeLessThan(quitWithinMs);
    await gone(family);

    desktop = await bench.launch(home, engine, ['--hidden']);
    await desktop.tooltip(/All 4 stars are safe/);
    expect(await desktop.windows()).toEqual([]);
    await desktop.press('Open epicstar');
    page = await desktop.window();
    await desktop.visible(1);
    expect((await desktop.windows())[0]?.bounds).toEqual(bounds);
  });

  test('lets go of a page that nobody has wanted for half an hour, and comes back to where it was', async () => {
    const hideFor = async (minutes: number): Promise<void> => {
      await desktop.app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows().forEach((window) => window.close()),
      );
      await desktop.visible(0);
      await desktop.lapse(minutes * 60_000);
    };
    const showAgain = async (): Promise<void> => {
      expect(await bench.start(home, engine).ended).toBe(0);
      await desktop.visible(1);
    };
    await desktop.press('Settings');
    await page.waitForURL('epicstar://window/index.html#/settings');
    await hideFor(29);
    expect(await desktop.windows()).toHaveLength(1);
    await showAgain();
    await desktop.lapse(31 * 60_000);
    expect(await desktop.windows()).toHaveLength(1);
    await hideFor(31);
    await waitUntil('the page to be gone', async () => (await desktop.windows()).length === 0);
    await showAgain();
    page = await desktop.window();
    expect(page.url()).toBe('epicstar://window/index.html#/settings');
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
  });

  test.each([
    ['SIGTERM', []],
    ['SIGINT', []],
    ['SIGTERM', ['--hidden']],
  ] as const)('ends cleanly at %s, started with %j', async (signal, args) => {
    const start = bench.start(await bench.makeHome(), engine, args);
    await start.says(/All 4 stars are safe/);
    const family = processFamily(start.pid);
    expect(await timeToEnd(start, () => start.signal(signal))).toBeLessThan(quitWithinMs);
    expect(await start.ended).toBe(0);
    await gone(family);
  });
});
