/** @file Updates in the settings of the window, over the desktop's own link, by the real updater from a real server. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createBridge } from '../../src-main/bridge/bridge.ts';
import { withDesktop } from '../../src-main/shell/desktop-session.ts';
import { createLocalLink } from '../../src-main/shell/link.ts';
import type { Updater } from '../../src-main/shell/updater.ts';
import { DesktopParts } from '../support/desktop-parts.ts';
import { giveLink } from '../support/desktop-page.ts';
import { createKeptLog } from '../support/kept-log.ts';
import { realClock } from '../support/real-clock.ts';
import { appImage } from '../support/app-image.ts';
import { UpdaterBench } from '../support/updater-bench.ts';
import type { WindowBench } from '../support/window-bench.ts';
import { hasBrowser, WindowBrowser } from '../support/window-browser.ts';

const notes = [
  '### Added',
  '- Lists of GitHub become parents in OneDev',
  '- **Faster** starts',
  '',
  '### Fixed',
  '- A fault',
];

describe.skipIf(!hasBrowser || process.platform !== 'linux')('updates in the window', () => {
  const browser = new WindowBrowser();
  let updates: UpdaterBench;
  let parts: DesktopParts;
  let bench: WindowBench;
  let updater: Updater;

  beforeAll(() => browser.open());
  afterAll(() => browser.close());
  beforeEach(async () => {
    updates = await UpdaterBench.open();
  });
  afterEach(async () => {
    await browser.endBench();
    await parts.close();
    await updates.close();
  });

  const publish = (change: { readonly sha512?: string } = {}): void =>
    updates.server.publish('latest-linux.yml', {
      version: '1.3.0',
      file: appImage('new'),
      notes: JSON.stringify(notes.join('\n')),
      ...change,
    });

  async function open(options: Parameters<UpdaterBench['start']>[0] = {}, context = {}): Promise<void> {
    updater = updates.start({ now: Date.now, ...options });
    parts = await DesktopParts.open({ updates: updater });
    bench = await browser.startBench(context);
    const log = createKeptLog();
    const bridge = createBridge({
      engine: bench.engine,
      setup: bench.setup,
      links: () => ({ githubWebUrl: 'https://github.com', targetUrl: null }),
      version: '1.2.3',
      clock: realClock,
      log,
    });
    const link = withDesktop({ link: createLocalLink(bridge), desktop: parts.keeper, log });
    await giveLink(bench.page, link);
    await bench.open();
    await bench.page.goto(`${bench.web.host.url}#/settings`);
    await section().waitFor();
  }

  const section = () => bench.page.getByRole('region', { name: 'Updates' });
  const shoot = async (name: string): Promise<void> => {
    await section().evaluate((element) => element.scrollIntoView());
    await bench.shoot(name, 'seen');
  };
  const press = (name: string) => section().getByRole('button', { name }).click();
  const shows = (text: string | RegExp) => section().getByText(text).waitFor();

  it('leads from looking to the restart', async () => {
    publish();
    await open();
    await shows('It looks for newer versions by itself, once a day.');
    await press('Look now');
    await shows('Version 1.3.0 is there');
    await shows(/A download of up to \d+ bytes, which is put in place when epicstar ends\./);
    const notesLine = section().getByText('- Faster starts');
    expect(await notesLine.isVisible()).toBe(false);
    await section().getByText('What is new in 1.3.0').click();
    expect(await notesLine.textContent()).toBe(
      'Added\n- Lists of GitHub become parents in OneDev\n- Faster starts\n\nFixed\n- A fault',
    );
    expect(await bench.violations()).toEqual([]);
    await shoot('updates-available');
    await press('Download it');
    await shows('Version 1.3.0 is ready');
    expect(await bench.violations()).toEqual([]);
    await shoot('updates-ready');
    await press('Restart to update');
    await expect.poll(() => updates.quits).toBe(1);
    expect(updates.preferences.get('updateTried')).toBe('1.3.0');
  });

  it('shows how far a download is', async () => {
    publish();
    await open();
    await updater.look();
    updates.server.hold();
    await press('Download it');
    await shows('Downloading version 1.3.0: 0 %');
    const bar = section().getByRole('progressbar', { name: 'Download of version 1.3.0' });
    expect(await bar.getAttribute('aria-valuetext')).toBe('0 %');
    expect(await section().getByRole('button', { name: 'Look now' }).count()).toBe(0);
    expect(await bench.violations()).toEqual([]);
    await shoot('updates-downloading');
    updates.server.release();
    await shows('Version 1.3.0 could not be downloaded');
  });

  it('says what failed, and lets it be tried again', async () => {
    await open();
    await press('Look now');
    await shows('It is not known whether there is a newer version');
    await shows(/no list of versions for this channel\. Choose the other channel/);
    publish({ sha512: 'AAAA' });
    await press('Look again');
    await press('Download it');
    const alert = section().getByRole('alert').filter({ hasText: 'Version 1.3.0 could not be downloaded' });
    await alert.getByText(/not what was published\. It was thrown away\. Try again\./).waitFor();
    expect(await bench.violations()).toEqual([]);
    await shoot('updates-failed');
    publish();
    await press('Look again');
    await press('Download it');
    await shows('Version 1.3.0 is ready');
  });

  it('lets the channel be chosen, at once', async () => {
    updates.server.publish('latest-linux.yml', { version: '1.2.3', file: appImage('same') });
    updates.server.publish('beta-linux.yml', { version: '1.3.0-beta.2', file: appImage('beta') });
    await open();
    const channel = section().getByRole('combobox', { name: 'Look for' });
    expect(await channel.inputValue()).toBe('stable');
    await press('Look now');
    await shows('There is nothing newer. The newest there is 1.2.3.');
    await channel.selectOption('Beta versions too');
    await shows('Version 1.3.0-beta.2 is there');
    await channel.selectOption('No updates');
    await shows('It does not look for newer versions.');
    expect(await section().getByRole('button').count()).toBe(0);
    expect(updates.preferences.get('updateChannel')).toBe('off');
  });

  it('says why a program cannot update itself, and asks for nothing then', async () => {
    await open({ whyNot: 'system-package' });
    await shows(/was installed by the package manager of the system, which updates it too\. Update it there/);
    expect(await section().getByRole('combobox').count()).toBe(0);
    expect(await section().getByRole('button').count()).toBe(0);
    expect(await bench.violations()).toEqual([]);
  });

  it('tells once what is new, when it was seen', async () => {
    updates.start({ version: '1.2.2', notes: 'Before.' });
    await open({ notes: 'Added\n- <b>Lists</b>' }, { viewport: { width: 1_000, height: 500 } });
    expect(updater.view().whatIsNew?.isUnread).toBe(true);
    const words = section().getByText('- <b>Lists</b>');
    await words.scrollIntoViewIfNeeded();
    await expect.poll(() => updater.view().whatIsNew?.isUnread).toBe(false);
    expect(await words.isVisible()).toBe(true);
    await bench.page.reload();
    await shows('What is new in 1.2.3');
    expect(await words.isVisible()).toBe(false);
  });

  it.each([
    ['dark', { colorScheme: 'dark' }],
    ['narrow', { viewport: { width: 360, height: 800 } }],
  ] as const)('is whole when it is %s', async (name, context) => {
    publish();
    await open({ notes: 'Added\n- Updates' }, context);
    await updater.look();
    await shows('Version 1.3.0 is there');
    await section().getByText('What is new in 1.2.3').click();
    expect([await bench.overflow(), await bench.violations()]).toEqual([0, []]);
    await shoot(`updates-${name}`);
  });
});
