/** @file The settings page in a real browser, over a scripted engine and set-up. */
import { readFile } from 'node:fs/promises';
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { EpicstarError } from '../../src-main/engine/core/engine-api.ts';
import { defaultSelectionRules } from '../../src-main/engine/domain/selection.ts';
import { makeSetupState, scriptedAccount } from '../support/scripted-setup.ts';
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
    for (const title of ['Accounts', 'What to mirror', 'Looking', 'Mirroring', 'Disk', 'Network and safety']) {
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
    await save().click();
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
    await save().click();
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

  test('tells of accounts and mirrors, and signs out only after asking', async () => {
    const { page, setup } = await start();
    const expiresAt = Date.UTC(2026, 11, 24, 17, 30);
    setup.set({ github: { kind: 'signed-in', account: { ...scriptedAccount, expiresAt } } });
    await openSettings(bench);
    const github = page.getByRole('region', { name: 'GitHub', exact: true });
    expect(await github.textContent()).toMatch(
      /Signed in to github\.com as mona.*Token: the sign-in here\. No scopes.*Good until .*24 December 2026|December 24, 2026/,
    );
    await github.getByText('that needs the scope repo').waitFor();
    const mirrors = page.getByRole('region', { name: 'Mirrors', exact: true });
    await mirrors.getByText('In OneDev at https://onedev.example.org, below github').waitFor();
    expect(await github.getByRole('link', { name: 'Change' }).getAttribute('href')).toBe('#/setup/github');
    expect(await mirrors.getByRole('link', { name: 'Change' }).getAttribute('href')).toBe('#/setup/target');
    const signOuts = (): number => setup.commands.filter(({ name }) => name === 'signOutGithub').length;
    await github.getByRole('button', { name: 'Sign out' }).click();
    const dialog = page.getByRole('dialog', { name: 'Sign out of GitHub' });
    await dialog.getByText('What was mirrored stays as it is.').waitFor();
    await bench.shoot('settings-sign-out');
    expect(await bench.violations()).toEqual([]);
    await dialog.getByRole('button', { name: 'Stay signed in' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(signOuts()).toBe(0);
    await github.getByRole('button', { name: 'Sign out' }).click();
    await dialog.getByRole('button', { name: 'Sign out', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(signOuts()).toBe(1);
    setup.set(makeSetupState({ github: { kind: 'signed-out', error: null }, target: null }));
    await github.getByText('Nobody is signed in.').waitFor();
    await mirrors.getByText('It was not chosen yet where mirrors go.').waitFor();
    setup.set(
      makeSetupState({
        target: { kind: 'folder', address: '/srv/mirrors', root: null, hasToken: false },
        fixed: ['github-token'],
      }),
    );
    await mirrors.getByText('In the folder /srv/mirrors').waitFor();
    await github.getByText('decided outside').waitFor();
    expect(await github.getByRole('button').count()).toBe(0);
  });

  test('says the rules of what to mirror in words', async () => {
    const { page, setup } = await start();
    setup.prepare({
      rules: {
        ...defaultSelectionRules,
        scope: 'new-only',
        newSince: Date.UTC(2026, 4, 1, 12),
        forks: 'skip',
        archived: 'skip',
        languages: { only: ['Rust', 'Go'], never: [] },
        askAboveKb: 2_000_000,
      },
    });
    await openSettings(bench);
    const rules = page.getByRole('region', { name: 'What to mirror' });
    await rules
      .getByText(
        'Each repository starred since May 1, 2026 is mirrored that the rules allow. Left out are forks and archived ' +
          'repositories. Languages: only Rust, Go. Above 2 GB you are asked first.',
      )
      .waitFor();
    expect(await rules.getByRole('link', { name: 'Change the rules' }).getAttribute('href')).toBe('#/setup/selection');
  });

  test('exports the settings as a file without secrets', async () => {
    const { page } = await start();
    await openSettings(bench);
    await page.getByText('No token and no password is in it.').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export settings' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('epicstar-settings.json');
    expect(JSON.parse(await readFile(await download.path(), 'utf8'))).toEqual({ pollSeconds: '120' });
    await page.getByText('The settings were exported').waitFor();
  });

  test('shows what an import would change before it is done', async () => {
    const { page, setup } = await start();
    await openSettings(bench);
    const imports = (): readonly unknown[] =>
      setup.commands.filter(({ name }) => name === 'importSettings').map(({ argument }) => argument);
    await page.getByRole('button', { name: 'Import settings' }).click();
    const dialog = page.getByRole('dialog', { name: 'Import settings' });
    const press = dialog.getByRole('button', { name: 'Import', exact: true });
    const paste = dialog.getByRole('textbox', { name: 'Or paste the settings' });
    await paste.fill('nonsense');
    await dialog.getByText('it is no JSON object').waitFor();
    await paste.fill('{"pollSecond": 60}');
    await dialog.getByText('pollSecond', { exact: true }).waitFor();
    await press.click();
    expect(imports()).toEqual([]);
    const text = JSON.stringify({
      pollSeconds: 120,
      concurrency: '2',
      cacheLimit: '5GB',
      allowInsecure: ['nas.local'],
      onedevUrl: 'https://onedev.example.org',
    });
    const file = { name: 'settings.json', mimeType: 'application/json', buffer: Buffer.from(text) };
    await dialog.getByLabel('File').setInputFiles(file);
    const plan = dialog.getByRole('region', { name: 'What will change' });
    expect(await plan.getByRole('listitem').allTextContents()).toEqual([
      'Repositories at once: 8 becomes 2 EPICSTAR_CONCURRENCY or a flag stays stronger.',
      'Disk for caches: 20 GB becomes 5 GB',
      'Hosts that may be reached by plain http: nas.local, 10.0.0.5 becomes nas.local',
    ]);
    await bench.shoot('settings-import');
    expect(await bench.violations()).toEqual([]);
    setup.failNext(new EpicstarError('config-invalid', 'cacheLimit is "5GB" (from the imported file).'));
    await press.click();
    await dialog.getByRole('alert').getByText('cacheLimit is').waitFor();
    expect(await paste.inputValue()).toBe(text);
    await press.click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('The settings were imported. Work goes on with them.').waitFor();
    expect(imports()).toEqual([text, text]);
  });

  test('tells of itself, and runs the check', async () => {
    const { page, engine } = await start();
    await openSettings(bench);
    const about = page.getByRole('region', { name: 'About', exact: true });
    expect(await about.textContent()).toMatch(/epicstar \S+Started .* ago.*requests? to GitHub.*received/);
    engine.set({
      diagnosis: [
        {
          area: 'git',
          name: 'version',
          state: 'ok',
          finding: 'git 2.47 (system, /usr/bin/git), talks https',
          nextStep: null,
        },
        {
          area: 'git',
          name: 'lfs',
          state: 'warning',
          finding: 'git-lfs was not found.',
          nextStep: 'Install git-lfs, else objects kept by LFS are not mirrored.',
        },
        {
          area: 'target',
          name: 'reached',
          state: 'failed',
          finding: '<b>The mirror server does not answer.</b>',
          nextStep: 'Check that it runs and that its address is right; it is tried again by itself.',
        },
      ],
    });
    await about.getByRole('button', { name: 'Run the check' }).click();
    const found = about.getByRole('list', { name: 'What the check found' }).getByRole('listitem');
    await found.first().waitFor();
    expect(await found.allTextContents()).toEqual([
      'OKgit, versiongit 2.47 (system, /usr/bin/git), talks https',
      'Warninggit, lfsgit-lfs was not found.Install git-lfs, else objects kept by LFS are not mirrored.',
      'FailedMirrors, reached<b>The mirror server does not answer.</b>Check that it runs and that its address is right; it is tried again by itself.',
    ]);
    await about.getByText('The check found 1 failed and 1 to mind.').waitFor();
    await bench.shoot('settings-check');
    expect(await bench.violations()).toEqual([]);
    engine.failNext(new EpicstarError('github-unavailable', ''));
    await about.getByRole('button', { name: 'Run it again' }).click();
    await about.getByRole('alert').getByText('GitHub does not answer.').waitFor();
    expect(await found.count()).toBe(3);
  });

  test('says why the settings cannot be read, and reads them again', async () => {
    const { page, setup } = await start();
    setup.prepare({ settings: makeSettings() });
    setup.refuseSettings(new EpicstarError('config-invalid', 'settings.json is not JSON.'));
    await page.goto(bench.web.host.urlWithToken);
    await page.goto(`${bench.web.host.url}#/settings`);
    await page.getByText('The settings could not be read. A setting is wrong. settings.json is not JSON.').waitFor();
    await bench.shoot('settings-unreadable');
    expect(await bench.violations()).toEqual([]);
    setup.refuseSettings(null);
    await page.getByRole('button', { name: 'Try again' }).click();
    await row('pollSeconds').waitFor();
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
    // What has the focus is never below the bar.
    await row('pollSeconds').getByRole('textbox').fill('301');
    const barTop = async (): Promise<number> => (await bar().boundingBox())?.y ?? 0;
    await row('stallMinutes').getByRole('textbox').focus();
    for (let presses = 0; presses < 10; presses += 1) {
      await page.keyboard.press('Tab');
      const { isField, bottom } = await page.evaluate(() => {
        const active = document.activeElement;
        return {
          isField: active?.closest('.setting') !== null,
          bottom: active?.getBoundingClientRect().bottom ?? 0,
        };
      });
      if (isField) expect(bottom).toBeLessThanOrEqual(await barTop());
    }
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
    await bar().waitFor();
    await bench.shoot(`settings-${slug}`);
    expect(await bench.overflow()).toBe(0);
    expect(await bench.violations()).toEqual([]);
    await page.getByRole('button', { name: 'Import settings' }).click();
    await page.getByRole('dialog').waitFor();
    await bench.shoot(`settings-import-${slug}`);
    expect(await bench.overflow()).toBe(0);
  });
});
