/** @file Every step of the schema, from the one before it with rows in it. */
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { checkMigrations, type Migration, migrate } from '../../../src-main/engine/adapters/sqlite/migrate.ts';
import { migrations } from '../../../src-main/engine/adapters/sqlite/migrations/index.ts';
import { anyRun, databaseAt, insert, insertRepository, queuedJob, rowsOf, runningJob } from './bench-store.ts';

function upgrade(database: Database.Database, version: number): void {
  expect(migrate(database, migrations.slice(0, version))).toBe(1);
  expect(database.pragma('user_version', { simple: true })).toBe(version);
}

const zeroTotals = ['cancelled', 'done', 'failed', 'queued', 'running', 'waiting'].map((state) => ({
  state,
  jobs: 0,
  size_kb: 0,
}));

describe('the steps of the schema', () => {
  it('are numbered one by one, and a list that is not is refused', () => {
    expect(() => checkMigrations(migrations)).not.toThrow();
    const [first, second] = migrations;
    const missing = [first, migrations[2]].filter((step) => step !== undefined);
    expect(() => checkMigrations(missing)).toThrow(/jobs|runs/);
    expect(() => checkMigrations([second, first].filter((step) => step !== undefined))).toThrow('place 1');
  });

  it('0001 starts from an empty file', () => {
    const database = new Database(':memory:');
    upgrade(database, 1);
    expect(rowsOf(database, 'repositories')).toEqual([]);
    expect(database.pragma('application_id', { simple: true })).toBe(0x65706963);
  });

  it('0002 adds jobs and leaves repositories as they were', () => {
    const database = databaseAt(1);
    insertRepository(database, 1, { mirror_ref_count: null });
    const before = rowsOf(database, 'repositories');
    upgrade(database, 2);
    expect(rowsOf(database, 'repositories')).toEqual(before);
    expect(rowsOf(database, 'job_totals')).toEqual(zeroTotals);
    insert(database, 'jobs', queuedJob);
    expect(rowsOf(database, 'job_totals')).toContainEqual({ state: 'queued', jobs: 1, size_kb: 7 });
  });

  it('0003 adds history and leaves jobs as they were', () => {
    const database = databaseAt(2);
    insertRepository(database, 1);
    insert(database, 'jobs', runningJob);
    const before = [rowsOf(database, 'jobs'), rowsOf(database, 'job_totals')];
    upgrade(database, 3);
    expect([rowsOf(database, 'jobs'), rowsOf(database, 'job_totals')]).toEqual(before);
    expect(rowsOf(database, 'runs')).toEqual([]);
  });

  it('0004 adds small values and leaves history as it was', () => {
    const database = databaseAt(3);
    insertRepository(database, 1);
    insert(database, 'jobs', runningJob);
    database.exec(`INSERT INTO runs (job_id, github_id, full_name, cause, attempt, queued_at, started_at, finished_at,
      outcome, report) VALUES (1, 1, 'a/b', 'user', 1, 5, 6, 7, 'retry', '{}')`);
    const before = rowsOf(database, 'runs');
    upgrade(database, 4);
    expect(rowsOf(database, 'runs')).toEqual(before);
    expect(rowsOf(database, 'watcher_memory')).toEqual([]);
    expect(rowsOf(database, 'engine_values')).toEqual([]);
  });

  it('0005 selects every repository that is there, and knows owners', () => {
    const database = databaseAt(4);
    insertRepository(database, 1, { full_name: 'Mona/lisa' });
    const before = rowsOf(database, 'repositories');
    upgrade(database, 5);
    expect(rowsOf(database, 'repositories')).toEqual([
      { ...Object(before[0]), choice: null, selection: 'mirror', selection_reason: '', owner: 'Mona' },
    ]);
  });

  it('0006 finds what is there already', () => {
    const database = databaseAt(5);
    insertRepository(database, 1, { search_text: 'mona/lisa' });
    insertRepository(database, 2, { search_text: 'other' });
    const before = rowsOf(database, 'repositories');
    upgrade(database, 6);
    expect(rowsOf(database, 'repositories')).toEqual(before);
    const found = database.prepare(`SELECT rowid AS id FROM repository_search WHERE search_text MATCH '"a/li"'`).all();
    expect(found).toEqual([{ id: 1 }]);
  });

  it('0007 leaves history as it was', () => {
    const database = databaseAt(6);
    insertRepository(database, 1);
    insert(database, 'jobs', runningJob);
    insert(database, 'runs', anyRun);
    const before = rowsOf(database, 'runs');
    upgrade(database, 7);
    expect(rowsOf(database, 'runs')).toEqual(before);
  });

  it('0009 knows who is on which List by what was kept of them', () => {
    const database = databaseAt(8);
    insertRepository(database, 1);
    const kept = [
      { name: 'Later', githubIds: [1, 7] },
      { name: 5, githubIds: [1] },
      { name: 'web', githubIds: [1, 'x'] },
    ];
    database.prepare('INSERT INTO engine_values (key, value) VALUES (?, ?)').run('github-lists', JSON.stringify(kept));
    upgrade(database, 9);
    expect(rowsOf(database, 'github_list_items')).toEqual([
      { name: 'Later', github_id: 1 },
      { name: 'web', github_id: 1 },
      { name: 'Later', github_id: 7 },
    ]);
    const other = databaseAt(8);
    other.prepare('INSERT INTO engine_values (key, value) VALUES (?, ?)').run('github-lists', '{"a":1}');
    upgrade(other, 9);
    expect(rowsOf(other, 'github_list_items')).toEqual([]);
  });

  it('do nothing to a database that has them all', () => {
    const database = databaseAt(migrations.length);
    expect(migrate(database, migrations)).toBe(0);
    expect(database.pragma('foreign_keys', { simple: true })).toBe(1);
  });

  it('leave the database at the last good one when one fails', () => {
    const broken: Migration = {
      version: 2,
      name: 'broken',
      statements: 'CREATE TABLE left_over (a INTEGER) STRICT; INSERT INTO no_such_table VALUES (1);',
    };
    const database = databaseAt(1);
    expect(() => migrate(database, [...migrations.slice(0, 1), broken])).toThrow('no_such_table');
    expect(database.pragma('user_version', { simple: true })).toBe(1);
    expect(database.prepare("SELECT name FROM sqlite_schema WHERE name = 'left_over'").all()).toEqual([]);
  });

  it('leave no row without its parent', () => {
    const careless: Migration = { version: 3, name: 'careless', statements: 'DELETE FROM repositories;' };
    const database = databaseAt(2);
    insertRepository(database, 1);
    insert(database, 'jobs', queuedJob);
    expect(() => migrate(database, [...migrations.slice(0, 2), careless])).toThrow('without their parent');
    expect(rowsOf(database, 'repositories')).toHaveLength(1);
  });
});
