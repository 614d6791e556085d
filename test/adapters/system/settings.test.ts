import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { prepareDataDir, resolveDataDir } from '../../../src-main/engine/adapters/system/data-dir.ts';
import {
  exportSettings,
  importSettings,
  type LoadOptions,
  loadSettings,
  saveSettings,
  settingNames,
  settingsPath,
  settingVariable,
} from '../../../src-main/engine/adapters/system/settings.ts';
import { makeDir } from './bench-dir.ts';

const load = async (change: Partial<LoadOptions> = {}) =>
  loadSettings({ flags: {}, env: {}, dataDir: await makeDir(), ...change });

const settingsWith = async (env: Record<string, string>) => (await load({ env })).settings;

async function dirWith(text: string): Promise<string> {
  const dataDir = await makeDir();
  await writeFile(settingsPath(dataDir), text);
  return dataDir;
}

describe('settings', () => {
  it('have defaults', async () => {
    const dataDir = await makeDir();
    const { settings, origins, unknownVariables } = await load({ dataDir });
    expect(settings).toEqual({
      dataDir,
      githubApiUrl: 'https://api.github.com',
      githubClientId: null,
      target: 'onedev',
      onedevUrl: null,
      onedevRoot: 'github',
      folder: null,
      pollSeconds: 60,
      fullWalkHours: 24,
      sweepDays: 7,
      drillDays: 7,
      historyDays: 365,
      unstarred: 'stop',
      clash: 'rename',
      holdLossPercent: 50,
      keptDays: 0,
      lists: 'off',
      buildSpecs: 'hold',
      wikis: 'off',
      quietHours: null,
      concurrency: 4,
      pushConcurrency: 4,
      smallPushMb: 5,
      sliceMb: 50,
      sliceSeconds: 10,
      deepenMb: 500,
      stallMinutes: 10,
      cacheLimitBytes: 20_000_000_000,
      databaseFile: null,
      caFile: null,
      allowInsecureHosts: [],
      webHosts: [],
      logLevel: 'info',
      logFormat: 'text',
    });
    expect(new Set(Object.values(origins))).toEqual(new Set(['default']));
    expect(unknownVariables).toEqual([]);
    expect(await readdir(dataDir)).toEqual([]);
  });

  it('are told by flags, then environment, then file, each with its origin', async () => {
    const dataDir = await dirWith(
      '{"concurrency": 2, "pollSeconds": 90, "sweepDays": "3", "allowInsecure": ["a", "B"]}',
    );
    const env = { EPICSTAR_CONCURRENCY: '5', EPICSTAR_POLL_SECONDS: '120', EPICSTAR_LOG_LEVEL: '' };
    const { settings, origins } = await load({ flags: { concurrency: '7' }, env, dataDir });
    expect(settings).toMatchObject({ concurrency: 7, pollSeconds: 120, sweepDays: 3, allowInsecureHosts: ['a', 'b'] });
    expect(origins).toMatchObject({
      concurrency: 'flag',
      pollSeconds: 'environment',
      sweepDays: 'file',
      logLevel: 'default',
    });
  });

  it('have variables named after them', () => {
    expect(settingNames.map(settingVariable)).toEqual(
      expect.arrayContaining([
        'EPICSTAR_GITHUB_API_URL',
        'EPICSTAR_ONEDEV_URL',
        'EPICSTAR_SMALL_PUSH_MB',
        'EPICSTAR_CA_FILE',
      ]),
    );
  });

  it.each([
    ['EPICSTAR_GITHUB_API_URL', 'https://ghe.example.org/api/v3/', { githubApiUrl: 'https://ghe.example.org/api/v3' }],
    ['EPICSTAR_ONEDEV_URL', ' http://127.0.0.1:6610 ', { onedevUrl: 'http://127.0.0.1:6610' }],
    ['EPICSTAR_ONEDEV_ROOT', 'mirrors/git_hub-1.x', { onedevRoot: 'mirrors/git_hub-1.x' }],
    ['EPICSTAR_TARGET', 'folder', { target: 'folder' }],
    ['EPICSTAR_FOLDER', '/srv//mirrors/../stars', { folder: '/srv/stars' }],
    ['EPICSTAR_CACHE_LIMIT', '500MB', { cacheLimitBytes: 500_000_000 }],
    ['EPICSTAR_CACHE_LIMIT', '1.5 tb', { cacheLimitBytes: 1_500_000_000_000 }],
    ['EPICSTAR_CACHE_LIMIT', '5G', { cacheLimitBytes: 5_000_000_000 }],
    ['EPICSTAR_CACHE_LIMIT', '1000000', { cacheLimitBytes: 1_000_000 }],
    ['EPICSTAR_DATABASE_URL', 'file:///var/lib/epicstar/a%20b.db', { databaseFile: '/var/lib/epicstar/a b.db' }],
    ['EPICSTAR_DATABASE_URL', 'sqlite:/var/lib/stars.db', { databaseFile: '/var/lib/stars.db' }],
    ['EPICSTAR_DATABASE_URL', '/var/lib/stars.db', { databaseFile: '/var/lib/stars.db' }],
    [
      'EPICSTAR_ALLOW_INSECURE',
      'NAS.local, 10.0.0.5,[fe80::1],',
      { allowInsecureHosts: ['nas.local', '10.0.0.5', 'fe80::1'] },
    ],
    ['EPICSTAR_POLL_SECONDS', '30', { pollSeconds: 30 }],
    ['EPICSTAR_LOG_FORMAT', 'json', { logFormat: 'json' }],
  ])('understand %s=%s', async (variable, text, expected) => {
    expect(await settingsWith({ [variable]: text })).toMatchObject(expected);
  });

  it.each([
    ['EPICSTAR_POLL_SECONDS', '29', 'pollSeconds', '30 to 86400'],
    ['EPICSTAR_POLL_SECONDS', '60s', 'pollSeconds', '30 to 86400'],
    ['EPICSTAR_POLL_SECONDS', '1e3', 'pollSeconds', '30 to 86400'],
    ['EPICSTAR_QUIET_HOURS', '22-7', 'quietHours', 'two times of the day'],
    ['EPICSTAR_CONCURRENCY', '0', 'concurrency', '1 to 16'],
    ['EPICSTAR_CONCURRENCY', '17', 'concurrency', '1 to 16'],
    ['EPICSTAR_CONCURRENCY', '-1', 'concurrency', '1 to 16'],
    ['EPICSTAR_SWEEP_DAYS', 'weekly', 'sweepDays', '1 to 365'],
    ['EPICSTAR_TARGET', 'gitlab', 'target', 'onedev, folder'],
    ['EPICSTAR_ONEDEV_URL', 'onedev.local', 'onedevUrl', 'http or https'],
    ['EPICSTAR_ONEDEV_URL', 'ftp://onedev.local', 'onedevUrl', 'http or https'],
    ['EPICSTAR_ONEDEV_URL', 'https://me:pw@onedev.local', 'onedevUrl', 'without user'],
    ['EPICSTAR_GITHUB_API_URL', 'https://api.github.com/?a=1', 'githubApiUrl', 'without user'],
    ['EPICSTAR_ONEDEV_ROOT', '../etc', 'onedevRoot', 'letters'],
    ['EPICSTAR_ONEDEV_ROOT', 'a//b', 'onedevRoot', 'letters'],
    ['EPICSTAR_FOLDER', 'mirrors', 'folder', 'absolute path'],
    ['EPICSTAR_CACHE_LIMIT', '20XB', 'cacheLimit', 'from 1MB'],
    ['EPICSTAR_CACHE_LIMIT', '10', 'cacheLimit', 'from 1MB'],
    ['EPICSTAR_CACHE_LIMIT', '9999999TB', 'cacheLimit', '1000TB'],
    ['EPICSTAR_DATABASE_URL', 'postgres://host/db', 'databaseUrl', 'file: address'],
    ['EPICSTAR_DATABASE_URL', 'file://host/x', 'databaseUrl', 'file: address'],
    ['EPICSTAR_ALLOW_INSECURE', 'http://nas', 'allowInsecure', 'host names'],
    ['EPICSTAR_ALLOW_INSECURE', '*', 'allowInsecure', 'host names'],
    ['EPICSTAR_LOG_LEVEL', 'verbose', 'logLevel', 'debug, info, warn, error'],
  ])('refuse %s=%s, saying what is allowed and where it came from', async (variable, text, name, allowed) => {
    const refused = settingsWith({ [variable]: text });
    await expect(refused).rejects.toMatchObject({ code: 'config-invalid' });
    await expect(settingsWith({ [variable]: text })).rejects.toThrow(allowed);
    await expect(settingsWith({ [variable]: text })).rejects.toThrow(
      `${name} is ${JSON.stringify(text.replace('me:pw@', '[redacted]@'))} (from ${variable})`,
    );
  });

  it('name flag and file as the origin of a wrong value', async () => {
    await expect(load({ flags: { concurrency: 'x' } })).rejects.toThrow('(from a flag)');
    const dataDir = await dirWith('{"concurrency": 99}');
    await expect(load({ dataDir })).rejects.toThrow(`concurrency is "99" (from ${settingsPath(dataDir)})`);
    await expect(load({ dataDir, flags: { concurrency: '2' } })).rejects.toThrow('concurrency is "99"');
  });

  it('tell of variables that mean nothing', async () => {
    const env = { EPICSTAR_CONCURENCY: '3', EPICSTAR_GITHUB_TOKEN_FILE: '/x', EPICSTAR_DATA_DIR: '/y', OTHER: '1' };
    expect((await load({ env })).unknownVariables).toEqual([
      { variable: 'EPICSTAR_CONCURENCY', nearest: 'EPICSTAR_CONCURRENCY' },
    ]);
  });
});

