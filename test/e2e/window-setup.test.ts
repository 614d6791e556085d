/** @file Probe. */
import { afterAll, afterEach, beforeAll, describe, test } from 'vitest';
import { makeSetupState } from '../support/scripted-setup.ts';
import { errorRecord } from '../support/scripted-facts.ts';
import type { WindowBench } from '../support/window-bench.ts';
import { hasBrowser, WindowBrowser } from '../support/window-browser.ts';

describe.skipIf(!hasBrowser)('the wizard', () => {
  const window = new WindowBrowser();
  let bench: WindowBench;
  beforeAll(() => window.open());
  afterEach(() => window.endBench());
  afterAll(() => window.close());

  test('shots', async () => {
    bench = await window.startBench();
    const { page, setup } = bench;
    setup.set(makeSetupState({ step: 'github', isFirstRun: true, github: { kind: 'signed-out', error: null }, target: null }));
    await page.goto(bench.web.host.urlWithToken);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await bench.shoot('setup-github-light');
    setup.set({ canUseDeviceFlow: false, github: { kind: 'signed-out', error: errorRecord('github-signed-out', 'Access was refused on GitHub’s page.') } });
    await page.getByText('With a code').waitFor();
    await bench.shoot('setup-github-no-client-id');
    setup.set({ github: { kind: 'waiting', code: { userCode: 'WDJB-MJHT', verificationUri: 'https://github.com/login/device', expiresAt: Date.now() + 800_000 } } });
    await page.getByText('WDJB-MJHT').waitFor();
    await bench.shoot('setup-github-code');
    setup.set({ ...makeSetupState({ step: 'target', isFirstRun: true, target: null }) });
    await page.getByText('Signed in as').first().waitFor();
    await bench.shoot('setup-github-account');
    await page.getByRole('link', { name: 'Continue' }).click();
    await page.getByLabel('Address').fill('http://onedev.example.org');
    await page.getByText('The least rights').click();
    await page.getByText('Let epicstar make them').click();
    setup.prepare({ items: [
      { name: 'reached', state: 'ok', finding: 'https://onedev.example.org answers and is ready.', nextStep: null },
      { name: 'version', state: 'warning', finding: 'OneDev 15.1 is older than 16.', nextStep: 'Update OneDev.' },
      { name: 'push', state: 'failed', finding: 'The token lacks a right on the mirror server.', nextStep: "Grant: code write below 'github'." },
    ] });
    await page.getByLabel('Access token').fill('secret');
    await page.getByLabel('I know the risk').check();
    await page.getByRole('button', { name: 'Test' }).click();
    await page.getByText('Right to push').waitFor();
    await bench.shoot('setup-target');
    setup.set({ step: 'selection', target: { kind: 'onedev', address: 'https://onedev.example.org', root: 'github', hasToken: true } });
    await page.getByRole('link', { name: 'What to mirror' }).click();
    await page.getByRole('button', { name: 'Start mirroring 1,180 repositories' }).waitFor();
    await page.getByText('Languages', { exact: true }).click();
    await page.getByRole('button', { name: 'Rust' }).first().click();
    await bench.shoot('setup-selection');
  });
});
