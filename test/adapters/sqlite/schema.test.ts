/** @file Rows that the schema refuses, counts that it keeps, and the indexes that its statements use. */
import { describe, expect, it } from 'vitest';
import { migrations } from '../../../src-main/engine/adapters/sqlite/migrations/index.ts';
import {
  causePriority,
  jobCauses,
  jobStates,
  runOutcomes,
  sizeClass,
  waitReasons,
} from '../../../src-main/engine/domain/job.ts';
import { anyRun, databaseAt, insert, insertRepository, queuedJob, rowsOf, runningJob } from './bench-store.ts';

function filled() {
  const database = databaseAt(migrations.length);
  insertRepository(database, 1);
  insertRepository(database, 2);
  return database;
}

const waiting = { ...queuedJob, state: 'waiting', run_after: 9, wait_reason: 'retry', attempt: 1 };
const done = { ...runningJob, state: 'done', finished_at: 8 };
const failed = { ...done, state: 'failed', error: '{}' };
const mirror = {
  mirror_project_id: '1',
  mirror_project_path: 'p',
  mirror_verified_at: 1,
  mirror_ref_count: 1,
  mirror_cache_bytes: 1,
  mirror_unfit_refs: 0,
};

describe('the schema takes', () => {
  it.each([
    ['a queued job', queuedJob],
    ['a running job', runningJob],
    ['a waiting job', waiting],
    ['a job that waits for no time', { ...waiting, run_after: null }],
    ['a done job', done],
    ['a failed job', failed],
    ['a job cancelled before it ran', { ...queuedJob, state: 'cancelled', finished_at: 8 }],
  ])('%s', (_, row) => {
    const database = filled();
    insert(database, 'jobs', row);
    expect(rowsOf(database, 'jobs')).toMatchObject([row]);
  });

  it('every state, cause, reason and outcome that the domain knows', () => {
    const rows = {
      queued: queuedJob,
      running: runningJob,
      waiting,
      done,
      failed,
      cancelled: { ...done, state: 'cancelled' },
    };
    for (const state of jobStates) insert(filled(), 'jobs', rows[state]);
    for (const cause of jobCauses) insert(filled(), 'jobs', { ...queuedJob, cause, priority: causePriority[cause] });
    for (const reason of waitReasons) insert(filled(), 'jobs', { ...waiting, wait_reason: reason });
    for (const outcome of runOutcomes) {
      const database = filled();
      insert(database, 'jobs', done);
      insert(database, 'runs', { ...anyRun, outcome });
      expect(rowsOf(database, 'runs')).toHaveLength(1);
    }
  });

  it('a complete mirror', () => {
    const database = filled();
    insertRepository(database, 3, mirror);
    expect(rowsOf(database, 'repositories')).toHaveLength(3);
  });
});

