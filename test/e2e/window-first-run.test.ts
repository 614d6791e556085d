/** @file From an empty data directory to the first mirrors in a real browser on the real program, by keyboard alone. */
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readTips } from '../playground/repositories/index.ts';
import { ProgramWindow, sentenceOf, violationsOf } from '../support/program-window.ts';
import { Served } from '../support/served.ts';
import { type Installation, Stage } from '../support/stage.ts';
import { hasBrowser } from '../support/window-browser.ts';

const clientId = 'Ov23liPlaygroundClient';

describe.skipIf(!hasBrowser)('the first run', () => {
  let window: ProgramWindow;
  let stage: Stage;
  let installation: Installation;
  let served: Served;
  let page: Page;

  beforeAll(async () => {
    [window, stage] = await Promise.all([ProgramWindow.open(), Stage.start(4)]);
    stage.github.deviceFlow.configure({ intervalSeconds: 1 });
  });
  afterAll(async () => {
    await window.close();
    await stage.close();
  });

  beforeEach(async () => {
    installation = await stage.install({
      EPICSTAR_GITHUB_TOKEN: null,
      EPICSTAR_GITHUB_CLIENT_ID: clientId,
      EPICSTAR_ONEDEV_URL: null,
      EPICSTAR_ONEDEV_TOKEN: null,
    });
    await serve();
    page = await window.newPage();
    await page.goto(`${served.url}?token=${served.token}`);
  });
  afterEach(async () => {
    await page.close();
    await installation.stopAll();
    expect(window.complaints).toEqual([]);
  });

  async function serve(port = 0): Promise<void> {
    served = await Served.start(installation, {}, port);
  }

  const heading = (name: string | RegExp): Promise<void> => page.getByRole('heading', { name }).first().waitFor();
  /** Moves on by Tab until this has the focus, as somebody without a mouse does. */
  async function focus(wanted: Locator): Promise<void> {
    await wanted.waitFor();
    for (let tabs = 0; tabs < 80; tabs += 1) {
      if (await wanted.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab never came to ${wanted.toString()}`);
  }
  async function press(name: string | RegExp): Promise<void> {
    await focus(page.getByRole('button', { name }).or(page.getByRole('link', { name })).first());
    await page.keyboard.press('Enter');
  }
  async function open(summary: string): Promise<void> {
    await focus(page.locator('summary', { hasText: summary }));
    await page.keyboard.press('Enter');
  }
  async function type(label: string, text: string): Promise<void> {
    await focus(page.getByLabel(label));
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type(text);
  }
  async function userCode(): Promise<string> {
    const spoken = (await page.getByRole('img', { name: /^Code: / }).getAttribute('aria-label')) ?? '';
    const [code = ''] = stage.github.deviceFlow.pending().map((pending) => pending.userCode);
    expect(
      spoken
        .replace(/^Code: /, '')
        .replace(/[^A-Z0-9]/gi, '')
        .toUpperCase().length,
    ).toBeGreaterThanOrEqual(8);
    return code;
  }

  test('code, OneDev, rules, mirrors: nothing but the keyboard, a reload and a restart in the middle', async () => {
    await heading('Sign in to GitHub');
    expect(await violationsOf(page)).toEqual([]);
    await press(/^Sign in with/);
    await page.getByRole('img', { name: /^Code: / }).waitFor();
    const code = await userCode();
    await page.reload();
    await page.getByRole('img', { name: /^Code: / }).waitFor();
    const port = Number(new URL(served.url).port);
    await served.program.stop();
    await page
      .getByText(/connection|does not answer|cannot be reached/i)
      .first()
      .waitFor();
    await serve(port);
    await page.getByRole('img', { name: /^Code: / }).waitFor();
    stage.github.deviceFlow.approve(code);
    await press('Continue');
    await heading('Where mirrors go');

    await type('Address', installation.onedev.url);
    await type('Access token', 'not-a-token-at-all');
    await press('Save and continue');
    await page.getByText('does not accept the token').first().waitFor();
    await page.locator('button[aria-disabled="false"]', { hasText: 'Test' }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await type('Access token', installation.onedev.adminToken);
    await press('Save and continue');
    await heading('What to mirror');
    expect(await page.content()).not.toContain(installation.onedev.adminToken);

    await page.getByRole('button', { name: 'Start mirroring 4 repositories' }).waitFor();
    expect(await served.metric('repositories_mirrored')).toBe(0);
    await open('Names');
    await type('Never names like these', stage.star(0).fullName);
    await page.getByRole('button', { name: 'Start mirroring 3 repositories' }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await press('Start mirroring 3 repositories');
    await served.mirrored(3);
    await sentenceOf(page, 'All 3 chosen stars are safe').waitFor();
    expect(await installation.mirrorTips(stage.star(1).fullName)).toEqual(await readTips(stage.star(1).bareDir));
    expect(installation.onedev.world.findByPath(`github/${stage.star(0).fullName}`)).toBeUndefined();
  });

  test('denied, expired, then a token; a folder that is not there, then one that is', async () => {
    await page.getByRole('button', { name: /^Sign in with/ }).click();
    await page.getByRole('img', { name: /^Code: / }).waitFor();
    stage.github.deviceFlow.deny(await userCode());
    await page.getByText('Access was refused').first().waitFor();
    stage.github.deviceFlow.configure({ expiresInSeconds: 2 });
    try {
      await page.getByRole('button', { name: /^Sign in with/ }).click();
      await page.getByText('was not entered in time').first().waitFor();
    } finally {
      stage.github.deviceFlow.configure({ expiresInSeconds: 900 });
    }
    const token = page.getByLabel('GitHub token');
    if (!(await token.isVisible())) await page.locator('summary', { hasText: 'token' }).click();
    await token.fill('ghp_0000000000000000000000000000000000nobody');
    await page.getByRole('button', { name: 'Check and use the token' }).click();
    await page.getByText('does not accept the token').first().waitFor();
    await token.fill(stage.githubToken);
    await page.getByRole('button', { name: 'Check and use the token' }).click();
    await page.getByRole('link', { name: 'Continue' }).click();
    await heading('Where mirrors go');
    expect(await page.content()).not.toContain(stage.githubToken);

    await page.getByRole('radio', { name: /A folder/ }).check();
    await page.getByLabel('Folder', { exact: true }).fill(join(installation.dir, 'not', 'there'));
    await page.getByRole('button', { name: 'Save and continue' }).click();
    await page.getByText('is not there').first().waitFor();
    await page.getByLabel('Folder', { exact: true }).fill(join(installation.dir, 'mirrors'));
    await page.getByRole('button', { name: 'Save and continue' }).click();
    await heading('What to mirror');
    await page.getByRole('button', { name: 'Start mirroring 4 repositories' }).click();
    await served.mirrored(4);
    await sentenceOf(page, 'All 4 stars are safe').waitFor();
    // Another window sees it at once, and is not asked again.
    const second = await window.newPage();
    await second.goto(`${served.url}?token=${served.token}`);
    await sentenceOf(second, 'All 4 stars are safe').waitFor();
    await second.close();
  });
});
