/** @file The wizard in a real browser: its frame, and signing in to GitHub. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { EpicstarError } from '../../src-main/engine/core/engine-api.ts';
import { errorRecord } from '../support/scripted-facts.ts';
import { makeSetupState } from '../support/scripted-setup.ts';
import { atTarget, codeShown, firstRun, openWizard } from '../support/setup-scenes.ts';
import type { WindowBench } from '../support/window-bench.ts';
import { hasBrowser, WindowBrowser } from '../support/window-browser.ts';

const githubApi = 'https://api.github.com';

describe.skipIf(!hasBrowser)('signing in to GitHub in the wizard', () => {
  const window = new WindowBrowser();
  let bench: WindowBench;

  beforeAll(() => window.open());
  afterEach(() => window.endBench());
  afterAll(() => window.close());

  async function start(...[state, path]: [Parameters<typeof openWizard>[1], string?]): Promise<WindowBench> {
    bench = await window.startBench({ permissions: ['clipboard-read', 'clipboard-write'] });
    await openWizard(bench, state, path ?? null);
    return bench;
  }

  test('a first run begins here, whatever the address says', async () => {
    const { page } = await start(firstRun(), '/setup/selection');
    await bench.sentence('Sign in to GitHub').waitFor();
    await page.getByText('Welcome to epicstar.').waitFor();
    const steps = page.getByRole('navigation', { name: 'Steps' }).getByRole('listitem');
    expect(await steps.allInnerTexts()).toEqual(['1\nGitHub', '2\nWhere mirrors go', '3\nWhat to mirror']);
    expect(await page.getByRole('navigation', { name: 'Steps' }).getByRole('link').count()).toBe(0);
    expect(await page.getByRole('link', { name: 'Back to activity' }).count()).toBe(0);
    expect(await page.getByRole('navigation', { name: 'Pages' }).count()).toBe(0);
  });

  test('by a code, from the press to the account', async () => {
    const { page, setup } = await start(firstRun());
    await page.getByLabel('Also mirror private repositories').check();
    await page.getByRole('button', { name: 'Sign in with GitHub' }).click();
    expect(setup.commands).toEqual([{ name: 'beginDeviceFlow', argument: { apiUrl: githubApi, withPrivate: true } }]);
    setup.set({ github: { kind: 'asking-for-code' } });
    await page.getByText('Asking GitHub for a code', { exact: true }).waitFor();
    setup.set({ github: codeShown });
    await page.getByRole('img', { name: 'Code: W, D, J, B, dash, M, J, H, T' }).waitFor();
    await page.getByText(/Valid for another 13:\d\d/).waitFor();
    const heading = page.getByRole('heading', { name: 'Enter this code' });
    expect(await heading.evaluate((element) => element === document.activeElement)).toBe(true);
    const link = page.getByRole('link', { name: 'Open GitHub’s page' });
    expect(await link.getAttribute('href')).toBe('https://github.com/login/device');
    await page.getByRole('button', { name: 'Copy code' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('WDJB-MJHT');

    await page.reload();
    await page.getByText('WDJB-MJHT', { exact: true }).waitFor();

    setup.set({ github: { kind: 'checking' } });
    await page.getByText('Checking at GitHub', { exact: true }).waitFor();
    setup.set(atTarget());
    await page.getByRole('heading', { name: 'Signed in as mona' }).waitFor();
    await page.getByText('that needs the scope repo').waitFor();
    await page.getByText('github.com', { exact: true }).waitFor();
    await page.getByText('the sign-in here').waitFor();
    await page.getByRole('link', { name: 'Continue' }).click();
    await bench.sentence('Where mirrors go').waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Where mirrors go');
  });

  test('a code can be cancelled', async () => {
    const { page, setup } = await start(firstRun({ github: codeShown }));
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => setup.commands).toEqual([{ name: 'cancelDeviceFlow', argument: null }]);
    setup.set({ github: { kind: 'signed-out', error: null } });
    await page.getByRole('button', { name: 'Sign in with GitHub' }).waitFor();
  });

  test('a try that comes to nothing loses nothing that was entered', async () => {
    const { page, setup } = await start(firstRun());
    await page.getByText('Another GitHub').click();
    await page.getByLabel('Host or address of GitHub').fill('github.example.com');
    await page.getByLabel('Also mirror private repositories').check();
    const button = page.getByRole('button', { name: 'Sign in with github.example.com' });
    await button.click();
    setup.set({ github: codeShown });
    await page.getByText('WDJB-MJHT', { exact: true }).waitFor();
    setup.set({ github: { kind: 'signed-out', error: errorRecord('github-signed-out') } });
    await button.click();
    const begin = { name: 'beginDeviceFlow', argument: { apiUrl: 'https://github.example.com', withPrivate: true } };
    await expect.poll(() => setup.commands).toEqual([begin, begin]);
  });

  test.each([
    ['refused', errorRecord('github-sign-in-ended', 'Access was refused on GitHub’s page.')],
    ['expired', errorRecord('github-sign-in-ended', 'The code was not entered in time.')],
    ['no network', errorRecord('github-unavailable', 'github.com: its name is not known (DNS).')],
  ])('why the last try came to nothing is told: %s', async (_, error) => {
    const { page } = await start(firstRun({ github: { kind: 'signed-out', error } }));
    const alert = page.getByRole('alert');
    expect(await alert.innerText()).toBe(`${error.message}\n\n${error.nextStep}`);
    await page.getByRole('button', { name: 'Sign in with GitHub' }).waitFor();
  });

  test('a code that is over says so', async () => {
    const code = { ...codeShown.code, expiresAt: Date.now() - 1 };
    const { page } = await start(firstRun({ github: { kind: 'waiting', code } }));
    expect(await page.getByRole('timer').innerText()).toBe('This code has expired.');
  });

  test('without a client id a token and an own app are offered alike', async () => {
    const { page, setup } = await start(firstRun({ canUseDeviceFlow: false }));
    const token = page.getByRole('link', { name: 'Make a token on GitHub' });
    expect(await token.getAttribute('href')).toContain('https://github.com/settings/personal-access-tokens/new');
    const app = page.getByRole('link', { name: 'Register an OAuth app' });
    expect(await app.getAttribute('href')).toBe('https://github.com/settings/applications/new');
    await page.getByRole('button', { name: 'Save the client id' }).click();
    await page.getByText('Paste the client id of your app.').waitFor();
    await page.getByRole('textbox', { name: 'Client id' }).fill(' Ov23liABC ');
    await page.keyboard.press('Enter');
    const change = { githubClientId: 'Ov23liABC' };
    await expect.poll(() => setup.commands).toEqual([{ name: 'changeSettings', argument: change }]);
    setup.set({ canUseDeviceFlow: true });
    await page.getByRole('button', { name: 'Sign in with GitHub' }).waitFor();
  });

  test('a token is tried again after a failure, and never stays in the page', async () => {
    const { page, setup } = await start(firstRun({ canUseDeviceFlow: false }));
    const field = page.getByLabel('GitHub token');
    await page.getByRole('button', { name: 'Check and use the token' }).click();
    await page.getByText('Enter the token that GitHub showed you.').waitFor();
    await field.fill('github_pat_secret');
    expect(await page.content()).not.toContain('github_pat_secret');
    setup.failNext(new EpicstarError('github-unavailable', 'It answered 502.'));
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('GitHub does not answer. It answered 502.').waitFor();
    expect(await field.inputValue()).toBe('');
    const release = setup.holdNext();
    await page.getByRole('button', { name: 'Check and use the token' }).click();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    const use = { name: 'useGithubToken', argument: { apiUrl: githubApi, token: 'github_pat_secret' } };
    await expect.poll(() => setup.commands).toEqual([use, use]);
    expect(await field.inputValue()).toBe('');
    release();
    setup.set(atTarget());
    await page.getByRole('heading', { name: 'Signed in as mona' }).waitFor();
    expect(await page.content()).not.toContain('github_pat_secret');
  });

  test('another GitHub is taken as it is typed', async () => {
    const { page, setup } = await start(firstRun());
    await page.getByText('Another GitHub').click();
    const field = page.getByLabel('Host or address of GitHub');
    expect(await field.inputValue()).toBe(githubApi);
    await field.fill('no address');
    await page.getByText('Enter a host such as github.example.com').waitFor();
    const button = page.getByRole('button', { name: 'Sign in with' });
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    await field.fill('github.example.com/');
    await page.getByRole('button', { name: 'Sign in with github.example.com' }).click();
    await page.getByText('Use a token instead').click();
    // Its pages are not known here; the way to them is told in words.
    await page.getByText('(github.example.com: Settings, Developer settings').waitFor();
    expect(await page.getByRole('link', { name: 'Make a token on GitHub' }).count()).toBe(0);
    await page.getByLabel('GitHub token').fill('ghp_1');
    await page.keyboard.press('Enter');
    const apiUrl = 'https://github.example.com';
    await expect
      .poll(() => setup.commands)
      .toEqual([
        { name: 'beginDeviceFlow', argument: { apiUrl, withPrivate: false } },
        { name: 'useGithubToken', argument: { apiUrl, token: 'ghp_1' } },
      ]);
  });

  test('what is decided outside is not offered for change', async () => {
    const account = { kind: 'signed-out', error: errorRecord('github-signed-out') } as const;
    const { page, setup } = await start(firstRun({ github: account, fixed: ['github-token', 'githubApiUrl'] }));
    await page.getByText('The token for GitHub is decided outside').waitFor();
    expect(await page.getByRole('button', { name: 'Sign in with GitHub' }).count()).toBe(0);
    expect(await page.getByLabel('GitHub token').count()).toBe(0);
    setup.set(atTarget({ fixed: ['github-token'] }));
    await page.getByText('The token is decided outside and cannot be changed here.').waitFor();
    expect(await page.getByRole('button', { name: 'Sign out' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Sign in as somebody else' }).count()).toBe(0);
    setup.set(firstRun({ fixed: ['githubApiUrl', 'githubClientId'], canUseDeviceFlow: false }));
    await page.getByText('The address of GitHub is decided outside').waitFor();
    await page.getByText('That there is no client id is decided outside').waitFor();
    expect(await page.getByRole('textbox', { name: 'Client id' }).count()).toBe(0);
  });

  test('later, the account can be changed or signed out, and there is a way back', async () => {
    const { page, setup } = await start(makeSetupState(), '/setup/github');
    await page.getByRole('button', { name: 'Sign in as somebody else' }).click();
    await page.getByRole('button', { name: 'Sign in with GitHub' }).waitFor();
    await page.getByRole('button', { name: 'Stay signed in as before' }).click();
    await page.getByRole('button', { name: 'Sign in as somebody else' }).click();
    await page.getByText('Use a token instead').click();
    await page.getByLabel('GitHub token').fill('ghp_1');
    await page.keyboard.press('Enter');
    // The same account may come back.
    await page.getByRole('heading', { name: 'Signed in as mona' }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect.poll(() => setup.commands.at(-1)).toEqual({ name: 'signOutGithub', argument: null });
    await page.getByRole('link', { name: 'Done', exact: true }).click();
    await page.locator('.state').waitFor();
    await page.goto(`${bench.web.host.url}#/setup`);
    await bench.sentence('Everything is set up').waitFor();
    await page.getByRole('navigation', { name: 'Steps' }).getByRole('link', { name: 'Where mirrors go' }).click();
    await bench.sentence('Where mirrors go').waitFor();
    await page.getByRole('link', { name: 'Back to activity' }).click();
    await page.locator('.state').waitFor();
  });

  test('the playground is offered where no account is at hand', async () => {
    const { page } = await start(firstRun());
    await page.getByText('No account at hand?').click();
    await page.getByRole('button', { name: 'Copy command' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('npm run demo');
  });
});
