/** @file The wizard in a real browser: choosing where mirrors go. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { EpicstarError } from '../../src-main/engine/core/engine-api.ts';
import { atSelection, atTarget, goodItems, openWizard } from '../support/setup-scenes.ts';
import type { WindowBench } from '../support/window-bench.ts';
import { hasBrowser, WindowBrowser } from '../support/window-browser.ts';

const address = 'https://onedev.example.org';
const candidate = {
  kind: 'onedev',
  url: address,
  token: 'od-secret',
  root: 'github',
  caFile: null,
  allowInsecure: false,
};

describe.skipIf(!hasBrowser)('choosing the target in the wizard', () => {
  const window = new WindowBrowser();
  let bench: WindowBench;

  beforeAll(() => window.open());
  afterEach(() => window.endBench());
  afterAll(() => window.close());

  async function start(): Promise<WindowBench> {
    bench = await window.startBench();
    bench.setup.prepare({ items: goodItems });
    await openWizard(bench, atTarget());
    await bench.page.getByRole('button', { name: 'Save and continue' }).waitFor();
    return bench;
  }

  async function enter(url: string): Promise<void> {
    await bench.page.getByLabel('Address').fill(url);
    await bench.page.getByLabel('Access token').fill('od-secret');
  }

  test('tests live, one finding after the other, then saves and goes on', async () => {
    const { page, setup } = await start();
    await enter('onedev.example.org/');
    const release = setup.holdNext();
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await expect.poll(() => setup.commands).toEqual([{ name: 'testTarget', argument: candidate }]);
    expect(await page.getByLabel('Address').inputValue()).toBe(address);
    expect(await page.getByLabel('Access token').inputValue()).toBe('');
    const findings = page.getByRole('region', { name: 'What the test found' });
    for (const shown of [1, 2, 3]) {
      setup.set({ test: { isRunning: true, items: goodItems.slice(0, shown) } });
      await expect.poll(() => findings.getByRole('listitem').count()).toBe(shown);
    }
    await findings.getByText('OneDev 16.5.6.').waitFor();
    release();
    await findings.getByRole('button', { name: 'Cancel the test' }).waitFor({ state: 'detached' });
    expect(await findings.getByRole('listitem').count()).toBe(goodItems.length);
    await findings.getByRole('status').getByText('Everything works.').waitFor();
    await page.getByRole('button', { name: 'Save and continue' }).click();
    await expect.poll(() => setup.commands.at(-1)).toEqual({ name: 'saveTarget', argument: candidate });
    setup.set(atSelection());
    await bench.sentence('What to mirror').waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('What to mirror');
    expect(await page.content()).not.toContain('od-secret');
  });

  test('a test can be cancelled, also one that began before a reload', async () => {
    const { page, setup } = await start();
    setup.set({ test: { isRunning: true, items: goodItems.slice(0, 2) } });
    await page.getByText('The token is valid').waitFor();
    await page.reload();
    await page.getByText('The token is valid').waitFor();
    await page.getByRole('button', { name: 'Cancel the test' }).click();
    await expect.poll(() => setup.commands).toEqual([{ name: 'cancelTest', argument: null }]);
    setup.set({ test: { isRunning: false, items: goodItems.slice(0, 2) } });
    await page.getByRole('button', { name: 'Cancel the test' }).waitFor({ state: 'detached' });
  });

  test('what failed is told with its next step, and nothing is saved', async () => {
    const { page, setup } = await start();
    setup.prepare({
      items: [
        ...goodItems.slice(0, 2),
        { name: 'version', state: 'warning', finding: 'OneDev 15.1 is older than 16.', nextStep: 'Update OneDev.' },
        {
          name: 'push',
          state: 'failed',
          finding: 'The token lacks a right on the mirror server.',
          nextStep: "Grant: code write below 'github'.",
        },
      ],
    });
    await enter(address);
    await page.keyboard.press('Enter');
    await page.getByText("Grant: code write below 'github'.").waitFor();
    const row = page.getByRole('listitem').filter({ hasText: 'Right to push' });
    expect(await row.innerText()).toContain('Failed');
    expect(await page.getByRole('listitem').filter({ hasText: 'Version' }).innerText()).toContain('Warning');
    await bench.sentence('Where mirrors go').waitFor();
    await page.getByLabel('Parent project').fill('mirrors');
    await page.getByText('Changed since this test').waitFor();
  });

  test('warnings can be read before going on', async () => {
    const { page, setup } = await start();
    const warning = { name: 'version', state: 'warning', finding: 'OneDev 15.1.', nextStep: 'Update OneDev.' } as const;
    setup.prepare({ items: [...goodItems, warning] });
    await enter(address);
    await page.getByRole('button', { name: 'Save and continue' }).click();
    await page.getByText('Saved. Read below').waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Saved.');
    setup.set(atSelection());
    await page.getByRole('button', { name: 'Continue', exact: true }).click();
    await bench.sentence('What to mirror').waitFor();
  });

  test('a certificate that is not trusted opens the field for its authority', async () => {
    const { page, setup } = await start();
    const finding = 'The certificate of onedev.example.org is self-signed or from an unknown authority.';
    setup.prepare({ items: [{ name: 'reached', state: 'failed', finding, nextStep: null }] });
    await enter(address);
    expect(await page.getByLabel('CA file').isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByLabel('CA file').fill('/etc/ssl/own.pem');
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    const argument = { ...candidate, caFile: '/etc/ssl/own.pem' };
    await expect.poll(() => setup.commands.at(-1)).toEqual({ name: 'testTarget', argument });
    setup.failNext(
      new EpicstarError('config-invalid', 'The CA file /etc/ssl/own.pem holds no certificate in PEM form.'),
    );
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByRole('alert').getByText('holds no certificate in PEM form').waitFor();
    expect(await page.getByLabel('CA file').isVisible()).toBe(true);
  });

  test('plain http to another computer takes a word', async () => {
    const { page, setup } = await start();
    await enter('http://localhost:6610');
    expect(await page.getByText('This address is not encrypted').count()).toBe(0);
    await enter('http://onedev.lan:6610');
    await page.getByText('go to onedev.lan:6610 readable for everybody').waitFor();
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByText('Use https, or tick this box to go on.').waitFor();
    expect(setup.commands).toEqual([]);
    await page.getByLabel('I know the risk').check();
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    const argument = { ...candidate, url: 'http://onedev.lan:6610', allowInsecure: true };
    await expect.poll(() => setup.commands).toEqual([{ name: 'testTarget', argument }]);
    // The word counts for this address alone.
    await page.getByLabel('Address').fill('http://other.lan');
    expect(await page.getByLabel('I know the risk').isChecked()).toBe(false);
  });

  test('a refused address is told at the form', async () => {
    const { page, setup } = await start();
    await enter('http://onedev.lan');
    await page.getByLabel('I know the risk').check();
    setup.failNext(new EpicstarError('insecure-address', 'OneDev’s address is http://onedev.lan.'));
    await page.getByRole('button', { name: 'Save and continue' }).click();
    const alert = page.getByRole('alert');
    await alert.getByText('OneDev’s address is http://onedev.lan.').waitFor();
    await alert.getByText('Use https, or accept the risk above.').waitFor();
    setup.failNext(new EpicstarError('config-invalid', 'The OneDev address has a path of a project.'));
    await page.getByRole('button', { name: 'Save and continue' }).click();
    await alert.getByText('The OneDev address has a path of a project.').waitFor();
    await alert.getByText('Correct the setting named here.').waitFor();
    // What was typed is still there, and the token needs no second typing.
    expect(await page.getByLabel('Address').inputValue()).toBe('http://onedev.lan');
    const argument = { ...candidate, url: 'http://onedev.lan', allowInsecure: true };
    expect(setup.commands).toEqual([1, 2].map(() => ({ name: 'saveTarget', argument })));
  });

  test('what is missing is said before anything is sent', async () => {
    const { page, setup } = await start();
    await page.getByLabel('Parent project').fill(' ');
    await page.getByRole('button', { name: 'Save and continue' }).click();
    await page.getByText('Enter an address such as').waitFor();
    await page.getByText('Enter the name of the parent project.').waitFor();
    await page.getByText('Enter an access token of OneDev.').waitFor();
    expect(setup.commands).toEqual([]);
  });

  test('an administrator’s password is used once and leaves the page at once', async () => {
    const { page, setup } = await start();
    await page.getByText('Let epicstar make them').click();
    await page.getByLabel('User of OneDev').fill('admin');
    await page.getByLabel('Password').fill('hunter2');
    await page.getByRole('button', { name: 'Make them and save' }).click();
    await page.getByText('Complete what is missing above first.').waitFor();
    expect(setup.commands).toEqual([]);
    await page.getByLabel('Address').fill(address);
    await page.getByLabel('Parent project').fill('stars');
    const release = setup.holdNext();
    await page.getByRole('button', { name: 'Make them and save' }).click();
    expect(await page.getByLabel('Password').inputValue()).toBe('');
    expect(await page.content()).not.toContain('hunter2');
    const argument = {
      url: address,
      user: 'admin',
      password: 'hunter2',
      root: 'stars',
      caFile: null,
      allowInsecure: false,
    };
    await expect.poll(() => setup.commands).toEqual([{ name: 'bootstrapTarget', argument }]);
    release();
    await page.getByText('Made on OneDev and saved').waitFor();
    await page.getByText("the role 'epicstar mirror'").waitFor();
    setup.set(atSelection());
    await page.getByRole('button', { name: 'Continue', exact: true }).click();
    await bench.sentence('What to mirror').waitFor();
  });

  test('the least rights are told with the values to fill in', async () => {
    const { page } = await start();
    await page.getByLabel('Parent project').fill('stars');
    await page.getByText('The least rights that are enough').click();
    const steps = await page.locator('.numbered').innerText();
    expect(steps).toContain('Make one project for all mirrors, stars.');
    expect(steps).toContain('Project Management on');
    expect(steps).toContain('Has Owner Permissions off');
    expect(steps).toContain('choose project stars with role epicstar mirror');
  });

  test('a folder is tested and saved alike', async () => {
    const { page, setup } = await start();
    await page.getByLabel('A folder').check();
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByText('Enter the path of a folder.').waitFor();
    const folder = page.getByRole('textbox', { name: 'Folder' });
    await folder.fill('mirrors');
    setup.failNext(new EpicstarError('config-invalid', 'The folder is not an absolute path.'));
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByRole('alert').getByText('The folder is not an absolute path.').waitFor();
    await folder.fill('/srv/mirrors');
    await page.keyboard.press('Enter');
    const argument = { kind: 'folder', folder: '/srv/mirrors' };
    await expect.poll(() => setup.commands.at(-1)).toEqual({ name: 'saveTarget', argument });
    setup.set(atSelection({ target: { kind: 'folder', address: '/srv/mirrors', root: null, hasToken: false } }));
    await bench.sentence('What to mirror').waitFor();
  });

  test('nothing that was typed is lost with the connection, or by a look at another step', async () => {
    const { page } = await start();
    await enter(address);
    const { port } = bench.web;
    await bench.web.stop();
    await page.getByText('epicstar does not answer.').waitFor();
    await page.getByLabel('Parent project').fill('stars');
    await bench.startHost({ port });
    await page.getByText('epicstar does not answer.').waitFor({ state: 'detached' });
    expect(await page.getByLabel('Address').inputValue()).toBe(address);
    expect(await page.getByLabel('Access token').inputValue()).toBe('od-secret');
    await page.getByRole('link', { name: 'GitHub (done)' }).click();
    await page.getByRole('link', { name: 'Continue' }).click();
    expect(await page.getByLabel('Address').inputValue()).toBe(address);
    expect(await page.getByLabel('Parent project').inputValue()).toBe('stars');
  });
});
