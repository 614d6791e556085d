/**
 * @file Pictures of the desktop program on its own screen: tray, menu, popup and window. Written to docs/images with
 * EPICSTAR_PICTURES=1 alone.
 */
import { readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Overview } from '../../src-main/engine/core/engine-api.ts';
import type { Tone } from '../../src-preload/contract/views.ts';
import { errorRecord, makeOverview, makeTotals } from '../support/scripted-facts.ts';
import { playBusy, playQuiet } from '../support/scripted-scenes.ts';
import { waitUntil } from '../support/wait.ts';
import { benchToken, WebBench } from '../support/web-bench.ts';
import { type Desktop, DesktopBench } from './desktop-bench.ts';
import { pictureRefusal } from './electron-runtime.ts';
import { encodePng, type Part } from './png.ts';

const rootDir = join(import.meta.dirname, '..', '..');
const isForDocs = process.env['EPICSTAR_PICTURES'] === '1';
const picturesDir = join(rootDir, ...(isForDocs ? ['docs', 'images'] : ['test-results', 'pictures']));
const hourMs = 60 * 60_000;
/** Wide enough for a window and a menu beside it. */
const screen = { width: 1_440, height: 900 };

const states: readonly (readonly [Tone, string, Partial<Overview>])[] = [
  ['idle', 'All is well', {}],
  ['working', 'Mirroring', { totals: makeTotals({ jobs: { running: 2 } }) }],
  ['paused', 'Paused', { pause: { since: Date.now(), until: Date.now() + hourMs } }],
  ['attention', 'Needs you', { awaitsSelection: true }],
  ['error', 'Something failed', { totals: makeTotals({ failed: 2, jobs: { failed: 2 } }) }],
  ['offline', 'Offline', { isOnline: false }],
  [
    'signed-out',
    'Signed out',
    { troubles: [{ error: errorRecord('github-signed-out'), since: Date.now(), until: null }] },
  ],
];

