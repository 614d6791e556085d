/** @file A data directory in the temp folder, and databases at any step of the schema. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { migrate } from '../../../src-main/engine/adapters/sqlite/migrate.ts';
import { migrations } from '../../../src-main/engine/adapters/sqlite/migrations/index.ts';

/** Removed at the end of the test. */
export async function makeDataDir(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'epicstar-sqlite-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  return dataDir;
}

/** A database as the step with this version left it. */
export function databaseAt(version: number, file = ':memory:'): Database.Database {
  const database = new Database(file);
  migrate(database, migrations.slice(0, version));
  return database;
}

export function insertRepository(database: Database.Database, githubId: number, change: object = {}): void {
  insert(database, 'repositories', {
    github_id: githubId,
    node_id: 'R_1',
    full_name: `owner/name-${githubId}`,
    default_branch: 'main',
    size_kb: 7,
    is_private: 0,
    is_fork: 0,
    is_archived: 0,
    is_disabled: 0,
    has_wiki: 0,
    topics: '[]',
    html_url: 'https://github.com/owner/name',
    starred_at: 1,
    first_seen_at: 2,
    previous_names: '[]',
    search_text: 'owner/name',
    ...change,
  });
}

export const queuedJob = {
  github_id: 1,
  state: 'queued',
  is_current: 1,
  cause: 'user',
  priority: 0,
  attempt: 0,
  size_kb: 7,
  queued_at: 5,
};

export const runningJob = { ...queuedJob, state: 'running', started_at: 6, attempt: 1 };

export const anyRun = {
  job_id: 1,
  github_id: 1,
  full_name: 'owner/name-1',
  cause: 'user',
  attempt: 1,
  queued_at: 5,
  started_at: 6,
  finished_at: 7,
  outcome: 'done',
  report: '{}',
};

export function insert(database: Database.Database, table: string, row: object): void {
  const names = Object.keys(row);
  const places = names.map((name) => `@${name}`);
  database.prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${places.join(', ')})`).run(row);
}

export function rowsOf(database: Database.Database, table: string): unknown[] {
  return database.prepare(`SELECT * FROM ${table}`).all();
}
