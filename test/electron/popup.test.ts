/** @file The popup by the tray icon on a real Electron under a virtual display, attached to a real engine. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sentenceOf } from '../support/program-window.ts';
import { Served } from '../support/served.ts';
import { type Installation, Stage } from '../support/stage.ts';
import { waitUntil } from '../support/wait.ts';
import { type Desktop, DesktopBench, refusal } from './desktop-bench.ts';

const size = { width: 380, height: 560 };
/** Icons in panels at the right and at the bottom of the screen. */
const atTheRight = { x: 1_250, y: 400, width: 24, height: 24 };
const atTheBottom = { x: 700, y: 872, width: 24, height: 24 };
/** Longer than the press that closes may be on its way. */
const laterMs = 5_000;

describe('the popup', () => {
  let bench: DesktopBench;
  let stage: Stage;
  let installation: Installation;
  let engine: Served;
  let home: string;
  let desktop: Desktop;
  let popup: Page;

  /** Places behind the `#` of windows that are seen, and whether the person types into them. */
  const seen = (): Promise<readonly { readonly place: string; readonly isFocused: boolean }[]> =>
    desktop.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()
        .filter((window) => window.isVisible())
        .map((window) => ({
          place: new URL(window.webContents.getURL()).hash.slice(1),
          isFocused: window.isFocused(),
        })),
    );
  const isPopup = ({ place }: { readonly place: string }): boolean => place === '/popup';
  const opened = (): Promise<boolean> =>
    waitUntil('the popup to be open and to have the keyboard', async () =>
      (await seen()).some((one) => isPopup(one) && one.isFocused),
    );
  const closed = (): Promise<boolean> =>
    waitUntil('the popup to be gone', async () => !(await seen()).some((one) => isPopup(one)));
  const windowAt = (place: string): Promise<boolean> =>
    waitUntil(`the window to be seen at ${place} alone`, async () => {
      const [one, ...others] = await seen();
      return one?.place === place && one.isFocused && others.length === 0;
    });
  const popupBounds = (): Promise<Electron.Rectangle | undefined> =>
    desktop.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()
        .find((window) => window.webContents.getURL().endsWith('#/popup'))
        ?.getBounds(),
    );
  /** It is open after this, however it was left. */
  async function open(): Promise<void> {
    await desktop.lapse(laterMs);
    if (!(await seen()).some(isPopup)) await desktop.clickIcon(atTheRight);
    await opened();
  }

  beforeAll(async () => {
    if (refusal !== null) return;
    [bench, stage] = await Promise.all([DesktopBench.open(), Stage.start(3)]);
    installation = await stage.install();
    engine = await Served.start(installation);
    await engine.mirrored(3);
    home = await bench.makeHome();
    desktop = await bench.launch(home, engine, ['--hidden']);
    await desktop.tooltip(/All 3 stars are safe/);
  });
  beforeEach(({ skip }) => {
    if (refusal !== null) skip(refusal);
  });
  afterAll(async () => {
    await bench?.close();
    await stage?.close();
  });

  test('is made by the first click, beside the icon at the edge where that is', async () => {
    expect(await desktop.windows()).toEqual([]);
    await desktop.clickIcon(atTheRight);
    popup = await desktop.windowAt(/#\/popup$/);
    await opened();
    await sentenceOf(popup, 'All 3 stars are safe').waitFor();
    expect(await popupBounds()).toEqual({ x: 1_250 - 6 - size.width, y: 412 - size.height / 2, ...size });
    expect(await popup.evaluate(() => [innerWidth, innerHeight])).toEqual([size.width, size.height]);
    const runs = popup.getByRole('region', { name: 'Last runs' });
    await runs.getByRole('link', { name: stage.star(0).fullName, exact: true }).waitFor();
  });

  test('goes with the second click, comes back with the third, and stays one', async () => {
    await desktop.clickIcon(atTheRight);
    await closed();
    await desktop.clickIcon(atTheBottom);
    await opened();
    expect(await popupBounds()).toEqual({ x: 712 - size.width / 2, y: 872 - 6 - size.height, ...size });
    expect(await desktop.windows()).toHaveLength(1);
    await sentenceOf(popup, 'All 3 stars are safe').waitFor();
  });

  test('goes at Escape, but not at that of a menu inside of it', async () => {
    await popup.getByRole('button', { name: 'Choose for how long' }).click();
    await popup.getByRole('menu').waitFor();
    await popup.keyboard.press('Escape');
    await popup.getByRole('menu').waitFor({ state: 'detached' });
    expect((await seen()).filter(isPopup)).toHaveLength(1);
    await popup.keyboard.press('Escape');
    await closed();
    expect(await desktop.windows()).toHaveLength(1);
  });

  test('gives way to the full window at the place that a link of it names', async () => {
    const { fullName, id } = stage.star(0);
    await open();
    await popup.getByRole('region', { name: 'Last runs' }).getByRole('link', { name: fullName, exact: true }).click();
    await windowAt(`/repositories/${id}`);
    await open();
    await popup.getByRole('link', { name: 'Settings' }).click();
    await windowAt('/settings');
    await open();
    await popup.getByRole('link', { name: 'Open epicstar' }).click();
    await windowAt('/');
    expect(popup.url()).toMatch(/#\/popup$/);
    expect(await desktop.windows()).toHaveLength(2);
  });

  test('gives way to the full window that the menu opens', async () => {
    await open();
    await desktop.press('Settings');
    await windowAt('/settings');
    await desktop.press('Open epicstar');
    expect(await windowAt('/')).toBe(true);
  });

  test('goes when the person turns to another window, and the click that did it opens nothing', async () => {
    const turnAway = (): Promise<void> =>
      desktop.app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()
          .find((window) => !window.webContents.getURL().endsWith('#/popup'))
          ?.focus(),
      );
    await open();
    await turnAway();
    await closed();
    await open();
    // Both before anything else happens, as a press of the mouse on the icon does it.
    await desktop.app.evaluate(({ BrowserWindow }, bounds) => {
      const found = BrowserWindow.getAllWindows().find((one) => one.webContents.getURL().endsWith('#/popup'));
      globalThis.observed.icon.bounds = bounds;
      found?.emit('blur');
      globalThis.observed.icon.click();
    }, atTheRight);
    await closed();
    await windowAt('/');
    await desktop.clickIcon(atTheRight);
    expect(await opened()).toBe(true);
  });

  test('was silent in the console, and the shell had nothing to warn of', async () => {
    expect(desktop.complaints).toEqual([]);
    expect((await desktop.observe()).warnings).toEqual([]);
  });

  test('can do no more than any page of the program', async () => {
    const found = await popup.evaluate(() => ({
      hasNode: ['require', 'process', 'module'].some((name) => name in globalThis),
      link: Object.keys((Reflect.get(window, 'epicstarLink') as object | undefined) ?? {}).sort(),
      opened: window.open('https://example.org/') === null,
    }));
    expect(found).toEqual({ hasNode: false, link: ['open', 'send'], opened: true });
    await popup.evaluate(() => location.assign('https://example.org/'));
    await sentenceOf(popup, 'All 3 stars are safe').waitFor();
    expect(popup.url()).toMatch(/^epicstar:\/\/window\/index\.html#\/popup$/);
    expect(await desktop.windows()).toHaveLength(2);
  });

  test('moves and goes with the displays', async () => {
    await open();
    const change = (bounds: Electron.Rectangle): Promise<void> =>
      desktop.app.evaluate(({ screen }, told) => {
        globalThis.observed.icon.bounds = told;
        screen.emit('display-metrics-changed');
      }, bounds);
    await change(atTheBottom);
    await waitUntil('the popup to move', async () => (await popupBounds())?.y === 872 - 6 - size.height);
    await change({ x: 0, y: 0, width: 0, height: 0 });
    expect(await closed()).toBe(true);
  });

  test('tells when the engine is gone, and finds it again', async () => {
    await open();
    const port = Number(new URL(engine.url).port);
    await engine.program.stop();
    await popup.getByText('epicstar does not answer.').waitFor();
    // What is about the program itself is answered all the same.
    await popup.getByRole('link', { name: 'Settings' }).click();
    await windowAt('/settings');
    engine = await Served.start(installation, {}, port);
    await desktop.tooltip(/All 3 stars are safe/);
    await open();
    await popup.getByText('epicstar does not answer.').waitFor({ state: 'detached' });
    await sentenceOf(popup, 'All 3 stars are safe').waitFor();
    expect(await popup.getByRole('button', { name: 'Pause', exact: true }).getAttribute('aria-disabled')).toBe('false');
  });

  test('is made anew after its page ended by itself', async () => {
    await desktop.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()
        .find((window) => window.webContents.getURL().endsWith('#/popup'))
        ?.destroy(),
    );
    await closed();
    await desktop.lapse(laterMs);
    await desktop.clickIcon(atTheRight);
    popup = await desktop.windowAt(/#\/popup$/);
    await opened();
    await sentenceOf(popup, 'All 3 stars are safe').waitFor();
    await desktop.clickIcon(atTheRight);
    await closed();
    expect(await desktop.windows()).toHaveLength(2);
  });

  test('lets go of its page when nobody has wanted it for half an hour', async () => {
    const halfHourMs = 30 * 60_000;
    await open();
    await popup.keyboard.press('Escape');
    await closed();
    await waitUntil('the time to be taken', () => desktop.isTiming(halfHourMs));
    await desktop.lapse(halfHourMs);
    await waitUntil('the popup to be let go', async () => (await popupBounds()) === undefined);
    await desktop.clickIcon(atTheRight);
    popup = await desktop.windowAt(/#\/popup$/);
    await opened();
    await sentenceOf(popup, 'All 3 stars are safe').waitFor();
    expect(await popupBounds()).toMatchObject(size);
  });

  test('is no place that is remembered, and its end is that of the program', async () => {
    await desktop.press('Quit epicstar');
    await desktop.ended;
    const kept: unknown = JSON.parse(await readFile(join(home, 'desktop', 'preferences.json'), 'utf8'));
    const { windowBounds } = kept as { readonly windowBounds: readonly Electron.Rectangle[] };
    expect(windowBounds).toHaveLength(1);
    expect(windowBounds[0]?.width).toBeGreaterThan(size.width);
  });

  test.each([
    ['where nobody tells where the icon is', null, {}, {}],
    ['on Wayland', atTheRight, { XDG_SESSION_TYPE: 'wayland' }, {}],
    ['where the person wants that', atTheRight, {}, { opensAs: 'window' }],
  ] as const)('gives way to the full window %s', async (_where, bounds, env, preferences) => {
    const itsHome = await bench.makeHome();
    await mkdir(join(itsHome, 'desktop'), { recursive: true });
    await writeFile(join(itsHome, 'desktop', 'preferences.json'), JSON.stringify(preferences));
    desktop = await bench.launch(itsHome, engine, ['--hidden'], env);
    await desktop.tooltip(/All 3 stars are safe/);
    await desktop.clickIcon(bounds);
    const page = await desktop.window();
    await sentenceOf(page, 'All 3 stars are safe').waitFor();
    await windowAt('/');
    expect(await desktop.windows()).toHaveLength(1);
    await desktop.press('Quit epicstar');
    await desktop.ended;
  });
});