describe('pictures of the desktop program', () => {
  let bench: DesktopBench;
  let web: WebBench;
  const engine = (): { readonly url: string; readonly token: string } => ({ url: web.host.url, token: benchToken });

  beforeAll(async () => {
    if (pictureRefusal !== null) return;
    web = new WebBench();
    await mkdir(picturesDir, { recursive: true });
    [bench] = await Promise.all([DesktopBench.open({ hasPanel: true, screen }), web.start()]);
  });
  beforeEach(({ skip }) => {
    if (pictureRefusal !== null) skip(pictureRefusal);
  });
  afterAll(async () => {
    await bench?.close();
    await web?.end();
  });

  async function keep(name: string, picture: Buffer): Promise<void> {
    expect(picture.length).toBeGreaterThan(1_000);
    expect(picture.length).toBeLessThan(250_000);
    await writeFile(join(picturesDir, `${name}.png`), picture);
  }

  /** The screen as it is now, or a part of it. */
  async function takeScreen(name: string, part: Part): Promise<void> {
    await keep(name, encodePng(await bench.screen(), screen, part));
  }

  /** The pictures that the panel was given for each state, in order. */
  async function trayPictures(env: Readonly<Record<string, string>>): Promise<readonly string[]> {
    web.engine.set({ overview: makeOverview() });
    const still = ['--hidden', '--force-prefers-reduced-motion'];
    const { desktop, item } = await bench.launchInTray(engine(), still, env);
    const pictures: string[] = [];
    let before = '';
    for (const [tone, , change] of states) {
      web.engine.set({ overview: makeOverview(change) });
      const url = await waitUntil(`the picture of ${tone}`, async () => {
        // One that is replaced at this moment is gone.
        const now = await readFile(await item.iconFile(), 'base64').catch(() => before);
        return now !== before && now;
      });
      before = url;
      pictures.push(url);
    }
    await item.click('Quit epicstar');
    await desktop.ended;
    return pictures;
  }

  test('show the tray in each state, on a light and on a dark panel', async () => {
    const light = await trayPictures({});
    const dark = await trayPictures({ XDG_CURRENT_DESKTOP: 'ubuntu:GNOME' });
    expect(new Set([...light, ...dark]).size).toBe(2 * states.length);
    const cell = (png: string, sidePx: number): string =>
      `<img alt="" width="${sidePx}" src="data:image/png;base64,${png}">`;
    const row = (look: string, pictures: readonly string[]): string =>
      `<tr class="${look}">${pictures.map((png) => `<td>${cell(png, 22)}${cell(png, 44)}</td>`).join('')}</tr>`;
    const page = `<!doctype html><style>
      body { margin: 0; font: 13px sans-serif; background: #fff; color: #24292f }
      table { border-spacing: 0; width: 860px; table-layout: fixed }
      td, th { padding: 12px 4px; text-align: center; font-weight: normal }
      .light td { background: #f0f0f0 } .dark td { background: #1d1d1f }
      img { vertical-align: middle; margin: 0 5px }
    </style><table>${row('light', light)}${row('dark', dark)}
    <tr>${states.map(([, label]) => `<th>${label}</th>`).join('')}</tr></table>`;
    const desktop = await bench.launch(await bench.makeHome(), engine(), ['--hidden']);
    await desktop.tooltip(/GitHub/);
    const png = await desktop.app.evaluate(async ({ BrowserWindow }, html) => {
      const window = new BrowserWindow({
        width: 860,
        height: 190,
        show: true,
        frame: false,
        webPreferences: { sandbox: true },
      });
      await window.loadURL(`data:text/html;base64,${Buffer.from(html).toString('base64')}`);
      const height = Number(await window.webContents.executeJavaScript('document.querySelector("table").offsetHeight'));
      window.setContentSize(860, height);
      await window.webContents.executeJavaScript(
        'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))',
      );
      const picture = await window.webContents.capturePage({ x: 0, y: 0, width: 860, height });
      window.destroy();
      return picture.toPNG().toString('base64');
    }, page);
    await keep('tray', Buffer.from(png, 'base64'));
    await desktop.press('Quit epicstar');
    await desktop.ended;
  });

  /** A desktop with a panel: nothing but this program draws on its screen. */
  async function showPanel(desktop: Desktop, icon: string): Promise<void> {
    const html = `<!doctype html><style>
      body { margin: 0; height: 100vh; background: linear-gradient(160deg, #5b7fb8, #27406b) }
      header { height: 30px; background: #1d1d1f; color: #fff; font: 13px/30px sans-serif; text-align: right }
      img { width: 20px; vertical-align: middle; margin: 0 12px }
    </style><header><img alt="" src="data:image/png;base64,${icon}">12:00&ensp;</header>`;
    await desktop.app.evaluate(
      async ({ BrowserWindow }, { size, page }) => {
        const panel = new BrowserWindow({ x: 0, y: 0, ...size, frame: false, webPreferences: { sandbox: true } });
        await panel.loadURL(`data:text/html;base64,${Buffer.from(page).toString('base64')}`);
      },
      { size: screen, page: html },
    );
  }

  /** Resolves when the screen is the same twice. */
  async function screenAtRest(): Promise<void> {
    let before = Buffer.alloc(0);
    await waitUntil('the screen to be at rest', async () => {
      const now = Buffer.from(await bench.screen());
      const isSame = now.equals(before);
      before = now;
      return isSame;
    });
  }

  test('show window, panel and the menu of the tray', async () => {
    playBusy(web.engine, Date.now());
    const dark = { XDG_CURRENT_DESKTOP: 'ubuntu:GNOME' };
    const args = ['--hidden', '--force-prefers-reduced-motion'];
    const desktop = await bench.launch(await bench.makeHome(), engine(), args, dark);
    await desktop.tooltip(/Mirroring/);
    await showPanel(
      desktop,
      readFileSync(join(rootDir, 'resources', 'tray', 'working-linux-dark.png')).toString('base64'),
    );
    await desktop.press('Open epicstar');
    const page = await desktop.windowAt(/^epicstar:/);
    await page.locator('.state').waitFor();
    await page.locator('.skeleton').first().waitFor({ state: 'detached' });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    // The old Electron leaves no space between an element and a word in a row.
    await page.locator('.brand-mark').evaluate((mark) => (mark.style.marginRight = '8px'));
    expect(await desktop.menu()).toContain('Mirroring 3 repositories, 1.2 GB');
    await desktop.app.evaluate(({ BrowserWindow }) => {
      const [panel, window] = BrowserWindow.getAllWindows().sort((a, b) => a.id - b.id);
      if (panel === undefined || window === undefined) throw new Error('there is no window');
      window.setBounds({ x: 30, y: 60, width: 1_020, height: 800 });
      window.moveTop();
      globalThis.observed.tray.menu?.popup({ window: panel, x: 1_075, y: 32 });
    });
    await screenAtRest();
    await takeScreen('desktop', { x: 0, y: 0, ...screen });
    // With a menu of its own open the old Electron may not end.
    await desktop.kill();
  });

  test('show the popup below its icon', async () => {
    playBusy(web.engine, Date.now());
    const args = ['--hidden', '--force-prefers-reduced-motion'];
    const desktop = await bench.launch(await bench.makeHome(), engine(), args);
    await desktop.tooltip(/Mirroring/);
    await showPanel(
      desktop,
      readFileSync(join(rootDir, 'resources', 'tray', 'working-linux-dark.png')).toString('base64'),
    );
    await desktop.clickIcon({ x: 1_362, y: 5, width: 20, height: 20 });
    const popup = await desktop.windowAt(/#\/popup$/);
    await popup.getByRole('progressbar').first().waitFor();
    await popup.locator('.skeleton').first().waitFor({ state: 'detached' });
    await popup.emulateMedia({ reducedMotion: 'reduce' });
    await screenAtRest();
    await takeScreen('popup', { x: 960, y: 0, width: 480, height: 640 });
    expect(await desktop.windows()).toHaveLength(2);
    playQuiet(web.engine, Date.now());
    await desktop.press('Quit epicstar');
    await desktop.ended;
  });
});
