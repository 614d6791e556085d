/** @file The pictures of the README, taken of the real program. Written to docs/images with EPICSTAR_PICTURES=1 alone. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PictureScene, type Seen } from '../support/picture-scene.ts';
import { ProgramWindow, rowOf, sectionOf, sentenceOf, violationsOf } from '../support/program-window.ts';
import { hasBrowser } from '../support/window-browser.ts';

const isForDocs = process.env['EPICSTAR_PICTURES'] === '1';
const picturesDir = fileURLToPath(
  new URL(isForDocs ? '../../docs/images' : '../../test-results/pictures', import.meta.url),
);
/** OneDev's own, for a picture that is looked at; elsewhere it may be taken. */
const onedevPort = isForDocs ? 6610 : 0;
const width = 1_000;
/** How many of the last runs the picture ends with. */
const runsShown = 3;
const mostBytes = 250_000;

describe.skipIf(!hasBrowser)('pictures of the window', () => {
  let dir: string;
  let scene: PictureScene;
  let window: ProgramWindow;
  let page: Page;

  beforeAll(async () => {
    if (!hasBrowser) return;
    dir = await mkdtemp(join(tmpdir(), 'epicstar-pictures-'));
    await mkdir(picturesDir, { recursive: true });
    [window, scene] = await Promise.all([
      ProgramWindow.open({ width, height: 1_400 }),
      PictureScene.open(dir, onedevPort),
    ]);
  });
  afterAll(async () => {
    await window?.close();
    await scene?.close();
    if (dir !== undefined) await rm(dir, { recursive: true, force: true });
  });

  async function take(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
    await page.emulateMedia({ colorScheme });
    const lastRow = sectionOf(page, 'Last runs')
      .getByRole('listitem')
      .nth(runsShown - 1);
    const { y, height } = (await lastRow.boundingBox()) ?? { y: 0, height: 0 };
    const clip = { x: 0, y: 0, width, height: Math.floor(y + height) };
    const picture = await page.screenshot({ animations: 'disabled', clip });
    // The head of a PNG: width and height are big-endian from its 16th byte on.
    expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([width, clip.height]);
    expect(clip.height).toBeGreaterThan(1_000);
    expect(picture.length).toBeGreaterThan(20_000);
    expect(picture.length).toBeLessThan(mostBytes);
    await writeFile(join(picturesDir, `window-${colorScheme}.png`), picture);
  }

  test('show three in work, some in line, a rewrite that was kept and a failure', async () => {
    const address = await scene.start();
    const past = await window.newPage();
    await past.goto(address);
    const seen: Seen = (section, fullName, words) =>
      rowOf(sectionOf(past, section), fullName).getByText(words).first().waitFor();
    await scene.playHistory(seen);
    await past.close();

    page = await window.newPage();
    await page.addInitScript((aheadMs) => {
      const realNow = Date.now;
      Date.now = () => realNow() + aheadMs;
    }, scene.aheadMs);
    await page.goto(new URL(address).origin);
    const press = (name: string): Promise<void> => page.getByRole('button', { name }).click();
    const inWork = await scene.starLarge();
    await press('Look now');
    for (const fullName of inWork) await page.getByRole('progressbar', { name: fullName }).waitFor();
    const inLine = await scene.starMore();
    await press('Look now');
    for (const fullName of inLine) await rowOf(sectionOf(page, 'In line'), fullName).waitFor();
    await press('Dismiss');
    const percent = (fullName: string) => async (): Promise<number> =>
      Number(await page.getByRole('progressbar', { name: fullName }).getAttribute('aria-valuenow'));
    const [first = '', , last = ''] = inWork;
    await expect.poll(percent(last), { timeout: 30_000 }).toBeGreaterThan(8);
    await expect.poll(percent(first), { timeout: 30_000 }).toBeGreaterThan(55);
    await sentenceOf(page, /^Mirroring 3 repositories, [\d.]+ MB of about [\d.]+ MB$/).waitFor();
    await take(page, 'light');
    await take(page, 'dark');
    expect(await page.getByRole('progressbar').count()).toBe(3);
    expect(await violationsOf(page)).toEqual([]);
    expect(window.complaints).toEqual([]);
  });

  /** What is seen of a page that has come to rest, light and dark. */
  async function takeBoth(from: Page, name: string, height = 900): Promise<void> {
    await from.setViewportSize({ width, height });
    await from.mouse.move(0, 0);
    for (const colorScheme of ['light', 'dark'] as const) {
      await from.emulateMedia({ colorScheme });
      const picture = await from.screenshot({ animations: 'disabled' });
      expect(picture.length).toBeGreaterThan(15_000);
      expect(picture.length).toBeLessThan(mostBytes);
      await writeFile(join(picturesDir, `${name}-${colorScheme}.png`), picture);
    }
    expect(await violationsOf(from)).toEqual([]);
  }

  test('show the other pages of the same moment', async () => {
    const go = async (name: string): Promise<void> => {
      await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name }).click();
      await page.locator('.skeleton').first().waitFor({ state: 'detached' });
    };
    await go('Repositories');
    await page.getByText('typesetter').first().click();
    await page.getByText('Old history that is kept').or(page.getByText(/kept/i)).first().waitFor();
    await takeBoth(page, 'repositories', 960);
    await go('History');
    await page.getByText('paperboat/typesetter').first().waitFor();
    await takeBoth(page, 'history');
    await go('Overview');
    await page.getByRole('img').first().waitFor();
    await takeBoth(page, 'overview', 1_300);
    await go('Settings');
    await page.getByLabel(/look/i).first().waitFor();
    await takeBoth(page, 'settings');
    expect(window.complaints).toEqual([]);
  });

  test('show the three steps of the first run', async () => {
    const first = await window.newPage();
    await first.goto(await scene.startUnset());
    await first.getByRole('button', { name: /^Sign in with/ }).click();
    await first.getByRole('img', { name: /^Code: / }).waitFor();
    await takeBoth(first, 'setup-github', 640);
    scene.approveSignIn();
    await first.getByRole('link', { name: 'Continue' }).click();
    const { url, adminToken } = scene.unsetOnedev;
    await first.getByLabel('Address').fill(url);
    await first.getByLabel('Access token').fill(adminToken);
    await first.getByRole('button', { name: 'Test', exact: true }).click();
    await first.getByText('The token may push').waitFor();
    await first.locator('button[aria-disabled="false"]', { hasText: 'Save and continue' }).waitFor();
    await takeBoth(first, 'setup-target', 1_200);
    await first.getByRole('button', { name: 'Save and continue' }).click();
    await first.getByRole('button', { name: /^Start mirroring \d+ repositories$/ }).waitFor();
    await first.locator('summary', { hasText: 'Languages' }).click();
    await first.getByRole('heading', { level: 1 }).scrollIntoViewIfNeeded();
    await takeBoth(first, 'setup-selection', 1_100);
    expect(window.complaints).toEqual([]);
  });
});
