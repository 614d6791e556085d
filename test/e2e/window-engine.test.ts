/**
 * @file The window in a real browser on the real program: what it says is compared with what the stand-ins saw. With
 * EPICSTAR_PICTURES=1 it also writes the pictures of the README.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findBrowser } from '../../scripts/browser.mjs';
import { generateRepositories, rewriteHistory } from '../playground/repositories/index.ts';
import { buildWindow } from '../support/build-window.ts';
import { type Installation, Stage, type Star } from '../support/stage.ts';

const found = findBrowser();
const builtDir = fileURLToPath(new URL('../../dist/renderer', import.meta.url));
const isForDocs = process.env['EPICSTAR_PICTURES'] === '1';
const picturesDir = fileURLToPath(
  new URL(isForDocs ? '../../docs/images' : '../../test-results/pictures', import.meta.url),
);

describe.skipIf(!found.isAvailable)('the window on the real program', () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let stage: Stage;
  let installation: Installation;
  let address: string;
  const stars = new Map<string, Star>();
  const complaints: string[] = [];

  const sentence = (text: string | RegExp) => page.getByRole('heading', { level: 1 }).filter({ hasText: text });
  const serve = async (port: number): Promise<string> => {
    const program = installation.start(['serve', '--port', String(port), '--json']);
    const [, served = ''] = await program.waitFor(/"urlWithToken":"([^"]+)"/);
    return served;
  };
  const take = async (name: string, colorScheme: 'light' | 'dark'): Promise<number> => {
    await page.emulateMedia({ colorScheme });
    const picture = await page.screenshot({ path: join(picturesDir, `${name}.png`), animations: 'disabled' });
    return picture.length;
  };

  beforeAll(async () => {
    if (!found.isAvailable) return;
    mkdirSync(picturesDir, { recursive: true });
    await buildWindow(builtDir);
    browser = await chromium.launch({ executablePath: found.executablePath, args: found.args, env: found.env });
    context = await browser.newContext({ viewport: { width: 1000, height: 900 } });
    page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    stage = await Stage.start(0);
    for (const one of await generateRepositories(join(stage.dir, 'varied'), { bigMegabytes: 12 })) {
      stars.set(one.kind, stage.add(one));
    }
    installation = await stage.install();
  });
  afterAll(async () => {
    await browser?.close();
    await stage?.close();
  });

  test('shows the work while it goes on, with figures that are true', async () => {
    const slow = [
      stage.github.faults.add({ path: '/alan/dataset.git/*', kind: 'slow-git', bytesPerSecond: 1_500_000 }),
      stage.github.faults.add({ path: '/ada/engine.git/*', kind: 'slow-git', bytesPerSecond: 5_000 }),
      stage.github.faults.add({ path: '/ada/notes.git/*', kind: 'slow-git', bytesPerSecond: 4_000 }),
    ];
    address = await serve(0);
    await page.goto(address);
    expect(page.url()).not.toContain('token');
    const progress = page.getByRole('progressbar', { name: 'alan/dataset' });
    await expect
      .poll(async () => Number(await progress.getAttribute('aria-valuenow')), { timeout: 20_000 })
      .toBeGreaterThan(20);
    const text = (await progress.getAttribute('aria-valuetext')) ?? '';
    expect(text).toMatch(/receiving objects/);
    await sentence(/^Mirroring/).waitFor();
    await expect
      .poll(() => page.getByRole('region', { name: 'Last runs' }).getByRole('listitem').count())
      .toBeGreaterThan(3);
    expect(await take('window-light', 'light')).toBeGreaterThan(10_000);
    expect(await take('window-dark', 'dark')).toBeGreaterThan(10_000);
    await expectAccessible();
    for (const fault of slow) fault.remove();
    await sentence('All 13 stars are safe').waitFor({ timeout: 40_000 });
  });

  test('links to GitHub and to the mirror', async () => {
    const runs = page.getByRole('region', { name: 'Last runs' });
    const source = runs.getByRole('link', { name: 'alan/dataset', exact: true });
    expect(await source.getAttribute('href')).toBe(`${stage.github.gitUrl}/alan/dataset`);
    const mirror = runs.getByRole('link', { name: 'Mirror: alan/dataset' });
    expect(await mirror.getAttribute('href')).toBe(`${installation.onedev.url}/github/alan/dataset`);
  });

  test('finds a new star at a press, and tells of a rewrite what was kept', async () => {
    const compiler = stars.get('rewritten');
    expect(compiler).toBeDefined();
    await rewriteHistory(compiler?.bareDir ?? '');
    stage.github.world.pushed(compiler?.id ?? 0);
    stage.add({ ...(stars.get('trunk') as Star), fullName: 'hedy/hopping' });
    await page.getByRole('button', { name: 'Look now' }).click();
    await page.getByText('Looked: 1 new star').waitFor();
    const runs = page.getByRole('region', { name: 'Last runs' });
    await runs.getByRole('link', { name: 'hedy/hopping', exact: true }).waitFor({ timeout: 20_000 });
    await runs.getByText(/old history kept/).waitFor({ timeout: 20_000 });
    await sentence('All 14 stars are safe').waitFor({ timeout: 20_000 });
  });

  test('pauses for real: nothing is asked of anybody, until it is resumed', async () => {
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('menuitem', { name: /hour/ }).click();
    await sentence(/Paused/).waitFor();
    const before = stage.github.log.count({});
    stage.add({ ...(stars.get('trunk') as Star), fullName: 'hedy/later' });
    await page.reload();
    await sentence(/Paused/).waitFor();
    expect(stage.github.log.count({})).toBe(before);
    await page.getByRole('button', { name: 'Resume' }).first().click();
    await sentence('All 15 stars are safe').waitFor({ timeout: 20_000 });
  });

  test('names what could not be mirrored, why, and what to do', async () => {
    const blocked = stage.add({ ...(stars.get('trunk') as Star), fullName: 'hedy/blocked' });
    stage.github.world.block(blocked.id, 'dmca');
    await page.getByRole('button', { name: 'Look now' }).click();
    const runs = page.getByRole('region', { name: 'Last runs' });
    await runs.getByText('hedy/blocked').first().waitFor({ timeout: 20_000 });
    await runs
      .getByText(/GitHub has blocked access/)
      .first()
      .waitFor();
    await expectAccessible();
    stage.github.world.unblock(blocked.id);
    await page.getByRole('button', { name: 'Retry failed' }).click();
    await sentence('All 16 stars are safe').waitFor({ timeout: 20_000 });
  });

  test('says when the program is gone, and comes back with it, in two windows', async () => {
    const other = await context.newPage();
    await other.goto(new URL(address).origin);
    await other.getByRole('heading', { level: 1, name: 'All 16 stars are safe' }).waitFor();
    await installation.stopAll();
    await page
      .getByText(/not answer|connection|reach/i)
      .first()
      .waitFor({ timeout: 20_000 });
    await serve(Number(new URL(address).port));
    await sentence('All 16 stars are safe').waitFor({ timeout: 40_000 });
    await other.getByRole('heading', { level: 1, name: 'All 16 stars are safe' }).waitFor({ timeout: 40_000 });
    await other.close();
    // What a browser itself says of a connection that is refused is no complaint of the page.
    expect(complaints.filter((text) => !/ERR_CONNECTION_REFUSED|WebSocket connection/.test(text))).toEqual([]);
  });

  async function expectAccessible(): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
    }
  }
});
