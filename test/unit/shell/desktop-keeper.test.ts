/** @file Settings of the desktop: what is changed is in effect, in its file, and told as it is. */
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createRestart } from '../../../src-main/shell/restart.ts';
import type { DesktopView } from '../../../src-preload/contract/desktop-views.ts';
import { calls, type CallArgument } from '../../../src-preload/contract/schema.ts';
import { DesktopParts, type DesktopPartsOptions } from '../../support/desktop-parts.ts';

const token = 'wt_abcdefghijklmnop0123';
const address = 'https://nas.example.com/epicstar';

async function bench(options: DesktopPartsOptions = {}, dir?: string) {
  const parts = await DesktopParts.open(options, dir);
  onTestFinished(() => parts.close());
  const { handlers, topics } = parts.keeper;
  const view = (): Promise<DesktopView> => handlers['desktop.get']({}, null);
  const set = (change: CallArgument<'desktop.set'>) => handlers['desktop.set'](change, null);
  const attach = (wished: string | null, given: string | null) =>
    handlers['desktop.attach']({ address: wished, token: given }, null);
  const stored = async (): Promise<Record<string, unknown>> =>
    JSON.parse(await readFile(parts.preferencesPath, 'utf8'));
  return { parts, handlers, topics, view, set, attach, stored };
}

describe('settings of the desktop', () => {
  test('are told with their defaults', async () => {
    const { view } = await bench();
    expect(await view()).toMatchObject({
      engine: { address: null, nextAddress: null, fixedBy: null, tokenFrom: null, isTokenFixed: false, failure: null },
      login: { state: 'off' },
      startsHidden: false,
      opensAs: 'popup',
      canPlacePopup: false,
      worksOnBattery: false,
      isMetered: false,
      secrets: { kind: 'keyring', words: 'your keyring (Secret Service)' },
      notifications: expect.arrayContaining([{ kind: 'new-stars', isOn: true }]),
    });
    expect(calls['desktop.get'].answer.safeParse(await view()).success).toBe(true);
  });

  test('are in their file, and there after a restart', async () => {
    const { parts, set, stored } = await bench();
    await set({ startsHidden: true, opensAs: 'window', worksOnBattery: true });
    await set({ notifications: [{ kind: 'new-stars', isOn: false }] });
    await set({ notifications: [{ kind: 'disk', isOn: false }] });
    expect(await stored()).toMatchObject({
      startsHidden: true,
      opensAs: 'window',
      worksOnBattery: true,
      notifications: { 'new-stars': false, disk: false },
    });
    const later = await bench({}, parts.dir);
    expect(await later.view()).toMatchObject({ startsHidden: true, opensAs: 'window', worksOnBattery: true });
    expect(later.parts.keeper.isNotificationOn('new-stars')).toBe(false);
    expect(later.parts.keeper.isNotificationOn('needs-you')).toBe(true);
  });

  test('that cannot be written hold until the end, and whoever changes them is told', async () => {
    const { parts, set, view } = await bench();
    await rm(parts.preferencesPath);
    await mkdir(join(parts.preferencesPath, 'full'), { recursive: true });
    await expect(set({ startsHidden: true })).rejects.toThrow(/until epicstar ends/);
    expect((await view()).startsHidden).toBe(true);
    await set({ isMetered: true });
  });

  test('come with the way from the popup to the full window', async () => {
    const { parts, handlers, view } = await bench();
    await handlers['desktop.openPlace']({ place: '/repositories/12' }, null);
    await handlers['desktop.hidePopup']({}, null);
    expect(parts.windowWishes).toEqual(['/repositories/12', 'no popup']);
    parts.canPlacePopup = true;
    expect(await view()).toMatchObject({ canPlacePopup: true });
  });

  test.each(['', '/a/', 'settings', '//host', '/a?b', '/a#b', '/../x', 'https://example.org/', `/${'x'.repeat(200)}`])(
    'lead to no place such as %j',
    (place) => {
      expect(calls['desktop.openPlace'].argument.safeParse({ place }).success).toBe(false);
    },
  );

  test('of the power act at once, and a metered network is forgotten with the program', async () => {
    const { parts, set, view } = await bench();
    parts.power.isOnBattery = true;
    parts.power.emit('on-battery');
    expect(parts.quiet).toEqual(['battery']);
    await set({ worksOnBattery: true, isMetered: true });
    expect(parts.quiet).toEqual(['metered']);
    expect(await view()).toMatchObject({ worksOnBattery: true, isMetered: true });
    expect(await (await bench({}, parts.dir)).view()).toMatchObject({ worksOnBattery: true, isMetered: false });
  });

  test('are told to whoever listens, until they want no more', async () => {
    const { topics, set, parts } = await bench();
    const heard: boolean[] = [];
    const stop = topics.desktop.subscribe(({ startsHidden }) => heard.push(startsHidden));
    await set({ startsHidden: true });
    await set({ startsHidden: false });
    stop();
    await set({ startsHidden: true });
    expect(heard).toEqual([true, false]);
    expect(parts.log.lines).toEqual([]);
  });
});

