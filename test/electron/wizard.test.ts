/**
 * @file From nothing to the first mirrors in the window of the desktop program: over the real preload and real IPC, on a
 * real engine in another process.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { OAUTH_APP_CLIENT_ID } from '../playground/github/index.ts';
import { readTips } from '../playground/repositories/index.ts';
import { figureOf, rowOf, sectionOf, sentenceOf } from '../support/program-window.ts';
import { Served } from '../support/served.ts';
import { type Installation, Stage } from '../support/stage.ts';
import { type Desktop, DesktopBench, refusal } from './desktop-bench.ts';

describe('the first run in the desktop program', () => {
  let bench: DesktopBench;
  let stage: Stage;
  let installation: Installation;
  let engine: Served;
  let desktop: Desktop;
  let page: Page;

  const press = (name: string | RegExp): Promise<void> => page.getByRole('button', { name }).first().click();

  beforeAll(async () => {
    if (refusal !== null) return;
    [bench, stage] = await Promise.all([DesktopBench.open(), Stage.start(3)]);
    stage.github.deviceFlow.configure({ intervalSeconds: 1 });
    installation = await stage.install({
      EPICSTAR_GITHUB_TOKEN: null,
      EPICSTAR_GITHUB_CLIENT_ID: OAUTH_APP_CLIENT_ID,
      EPICSTAR_ONEDEV_URL: null,
      EPICSTAR_ONEDEV_TOKEN: null,
    });
    engine = await Served.start(installation);
    desktop = await bench.launch(await bench.makeHome(), engine);
    page = await desktop.window();
  });
  beforeEach(({ skip }) => {
    if (refusal !== null) skip(refusal);
  });
  afterAll(async () => {
    await bench?.close();
    await stage?.close();
  });

  test('signs in with a code that is entered on GitHub', async () => {
    await press(/^Sign in with/);
    await page.getByRole('img', { name: /^Code: / }).waitFor();
    const [pending] = stage.github.deviceFlow.pending();
    stage.github.deviceFlow.approve(pending?.userCode ?? '');
    await page.getByRole('link', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'Where mirrors go' }).first().waitFor();
    expect(page.url()).toBe('epicstar://window/index.html#/setup/target');
  });

  test('takes the address and the token of a OneDev, and tells of a token that it does not accept', async () => {
    await page.getByLabel('Address').fill(installation.onedev.url);
    await page.getByLabel('Access token').fill('not-a-token-at-all');
    await press('Save and continue');
    await page.getByText('does not accept the token').first().waitFor();
    await page.getByLabel('Access token').fill(installation.onedev.adminToken);
    await page.locator('button[aria-disabled="false"]', { hasText: 'Save and continue' }).click();
    await page.getByRole('heading', { name: 'What to mirror' }).first().waitFor();
    expect(await page.content()).not.toContain(installation.onedev.adminToken);
    await desktop.tooltip(/^epicstar: Choose what to mirror$/);
    expect(await desktop.menu()).toContain('Go on with the set-up');
  });

  test('mirrors what was chosen, and shows it in window and tray', async () => {
    await press('Start mirroring 3 repositories');
    await engine.mirrored(3);
    await sentenceOf(page, 'All 3 stars are safe').waitFor();
    await desktop.tooltip(/^epicstar: All 3 stars are safe$/);
    expect(await figureOf(page, 'Mirrored')).toBe(3);
    for (const { fullName, bareDir } of stage.stars) {
      await rowOf(sectionOf(page, 'Last runs'), fullName).waitFor();
      expect(await installation.mirrorTips(fullName)).toEqual(await readTips(bareDir));
    }
  });

  test.each([
    ['Repositories', 'repositories', 'Repositories'],
    ['History', 'history', 'History'],
    ['Settings', 'settings', 'Settings'],
    ['Overview', 'overview', 'Overview'],
    ['Activity', '', 'All 3 stars are safe'],
  ])('opens its page %s', async (name, place, heading) => {
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name }).click();
    await page.waitForURL(`epicstar://window/index.html#/${place}`);
    await page.locator('.skeleton').first().waitFor({ state: 'detached' });
    await page.getByRole('heading', { level: 1, name: heading }).waitFor();
    expect(page.url()).toBe(`epicstar://window/index.html#/${place}`);
  });

  test('was silent in the console', async () => {
    expect(desktop.complaints).toEqual([]);
    expect((await desktop.observe()).warnings).toEqual([]);
  });
});
