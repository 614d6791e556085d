/**
 * @file Jobs, and rows that cannot be wrong: one running and one pending job a repository at most, times and reasons
 * exactly where the state has them.
 *
 * [Note: current job] `is_current` marks the job that tells the state of its repository: the one that runs, else the
 * newest. A successor becomes current when the job that it follows is over, so a current queued job is always free to
 * be claimed and a successor never is.
 */
import type { Migration } from '../migrate.ts';

export const jobs: Migration = {
  version: 2,
  name: 'jobs',
  statements: `
    CREATE TABLE jobs (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      github_id INTEGER NOT NULL REFERENCES repositories (github_id),
      state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'waiting', 'done', 'failed', 'cancelled')),
      is_current INTEGER NOT NULL CHECK (is_current IN (0, 1)),
      cause TEXT NOT NULL CHECK (cause IN ('new-star', 'pushed', 'renamed', 'sweep', 'user', 'verify')),
      priority INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 3),
      attempt INTEGER NOT NULL CHECK (attempt >= 0),
      size_kb INTEGER NOT NULL CHECK (size_kb >= 0),
      size_class INTEGER GENERATED ALWAYS AS (
        CASE WHEN size_kb < 10000 THEN 0 WHEN size_kb < 100000 THEN 1 WHEN size_kb < 1000000 THEN 2 ELSE 3 END
      ) VIRTUAL,
      queued_at INTEGER NOT NULL,
      started_at INTEGER,
      finished_at INTEGER,
      run_after INTEGER,
      wait_reason TEXT CHECK (wait_reason IN (
        'retry', 'rate-limit', 'offline', 'signed-out', 'paused', 'disk', 'quiet-hours', 'target-starting', 'unavailable'
      )),
      error TEXT CHECK (json_valid(error) AND json_type(error) = 'object'),
      CHECK ((finished_at IS NOT NULL) = (state IN ('done', 'failed', 'cancelled'))),
      CHECK (state NOT IN ('running', 'done', 'failed') OR (started_at IS NOT NULL AND attempt > 0)),
      CHECK (state NOT IN ('queued', 'waiting') OR started_at IS NULL),
      CHECK ((wait_reason IS NOT NULL) = (state = 'waiting')),
      CHECK (run_after IS NULL OR state = 'waiting'),
      CHECK (error IS NULL OR state IN ('queued', 'waiting', 'failed')),
      CHECK (error IS NOT NULL OR state <> 'failed'),
      CHECK (is_current = 1 OR state NOT IN ('running', 'waiting'))
    ) STRICT;

    CREATE UNIQUE INDEX jobs_one_running ON jobs (github_id) WHERE state = 'running';
    CREATE UNIQUE INDEX jobs_one_pending ON jobs (github_id) WHERE state IN ('queued', 'waiting');
    CREATE UNIQUE INDEX jobs_one_current ON jobs (github_id) WHERE is_current = 1;
    -- The order of the claim.
    CREATE INDEX jobs_claim ON jobs (priority, size_class, queued_at, id) WHERE state = 'queued' AND is_current = 1;
    CREATE INDEX jobs_due ON jobs (run_after, id) WHERE state = 'waiting';
    CREATE INDEX jobs_finished ON jobs (finished_at DESC, id DESC) WHERE finished_at IS NOT NULL;
    CREATE INDEX jobs_failed ON jobs (github_id) WHERE state = 'failed' AND is_current = 1;
    CREATE INDEX jobs_repository ON jobs (github_id, id);

    -- Counting some hundred thousand rows for every look at the totals would be slow; the database itself keeps count.
    CREATE TABLE job_totals (
      state TEXT PRIMARY KEY,
      jobs INTEGER NOT NULL CHECK (jobs >= 0),
      size_kb INTEGER NOT NULL CHECK (size_kb >= 0)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO job_totals (state, jobs, size_kb) VALUES
      ('queued', 0, 0), ('running', 0, 0), ('waiting', 0, 0), ('done', 0, 0), ('failed', 0, 0), ('cancelled', 0, 0);

    CREATE TRIGGER jobs_count_insert AFTER INSERT ON jobs BEGIN
      UPDATE job_totals SET jobs = jobs + 1, size_kb = size_kb + NEW.size_kb WHERE state = NEW.state;
    END;
    CREATE TRIGGER jobs_count_delete AFTER DELETE ON jobs BEGIN
      UPDATE job_totals SET jobs = jobs - 1, size_kb = size_kb - OLD.size_kb WHERE state = OLD.state;
    END;
    CREATE TRIGGER jobs_count_update AFTER UPDATE OF state, size_kb ON jobs
    WHEN NEW.state <> OLD.state OR NEW.size_kb <> OLD.size_kb BEGIN
      UPDATE job_totals SET jobs = jobs - 1, size_kb = size_kb - OLD.size_kb WHERE state = OLD.state;
      UPDATE job_totals SET jobs = jobs + 1, size_kb = size_kb + NEW.size_kb WHERE state = NEW.state;
    END;
    -- A job that is not over is claimed by the size that is known now.
    CREATE TRIGGER repositories_resize AFTER UPDATE OF size_kb ON repositories WHEN NEW.size_kb <> OLD.size_kb BEGIN
      UPDATE jobs SET size_kb = NEW.size_kb WHERE github_id = NEW.github_id AND state = 'running';
      UPDATE jobs SET size_kb = NEW.size_kb WHERE github_id = NEW.github_id AND state IN ('queued', 'waiting');
    END;
  `,
};