describe('the settings file', () => {
  it.each([
    ['{', 'is not JSON'],
    ['[]', 'one JSON object'],
    ['"x"', 'one JSON object'],
    ['{"pollSecond": 60}', '"pollSecond", which is no setting; the nearest one is pollSeconds'],
    ['{"githubToken": "x"}', 'no setting'],
    ['{"concurrency": true}', 'allowed: a text, a number or a list of texts'],
    ['{"concurrency": 2.5}', '1 to 16'],
  ])('%s is refused', async (text, words) => {
    const dataDir = await dirWith(text);
    await expect(load({ dataDir })).rejects.toMatchObject({ code: 'config-invalid' });
    await expect(load({ dataDir })).rejects.toThrow(words);
  });

  it('is changed one setting at a time, whole or not at all', async () => {
    const dataDir = await makeDir();
    await saveSettings(dataDir, { concurrency: 3, onedevUrl: 'https://onedev.example.org' });
    await saveSettings(dataDir, { allowInsecure: ['nas'], concurrency: null });
    expect(JSON.parse(await readFile(settingsPath(dataDir), 'utf8'))).toEqual({
      onedevUrl: 'https://onedev.example.org',
      allowInsecure: ['nas'],
    });
    const before = await readFile(settingsPath(dataDir));
    await expect(saveSettings(dataDir, { concurrency: 3, pollSeconds: 1 })).rejects.toMatchObject({
      code: 'config-invalid',
    });
    expect(await readFile(settingsPath(dataDir))).toEqual(before);
    expect(await readdir(dataDir)).toEqual(['settings.json']);
    expect((await stat(settingsPath(dataDir))).mode & 0o777).toBe(0o600);
  });

  it('can be taken to another data directory', async () => {
    const [one, other] = [await makeDir(), await makeDir()];
    await saveSettings(one, { concurrency: 3, cacheLimit: '5GB' });
    await importSettings(other, await exportSettings(one));
    expect((await load({ dataDir: other })).settings).toEqual({
      ...(await load({ dataDir: one })).settings,
      dataDir: other,
    });
    expect(await exportSettings(other)).toBe('{\n  "concurrency": 3,\n  "cacheLimit": "5GB"\n}\n');
    await expect(importSettings(other, '{"concurency": 5}')).rejects.toThrow('the nearest one is concurrency');
    expect((await load({ dataDir: other })).settings.concurrency).toBe(3);
    expect(await exportSettings(await makeDir())).toBe('{}\n');
  });
});

