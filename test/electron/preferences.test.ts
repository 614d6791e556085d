/**
 * @file Settings of the desktop program, changed in its window on a real Electron: what is in the files, what it does,
 * and what is left after a restart. The engine is chosen in the settings, not by the environment.
 */
import { mkdir, readFile, readlink, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { processFamily } from '../support/program.ts';
import { sentenceOf } from '../support/program-window.ts';
import { Served } from '../support/served.ts';
import { Stage } from '../support/stage.ts';
import { waitUntil } from '../support/wait.ts';
import { type Desktop, DesktopBench, refusal } from './desktop-bench.ts';

const ownSettings = { environment: {} };

describe('settings of the desktop program', () => {
  let bench: DesktopBench;
  let stage: Stage;
  let engine: Served;
  let address: string;
  let home: string;
  let desktop: Desktop;
  let page: Page;
  /** What a restart started, while it runs. */
  let restarted: number | null = null;

  const stored = async (): Promise<Record<string, unknown>> =>
    JSON.parse(await readFile(join(home, 'desktop', 'preferences.json'), 'utf8'));
  const keeps = (what: string, fits: (all: Record<string, unknown>) => boolean): Promise<boolean> =>
    waitUntil(what, async () => fits(await stored()));
  const secretPath = (): string => join(home, 'secrets', 'attach-token');
  const engineRow = () => page.getByRole('region', { name: 'Engine' });
  const dialog = () => page.getByRole('dialog', { name: 'Which engine to work with' });

  async function launch(): Promise<void> {
    desktop = await bench.launch(home, ownSettings);
    page = await desktop.window();
  }

  async function quit(): Promise<void> {
    await desktop.press('Quit epicstar');
    await desktop.ended;
  }

  async function openSettings(): Promise<void> {
    await desktop.press('Settings');
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    await engineRow().waitFor();
  }

  /** The main process of the program that has this data directory. */
  async function mainPid(): Promise<number> {
    const places = [join(home, 'SingletonLock'), join(home, 'desktop', 'SingletonLock')];
    for (const place of places) {
      const target = await readlink(place).catch(() => null);
      if (target !== null) return Number(/-(\d+)$/.exec(target)?.[1]);
    }
    return 0;
  }

  beforeAll(async () => {
    if (refusal !== null) return;
    [bench, stage] = await Promise.all([DesktopBench.open(), Stage.start(2)]);
    engine = await Served.start(await stage.install());
    await engine.mirrored(2);
    address = engine.url.replace(/\/$/, '');
    home = await bench.makeHome();
    await mkdir(join(home, 'desktop'));
    await writeFile(join(home, 'desktop', 'preferences.json'), JSON.stringify({ attachAddress: address }));
    await mkdir(join(home, 'secrets'), { mode: 0o700 });
    await writeFile(secretPath(), `${engine.token}\n`, { mode: 0o600 });
    await launch();
  });
  beforeEach(({ skip }) => {
    if (refusal !== null) skip(refusal);
  });
  afterAll(async () => {
    if (restarted !== null) process.kill(restarted, 'SIGKILL');
    await bench?.close();
    await stage?.close();
  });

  test('are changed at once, in the files of the system and of the program', async () => {
    await sentenceOf(page, 'All 2 stars are safe').waitFor();
    await openSettings();
    await engineRow().getByText(`Works with the engine at ${address}.`).waitFor();
    await engineRow()
      .getByText(/^Token: file .*attach-token\.$/)
      .waitFor();
    const entry = join(home, '.config', 'autostart', 'epicstar.desktop');
    await page.getByLabel('Start at login').click();
    await waitUntil('the entry of the start at login', () => stat(entry).catch(() => null));
    expect(await readFile(entry, 'utf8')).toMatch(/^Exec=.* --hidden$/m);
    await page.getByLabel('Start without a window').click();
    await keeps('the hidden start', ({ startsHidden }) => startsHidden === true);
    await page.getByLabel('New stars are safe').click();
    await keeps('the kind of notification', ({ notifications }) =>
      JSON.stringify(notifications).includes('"new-stars":false'),
    );
    expect(await page.getByLabel('Start at login').isChecked()).toBe(true);
  });

  test('hold after the program was ended and started again', async () => {
    await quit();
    desktop = await bench.launch(home, ownSettings);
    await desktop.tooltip(/All 2 stars are safe/);
    expect((await desktop.windows()).filter(({ isVisible }) => isVisible)).toEqual([]);
    await desktop.press('Open epicstar');
    page = await desktop.window();
    await openSettings();
    await desktop.visible(1);
    expect(await page.getByLabel('Start without a window').isChecked()).toBe(true);
    expect(await page.getByLabel('New stars are safe').isChecked()).toBe(false);
    expect(await page.getByLabel('Start at login').isChecked()).toBe(true);
    await page.getByLabel('Start without a window').click();
    await page.getByLabel('Start at login').click();
    await waitUntil('the entry to be gone', async () => {
      const entry = join(home, '.config', 'autostart', 'epicstar.desktop');
      return (await stat(entry).catch(() => null)) === null;
    });
  });

  test('keep a token in a plain file only once that was allowed', async () => {
    await engineRow().getByRole('button', { name: 'Change' }).click();
    await dialog().getByLabel('Token').fill('not-the-token');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog()
      .getByText(/allow plain files/)
      .waitFor();
    expect((await readFile(secretPath(), 'utf8')).trim()).toBe(engine.token);
    await dialog().getByRole('button', { name: 'Allow plain files' }).click();
    const question = page.getByRole('dialog', { name: 'Keep secrets in plain files' });
    await question.getByRole('button', { name: 'Allow plain files' }).click();
    await keeps('the yes', ({ isPlainAllowed }) => isPlainAllowed === true);
    await dialog().getByRole('button', { name: 'Save' }).click();
    await engineRow().getByRole('button', { name: 'Restart epicstar' }).waitFor();
    expect((await readFile(secretPath(), 'utf8')).trim()).toBe('not-the-token');
    expect((await stat(secretPath())).mode & 0o777).toBe(0o600);
  });

  test('lead out of a token that the engine does not know', async () => {
    await quit();
    await launch();
    await page.getByRole('heading', { level: 1, name: 'The engine does not know this token' }).waitFor();
    await engineRow().getByRole('button', { name: 'Change' }).click();
    await dialog().getByLabel('Token').fill(engine.token);
    await dialog().getByRole('button', { name: 'Save' }).click();
    await engineRow().getByRole('button', { name: 'Restart epicstar' }).waitFor();
    expect((await readFile(secretPath(), 'utf8')).trim()).toBe(engine.token);
  });

  test('are those of the program that a press on restart starts', async () => {
    const before = await mainPid();
    expect(processFamily(before).length).toBeGreaterThan(1);
    await engineRow().getByRole('button', { name: 'Restart epicstar' }).click();
    await desktop.ended;
    const after = await waitUntil('the program to start again', async () => {
      const pid = await mainPid();
      return pid !== 0 && pid !== before && pid;
    });
    restarted = after;
    // A second start finds it there, and leaves again.
    expect(await bench.start(home, ownSettings).ended).toBe(0);
    expect(await mainPid()).toBe(after);
    process.kill(after, 'SIGTERM');
    await waitUntil('it to end', async () => (await mainPid()) !== after);
    restarted = null;
    await launch();
    await sentenceOf(page, 'All 2 stars are safe').waitFor();
    await quit();
  });
});
