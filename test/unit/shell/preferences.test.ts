/** @file What the desktop remembers, in real files by the real electron-store. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parseAttachAddress, Preferences, type StoreClass } from '../../../src-main/shell/preferences.ts';
import { loadStore } from '../../support/electron-store.ts';

let Store: StoreClass;

beforeAll(async () => {
  Store = await loadStore();
});

async function bench(text?: string) {
  const dir = await mkdtemp(join(tmpdir(), 'epicstar-preferences-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const path = join(dir, 'preferences.json');
  if (text !== undefined) await writeFile(path, text);
  const warnings: string[] = [];
  const open = () =>
    new Preferences({ Store, dir, now: () => 1_700_000_000_000, log: { warn: (words) => warnings.push(words) } });
  return { dir, path, warnings, open, preferences: open() };
}

const bounds = { x: -20, y: 0, width: 900, height: 700 };

describe('preferences', () => {
  it('have defaults', async () => {
    const { preferences, warnings, dir } = await bench();
    expect(preferences.get('notifications')).toEqual({});
    expect(preferences.get('attachAddress')).toBeNull();
    expect(preferences.get('startsHidden')).toBe(false);
    expect(preferences.get('opensAs')).toBe('popup');
    expect(preferences.get('isPlainAllowed')).toBe(false);
    expect(preferences.bounds('1')).toBeNull();
    expect(warnings).toEqual([]);
    expect(await readdir(dir)).toEqual([]);
  });

  it('are there again after a restart', async () => {
    const { preferences, open, path } = await bench();
    preferences.set('opensAs', 'window');
    preferences.set('attachAddress', 'https://nas.example.com/epicstar');
    preferences.set('notifications', { 'new-stars': false, disk: true });
    preferences.setBounds('2528732444', bounds);
    const later = open();
    expect(later.get('opensAs')).toBe('window');
    expect(later.get('attachAddress')).toBe('https://nas.example.com/epicstar');
    expect(later.get('notifications')).toEqual({ 'new-stars': false, disk: true });
    expect(later.bounds('2528732444')).toEqual(bounds);
    expect(later.bounds('1')).toBeNull();
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ opensAs: 'window' });
  });

  it('remember the displays that were used last', async () => {
    const { preferences } = await bench();
    for (let display = 100; display > 40; display -= 1) preferences.setBounds(String(display), bounds);
    preferences.setBounds('72', { ...bounds, x: 5 });
    expect(preferences.bounds('72')).toEqual({ ...bounds, x: 5 });
    expect(preferences.bounds('41')).toEqual(bounds);
    expect(preferences.bounds('73')).toBeNull();
    expect(preferences.get('windowBounds')).toHaveLength(32);
  });

  it.each(['', '{', '[]x', '\u0000\u0001'])('start anew where the file holds %j, which is put aside', async (text) => {
    const { preferences, warnings, dir, open } = await bench(text);
    expect(preferences.get('opensAs')).toBe('popup');
    preferences.set('opensAs', 'window');
    expect(warnings).toEqual(['the file of preferences could not be read and was put aside']);
    expect((await readdir(dir)).sort()).toEqual(['preferences.broken-1700000000000.json', 'preferences.json']);
    expect(await readFile(join(dir, 'preferences.broken-1700000000000.json'), 'utf8')).toBe(text);
    expect(open().get('opensAs')).toBe('window');
    expect(warnings).toHaveLength(1);
  });

  it('start anew where the file is so large that each look at it would take long', async () => {
    const text = JSON.stringify({ opensAs: 'window', notifications: { x: 'y'.repeat(2_000_000) } });
    const { preferences, warnings, dir } = await bench(text);
    expect(preferences.get('opensAs')).toBe('popup');
    expect(await readdir(dir)).toEqual(['preferences.broken-1700000000000.json']);
    expect(warnings).toEqual(['the file of preferences could not be read and was put aside']);
  });

  it('use the default for a value of another kind, told once, and keep the others', async () => {
    const text = JSON.stringify({
      opensAs: 'cube',
      startsHidden: true,
      isPlainAllowed: 'yes',
      attachAddress: 'https://user:secret@nas.example.com',
      notifications: { disk: false, gone: 'no', 'bad name!': true },
      windowBounds: [
        { ...bounds, display: '1' },
        { ...bounds, display: '2', width: 0 },
        { ...bounds, display: '3', x: '1' },
        7,
      ],
    });
    const { preferences, warnings } = await bench(text);
    for (let turn = 0; turn < 2; turn += 1) {
      expect(preferences.get('opensAs')).toBe('popup');
      expect(preferences.get('isPlainAllowed')).toBe(false);
      expect(preferences.get('attachAddress')).toBeNull();
    }
    expect(preferences.get('startsHidden')).toBe(true);
    expect(preferences.get('notifications')).toEqual({ disk: false });
    expect(preferences.get('windowBounds')).toEqual([{ ...bounds, display: '1' }]);
    expect(warnings).toHaveLength(3);
  });

  it('have defaults where the file holds another document', async () => {
    const { preferences } = await bench('[1, 2]');
    expect(preferences.get('opensAs')).toBe('popup');
    preferences.set('opensAs', 'window');
    expect(preferences.get('opensAs')).toBe('window');
  });

  it('refuse what is no value', async () => {
    const { preferences } = await bench();
    expect(() => preferences.set('attachAddress', 'nonsense')).toThrow('attachAddress');
    expect(() => preferences.set('attachAddress', 'file:///etc/passwd')).toThrow('attachAddress');
    expect(preferences.get('attachAddress')).toBeNull();
  });

  it('hold until the end where nothing can be written, told', async () => {
    const { dir, warnings, preferences, path } = await bench();
    // A folder in the place of the file: no rights needed to bring this about.
    await mkdir(join(path, 'full'), { recursive: true });
    preferences.set('opensAs', 'window');
    expect(preferences.get('opensAs')).toBe('window');
    expect([preferences.isKept('opensAs'), preferences.isKept('startsHidden')]).toEqual([false, true]);
    expect(preferences.get('startsHidden')).toBe(false);
    expect(warnings.length).toBeGreaterThan(0);
    const second = new Preferences({
      Store,
      dir: join(dir, 'preferences.json', 'full', 'x\u0000'),
      now: () => 1,
      log: { warn: (words) => warnings.push(words) },
    });
    second.set('startsHidden', true);
    expect(second.get('startsHidden')).toBe(true);
  });
});

it.each([
  ['https://nas.example.com', 'https://nas.example.com'],
  ['https://NAS.example.com:8443/epicstar//', 'https://nas.example.com:8443/epicstar'],
  ['http://127.0.0.1:7777/', 'http://127.0.0.1:7777'],
  ['https://nas.example.com/?token=1', null],
  ['https://nas.example.com/#x', null],
  ['ftp://nas.example.com', null],
  ['nas.example.com', null],
  ['javascript:alert(1)', null],
  ['https://nas\u0000.example.com', null],
  ['https://nas.example.com/\u0000x', 'https://nas.example.com/%00x'],
  ['https://user@nas.example.com', null],
  ['', null],
  [7, null],
])('the address %j is %j', (value, parsed) => {
  expect(parseAttachAddress(value)).toBe(parsed);
});
