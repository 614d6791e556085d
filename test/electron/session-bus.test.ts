/** @file Tray and notifications as a panel on the session bus sees and presses them, on a real Electron. */
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Overview } from '../../src-main/engine/core/engine-api.ts';
import { frameDelayMs, iconPath, workingFrames } from '../../src-main/shell/icons.ts';
import type { Tone } from '../../src-preload/contract/views.ts';
import { errorRecord, makeOverview, makeRow, makeRun, makeTotals } from '../support/scripted-facts.ts';
import { waitUntil } from '../support/wait.ts';
import { benchToken, WebBench } from '../support/web-bench.ts';
import { type Desktop, DesktopBench } from './desktop-bench.ts';
import { pictureRefusal, trayRefusal } from './electron-runtime.ts';
import type { TrayItem } from './tray-host.ts';

const resourcesDir = join(import.meta.dirname, '..', '..', 'resources');
const hourMs = 60 * 60_000;

const picture = (tone: Tone, { dark = false, frame = 0 } = {}): string =>
  join(resourcesDir, iconPath(tone, { dark, frame, platform: 'linux' }));
const troubled = (code: 'github-signed-out' | 'disk-full'): Partial<Overview> => ({
  troubles: [{ error: errorRecord(code), since: Date.now(), until: null }],
});

