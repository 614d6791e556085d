import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { settingNames, settingsPath, settingVariable } from '../../../src-main/engine/adapters/system/settings.ts';
import {
  createSettingsStore,
  type SettingsStoreOptions,
} from '../../../src-main/engine/adapters/system/settings-store.ts';
import type { SettingsStore, SettingValue } from '../../../src-main/engine/ports/settings.ts';
import { makeDir } from './bench-dir.ts';

interface Bench {
  readonly dataDir: string;
  readonly store: SettingsStore;
  /** What stands in the file; null: there is none. */
  file(): Promise<unknown>;
  one(name: string): Promise<SettingValue | undefined>;
}

async function bench(text: string | null, change: Partial<SettingsStoreOptions> = {}): Promise<Bench> {
  const dataDir = await makeDir();
  if (text !== null) await writeFile(settingsPath(dataDir), text);
  const store = createSettingsStore({ flags: {}, env: {}, dataDir, ...change });
  return {
    dataDir,
    store,
    file: async () =>
      (await readdir(dataDir)).includes('settings.json')
        ? JSON.parse(await readFile(settingsPath(dataDir), 'utf8'))
        : null,
    one: async (name) => (await store.list()).find((value) => value.name === name),
  };
}

describe('the list of settings', () => {
  it('has all of them, with default, variable and what is allowed', async () => {
    const { store, one, file } = await bench(null);
    const values = await store.list();
    expect(values.map(({ name }) => name)).toEqual(settingNames);
    for (const { name, variable, text, fallback, origin, allowed } of values) {
      expect({ text, origin, variable }).toEqual({
        text: fallback,
        origin: 'default',
        variable: settingVariable(name as (typeof settingNames)[number]),
      });
      expect(allowed).not.toBe('');
    }
    expect(await one('pollSeconds')).toEqual({
      name: 'pollSeconds',
      variable: 'EPICSTAR_POLL_SECONDS',
      text: '60',
      fallback: '60',
      origin: 'default',
      allowed: 'a whole number from 30 to 86400',
    });
    expect(await one('githubClientId')).toMatchObject({
      text: '',
      fallback: '',
      variable: 'EPICSTAR_GITHUB_CLIENT_ID',
    });
    expect(await file()).toBeNull();
  });

  it('tells the text in force and where it comes from', async () => {
    const { one } = await bench('{"concurrency": 2, "pollSeconds": 90, "sweepDays": 3, "webHosts": ["a", "b"]}', {
      flags: { concurrency: '7' },
      env: { EPICSTAR_CONCURRENCY: '5', EPICSTAR_POLL_SECONDS: '120', EPICSTAR_LOG_LEVEL: '' },
    });
    expect(await one('concurrency')).toMatchObject({ text: '7', origin: 'flag', fallback: '4' });
    expect(await one('pollSeconds')).toMatchObject({ text: '120', origin: 'environment', fallback: '60' });
    expect(await one('sweepDays')).toMatchObject({ text: '3', origin: 'file', fallback: '7' });
    expect(await one('webHosts')).toMatchObject({ text: 'a,b', origin: 'file', fallback: '' });
    expect(await one('logLevel')).toMatchObject({ text: 'info', origin: 'default' });
  });
});