describe('the data directory', () => {
  const base = { flag: undefined, env: {}, platform: 'linux', homeDir: '/home/mona', workingDir: '/work' } as const;

  it.each([
    [{}, '/home/mona/.local/share/epicstar'],
    [{ env: { XDG_DATA_HOME: '/data' } }, '/data/epicstar'],
    [{ env: { XDG_DATA_HOME: 'relative' } }, '/home/mona/.local/share/epicstar'],
    [{ platform: 'darwin', homeDir: '/Users/mona' }, '/Users/mona/Library/Application Support/epicstar'],
    [{ env: { EPICSTAR_DATA_DIR: '/srv/stars', XDG_DATA_HOME: '/data' } }, '/srv/stars'],
    [{ flag: 'here', env: { EPICSTAR_DATA_DIR: '/srv/stars' } }, '/work/here'],
    [
      { platform: 'win32', homeDir: 'C:\\Users\\mona', env: { APPDATA: 'C:\\Users\\mona\\AppData\\Roaming' } },
      'C:\\Users\\mona\\AppData\\Roaming\\epicstar',
    ],
  ] as const)('%o is %s', (change, expected) => {
    expect(resolveDataDir({ ...base, ...change })).toBe(expected);
  });

  it('is made for this user alone, and an existing one is left as it is', async () => {
    const dir = await makeDir();
    await prepareDataDir(join(dir, 'a', 'b'));
    expect((await stat(join(dir, 'a', 'b'))).mode & 0o777).toBe(0o700);
    await mkdir(join(dir, 'mine'), { mode: 0o750 });
    await prepareDataDir(join(dir, 'mine'));
    expect((await stat(join(dir, 'mine'))).mode & 0o777).toBe(0o750);
    await writeFile(join(dir, 'file'), 'x');
    await expect(prepareDataDir(join(dir, 'file'))).rejects.toMatchObject({ code: 'config-invalid' });
    await expect(prepareDataDir(join(dir, 'file', 'below'))).rejects.toMatchObject({ code: 'config-invalid' });
  });
});
