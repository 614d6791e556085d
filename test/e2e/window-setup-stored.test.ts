/** @file The wizard in a real browser: a target that is set already, or decided outside. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { makeSetupState } from '../support/scripted-setup.ts';
import { goodItems, openWizard } from '../support/setup-scenes.ts';
import type { WindowBench } from '../support/window-bench.ts';
import { hasBrowser, WindowBrowser } from '../support/window-browser.ts';

const stored = {
  kind: 'onedev',
  url: 'https://onedev.example.org',
  token: null,
  root: 'github',
  caFile: null,
  allowInsecure: false,
};

function setting(name: string, text: string) {
  return { name, variable: '', text, fallback: '', origin: 'file', allowed: '' } as const;
}

describe.skipIf(!hasBrowser)('a target that is set, in the wizard', () => {
  const window = new WindowBrowser();
  let bench: WindowBench;

  beforeAll(() => window.open());
  afterEach(() => window.endBench());
  afterAll(() => window.close());

  async function start(state: Parameters<typeof openWizard>[1]): Promise<WindowBench> {
    bench = await window.startBench();
    bench.setup.prepare({ items: goodItems });
    await openWizard(bench, state, '/setup/target');
    await bench.page.getByRole('button', { name: 'Save and continue' }).waitFor();
    return bench;
  }

  test('a stored token is kept, and is not sent to another server', async () => {
    const { page, setup } = await start(makeSetupState());
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await expect.poll(() => setup.commands).toEqual([{ name: 'testTarget', argument: stored }]);
    await page.getByLabel('Address').fill('https://other.example.org');
    await page.getByText('The stored token belongs to').waitFor();
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByText('Enter an access token of OneDev.').waitFor();
    expect(setup.commands.length).toBe(1);
  });

  test('what is stored is what the form begins with', async () => {
    bench = await window.startBench();
    const { page, setup } = bench;
    setup.prepare({
      settings: [setting('caFile', '/etc/ssl/own.pem'), setting('allowInsecure', 'nas.lan,onedev.lan')],
      items: goodItems,
    });
    const target = { kind: 'onedev', address: 'http://onedev.lan', root: 'stars/github', hasToken: true } as const;
    await openWizard(bench, makeSetupState({ target }), '/setup/target');
    await page.getByRole('button', { name: 'Save and continue' }).click();
    const argument = {
      kind: 'onedev',
      url: 'http://onedev.lan',
      token: null,
      root: 'stars/github',
      caFile: '/etc/ssl/own.pem',
      allowInsecure: true,
    };
    await expect.poll(() => setup.commands).toEqual([{ name: 'saveTarget', argument }]);
    await page.locator('.state').waitFor();
  });

  test('what is decided outside is not offered for change', async () => {
    const fixed = ['target', 'onedevUrl', 'onedevRoot', 'caFile', 'onedev-token'];
    const { page, setup } = await start(makeSetupState({ fixed }));
    await page.getByText('The kind of place is decided outside').waitFor();
    await page.getByText('The token is decided outside').waitFor();
    expect(await page.getByLabel('Address').isDisabled()).toBe(true);
    expect(await page.getByLabel('Parent project').isDisabled()).toBe(true);
    expect(await page.getByLabel('CA file').isDisabled()).toBe(true);
    expect(await page.getByText('Let epicstar make them').count()).toBe(0);
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await expect.poll(() => setup.commands).toEqual([{ name: 'testTarget', argument: stored }]);
    const target = { kind: 'folder', address: '/srv/mirrors', root: null, hasToken: false } as const;
    setup.set({ target, fixed: ['target', 'folder'] });
    const folder = page.getByRole('textbox', { name: 'Folder' });
    expect(await folder.isDisabled()).toBe(true);
    expect(await folder.inputValue()).toBe('/srv/mirrors');
  });
});
