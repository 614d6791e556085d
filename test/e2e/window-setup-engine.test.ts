/** @file The wizard in a real browser on the real program: from nothing to the first mirrors. */
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OAUTH_APP_CLIENT_ID } from '../playground/github/index.ts';
import { readTips } from '../playground/repositories/index.ts';
import type { Program } from '../support/program.ts';
import { ProgramWindow, sentenceOf } from '../support/program-window.ts';
import { type Installation, Stage } from '../support/stage.ts';
import { hasBrowser } from '../support/window-browser.ts';

const nothingSet = {
  EPICSTAR_GITHUB_API_URL: null,
  EPICSTAR_GITHUB_TOKEN: null,
  EPICSTAR_ONEDEV_URL: null,
  EPICSTAR_ONEDEV_TOKEN: null,
};
const starCount = 4;

describe.skipIf(!hasBrowser)('the wizard on the real program', () => {
  let window: ProgramWindow;
  let page: Page;
  let stage: Stage;
  let installation: Installation;
  let program: Program;
  let address: string;

  const button = (name: string | RegExp): Locator => page.getByRole('button', { name, exact: true });
  const says = (text: string | RegExp): Promise<void> => sentenceOf(page, text).waitFor();

  async function serve(port: number): Promise<void> {
    program = installation.start(['serve', '--port', String(port), '--json']);
    [, address = ''] = await program.waitFor(/"urlWithToken":"([^"]+)"/);
  }

  async function shownCode(): Promise<string> {
    return (await page.locator('.device-code').innerText()).trim();
  }

  beforeAll(async () => {
    if (!hasBrowser) return;
    [window, stage] = await Promise.all([ProgramWindow.open(), Stage.start(starCount)]);
    page = await window.newPage();
    installation = await stage.install(nothingSet);
  });
  afterAll(async () => {
    await window?.close();
    await stage?.close();
  });

  test('signs in by a code that outlives a refusal, a reload and a restart', async () => {
    await serve(0);
    await page.goto(address);
    await says('Sign in to GitHub');
    await page.getByRole('textbox', { name: 'Client id' }).fill(OAUTH_APP_CLIENT_ID);
    await button('Save the client id').click();
    await page.getByText('Another GitHub').click();
    await page.getByLabel('Host or address of GitHub').fill(stage.github.apiUrl);
    const signIn = page.getByRole('button', { name: 'Sign in with 127.0.0.1' });
    await signIn.click();
    stage.github.deviceFlow.deny(await shownCode());
    await page.getByRole('alert').getByText('Access was refused').waitFor();
    await page.getByLabel('Also mirror private repositories').check();
    await signIn.click();
    const code = await shownCode();
    await page.reload();
    expect(await shownCode()).toBe(code);
    const { port } = new URL(address);
    await program.stop();
    await page.getByText('epicstar does not answer.').waitFor();
    await serve(Number(port));
    await page.getByText('epicstar does not answer.').waitFor({ state: 'detached' });
    expect(await shownCode()).toBe(code);
    stage.github.deviceFlow.approve(code);
    await page.getByRole('heading', { name: /^Signed in as/ }).waitFor();
    await page.getByRole('link', { name: 'Continue' }).click();
    await says('Where mirrors go');
  });

  test('a wrong token is found out, and an administrator has a right one made', async () => {
    const { onedev } = installation;
    await page.getByLabel('Address').fill(onedev.url);
    await page.getByLabel('Access token').fill('not-a-token');
    await button('Test').click();
    const findings = page.getByRole('region', { name: 'What the test found' });
    const failed = findings.getByRole('listitem').filter({ hasText: 'Failed' });
    await failed.getByText('does not accept the token').waitFor();
    await page.getByText('Let epicstar make them').click();
    await page.getByLabel('User of OneDev').fill('admin');
    await page.getByLabel('Password').fill('wrong');
    await button('Make them and save').click();
    await page.getByRole('alert').getByText('does not know the user').waitFor();
    await page.getByLabel('Password').fill('admin');
    await button('Make them and save').click();
    await page.getByText('Made on OneDev and saved').waitFor();
    await page.getByText("the role 'epicstar mirror'").waitFor();
    expect(await page.content()).not.toContain('not-a-token');
    await button('Continue').click();
    await says('What to mirror');
  });

  test('the stars are counted, the rules have their effect, and the work begins', async () => {
    await button(`Start mirroring ${starCount} repositories`).waitFor();
    const { fullName } = stage.star(0);
    await page.getByText('Names', { exact: true }).click();
    await page.getByLabel('Never names like these').fill(fullName);
    await button(`Start mirroring ${starCount - 1} repositories`).click();
    await page.locator('.state').waitFor();
    await expect
      .poll(() => installation.mirrorTips(stage.star(1).fullName).catch(() => null), { timeout: 30_000 })
      .toEqual(await readTips(stage.star(1).bareDir));
    await page.goto(new URL('/#/setup/selection', address).href);
    await page.getByText('Names', { exact: true }).click();
    expect(await page.getByLabel('Never names like these').inputValue()).toBe(fullName);
    expect(window.complaints).toEqual([]);
  });
});