describe('the schema refuses', () => {
  it.each([
    ['an unknown state', { ...queuedJob, state: 'paused' }],
    ['an unknown cause', { ...queuedJob, cause: 'mood' }],
    ['a negative attempt', { ...queuedJob, attempt: -1 }],
    ['a queued job that has started', { ...queuedJob, started_at: 6 }],
    ['a queued job that is over', { ...queuedJob, finished_at: 6 }],
    ['a queued job that waits for a time', { ...queuedJob, run_after: 6 }],
    ['a running job that has not started', { ...runningJob, started_at: null }],
    ['a running job without an attempt', { ...runningJob, attempt: 0 }],
    ['a running job that is over', { ...runningJob, finished_at: 9 }],
    ['a running job with a reason to wait', { ...runningJob, wait_reason: 'retry' }],
    ['a running job with an error', { ...runningJob, error: '{}' }],
    ['a running job that is not current', { ...runningJob, is_current: 0 }],
    ['a waiting job without a reason', { ...waiting, wait_reason: null }],
    ['a waiting job with an unknown reason', { ...waiting, wait_reason: 'moon' }],
    ['a waiting job that runs', { ...waiting, started_at: 6 }],
    ['a done job that is not over', { ...done, finished_at: null }],
    ['a done job with an error', { ...done, error: '{}' }],
    ['a failed job without an error', { ...failed, error: null }],
    ['an error that is not JSON', { ...failed, error: 'oops' }],
    ['an error that is no object', { ...failed, error: '[]' }],
    ['a job of an unknown repository', { ...queuedJob, github_id: 77 }],
    ['a size that is no number', { ...queuedJob, size_kb: 'big' }],
  ])('%s', (_, row) => {
    const database = filled();
    expect(() => insert(database, 'jobs', row)).toThrow(/constraint failed|cannot store/);
    expect(rowsOf(database, 'jobs')).toEqual([]);
  });

  it.each([
    ['two running jobs', runningJob, runningJob],
    ['two queued jobs', { ...queuedJob, is_current: 0 }, queuedJob],
    ['a queued and a waiting job', { ...queuedJob, is_current: 0 }, waiting],
    ['two current jobs', done, queuedJob],
  ])('%s of one repository', (_, first, second) => {
    const database = filled();
    insert(database, 'jobs', first);
    expect(() => insert(database, 'jobs', second)).toThrow('UNIQUE constraint failed');
    insert(database, 'jobs', { ...second, github_id: 2 });
  });

  it('half a mirror, broken lists and names', () => {
    const database = filled();
    for (const name of Object.keys(mirror)) {
      expect(() => insertRepository(database, 3, { ...mirror, [name]: null })).toThrow('CHECK constraint failed');
    }
    for (const change of [{ mirror_project_url: 'x' }, { topics: '{}' }, { previous_names: 'x' }, { full_name: 'x' }]) {
      expect(() => insertRepository(database, 3, change)).toThrow('CHECK constraint failed');
    }
  });

  it('unknown choices and decisions', () => {
    const database = filled();
    for (const change of [{ choice: 'maybe' }, { selection: 'all' }, { selection: null }, { selection_reason: null }]) {
      expect(() => insertRepository(database, 3, change)).toThrow('constraint failed');
    }
    insertRepository(database, 3, { choice: 'exclude', selection: 'skip', selection_reason: 'excluded by you' });
  });

  it('runs of unknown jobs, unknown outcomes and broken reports', () => {
    const database = filled();
    expect(() => insert(database, 'runs', anyRun)).toThrow('FOREIGN KEY constraint failed');
    insert(database, 'jobs', done);
    for (const change of [{ outcome: 'fine' }, { report: '[]' }, { report: '{' }, { error: '1' }, { attempt: 0 }]) {
      expect(() => insert(database, 'runs', { ...anyRun, ...change })).toThrow('CHECK constraint failed');
    }
    expect(() => database.exec('DELETE FROM jobs')).not.toThrow();
  });

  it('to lose a job or a repository that history names', () => {
    const database = filled();
    insert(database, 'jobs', done);
    insert(database, 'runs', anyRun);
    expect(() => database.exec('DELETE FROM jobs')).toThrow('FOREIGN KEY constraint failed');
    expect(() => database.exec('DELETE FROM repositories WHERE github_id = 1')).toThrow(
      'FOREIGN KEY constraint failed',
    );
  });
});

describe('the schema keeps', () => {
  it('the size class as the domain reckons it', () => {
    const database = filled();
    insert(database, 'jobs', queuedJob);
    for (const sizeKb of [0, 9_999, 10_000, 99_999, 100_000, 999_999, 1_000_000, 50_000_000]) {
      database.prepare('UPDATE jobs SET size_kb = ?').run(sizeKb);
      expect(rowsOf(database, 'jobs')).toMatchObject([{ size_kb: sizeKb }]);
      expect(database.prepare('SELECT size_class FROM jobs').pluck().get()).toBe(sizeClass(sizeKb));
    }
  });

  it('count of jobs and sizes through inserts, changes and deletes', () => {
    const database = filled();
    insert(database, 'jobs', queuedJob);
    insert(database, 'jobs', { ...runningJob, github_id: 2 });
    database.exec('UPDATE repositories SET size_kb = 50 WHERE github_id = 2');
    expect(rowsOf(database, 'job_totals')).toContainEqual({ state: 'running', jobs: 1, size_kb: 50 });
    database.exec("UPDATE jobs SET state = 'cancelled', finished_at = 9 WHERE github_id = 1");
    database.exec('DELETE FROM jobs WHERE github_id = 2');
    const counted = rowsOf(database, 'job_totals').filter((row) => JSON.stringify(row).includes('"jobs":1'));
    expect(counted).toEqual([{ state: 'cancelled', jobs: 1, size_kb: 7 }]);
    database.exec('UPDATE repositories SET size_kb = 999 WHERE github_id = 1');
    expect(rowsOf(database, 'jobs')).toMatchObject([{ size_kb: 7 }]);
  });
});

describe('the index of words', () => {
  it('follows every change of a repository', () => {
    const database = filled();
    const found = (word: string): unknown =>
      database.prepare('SELECT rowid FROM repository_search WHERE search_text MATCH ?').pluck().all(`"${word}"`);
    insertRepository(database, 3, { search_text: 'first words' });
    expect([found('words'), found('other')]).toEqual([[3], []]);
    database.exec("UPDATE repositories SET search_text = 'other text' WHERE github_id = 3");
    expect([found('words'), found('other')]).toEqual([[], [3]]);
    database.exec('UPDATE repositories SET size_kb = 77 WHERE github_id = 3');
    expect(found('other')).toEqual([3]);
    database.exec('DELETE FROM repositories WHERE github_id = 3');
    expect(found('other')).toEqual([]);
    database.exec("INSERT INTO repository_search (repository_search, rank) VALUES ('integrity-check', 1)");
  });
});

