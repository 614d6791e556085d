/** @file Opens the store of a data directory: locks it, brings the database up to date, refuses what is not ours. */
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { EpicstarError } from '../../domain/errors.ts';
import type { Store } from '../../ports/store.ts';
import { Connection } from './connection.ts';
import { acquireLock, type Lock } from './lock.ts';
import { migrate, readSchemaVersion } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { translateSqliteError } from './sqlite-errors.ts';
import { SqliteStore } from './store.ts';

export interface OpenStoreOptions {
  /** Made where it is missing, for this user alone. */
  readonly dataDir: string;
  /** Where the database is, if not `epicstar.db` in the data directory. */
  readonly databaseFile?: string;
  /**
   * Reads beside a process that writes: takes no lock and makes nothing. Where there is no database yet, the store is
   * empty.
   */
  readonly readOnly?: boolean;
  /** Works on a copy in memory, which is gone when it is closed: takes no lock, makes and changes nothing. */
  readonly throwAway?: boolean;
}

/** How long a statement waits for a reader of another process that is in its way. */
const busyTimeoutMs = 5_000;

function configure(database: Database.Database): void {
  database.pragma('journal_mode = WAL');
  // A power cut may take the last transactions, never the order or the file; the next look finds again what they held.
  database.pragma('synchronous = NORMAL');
  database.pragma('journal_size_limit = 67108864');
}

/**
 * Up to this size the whole file is read once, so that damage is found now and not in the middle of a run. It takes
 * about a second for 50 MB: after a crash that is worth waiting for, else what damage there is shows when it is met.
 */
const checkedBytes = { usually: 16_000_000, afterCrash: 250_000_000 };

function checkIntegrity(database: Database.Database, wasCrash: boolean): void {
  if (statSync(database.name).size > (wasCrash ? checkedBytes.afterCrash : checkedBytes.usually)) return;
  const words = database.pragma('quick_check(1)', { simple: true });
  if (words !== 'ok') throw new EpicstarError('database-damaged', `${database.name}: ${String(words)}.`);
}

function openFile(file: string, readOnly: boolean): Database.Database {
  const database = new Database(file, { readonly: readOnly, fileMustExist: true, timeout: busyTimeoutMs });
  try {
    readSchemaVersion(database, migrations.length);
    database.pragma('foreign_keys = ON');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function isUpToDate(database: Database.Database): boolean {
  return readSchemaVersion(database, migrations.length) === migrations.length;
}

function openForWriting(file: string, wasCrash: boolean): Database.Database {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
  const database = openFile(file, false);
  try {
    chmodSync(file, 0o600);
    checkIntegrity(database, wasCrash);
    configure(database);
    migrate(database, migrations);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** A database elsewhere needs a lock of its own: two data directories could name the same one. */
function lockAll(dataDir: string, file: string): Lock {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = acquireLock(join(dataDir, 'epicstar.lock'), `The data directory ${dataDir}`);
  if (dirname(file) === dataDir) return lock;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const fileLock = acquireLock(`${file}.lock`, `The database ${file}`);
    return {
      wasLeftBehind: lock.wasLeftBehind || fileLock.wasLeftBehind,
      release: () => {
        fileLock.release();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function openWriter(dataDir: string, file: string): Store {
  const lock = lockAll(dataDir, file);
  try {
    return new SqliteStore(new Connection(openForWriting(file, lock.wasLeftBehind)), () => lock.release());
  } catch (error) {
    lock.release();
    throw error;
  }
}

function openEmpty(): Database.Database {
  const database = new Database(':memory:');
  migrate(database, migrations);
  return database;
}

/** Bytes 18 and 19 of a database say whether it uses WAL (2), which one in memory cannot. */
const journalModeOffset = 18;

function openCopy(file: string): Database.Database {
  if (!existsSync(file)) return openEmpty();
  const source = openFile(file, true);
  const bytes = source.serialize();
  source.close();
  bytes.fill(1, journalModeOffset, journalModeOffset + 2);
  const copy = new Database(bytes);
  migrate(copy, migrations);
  return copy;
}

function openReader(dataDir: string, file: string): Store {
  if (!existsSync(file)) return new SqliteStore(new Connection(openEmpty()), () => undefined);
  let database = openFile(file, true);
  if (!isUpToDate(database)) {
    // Left by an older version. Brought up to date if nobody uses it; else the lock names who does.
    database.close();
    const lock = lockAll(dataDir, file);
    try {
      openForWriting(file, lock.wasLeftBehind).close();
    } finally {
      lock.release();
    }
    database = openFile(file, true);
  }
  return new SqliteStore(new Connection(database), () => undefined);
}

/**
 * Opens the store. The database of a newer version and a damaged one are refused and left as they are.
 *
 * @throws EpicstarError `data-dir-locked`, `database-newer`, `database-damaged`, `disk-full`, or `config-invalid`
 *   where the directory or file cannot be opened
 */
export async function openSqliteStore(options: OpenStoreOptions): Promise<Store> {
  const { dataDir, readOnly = false, throwAway = false } = options;
  const file = options.databaseFile ?? join(dataDir, 'epicstar.db');
  try {
    if (throwAway) return new SqliteStore(new Connection(openCopy(file)), () => undefined);
    return readOnly ? openReader(dataDir, file) : openWriter(dataDir, file);
  } catch (error) {
    throw translateSqliteError(error, file);
  }
}