describe('a change of settings', () => {
  it('is written to the file for this user alone and in force at once', async () => {
    const { store, file, one, dataDir } = await bench(null);
    await store.change({ pollSeconds: '120', allowInsecure: 'nas, 10.0.0.5', githubClientId: 'Iv23liPlaygroundAppl' });
    expect(await file()).toEqual({
      pollSeconds: '120',
      allowInsecure: 'nas, 10.0.0.5',
      githubClientId: 'Iv23liPlaygroundAppl',
    });
    expect(await one('pollSeconds')).toMatchObject({ text: '120', origin: 'file' });
    expect((await stat(settingsPath(dataDir))).mode & 0o777).toBe(0o600);
    expect(await readdir(dataDir)).toEqual(['settings.json']);
  });

  it('leaves all others as they are written', async () => {
    const { store, file } = await bench('{"concurrency": 2, "webHosts": ["a"]}');
    await store.change({ sweepDays: '3' });
    expect(await file()).toEqual({ concurrency: 2, webHosts: ['a'], sweepDays: '3' });
  });

  it.each([
    ['null', { pollSeconds: null, sweepDays: null }],
    ['the default as a text', { pollSeconds: '60', sweepDays: '7' }],
  ])('back to the default by %s takes it out of the file', async (_by, change) => {
    const { store, file, one } = await bench('{"pollSeconds": 90, "concurrency": 2}');
    await store.change(change);
    expect(await file()).toEqual({ concurrency: 2 });
    expect(await one('pollSeconds')).toMatchObject({ text: '60', origin: 'default' });
  });

  it('takes out by an empty text what need not be set', async () => {
    const { store, file } = await bench('{"caFile": "/etc/ca.pem", "webHosts": ["a"]}');
    await store.change({ caFile: '', webHosts: '' });
    expect(await file()).toEqual({});
  });

  it('of what a flag or the environment decides is refused, and all with it', async () => {
    const { store, file } = await bench('{"concurrency": 2}', {
      flags: { concurrency: '7' },
      env: { EPICSTAR_POLL_SECONDS: '120' },
    });
    await expect(store.change({ sweepDays: '3', concurrency: '3' })).rejects.toMatchObject({
      code: 'config-invalid',
      detail: 'concurrency comes from a flag; change it there.',
    });
    await expect(store.change({ sweepDays: '3', pollSeconds: null })).rejects.toMatchObject({
      code: 'config-invalid',
      detail: 'pollSeconds comes from EPICSTAR_POLL_SECONDS; change it there.',
    });
    expect(await file()).toEqual({ concurrency: 2 });
  });

  it.each([
    ['pollSecond', 'pollSeconds'],
    ['POLLSECONDS', 'pollSeconds'],
    ['githubClientID', 'githubClientId'],
    ['__proto__', null],
  ])('of the unknown name %s is refused with the nearest one', async (name, nearest) => {
    const { store, file } = await bench('{}');
    const change = Object.fromEntries([
      ['concurrency', '3'],
      [name, '90'],
    ]);
    await expect(store.change(change)).rejects.toMatchObject({
      code: 'config-invalid',
      detail: expect.stringContaining(`There is no setting "${name}"; the nearest one is ${nearest ?? ''}`) as string,
    });
    expect(await file()).toEqual({});
  });

  it('with one wrong value changes nothing and names it', async () => {
    const { store, file } = await bench('{"concurrency": 2}');
    await expect(store.change({ concurrency: '3', sweepDays: null, pollSeconds: 'soon' })).rejects.toMatchObject({
      code: 'config-invalid',
      detail: 'pollSeconds is "soon" (from the change); allowed: a whole number from 30 to 86400.',
    });
    await expect(store.change({ githubClientId: 'no' })).rejects.toThrow('githubClientId is "no"');
    await expect(store.change({ onedevUrl: 'https://me:pw@onedev.local' })).rejects.toMatchObject({
      detail: expect.not.stringContaining('me:pw'),
    });
    expect(await file()).toEqual({ concurrency: 2 });
  });

  it('does not touch a file that is wrong by itself', async () => {
    const { store, dataDir } = await bench('{"concurrency": 99}');
    await expect(store.change({ sweepDays: '3' })).rejects.toThrow('concurrency is "99"');
    await expect(store.list()).rejects.toMatchObject({ code: 'config-invalid' });
    expect(await readFile(settingsPath(dataDir), 'utf8')).toBe('{"concurrency": 99}');
  });

  it('is not lost to another at the same time, and a refused one holds nobody up', async () => {
    const { store, file } = await bench('{"concurrency": 2}');
    const outcomes = await Promise.allSettled([
      store.change({ pollSeconds: '90' }),
      store.change({ sweepDays: '3' }),
      store.change({ sweepDays: 'never' }),
      store.change({ fullWalkHours: '48' }),
      store.change({ concurrency: null }),
      store.change({ stallMinutes: '5' }),
    ]);
    expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual([true, true, false, true, true, true]);
    expect(await file()).toEqual({ pollSeconds: '90', sweepDays: '3', fullWalkHours: '48', stallMinutes: '5' });
  });

  it('and an import go one after the other, in the order in which they were asked for', async () => {
    const { store, file } = await bench('{"concurrency": 2}');
    await Promise.all([
      store.change({ pollSeconds: '90' }),
      store.importText('{"sweepDays": 3}'),
      store.change({ fullWalkHours: '48' }),
    ]);
    expect(await file()).toEqual({ sweepDays: 3, fullWalkHours: '48' });
  });
});

describe('export and import', () => {
  it('carry what stands in the file, and nothing of flags, environment and defaults', async () => {
    const from = await bench('{"concurrency": 2, "webHosts": ["a"]}', {
      flags: { sweepDays: '9' },
      env: { EPICSTAR_POLL_SECONDS: '120', EPICSTAR_GITHUB_TOKEN: 'ghp_0123456789' },
    });
    const text = await from.store.exportText();
    expect(JSON.parse(text)).toEqual({ concurrency: 2, webHosts: ['a'] });
    const to = await bench('{"stallMinutes": 5}');
    await to.store.importText(text);
    expect(await to.file()).toEqual({ concurrency: 2, webHosts: ['a'] });
    expect(await to.store.exportText()).toBe(text);
  });

  it.each([
    ['{"concurrency": 99}', 'concurrency is "99" (from the imported file)'],
    ['{"pollSecond": 90}', 'the nearest one is pollSeconds'],
    ['{"githubToken": "ghp_x"}', 'which is no setting'],
    ['nonsense', 'the imported file is not JSON'],
  ])('%s is not imported and changes nothing', async (text, words) => {
    const { store, file } = await bench('{"stallMinutes": 5}');
    await expect(store.importText(text)).rejects.toThrow(words);
    expect(await file()).toEqual({ stallMinutes: 5 });
  });
});