test('settings are shown however long the paths are that they tell of', async () => {
  const folder = '/'.concat('a'.repeat(250)).repeat(15);
  const env = { EPICSTAR_ATTACH_TOKEN_FILE: `${folder}/token` };
  const { parts, view } = await bench({ env, engine: { failure: `The CA file ${folder}${folder} cannot be read.` } });
  const { tokenFrom, failure } = (await view()).engine;
  expect(calls['desktop.get'].answer.safeParse(await view()).success).toBe(true);
  expect([tokenFrom, failure]).toEqual([expect.stringMatching(/^file .*…$/), expect.stringMatching(/^The CA .*…$/)]);
  expect(parts.log.lines).toEqual([]);
});

describe('the start at login', () => {
  test('is switched in the system, told as it is there', async () => {
    const { parts, handlers, view } = await bench();
    expect(await handlers['desktop.setLogin']({ isOn: true }, null)).toEqual({ state: 'on' });
    expect(await readFile(parts.autostartPath, 'utf8')).toContain('Exec=/opt/epicstar/epicstar --hidden\n');
    await writeFile(parts.autostartPath, '[Desktop Entry]\nType=Application\nExec=x\nHidden=true\n');
    expect((await view()).login).toEqual({ state: 'off-by-system' });
    expect(await handlers['desktop.setLogin']({ isOn: false }, null)).toEqual({ state: 'off' });
    await expect(stat(parts.autostartPath)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('says why it cannot be had', async () => {
    const { handlers, view } = await bench({ env: { FLATPAK_ID: 'io.github.epicstar' } });
    const login = { state: 'unavailable', why: expect.stringMatching(/^Flatpak keeps programs from it/) };
    expect((await view()).login).toEqual(login);
    expect(await handlers['desktop.setLogin']({ isOn: true }, null)).toEqual(login);
  });

  test('that cannot be read costs no other setting', async () => {
    const { parts, view } = await bench();
    await mkdir(parts.autostartPath, { recursive: true });
    expect(await view()).toMatchObject({ login: { state: 'unavailable', why: expect.stringContaining('EISDIR') } });
  });
});

test('a start at login that cannot be written is told with the reason', async () => {
  const { parts, handlers } = await bench();
  await writeFile(join(parts.dir, '.config'), 'no folder');
  await expect(handlers['desktop.setLogin']({ isOn: true }, null)).rejects.toMatchObject({
    code: 'config-invalid',
    message: expect.stringContaining('The start at login could not be changed: E'),
  });
});

describe('an engine elsewhere', () => {
  test('is for the next start, its token among the secrets', async () => {
    const { parts, attach, view, stored } = await bench();
    await attach(`  ${address}/ `, ` ${token}\n`);
    expect(await stored()).toMatchObject({ attachAddress: address });
    expect(await parts.secrets.read('attach-token')).toBe(token);
    expect((await view()).engine).toMatchObject({
      address: null,
      nextAddress: address,
      tokenFrom: 'your keyring (Secret Service)',
    });
  });

  test('is worked with after a restart, with another token too', async () => {
    const { attach, view } = await bench();
    expect((await view()).engine.needsRestart).toBe(false);
    await attach(address, token);
    expect((await view()).engine.needsRestart).toBe(true);
    const attached = await bench({ engine: { address } });
    attached.parts.preferences.set('attachAddress', address);
    expect((await attached.view()).engine.needsRestart).toBe(false);
    await attached.attach(address, token);
    expect((await attached.view()).engine.needsRestart).toBe(true);
  });

  test('keeps its token while its address is the same, and never sends it to another', async () => {
    const { parts, attach, view } = await bench();
    await attach(address, token);
    await attach(address, null);
    await expect(attach('https://other.example.com', null)).rejects.toMatchObject({ code: 'config-invalid' });
    expect((await view()).engine.nextAddress).toBe(address);
    expect(await parts.secrets.read('attach-token')).toBe(token);
  });

  test('is left for the own one, and its token is forgotten', async () => {
    const { parts, attach, view } = await bench({ engine: { address } });
    await attach(address, token);
    await attach(null, null);
    expect((await view()).engine).toMatchObject({ address, nextAddress: null, tokenFrom: null });
    expect(await parts.secrets.read('attach-token')).toBeNull();
  });

  test.each([
    ['no address', 'nas', token, 'config-invalid'],
    ['an address of a file', 'file:///etc/passwd', token, 'config-invalid'],
    ['an address with a password', 'https://ada:secret@nas.example.com', token, 'config-invalid'],
    ['plain http to another computer', 'http://nas.example.com', token, 'insecure-address'],
    ['no token', address, null, 'config-invalid'],
    ['an empty token', address, '  ', 'config-invalid'],
    ['a token that breaks out of a header', address, 'a\r\nhost: b', 'config-invalid'],
    ['a token that no header carries', address, 'wt_\u2013dash0123456789', 'config-invalid'],
    ['a token with half an emoji', address, 'wt_\ud83d0123456789', 'config-invalid'],
    [
      'an address that its escapes make too long',
      `https://nas.example.com/${'\u00fc'.repeat(1_000)}`,
      token,
      'config-invalid',
    ],
  ])('with %s changes nothing', async (_what, wished, given, code) => {
    const { parts, attach, view } = await bench();
    await expect(attach(wished, given)).rejects.toMatchObject({ code });
    expect((await view()).engine).toMatchObject({ nextAddress: null, tokenFrom: null });
    expect(await parts.secrets.read('attach-token')).toBeNull();
  });

  test('whose address cannot be written is not changed, so that no token meets another address', async () => {
    const { parts, attach, view } = await bench({ engine: { address } });
    await attach(address, token);
    // A folder in the place of the file: no rights needed to bring this about.
    await rm(parts.preferencesPath);
    await mkdir(join(parts.preferencesPath, 'full'), { recursive: true });
    parts.preferences.set('attachAddress', address);
    await expect(attach('https://other.example.com', 'token-of-the-other')).rejects.toThrow(/could not be written/);
    await expect(attach(null, null)).rejects.toThrow(/could not be written/);
    expect(await parts.secrets.read('attach-token')).toBe(token);
    expect((await view()).engine.nextAddress).toBe(address);
  });

  test('never stands beside the token of another, wherever the program dies', async () => {
    const { parts, attach, stored } = await bench();
    await attach(address, token);
    const write = parts.secrets.write.bind(parts.secrets);
    const met: unknown[] = [];
    parts.secrets.write = async (name, value) => {
      await write(name, value);
      met.push([(await stored())['attachAddress'], await parts.secrets.read('attach-token')]);
    };
    await attach('https://other.example.com', 'token-of-the-other');
    expect(met).toEqual([
      [address, null],
      ['https://other.example.com', 'token-of-the-other'],
    ]);
  });

  test('whose token cannot be stored leaves the address as it was', async () => {
    const { parts, attach, stored } = await bench();
    await attach(address, token);
    parts.storage.isUnlocked = false;
    await expect(attach('https://other.example.com', 'token-of-the-other')).rejects.toMatchObject({
      code: 'config-invalid',
    });
    expect(await stored()).toMatchObject({ attachAddress: address });
    parts.storage.isUnlocked = true;
    expect(await parts.secrets.read('attach-token')).toBe(token);
  });

  test('that the environment names is not changed here', async () => {
    const fixedBy = 'environment variable EPICSTAR_ATTACH_URL';
    const { attach, view } = await bench({ engine: { address, fixedBy } });
    await expect(attach('https://other.example.com', token)).rejects.toThrow(fixedBy);
    expect((await view()).engine).toMatchObject({ address, nextAddress: address, fixedBy });
  });

  test('with a token of the environment needs none here, and is not left with it', async () => {
    const { attach, view } = await bench({ env: { EPICSTAR_ATTACH_TOKEN: token } });
    await attach(address, null);
    expect((await view()).engine).toMatchObject({
      nextAddress: address,
      isTokenFixed: true,
      tokenFrom: 'environment variable EPICSTAR_ATTACH_TOKEN',
    });
    await expect(attach(address, 'another')).rejects.toMatchObject({ code: 'config-invalid' });
    await attach(null, null);
    expect((await view()).engine).toMatchObject({ nextAddress: null, isTokenFixed: true });
  });
});

describe('secrets without a keyring', () => {
  test('are stored once the person said yes, from then on', async () => {
    const { parts, attach, handlers, view, stored } = await bench();
    parts.storage.backend = 'basic_text';
    expect((await view()).secrets).toMatchObject({ kind: 'plain-refused' });
    await expect(attach(address, token)).rejects.toMatchObject({ code: 'config-invalid' });
    expect((await view()).engine.nextAddress).toBeNull();
    await handlers['desktop.allowPlain']({}, null);
    expect((await view()).secrets).toMatchObject({ kind: 'plain-allowed' });
    await attach(address, token);
    expect((await stat(join(parts.dir, 'secrets', 'attach-token'))).mode & 0o777).toBe(0o600);
    expect(await stored()).toMatchObject({ isPlainAllowed: true, attachAddress: address });
  });
});

describe('a restart', () => {
  test('is asked for by the window', async () => {
    const { parts, handlers } = await bench();
    await handlers['desktop.restart']({}, null);
    expect(parts.restarts).toBe(1);
  });

  /** Whoever asks for it wants to see it come back. */
  const asked = ['--data-dir=/srv/my stars'];

  function restartBench(env: Record<string, string>, execPath = '/opt/epicstar/epicstar') {
    const argv = [execPath, '--data-dir=/srv/my stars', '--hidden'];
    const story: unknown[] = [];
    const restart = createRestart({
      app: {
        relaunch: (options) => story.push(['relaunch', options, { ...env }]),
        quit: () => story.push('quit'),
      },
      env,
      secrets: { EPICSTAR_ATTACH_TOKEN: token },
      execPath,
      argv,
    });
    return { restart, story, env };
  }

  test('gives the other start what this one was given, and this one does not keep it', () => {
    const { restart, story, env } = restartBench({ HOME: '/home/ada' });
    restart();
    restart();
    expect(story).toEqual([['relaunch', { args: asked }, { HOME: '/home/ada', EPICSTAR_ATTACH_TOKEN: token }], 'quit']);
    expect(env).toEqual({ HOME: '/home/ada' });
  });

  test('of an AppImage starts the file that it was unpacked from', () => {
    const image = { APPIMAGE: '/home/ada/epicstar.AppImage', APPDIR: '/tmp/.mount_x' };
    const { restart, story } = restartBench(image, join(image.APPDIR, 'epicstar'));
    restart();
    expect(story[0]).toMatchObject(['relaunch', { execPath: image.APPIMAGE, args: asked }, {}]);
  });
});

test('an entry that only lies in a folder of the person is made with it', async () => {
  const { parts, handlers } = await bench();
  await expect(stat(dirname(parts.autostartPath))).rejects.toMatchObject({ code: 'ENOENT' });
  await handlers['desktop.setLogin']({ isOn: true }, null);
  expect((await stat(parts.autostartPath)).isFile()).toBe(true);
});
