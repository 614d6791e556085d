/** @file What stands on the settings page besides the settings, in a real browser, over a scripted engine and set-up. */
import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { EpicstarError } from '../../src-main/engine/core/engine-api.ts';
import { defaultSelectionRules } from '../../src-main/engine/domain/selection.ts';
import { makeSetupState, scriptedAccount } from '../support/scripted-setup.ts';
import { makeSettings, openSettings } from '../support/settings-scene.ts';
import type { WindowBench } from '../support/window-bench.ts';
import { hasBrowser, WindowBrowser } from '../support/window-browser.ts';

describe.skipIf(!hasBrowser)('the settings page beside the settings', () => {
  const window = new WindowBrowser();
  let bench: WindowBench;

  beforeAll(() => window.open());
  afterEach(() => window.endBench());
  afterAll(() => window.close());

  async function start(options: Parameters<WindowBench['start']>[0] = {}): Promise<WindowBench> {
    bench = await window.startBench(options);
    return bench;
  }

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
    await press.click({ force: true });
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
          name: 'age',
          state: 'warning',
          finding: 'This git is old.',
          nextStep: 'Install a newer one.',
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
      'Warninggit, ageThis git is old.Install a newer one.',
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
    await page.locator('[data-setting="pollSeconds"]').waitFor();
  });
});
