/** @file Opening a data directory: who may, what is refused, and what is left alone. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSqliteStore, type OpenStoreOptions } from '../../../src-main/engine/adapters/sqlite/index.ts';
import { migrations } from '../../../src-main/engine/adapters/sqlite/migrations/index.ts';
import { know, makeStar } from '../../conformance/store-samples.ts';
import { databaseAt, insertRepository, makeDataDir } from './bench-store.ts';

async function open(options: OpenStoreOptions) {
  const store = await openSqliteStore(options);
  onTestFinished(() => store.close());
  return store;
}

async function hold(dataDir: string): Promise<ChildProcess> {
  const holder = fileURLToPath(new URL('holder.ts', import.meta.url));
  const child = spawn(process.execPath, [holder, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [said]: unknown[] = await once(child.stdout, 'data');
  expect(String(said)).toBe('held\n');
  return child;
}

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

describe('a data directory', () => {
  it('is made where it is missing, with a database in WAL mode', async () => {
    const dataDir = join(await makeDataDir(), 'deep', 'data');
    await open({ dataDir });
    const header = await readFile(join(dataDir, 'epicstar.db'));
    expect([header[18], header[19]]).toEqual([2, 2]);
  });

  it.skipIf(process.platform === 'win32')('is closed to other users', async () => {
    const dataDir = join(await makeDataDir(), 'data');
    await open({ dataDir });
    const names = await readdir(dataDir);
    const isOpen = await Promise.all(names.map(async (name) => ((await modeOf(join(dataDir, name))) & 0o077) !== 0));
    expect(await modeOf(dataDir)).toBe(0o700);
    expect(names.filter((_, index) => isOpen[index])).toEqual([]);
  });

  it('keeps what was written, across openings', async () => {
    const dataDir = await makeDataDir();
    const first = await openSqliteStore({ dataDir });
    await first.observeStars([makeStar(1)], 5, () => 'new-star');
    await first.writeValue('pause', '{"a":1}');
    await first.close();
    const second = await open({ dataDir });
    expect(await second.claimNextJob(10, true)).toMatchObject({ id: 1, githubId: 1 });
    expect(await second.readValue('pause')).toBe('{"a":1}');
  });

  it('belongs to one opening at a time in one process', async () => {
    const dataDir = await makeDataDir();
    const first = await openSqliteStore({ dataDir });
    const refused = { code: 'data-dir-locked', message: expect.stringContaining(`process ${process.pid}`) };
    await expect(openSqliteStore({ dataDir })).rejects.toMatchObject(refused);
    await expect(openSqliteStore({ dataDir })).rejects.toMatchObject({ code: 'data-dir-locked' });
    await first.close();
    await open({ dataDir });
    expect(await readdir(dataDir)).toContain('epicstar.lock.pid');
  });

  it('belongs to one process, which the message names; that one killed, it is free', async () => {
    const dataDir = await makeDataDir();
    const child = await hold(dataDir);
    await expect(openSqliteStore({ dataDir })).rejects.toMatchObject({
      code: 'data-dir-locked',
      message: expect.stringContaining(`process ${child.pid}`),
    });
    child.kill('SIGKILL');
    await once(child, 'exit');
    const store = await open({ dataDir });
    expect((await store.totals()).repositories).toBe(0);
  });

  it('can have its database elsewhere, which then is locked as well', async () => {
    const [one, other] = [await makeDataDir(), await makeDataDir()];
    const databaseFile = join(one, 'elsewhere', 'stars.db');
    await open({ dataDir: join(one, 'data'), databaseFile });
    expect(await readdir(join(one, 'elsewhere'))).toContain('stars.db');
    expect(await readdir(join(one, 'data'))).not.toContain('epicstar.db');
    await expect(openSqliteStore({ dataDir: other, databaseFile })).rejects.toMatchObject({
      code: 'data-dir-locked',
      message: expect.stringContaining('stars.db'),
    });
    await open({ dataDir: other });
  });

  it('that is a file is named as what is wrong', async () => {
    const dataDir = join(await makeDataDir(), 'file');
    await writeFile(dataDir, 'x');
    await expect(openSqliteStore({ dataDir })).rejects.toMatchObject({
      code: 'config-invalid',
      message: expect.stringContaining(dataDir),
    });
  });
});

describe('a database', () => {
  it('of a newer version is refused and not touched', async () => {
    const dataDir = await makeDataDir();
    const file = join(dataDir, 'epicstar.db');
    const newer = databaseAt(migrations.length, file);
    newer.pragma(`user_version = ${migrations.length + 1}`);
    newer.close();
    const before = await readFile(file);
    for (const readOnly of [false, true]) {
      await expect(openSqliteStore({ dataDir, readOnly })).rejects.toMatchObject({
        code: 'database-newer',
        message: expect.stringContaining(`version ${migrations.length + 1}`),
      });
    }
    expect(await readFile(file)).toEqual(before);
  });

  it('of an older version is brought up to date with its rows', async () => {
    const dataDir = await makeDataDir();
    const older = databaseAt(1, join(dataDir, 'epicstar.db'));
    insertRepository(older, 1);
    older.close();
    const store = await open({ dataDir });
    expect(await store.requestJob({ githubId: 1, cause: 'user' }, 5, false)).toBe('queued');
  });

  it.each([
    ['that is no database', async (file: string) => writeFile(file, 'not a database, '.repeat(1_000))],
    ['with a damaged page', damagePages],
  ])('%s is refused and not touched', async (_, damage) => {
    const dataDir = await makeDataDir();
    const file = join(dataDir, 'epicstar.db');
    await damage(file);
    const before = await readFile(file);
    await expect(openSqliteStore({ dataDir })).rejects.toMatchObject({ code: 'database-damaged' });
    expect(await readFile(file)).toEqual(before);
    await expect(openSqliteStore({ dataDir })).rejects.toMatchObject({ code: 'database-damaged' });
  });

  it('of another program is refused and not touched', async () => {
    const dataDir = await makeDataDir();
    const file = join(dataDir, 'epicstar.db');
    const other = new Database(file);
    other.exec('CREATE TABLE bookmarks (a)');
    other.close();
    const before = await readFile(file);
    await expect(openSqliteStore({ dataDir })).rejects.toMatchObject({ code: 'database-damaged' });
    expect(await readFile(file)).toEqual(before);
  });

  it('whose stored JSON has another shape is told as damaged, and other rows can be read', async () => {
    const dataDir = await makeDataDir();
    const store = await openSqliteStore({ dataDir });
    await know(store, 1, 2);
    await store.close();
    const raw = new Database(join(dataDir, 'epicstar.db'));
    raw.exec("UPDATE repositories SET topics = '[1]' WHERE github_id = 1");
    raw.close();
    const again = await open({ dataDir });
    await expect(again.repository(1)).rejects.toMatchObject({ code: 'database-damaged' });
    expect(await again.repository(2)).toMatchObject({ githubId: 2 });
  });
});

describe('a reader', () => {
  it('sees what another process writes, and takes no lock', async () => {
    const dataDir = await makeDataDir();
    const writer = await open({ dataDir });
    const reader = await open({ dataDir, readOnly: true });
    await writer.observeStars([makeStar(1)], 5, () => 'new-star');
    expect((await reader.jobs(['queued'], { offset: 0, limit: 5 })).total).toBe(1);
    await expect(reader.writeValue('a', '1')).rejects.toMatchObject({ code: 'internal' });
    await reader.close();
    await know(writer, 2);
    expect((await writer.totals()).repositories).toBe(2);
  });

  it('works while nobody writes', async () => {
    const dataDir = await makeDataDir();
    const writer = await openSqliteStore({ dataDir });
    await know(writer, 1);
    await writer.close();
    const reader = await open({ dataDir, readOnly: true });
    expect((await reader.totals()).repositories).toBe(1);
    await open({ dataDir });
  });

  it('makes nothing where nothing is', async () => {
    const dataDir = join(await makeDataDir(), 'none');
    const reader = await open({ dataDir, readOnly: true });
    expect((await reader.totals()).repositories).toBe(0);
    await expect(readdir(dataDir)).rejects.toThrow('ENOENT');
  });

  it('brings an older database up to date, but not under the hands of who uses it', async () => {
    const dataDir = await makeDataDir();
    const child = await hold(dataDir);
    const older = databaseAt(1, join(dataDir, 'older.db'));
    insertRepository(older, 1);
    older.close();
    await mkdir(join(dataDir, 'elsewhere'));
    const databaseFile = join(dataDir, 'elsewhere', 'epicstar.db');
    await copyFile(join(dataDir, 'older.db'), databaseFile);
    const before = await readFile(databaseFile);
    const refused = openSqliteStore({ dataDir, databaseFile, readOnly: true });
    await expect(refused).rejects.toMatchObject({ code: 'data-dir-locked' });
    expect(await readFile(databaseFile)).toEqual(before);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const reader = await open({ dataDir, databaseFile, readOnly: true });
    expect((await reader.totals()).repositories).toBe(1);
  });
});

describe('a copy to throw away', () => {
  it('begins with what another process wrote, and changes nothing', async () => {
    const dataDir = await makeDataDir();
    const writer = await open({ dataDir });
    await writer.observeStars([makeStar(1)], 5, () => 'new-star');
    const copy = await open({ dataDir, throwAway: true });
    expect(await copy.claimNextJob(9, true)).toMatchObject({ githubId: 1 });
    await know(copy, 2);
    await copy.close();
    expect(await writer.totals()).toMatchObject({ repositories: 1, jobs: { queued: 1, running: 0 } });
  });

  it('of nothing is empty and makes nothing', async () => {
    const dataDir = join(await makeDataDir(), 'none');
    const copy = await open({ dataDir, throwAway: true });
    await know(copy, 1);
    expect((await copy.totals()).repositories).toBe(1);
    await expect(readdir(dataDir)).rejects.toThrow('ENOENT');
  });

  it('of an older database is brought up to date alone', async () => {
    const dataDir = await makeDataDir();
    const file = join(dataDir, 'epicstar.db');
    const older = databaseAt(1, file);
    insertRepository(older, 1);
    older.close();
    const before = await readFile(file);
    const copy = await open({ dataDir, throwAway: true });
    expect(await copy.requestJob({ githubId: 1, cause: 'user' }, 5, false)).toBe('queued');
    expect(await readFile(file)).toEqual(before);
  });
});

/** A good database, with noise over every page but the first. */
async function damagePages(file: string): Promise<void> {
  const database = databaseAt(migrations.length, file);
  database.close();
  const bytes = await readFile(file);
  bytes.fill(0xa5, 4_096);
  await writeFile(file, bytes);
}
