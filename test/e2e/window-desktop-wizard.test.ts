/**
 * @file The wizard in a window of the desktop program where there is no keyring: over the desktop's own engine, whose
 * GitHub is the stand-in.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { openLocal } from '../../src-main/open-local.ts';
import { createTransport } from '../../src-main/shell/link-client.ts';
import { createClient } from '../../src-preload/contract/client.ts';
import type { ElectronApi } from '../../src-main/shell/electron-api.ts';
import type { OpenedEngine } from '../../src-main/shell/opened-engine.ts';
import { type Github, startGithub } from '../playground/github/index.ts';
import { DesktopParts } from '../support/desktop-parts.ts';
import { openInDesktop } from '../support/desktop-window.ts';
import { realClock } from '../support/real-clock.ts';
import type { WindowBench } from '../support/window-bench.ts';
import { hasBrowser, WindowBrowser } from '../support/window-browser.ts';

const noProxy = (): Promise<null> => Promise.resolve(null);

describe.skipIf(!hasBrowser || process.platform !== 'linux')('the wizard of the desktop', () => {
  const browser = new WindowBrowser();
  let github: Github;
  let parts: DesktopParts;
  let engine: OpenedEngine;
  let bench: WindowBench;

  beforeAll(async () => {
    github = await startGithub();
    await browser.open();
  });
  afterAll(async () => {
    await browser.close();
    await github.close();
  });
  beforeEach(async () => {
    vi.stubEnv('EPICSTAR_GITHUB_API_URL', github.apiUrl);
    vi.stubEnv('EPICSTAR_LOG_LEVEL', 'error');
    parts = await DesktopParts.open({
      hasNoKeyring: true,
      secretsOf: async ({ dir, storage, preferences }) => {
        const electron = { safeStorage: storage } as unknown as ElectronApi;
        engine = await openLocal({ dataDir: dir, version: '1.2.3', electron, preferences, proxyFor: noProxy });
        return engine.secrets;
      },
    });
    bench = await browser.startBench();
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await browser.endBench();
    await engine.link.close();
    await engine.close();
    await parts.close();
  });

  async function open(): Promise<void> {
    await openInDesktop(bench, parts, '/setup/github', engine.link);
    await bench.page.getByRole('heading', { level: 1, name: 'Sign in to GitHub' }).waitFor();
  }

  test('asks before a token is kept in a plain file, and then keeps it', async () => {
    const { page } = bench;
    await open();
    await page.getByText('A token cannot be stored yet').waitFor();
    await page.getByText('This desktop has no keyring that epicstar can use.').waitFor();
    expect(await page.getByLabel('GitHub token').count()).toBe(0);
    await bench.shoot('desktop-wizard-no-keyring');
    expect(await bench.violations()).toEqual([]);
    await page.getByRole('button', { name: 'Allow plain files' }).click();
    const question = page.getByRole('dialog', { name: 'Keep secrets in plain files' });
    await question.getByText('Every program that you start could read them too').waitFor();
    await question.getByRole('button', { name: 'Allow plain files' }).click();
    const token = github.addToken();
    await page.getByLabel('GitHub token').fill(token);
    await page.getByRole('button', { name: 'Check and use the token' }).click();
    await page
      .getByText(/Signed in/)
      .first()
      .waitFor();
    const path = join(parts.dir, 'secrets', 'github-token');
    expect((await readFile(path, 'utf8')).trim()).toBe(token);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('keeps no token before it may, and says where that is allowed', async () => {
    const client = createClient(createTransport(engine.link), { setTimer: realClock.setTimer });
    const argument = { apiUrl: github.apiUrl, token: github.addToken() };
    await expect(client.call('setup.useGithubToken', argument)).rejects.toThrow(
      /allow plain files where you sign in, or under Secrets in the settings/,
    );
    client.close();
    expect(await readdir(join(parts.dir, 'secrets')).catch(() => [])).not.toContain('github-token');
  });

  test('leads to an engine elsewhere before anything is set up', async () => {
    const { page } = bench;
    await parts.secrets.allowPlain();
    await open();
    await page.getByText('Does epicstar run on a server or NAS already?').click();
    await page.getByRole('button', { name: 'Work with another engine' }).click();
    const dialog = page.getByRole('dialog', { name: 'Which engine to work with' });
    await dialog.getByLabel('Elsewhere').check();
    await dialog.getByLabel('Address').fill('https://nas.example.com');
    await dialog.getByLabel('Token').fill('wt_0123456789');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Restart epicstar' }).waitFor();
    await bench.shoot('desktop-wizard-elsewhere');
    expect(await bench.violations()).toEqual([]);
    expect(parts.preferences.get('attachAddress')).toBe('https://nas.example.com');
  });
});
