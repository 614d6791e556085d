/** @file Brings a database to the schema of this program, step by step. Knows nothing of what the tables mean. */
import type Database from 'better-sqlite3';
import { EpicstarError } from '../../domain/errors.ts';

export interface Migration {
  /** Value of `user_version` once it is done. */
  readonly version: number;
  readonly name: string;
  /** Run in one transaction, with foreign keys checked at its end. */
  readonly statements: string;
}

/** Marks a file as a database of epicstar, so that another program's is never migrated: `epic` in ASCII. */
const applicationId = 0x65706963;

function readNumber(database: Database.Database, pragma: string): number {
  return Number(database.pragma(pragma, { simple: true }));
}

/** Throws for a list in which versions do not grow one by one from 1: a mistake of ours, found by every start. */
export function checkMigrations(migrations: readonly Migration[]): void {
  for (const [index, { version, name }] of migrations.entries()) {
    if (version !== index + 1) {
      throw new EpicstarError('internal', `Step ${name} has version ${version} in place ${index + 1}.`);
    }
  }
}

/**
 * Version of the schema in the file; 0 for an empty one. Changes nothing.
 *
 * @throws EpicstarError `database-newer`; `database-damaged` for the database of another program
 */
export function readSchemaVersion(database: Database.Database, newestVersion: number): number {
  const version = readNumber(database, 'user_version');
  const tables = database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get();
  if (tables === 0 && version === 0) return 0;
  if (readNumber(database, 'application_id') !== applicationId) {
    throw new EpicstarError('database-damaged', `${database.name} is a database, but not one of epicstar.`);
  }
  if (version > newestVersion) {
    const known = `this program knows versions up to ${newestVersion}`;
    throw new EpicstarError('database-newer', `${database.name} has schema version ${version}; ${known}.`);
  }
  return version;
}

/** Runs the steps that the file lacks, each in one transaction. Returns how many there were. */
export function migrate(database: Database.Database, migrations: readonly Migration[]): number {
  checkMigrations(migrations);
  const version = readSchemaVersion(database, migrations.length);
  const missing = migrations.slice(version);
  // Rebuilding a table would delete what refers to it; the pragma does nothing inside a transaction.
  database.pragma('foreign_keys = OFF');
  for (const step of missing) {
    database
      .transaction(() => {
        database.exec(step.statements);
        const broken = database.pragma('foreign_key_check');
        if (Array.isArray(broken) && broken.length > 0) {
          throw new EpicstarError('internal', `Step ${step.name} leaves ${broken.length} rows without their parent.`);
        }
        database.pragma(`application_id = ${applicationId}`);
        database.pragma(`user_version = ${step.version}`);
      })
      .immediate();
  }
  database.pragma('foreign_keys = ON');
  return missing.length;
}