describe('the tray on the session bus', () => {
  let bench: DesktopBench;
  let web: WebBench;
  let desktop: Desktop;
  let item: TrayItem;
  let emptyScreen: Buffer;

  const engine = (): { readonly url: string; readonly token: string } => ({ url: web.host.url, token: benchToken });
  const show = (change: Partial<Overview>): void => web.engine.set({ overview: makeOverview(change) });
  const words = async (): Promise<string> => (await item.menu())[0]?.label ?? '';
  const says = (pattern: RegExp): Promise<boolean> =>
    waitUntil(`the menu to begin with ${pattern}`, async () => pattern.test(await words()));
  /** Whether the panel shows this picture. */
  const shows = async (file: string, on: Desktop = desktop, of: TrayItem = item): Promise<boolean> => {
    const [shown, wanted] = await on.pixels([await of.iconFile(), file]);
    return shown !== '' && shown === wanted;
  };
  /** Resolves when the panel shows this picture, where that can be seen. */
  async function showing(file: string, on: Desktop = desktop, of: TrayItem = item): Promise<void> {
    if (pictureRefusal === null) await waitUntil(`the picture ${file}`, () => shows(file, on, of));
  }

  beforeAll(async () => {
    if (trayRefusal !== null) return;
    web = new WebBench();
    [bench] = await Promise.all([DesktopBench.open({ hasPanel: true }), web.start()]);
    ({ desktop, item } = await bench.launchInTray(engine()));
    emptyScreen = await bench.screen();
  });
  beforeEach(({ skip }) => {
    if (trayRefusal !== null) skip(trayRefusal);
  });
  afterAll(async () => {
    await bench?.close();
    await web?.end();
  });

  test('has one item there, active, with a menu', async () => {
    expect(await item.properties()).toMatchObject({ Category: 'ApplicationStatus', Status: 'Active' });
    expect(await item.properties()).toHaveProperty('Id', expect.stringMatching(/\S/));
    await says(/^All 1,204 stars are safe$/);
    expect(await item.labels()).toEqual([
      'All 1,204 stars are safe',
      'Open epicstar',
      'Look for new stars now',
      'Pause',
      'Pause > Until resumed',
      'Pause > For an hour',
      'Pause > Until tomorrow morning',
      'Settings',
      'About epicstar',
      'Quit epicstar',
    ]);
    expect((await item.menu())[0]?.isEnabled).toBe(false);
  });

  test.each<readonly [Tone, RegExp, Partial<Overview>]>([
    ['idle', /^All 1,204 stars are safe$/, {}],
    ['paused', /^Paused until /, { pause: { since: Date.now(), until: Date.now() + hourMs } }],
    ['attention', /^Choose what to mirror$/, { awaitsSelection: true }],
    ['error', /^2 repositories could not be mirrored$/, { totals: makeTotals({ failed: 2, jobs: { failed: 2 } }) }],
    ['offline', /^Offline$/, { isOnline: false }],
    ['signed-out', /GitHub/, troubled('github-signed-out')],
  ])('shows the picture of %s, and says why in menu and tooltip', async (tone, sentence, change) => {
    show(change);
    await says(sentence);
    await showing(picture(tone));
    await desktop.tooltip(new RegExp(`^epicstar: ${sentence.source.replace(/^\^/, '.*')}`));
    // Each picture can be told from all others.
    const tones: readonly Tone[] = ['idle', 'working', 'paused', 'attention', 'error', 'offline', 'signed-out'];
    const pixels = await desktop.pixels(tones.map((one) => picture(one)));
    expect(new Set(pixels).size).toBe(tones.length);
  });

  test('moves while there is work, and only then', async () => {
    show({});
    await says(/are safe$/);
    expect(await desktop.isTiming(frameDelayMs)).toBe(false);
    show({ totals: makeTotals({ jobs: { running: 2 } }) });
    await says(/^Mirroring 2 repositories$/);
    expect(await desktop.isTiming(frameDelayMs)).toBe(true);
    for (let frame = 0; frame < workingFrames; frame += 1) {
      await showing(picture('working', { frame }));
    }
    show({});
    await says(/are safe$/);
    await showing(picture('idle'));
    expect(await desktop.isTiming(frameDelayMs)).toBe(false);
  });

  test('keeps still where the person wants nothing to move', async () => {
    const args = ['--hidden', '--force-prefers-reduced-motion'];
    const { desktop: calm, item: itsItem } = await bench.launchInTray(engine(), args);
    show({ totals: makeTotals({ jobs: { running: 2 } }) });
    await calm.tooltip(/Mirroring/);
    await showing(picture('working'), calm, itsItem);
    expect(await calm.isTiming(frameDelayMs)).toBe(false);
    await itsItem.click('Quit epicstar');
    await calm.ended;
  });

  test('is light on a dark panel', async ({ skip }) => {
    if (pictureRefusal !== null) skip(pictureRefusal);
    show({});
    const gnome = { XDG_CURRENT_DESKTOP: 'ubuntu:GNOME' };
    const { desktop: dark, item: itsItem } = await bench.launchInTray(engine(), ['--hidden'], gnome);
    await showing(picture('idle', { dark: true }), dark, itsItem);
    expect(await shows(picture('idle'), dark, itsItem)).toBe(false);
    await itsItem.click('Quit epicstar');
    await dark.ended;
    expect(await itsItem.isThere()).toBe(false);
  });

  test('tells of an engine that is gone, and of one that does not take the token', async () => {
    const { port } = web;
    await web.stop();
    await says(/^The engine cannot be reached/);
    await showing(picture('offline'));
    await web.start({ port });
    await says(/are safe$/);
    const wrong = { url: web.host.url, token: 'wrong' };
    const { desktop: stranger, item: itsItem } = await bench.launchInTray(wrong);
    await stranger.tooltip(/does not accept/);
    await showing(picture('signed-out'), stranger, itsItem);
    expect(await itsItem.labels()).toEqual([
      'The engine does not accept the token',
      'Open epicstar',
      'Settings',
      'About epicstar',
      'Quit epicstar',
    ]);
    await itsItem.click('Quit epicstar');
    await stranger.ended;
  });

  test('looks, pauses and resumes when its entries are pressed', async () => {
    const look = web.engine.nextCommand('lookNow');
    await item.click('Look for new stars now');
    await look;
    const pause = web.engine.nextCommand('pause');
    const before = Date.now();
    await item.click('Pause', 'For an hour');
    const until = Number((await pause).argument);
    expect(until).toBeGreaterThanOrEqual(before + hourMs);
    expect(until).toBeLessThanOrEqual(Date.now() + hourMs);
    show({ pause: { since: before, until } });
    await says(/^Paused until /);
    expect(await item.labels()).not.toContain('Pause');
    const resume = web.engine.nextCommand('resume');
    await item.click('Resume');
    await resume;
    const forEver = web.engine.nextCommand('pause');
    show({});
    await says(/are safe$/);
    await item.click('Pause', 'Until resumed');
    expect((await forEver).argument).toBeNull();
  });

  test('offers what failed for another try, and leads to what waits for a word', async () => {
    show({ totals: makeTotals({ failed: 2, asks: 3, jobs: { failed: 2 } }) });
    await says(/^2 repositories could not be mirrored$/);
    const labels = await item.labels();
    expect(labels).toContain('Large repositories that wait for your word (3)');
    expect(labels).toContain('Repositories that could not be mirrored (2)');
    const retry = web.engine.nextCommand('retryFailed');
    await item.click('Try again what failed');
    await retry;
  });

  test('opens the window at the place that an entry names', async () => {
    const run = makeRun({ id: 401, githubId: 4_711, fullName: 'under_score/dots.and_lines' });
    web.engine.set({ rows: [makeRow(run.githubId, run.fullName, 'https://onedev.example.org/github/x')] });
    web.engine.endRun(run);
    show({});
    await waitUntil('the run in the menu', async () => (await item.labels()).includes('Last runs'));
    expect(await desktop.windows()).toEqual([]);
    await item.click('Last runs', run.fullName, 'Show');
    const page = await desktop.window();
    await page.waitForURL(`epicstar://window/index.html#/repositories/${run.githubId}`);
    await desktop.visible(1);
    await item.click('Settings');
    await page.waitForURL('epicstar://window/index.html#/settings');
    await item.click('Open epicstar');
    await page.waitForURL('epicstar://window/index.html#/');
    await item.click('Last runs', run.fullName, 'Open on GitHub');
    await waitUntil('the browser to be asked', async () => (await desktop.observe()).opened.length > 0);
    expect((await desktop.observe()).opened).toEqual([`https://github.com/${run.fullName}`]);
    expect(await desktop.windows()).toHaveLength(1);
  });

  test('ends the program, and is gone with it', async () => {
    await item.click('Quit epicstar');
    expect(await desktop.ended).toBe(0);
    expect(await item.isThere()).toBe(false);
  });

  test('tells about the program in a window of the desktop', async () => {
    const { desktop: other, item: itsItem } = await bench.launchInTray(engine());
    await other.tooltip(/are safe$/);
    // The pointer alone may look otherwise than before.
    const isEmpty = async (): Promise<boolean> => {
      const screen = await bench.screen();
      return screen.filter((byte, index) => byte !== emptyScreen[index]).length < 2_000;
    };
    await waitUntil('an empty screen', isEmpty);
    await itsItem.click('About epicstar');
    expect(await waitUntil('words about the program', async () => !(await isEmpty()))).toBe(true);
    // The old Electron does nothing else while they are there.
    await other.kill();
  });
});
