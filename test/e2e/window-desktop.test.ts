/** @file Settings of the desktop program in its window: a real browser over the desktop's own session and real files. */
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createClosedLink } from '../../src-main/shell/link.ts';
import { DesktopParts, type DesktopPartsOptions } from '../support/desktop-parts.ts';
import { openInDesktop, scriptedLink } from '../support/desktop-window.ts';
import { openSettings } from '../support/settings-scene.ts';
import { waitUntil } from '../support/wait.ts';
import type { WindowBench } from '../support/window-bench.ts';
import { hasBrowser, WindowBrowser } from '../support/window-browser.ts';

const token = 'wt_abcdefghijklmnop0123';
const address = 'https://nas.example.com/epicstar';

describe.skipIf(!hasBrowser || process.platform !== 'linux')('settings of the desktop in the window', () => {
  const browser = new WindowBrowser();
  let bench: WindowBench;
  let parts: DesktopParts;

  beforeAll(() => browser.open());
  afterAll(() => browser.close());
  afterEach(async () => {
    await browser.endBench();
    await parts.close();
  });

  async function start(options: DesktopPartsOptions = {}, context = {}): Promise<void> {
    parts = await DesktopParts.open(options);
    bench = await browser.startBench(context);
  }

  async function open(options: DesktopPartsOptions = {}, context = {}): Promise<void> {
    await start(options, context);
    await openInDesktop(bench, parts, '/settings');
    await program().waitFor();
  }

  const program = (): Locator => bench.page.getByRole('region', { name: 'This program' });
  const engine = (): Locator => program().getByRole('region', { name: 'Engine' });
  const box = (label: string): Locator => bench.page.getByRole('checkbox', { name: label });
  const dialog = (): Locator => bench.page.getByRole('dialog', { name: 'Which engine to work with' });
  const stored = async (): Promise<Record<string, unknown>> =>
    JSON.parse(await readFile(parts.preferencesPath, 'utf8'));

  async function change(label: string, to: boolean): Promise<void> {
    await box(label).click();
    await waitUntil(`${label} to be ${to}`, async () => (await box(label).isChecked()) === to);
  }

  async function shoot(name: string, what = program()): Promise<void> {
    await what.evaluate((element) => element.scrollIntoView());
    await bench.shoot(name);
  }

  test('are not there in a browser', async () => {
    await start();
    await openSettings(bench);
    expect(await program().count()).toBe(0);
    expect(await bench.page.getByRole('region', { name: 'Notifications' }).count()).toBe(0);
  });

  test('are saved at once, each in effect, and shown as they are', async () => {
    await open();
    await engine().getByText('Works with the engine of this computer.').waitFor();
    await program().getByText('Tokens are kept encrypted by your keyring (Secret Service).').waitFor();
    for (const label of ['Start without a window', 'Work on battery', 'This network is metered', 'Start at login']) {
      expect(await box(label).isChecked()).toBe(false);
      await change(label, true);
    }
    await change('New stars are safe', false);
    await bench.page.getByLabel('A click on the tray icon opens').selectOption('The full window');
    await waitUntil('the choice to be kept', async () => (await stored())['opensAs'] === 'window');
    expect(await stored()).toMatchObject({
      startsHidden: true,
      worksOnBattery: true,
      opensAs: 'window',
      notifications: { 'new-stars': false },
    });
    expect(parts.quiet).toEqual(['metered']);
    expect(parts.keeper.isNotificationOn('new-stars')).toBe(false);
    expect(await readFile(parts.autostartPath, 'utf8')).toContain('--hidden');
    await change('This network is metered', false);
    expect(parts.quiet).toEqual([]);
    await change('Start at login', false);
    await expect(stat(parts.autostartPath)).rejects.toMatchObject({ code: 'ENOENT' });
    await bench.page.reload();
    await program().waitFor();
    expect(await box('Start without a window').isChecked()).toBe(true);
    expect(await box('New stars are safe').isChecked()).toBe(false);
    expect(await bench.page.getByLabel('A click on the tray icon opens').inputValue()).toBe('window');
  });

  test.each([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['narrow', { viewport: { width: 360, height: 800 } }],
    ['zoomed', { viewport: { width: 500, height: 450 }, deviceScaleFactor: 2 }],
  ])('can be read and pressed in the look %s', async (look, context) => {
    await start({ hasNoKeyring: true }, context);
    await openInDesktop(bench, parts, '/settings');
    await program().getByText('No token can be stored.').waitFor();
    await shoot(`desktop-settings-${look}`);
    expect(await bench.violations()).toEqual([]);
    expect(await bench.overflow()).toBe(0);
  });

  test('are all reached by the keyboard', async () => {
    await open();
    await engine().getByRole('button', { name: 'Change' }).focus();
    const reached: string[] = [];
    for (let presses = 0; presses < 14; presses += 1) {
      await bench.page.keyboard.press('Tab');
      reached.push(
        await bench.page.evaluate(() => {
          const at = document.activeElement as HTMLInputElement | null;
          return at?.labels?.[0]?.textContent ?? at?.textContent ?? '';
        }),
      );
    }
    expect(reached).toEqual([
      'Start at login',
      'Start without a window',
      'A click on the tray icon opens',
      'Work on battery',
      'This network is metered',
      'Something needs you',
      'The disk is full',
      'A large repository asks',
      'Upstream rewrote history',
      'A repository is gone',
      'All stars are safe for the first time',
      'New stars are safe',
      'A repository keeps failing',
      expect.anything(),
    ]);
  });

  test('say what the system has to say about the start at login', async () => {
    await open();
    await mkdir(dirname(parts.autostartPath), { recursive: true });
    await writeFile(parts.autostartPath, '[Desktop Entry]\nType=Application\nExec=epicstar\nHidden=true\n');
    // As the person comes back from the settings of the system.
    await bench.page.evaluate(() => window.dispatchEvent(new Event('focus')));
    await program().getByText('It is set, but switched off in the autostart settings of your desktop.').waitFor();
    expect(await box('Start at login').isChecked()).toBe(false);
    await change('Start at login', true);
    expect(await readFile(parts.autostartPath, 'utf8')).not.toContain('Hidden');
  });

  test('say why the start at login cannot be switched', async () => {
    await open({ env: { FLATPAK_ID: 'io.github.epicstar' } });
    await program().getByText('It cannot be switched here. Flatpak keeps programs from it').waitFor();
    expect(await box('Start at login').isDisabled()).toBe(true);
  });

  test('lead to an engine elsewhere, from the next start on', async () => {
    await open();
    await engine().getByRole('button', { name: 'Change' }).click();
    await dialog().getByLabel('Elsewhere').check();
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().getByText('Enter the address of the engine.').waitFor();
    await dialog().getByLabel('Address').fill('http://nas.example.com');
    await dialog().getByLabel('Token').fill(token);
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().getByText("The engine's address is http://nas.example.com.").waitFor();
    await bench.shoot('desktop-attach-refused', 'seen');
    expect(await bench.violations()).toEqual([]);
    await dialog().getByLabel('Address').fill(`${address}/`);
    await dialog().getByLabel('Address').press('Enter');
    await dialog().waitFor({ state: 'detached' });
    await engine().getByText(`From the next start: the engine at ${address}`).waitFor();
    await engine().getByText('Token: your keyring (Secret Service).').waitFor();
    expect(await parts.secrets.read('attach-token')).toBe(token);
    expect(await bench.page.content()).not.toContain(token);
    await shoot('desktop-attach-chosen');
    expect(await bench.violations()).toEqual([]);
    await engine().getByRole('button', { name: 'Restart epicstar' }).click();
    await waitUntil('the restart', () => parts.restarts === 1);
  });

  test('do not offer what the environment decides', async () => {
    await open({ engine: { address, fixedBy: 'environment variable EPICSTAR_ATTACH_URL' } });
    await engine().getByText('Decided by the environment variable EPICSTAR_ATTACH_URL').waitFor();
    expect(await engine().getByRole('button').count()).toBe(0);
    // The other computer has its own power supply.
    expect(await box('Work on battery').count()).toBe(0);
  });

  test('are there while an engine elsewhere cannot be reached, and lead back', async () => {
    const failure = 'There is no token for the engine.';
    await start({ engine: { address, failure } });
    parts.preferences.set('attachAddress', address);
    await openInDesktop(bench, parts, '/', createClosedLink());
    await bench.page.getByRole('heading', { level: 1, name: 'The engine does not answer' }).waitFor();
    await engine().getByText('Its token is still missing.').waitFor();
    await bench.shoot('desktop-no-engine');
    expect(await bench.violations()).toEqual([]);
    await engine().getByRole('button', { name: 'Change' }).click();
    await dialog().getByLabel('Token').fill(token);
    await dialog().getByRole('button', { name: 'Save' }).click();
    await engine().getByRole('button', { name: 'Restart epicstar' }).waitFor();
    await engine().getByRole('button', { name: 'Change' }).click();
    await dialog().getByLabel('On this computer').check();
    await dialog().getByRole('button', { name: 'Save' }).click();
    await engine().getByText('From the next start: the engine of this computer').waitFor();
    expect((await stored())['attachAddress']).toBeNull();
    expect(await parts.secrets.read('attach-token')).toBeNull();
  });

  test('say it where the engine does not know the token', async () => {
    await start({ engine: { address } });
    parts.preferences.set('attachAddress', address);
    const link = createClosedLink();
    const refusing = {
      ...link,
      connect: (port: Parameters<typeof link.connect>[0]) => {
        const session = link.connect(port);
        port.status('signed-out');
        return session;
      },
    };
    await openInDesktop(bench, parts, '/', refusing);
    await bench.page.getByRole('heading', { level: 1, name: 'The engine does not know this token' }).waitFor();
    await bench.shoot('desktop-token-refused', 'seen');
    await engine().getByRole('button', { name: 'Change' }).click();
    await dialog().getByLabel('Token').fill(token);
    await dialog().getByRole('button', { name: 'Save' }).click();
    await engine().getByRole('button', { name: 'Restart epicstar' }).waitFor();
    expect(await parts.secrets.read('attach-token')).toBe(token);
  });

  test('say it where the engine is of a version whose words are not understood', async () => {
    await start({ engine: { address } });
    parts.preferences.set('attachAddress', address);
    const link = scriptedLink(bench, parts);
    await openInDesktop(bench, parts, '/', {
      ...link,
      connect: (port) =>
        link.connect({
          ...port,
          send: (text) => port.send(text.replace(/"(?:totals|isFirstRun)"/g, '"later"')),
        }),
    });
    await bench.page.getByRole('heading', { level: 1, name: 'The engine is not understood' }).waitFor();
    await bench.page.getByText('this is epicstar 1.2.3').waitFor();
    await engine().getByRole('button', { name: 'Change' }).waitFor();
    expect(await bench.violations()).toEqual([]);
  });

  test('allow plain files only after telling what that means', async () => {
    await start({ hasNoKeyring: true });
    await openInDesktop(bench, parts, '/settings');
    const secrets = program().getByRole('region', { name: 'Secrets' });
    await secrets.getByRole('button', { name: 'Allow plain files' }).click();
    const question = bench.page.getByRole('dialog', { name: 'Keep secrets in plain files' });
    await question.getByText('Every program that you start could read them too').waitFor();
    await bench.shoot('desktop-allow-plain', 'seen');
    expect(await bench.violations()).toEqual([]);
    await question.getByRole('button', { name: 'Do not allow' }).click();
    await question.waitFor({ state: 'detached' });
    expect(parts.secrets.storage()).toMatchObject({ isPlainAllowed: false });
    await secrets.getByRole('button', { name: 'Allow plain files' }).click();
    await question.getByRole('button', { name: 'Allow plain files' }).click();
    await secrets.getByText('Tokens are kept in files that only your user account can read, as you allowed.').waitFor();
    expect(await stored()).toEqual(expect.objectContaining({ isPlainAllowed: true }));
    await parts.secrets.write('github-token', token);
    expect((await stat(join(parts.dir, 'secrets', 'github-token'))).mode & 0o777).toBe(0o600);
  });

  test('stay at hand while the engine is lost', async () => {
    await start();
    const link = scriptedLink(bench, parts);
    let lose = (): void => undefined;
    await openInDesktop(bench, parts, '/settings', {
      ...link,
      connect(port) {
        const session = link.connect(port);
        lose = () => port.status('closed');
        return session;
      },
    });
    await program().waitFor();
    lose();
    await bench.page.getByText('epicstar does not answer.').waitFor();
    await change('Start without a window', true);
    expect((await stored())['startsHidden']).toBe(true);
  });
});
