/** @file The settings page in a real browser, over a scripted engine and set-up. */
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { EpicstarError } from '../../src-main/engine/core/engine-api.ts';
import { scriptedAccount } from '../support/scripted-setup.ts';
import { makeSettings, mixedSettings, openSettings } from '../support/settings-scene.ts';
import type { WindowBench } from '../support/window-bench.ts';
import { hasBrowser, WindowBrowser } from '../support/window-browser.ts';
import { waitUntil } from '../support/wait.ts';

describe.skipIf(!hasBrowser)('the settings page', () => {
  const window = new WindowBrowser();
  let bench: WindowBench;

  beforeAll(() => window.open());
  afterEach(() => window.endBench());
  afterAll(() => window.close());

  async function start(options: Parameters<WindowBench['start']>[0] = {}): Promise<WindowBench> {
    bench = await window.startBench(options);
    return bench;
  }

  const row = (name: string): Locator => bench.page.locator(`[data-setting="${name}"]`);
  const changes = (): readonly unknown[] =>
    bench.setup.commands.filter(({ name }) => name === 'changeSettings').map(({ argument }) => argument);
  const bar = (): Locator => bench.page.getByRole('region', { name: 'Changes' });
  const save = (): Locator => bench.page.getByRole('button', { name: 'Save', exact: true });

  test.each(['light', 'dark'] as const)('shows everything, without an accessibility fault in %s', async (scheme) => {
    const { page } = await start({ colorScheme: scheme });
    await openSettings(bench);
    for (const title of [
      'Accounts',
      'What to mirror',
      'Looking',
      'What mirrors hold',
      'Mirroring',
      'Disk',
      'Network and safety',
    ]) {
      await page.getByRole('region', { name: title, exact: true }).waitFor();
    }
    await page.getByText('Every starred repository is mirrored.').waitFor();
    expect(await page.locator('[data-setting]').count()).toBe(mixedSettings.length);
    await bench.shoot(`settings-${scheme}`);
    expect(await bench.violations()).toEqual([]);
  });

  test('says of each setting what it does, its default, and where it comes from', async () => {
    const { page } = await start();
    await openSettings(bench);
    const poll = page.getByRole('textbox', { name: 'Look for new stars every' });
    expect(await poll.inputValue()).toBe('120');
    expect(await row('pollSeconds').textContent()).toMatch(
      /finds new stars sooner.*seconds.*Default: 60 seconds\. Set in the settings file\./,
    );
    // Every setting that exists is known by name, the new one apart.
    const codes = await page.locator('[data-setting] .field-label code').allTextContents();
    expect(codes).toEqual(['brandNew']);
    expect(await row('brandNew').textContent()).toContain('Allowed: a, b or c.');
    await page.getByRole('region', { name: 'Expert' }).getByRole('textbox', { name: 'brandNew' }).waitFor();
    // What is decided outside has no field, and the reason is told.
    const fixed = page.getByRole('group', { name: 'Repositories at once' });
    expect(await fixed.textContent()).toMatch(/8Set by EPICSTAR_CONCURRENCY, which is stronger/);
    expect(await fixed.locator('input').count()).toBe(0);
    expect(await row('pushConcurrency').textContent()).toContain('Set by a flag');
    for (const name of ['webHosts', 'logLevel', 'logFormat']) {
      expect(await row(name).textContent()).toContain('Acts at the next start of epicstar.');
    }
    expect(await page.getByRole('combobox', { name: 'How much is logged' }).inputValue()).toBe('info');
    expect(await row('allowInsecure').getByRole('textbox').inputValue()).toBe('nas.local\n10.0.0.5');
    expect(await bar().count()).toBe(0);
  });

  test('saves what was changed and nothing else, all at once', async () => {
    const { page } = await start();
    await openSettings(bench);
    await row('pollSeconds').getByRole('textbox').fill('90');
    await row('cacheLimit').getByRole('textbox').fill('1.5');
    await row('cacheLimit').getByRole('combobox', { name: 'unit' }).selectOption('TB');
    await row('allowInsecure').getByRole('textbox').fill('nas.local\n\n fd00::1 \nbox');
    await row('logLevel').getByRole('combobox').selectOption('debug');
    await row('sweepDays').getByRole('textbox').fill('8');
    await row('sweepDays').getByRole('textbox').fill('7');
    await bar().getByText('4 changes are not saved').waitFor();
    await bar().getByText('Saving lets work pause for a moment').waitFor();
    await bench.shoot('settings-changed');
    expect(await bench.violations()).toEqual([]);
    await save().click();
    await page
      .getByText('Saved. Work goes on with it; “How much is logged” acts at the next start of epicstar.')
      .waitFor();
    expect(changes()).toEqual([
      { pollSeconds: '90', cacheLimit: '1.5TB', allowInsecure: 'nas.local,fd00::1,box', logLevel: 'debug' },
    ]);
    expect(await bar().count()).toBe(0);
    expect(await row('pollSeconds').textContent()).toContain('Set in the settings file.');
    expect(await row('allowInsecure').getByRole('textbox').inputValue()).toBe('nas.local\nfd00::1\nbox');
    await bench.shoot('settings-saved');
    expect(await bench.violations()).toEqual([]);
  });

  test('goes back to the default, undoes, and discards', async () => {
    const { page } = await start();
    await openSettings(bench);
    await page.getByRole('button', { name: 'Back to the default: Look for new stars every' }).click();
    expect(await row('pollSeconds').getByRole('textbox').inputValue()).toBe('60');
    await page.getByRole('button', { name: 'Undo: Look for new stars every' }).click();
    expect(await row('pollSeconds').getByRole('textbox').inputValue()).toBe('120');
    expect(await bar().count()).toBe(0);
    await page.getByRole('button', { name: 'Back to the default: Look for new stars every' }).click();
    await save().click();
    await page.getByText('Saved. Work goes on with it.').waitFor();
    expect(changes()).toEqual([{ pollSeconds: null }]);
    await row('stallMinutes').getByRole('textbox').fill('20');
    await page.getByRole('button', { name: 'Discard' }).click();
    expect(await row('stallMinutes').getByRole('textbox').inputValue()).toBe('10');
    expect(changes()).toHaveLength(1);
  });

  test('marks what is wrong as it is typed, and sends none of it', async () => {
    const { page } = await start();
    await openSettings(bench);
    const poll = row('pollSeconds').getByRole('textbox');
    for (const wrong of ['29', '86401', '1e3', 'soon', '']) {
      await poll.fill(wrong);
      await row('pollSeconds').getByText('It has to be a whole number from 30 to 86400.').waitFor();
    }
    expect(await poll.getAttribute('aria-invalid')).toBe('true');
    await bar().getByText('1 change is not saved, 1 to be corrected first').waitFor();
    await save().click({ force: true });
    await bench.shoot('settings-wrong');
    expect(await bench.violations()).toEqual([]);
    expect(changes()).toEqual([]);
    await poll.fill('30');
    await page.getByText('1 change is not saved', { exact: true }).waitFor();
    await row('cacheLimit').getByRole('textbox').fill('lots');
    await row('cacheLimit').getByText('It has to be a size such as 500MB or 20GB').waitFor();
  });

  test('shows a refusal at the field that it names, and loses nothing that was typed', async () => {
    const { page, setup } = await start();
    await openSettings(bench);
    await row('caFile').getByRole('textbox').fill('ca.pem');
    await row('stallMinutes').getByRole('textbox').fill('20');
    setup.failNext(
      new EpicstarError('config-invalid', 'caFile is "ca.pem" (from the change); allowed: an absolute path.'),
    );
    await save().click();
    await row('caFile').getByText('It has to be an absolute path.').waitFor();
    await waitUntil('the focus in the field', () =>
      row('caFile')
        .getByRole('textbox')
        .evaluate((field) => field === document.activeElement),
    );
    await bench.shoot('settings-refused');
    expect(await bench.violations()).toEqual([]);
    expect(await row('caFile').getByRole('textbox').inputValue()).toBe('ca.pem');
    expect(await row('stallMinutes').getByRole('textbox').inputValue()).toBe('20');
    await row('caFile').getByRole('textbox').fill('/etc/ca.pem');
    expect(await row('caFile').getByRole('alert').count()).toBe(0);

    setup.failNext(new EpicstarError('insecure-address', 'OneDev’s address is http://nas.'));
    await save().click();
    await bar().getByRole('alert').getByText('OneDev’s address is http://nas.').waitFor();
    await bar().getByText('name the host in EPICSTAR_ALLOW_INSECURE').waitFor();
    await bench.shoot('settings-failed');
    expect(await bench.violations()).toEqual([]);
    await save().click();
    await page.getByText('Saved. Work goes on with it.').waitFor();
    expect(changes().at(-1)).toEqual({ caFile: '/etc/ca.pem', stallMinutes: '20' });
  });

  test('keeps what was typed over another page, a reload and a lost connection', async () => {
    const { page } = await start();
    await openSettings(bench);
    await row('stallMinutes').getByRole('textbox').fill('20');
    await page.getByRole('link', { name: 'History' }).click();
    await page.getByRole('heading', { level: 1, name: 'History' }).waitFor();
    await page.getByRole('link', { name: 'Settings' }).click();
    await bar().getByText('1 change is not saved').waitFor();
    await page.reload();
    await bar().getByText('1 change is not saved').waitFor();
    const { port } = bench.web;
    await bench.web.stop();
    await page.locator('.page-old').waitFor();
    expect(await row('stallMinutes').getByRole('textbox').inputValue()).toBe('20');
    await save().click({ force: true });
    expect(changes()).toEqual([]);
    await bench.startHost({ port });
    await page.locator('.page-old').waitFor({ state: 'detached' });
    await save().click();
    await page.getByText('Saved. Work goes on with it.').waitFor();
    expect(changes()).toEqual([{ stallMinutes: '20' }]);
  });

  test('finds settings by their words and names, and never hides one that is wrong', async () => {
    const { page } = await start();
    await openSettings(bench);
    const search = page.getByRole('searchbox', { name: 'Find a setting' });
    const shown = (): Promise<readonly string[]> =>
      page.locator('[data-setting]').evaluateAll((rows) => rows.map((one) => one.getAttribute('data-setting') ?? ''));
    await search.fill('LOG is');
    expect(await shown()).toEqual(['logLevel', 'logFormat']);
    await search.fill('EPICSTAR_SMALL');
    expect(await shown()).toEqual(['smallPushMb']);
    await row('smallPushMb').getByRole('textbox').fill('0');
    await search.fill('nothing like it');
    expect(await shown()).toEqual(['smallPushMb']);
    await page.getByRole('button', { name: 'Discard' }).click();
    await page.getByText('No setting matches this.').waitFor();
  });

  test('can be used by the keyboard alone', async () => {
    const { page } = await start();
    await openSettings(bench);
    await page.getByRole('searchbox', { name: 'Find a setting' }).focus();
    await page.keyboard.press('Tab');
    expect(
      await row('pollSeconds')
        .getByRole('textbox')
        .evaluate((field) => field === document.activeElement),
    ).toBe(true);
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('300');
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press('Tab');
      if (await save().evaluate((button) => button === document.activeElement)) break;
    }
    await page.keyboard.press('Enter');
    await page.getByText('Saved. Work goes on with it.').waitFor();
    expect(changes()).toEqual([{ pollSeconds: '300' }]);
  });

  test('never covers with the bar what has the focus', async () => {
    const { page } = await start();
    await openSettings(bench);
    const barTop = async (): Promise<number> => (await bar().boundingBox())?.y ?? 0;
    // At the very bottom, where the bar comes up.
    const field = row('stallMinutes').getByRole('textbox');
    await field.evaluate((element) => {
      element.focus({ preventScroll: true });
      globalThis.scrollTo(0, element.getBoundingClientRect().bottom + globalThis.scrollY - globalThis.innerHeight + 4);
    });
    await page.keyboard.type('5');
    await bar().waitFor();
    await waitUntil('the field above the bar', async () => {
      const { y, height } = (await field.boundingBox()) ?? { y: Infinity, height: 0 };
      return y + height <= (await barTop());
    });
    const bottoms: number[] = [];
    for (let presses = 0; presses < 12; presses += 1) {
      await page.keyboard.press('Tab');
      const bottom = await page.evaluate(() => {
        const inSetting = document.querySelector('.setting :focus');
        return inSetting === null ? null : inSetting.getBoundingClientRect().bottom;
      });
      if (bottom !== null) bottoms.push(bottom);
    }
    expect(bottoms.length).toBeGreaterThan(8);
    expect(Math.max(...bottoms)).toBeLessThanOrEqual(await barTop());
  });

  test.each([
    ['360 px', { viewport: { width: 360, height: 740 } }],
    ['200 % zoom', { viewport: { width: 500, height: 450 }, deviceScaleFactor: 2 }],
  ])('fits %s', async (name, options) => {
    const { page, setup } = await start(options);
    const slug = name.replace(/\W+/g, '-');
    const long = `https://${'very-long-name.'.repeat(12)}example.org`;
    setup.set({
      github: { kind: 'signed-in', account: { ...scriptedAccount, login: `m${'o'.repeat(38)}na`, tokenFrom: long } },
      target: { kind: 'onedev', address: long, root: 'github', hasToken: true },
    });
    await openSettings(bench, makeSettings({ onedevUrl: { text: long, origin: 'environment' } }));
    await row('pollSeconds').getByRole('textbox').fill('5');
    await row('caFile').getByRole('textbox').fill('ca.pem');
    await page.keyboard.type('x');
    await waitUntil('the field above the bar', async () => {
      const field = await row('caFile').getByRole('textbox').boundingBox();
      const barBox = await bar().boundingBox();
      return field !== null && barBox !== null && field.y + field.height <= barBox.y;
    });
    await bench.shoot(`settings-${slug}`);
    expect(await bench.overflow()).toBe(0);
    expect(await bench.violations()).toEqual([]);
    await page.getByRole('button', { name: 'Import settings' }).click();
    await page.getByRole('dialog').waitFor();
    await bench.shoot(`settings-import-${slug}`);
    expect(await bench.overflow()).toBe(0);
  });
});