describe('the indexes serve', () => {
  const planOf = (statement: string): string => {
    const steps: unknown[] = databaseAt(migrations.length).prepare(`EXPLAIN QUERY PLAN ${statement}`).all();
    return JSON.stringify(steps);
  };

  it.each([
    [
      'the claim',
      'jobs_claim',
      `SELECT id FROM jobs WHERE state = 'queued' AND is_current = 1 AND size_class < 3
      ORDER BY priority, size_class, queued_at, id LIMIT 1`,
    ],
    ['due jobs', 'jobs_due', `UPDATE jobs SET state = 'queued' WHERE state = 'waiting' AND run_after <= 5`],
    ['the next due time', 'jobs_due', `SELECT min(run_after) FROM jobs WHERE state = 'waiting'`],
    ['a running job', 'jobs_one_running', `SELECT 1 FROM jobs WHERE github_id = 1 AND state = 'running'`],
    ['a pending job', 'jobs_one_pending', `SELECT 1 FROM jobs WHERE github_id = 1 AND state IN ('queued', 'waiting')`],
    [
      'the newest that are over',
      'jobs_finished',
      `SELECT * FROM jobs WHERE finished_at IS NOT NULL
      ORDER BY finished_at DESC, id DESC LIMIT 50`,
    ],
    ['the failed', 'jobs_failed', `SELECT count(*) FROM jobs WHERE state = 'failed' AND is_current = 1`],
    [
      'the totals',
      'repositories_totals',
      `SELECT count(*), count(absent_since), count(mirror_verified_at)
      FROM repositories`,
    ],
    [
      'names',
      'repositories_name',
      `SELECT github_id FROM repositories
      ORDER BY full_name COLLATE NOCASE, github_id LIMIT 50`,
    ],
    [
      'names from their end',
      'repositories_name',
      `SELECT github_id FROM repositories
      ORDER BY full_name COLLATE NOCASE DESC, github_id DESC LIMIT 50`,
    ],
    [
      'what was pushed last',
      'repositories_pushed',
      'SELECT github_id FROM repositories ORDER BY pushed_at DESC, github_id ASC LIMIT 50',
    ],
    [
      'what was pushed first',
      'repositories_pushed',
      'SELECT github_id FROM repositories ORDER BY pushed_at ASC, github_id DESC LIMIT 50',
    ],
    [
      'the longest not verified',
      'repositories_verified',
      'SELECT github_id FROM repositories ORDER BY mirror_verified_at ASC, github_id DESC LIMIT 50',
    ],
    [
      'words',
      'VIRTUAL TABLE INDEX 0:M',
      `SELECT count(*) FROM repositories r
      WHERE r.github_id IN (SELECT rowid FROM repository_search WHERE search_text MATCH '"git"')`,
    ],
    [
      'owners',
      'repositories_owner',
      `SELECT github_id FROM repositories
      WHERE owner COLLATE NOCASE IN (SELECT value FROM json_each('["mona"]'))`,
    ],
    [
      'sizes by owner',
      'repositories_owner',
      'SELECT count(*), sum(size_kb) FROM repositories GROUP BY owner COLLATE NOCASE',
    ],
    [
      'counts of what a filter leaves',
      'COVERING INDEX repositories_filters',
      `SELECT count(*) FROM repositories r
      WHERE coalesce(r.language, '') COLLATE NOCASE IN (SELECT value FROM json_each('["go"]'))
        AND r.is_fork = 0 AND r.selection = 'mirror' AND +r.absent_since IS NULL`,
    ],
    [
      'states of repositories',
      'COVERING INDEX jobs_states',
      `SELECT count(*) FROM repositories r
      LEFT JOIN jobs j ON j.github_id = r.github_id AND j.is_current = 1 WHERE j.state = 'failed' OR r.selection = 'ask'`,
    ],
    [
      'outcomes of a day',
      'COVERING INDEX runs_days',
      `SELECT count(*) FROM runs WHERE outcome = 'done' AND finished_at >= 5 AND finished_at < 9`,
    ],
    [
      'stars of a time',
      'COVERING INDEX repositories_starred',
      'SELECT count(*) FROM repositories WHERE starred_at >= 5 AND starred_at < 9',
    ],
    [
      'searches of history',
      'COVERING INDEX runs_names',
      `SELECT count(*) FROM runs INDEXED BY runs_names
      WHERE outcome = 'done' AND finished_at >= 5 AND instr(lower(full_name), 'a') > 0`,
    ],
    ['old runs', 'runs_finished', 'DELETE FROM runs WHERE finished_at < 5'],
    ['runs of a repository', 'runs_repository', `SELECT * FROM runs WHERE github_id = 1 ORDER BY id DESC LIMIT 50`],
  ])('%s', (_, index, statement) => {
    const plan = planOf(statement);
    expect(plan).toContain(index);
    expect(plan).not.toContain('TEMP B-TREE');
  });
});
