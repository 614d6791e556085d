/**
 * @file Hours and days, moved by hand: tokens that are replaced without a word, clocks that are put back, failures that
 * end unseen. Nothing may wait for a restart.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { JobRunner } from '../../src-main/engine/core/job-runner.ts';
import { Knocker } from '../../src-main/engine/core/knocker.ts';
import { defaultRetryPolicy } from '../../src-main/engine/core/retry-policy.ts';
import { ServiceGates } from '../../src-main/engine/core/service-gates.ts';
import { StarWatcher } from '../../src-main/engine/core/star-watcher.ts';
import { Sweeper } from '../../src-main/engine/core/sweeper.ts';
import { type ErrorCode, EpicstarError } from '../../src-main/engine/domain/errors.ts';
import { emptyReport, type Outcome, type WaitReason } from '../../src-main/engine/domain/job.ts';
import type { Github } from '../../src-main/engine/ports/github.ts';
import type { Log } from '../../src-main/engine/ports/log.ts';
import type { RepositoryState, Store } from '../../src-main/engine/ports/store.ts';
import { createMemoryStore } from '../conformance/memory-store.ts';
import { star } from '../support/facts.ts';
import { ManualClock, settle } from '../support/manual-clock.ts';

const log: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => log,
};
const minute = 60_000;
const day = 24 * 60 * minute;
const proof = {
  projectId: '1',
  projectPath: 'p',
  projectUrl: null,
  fullName: 'a/b',
  defaultBranch: null,
  pushedAt: null,
  verifiedAt: Date.UTC(2026, 0, 2),
  refCount: 0,
  cacheBytes: 0,
};
const done: Outcome = { kind: 'done', proof, report: emptyReport };

/** Its wall clock can be set. */
class JumpingClock extends ManualClock {
  offsetMs = 0;

  override now(): number {
    return super.now() + this.offsetMs;
  }
}

function waiting(code: ErrorCode, reason: WaitReason, until: number | null): Outcome {
  return { kind: 'wait', reason, until, error: new EpicstarError(code, '').toRecord(), report: emptyReport };
}

describe('time passes and', () => {
  let clock: JumpingClock;
  let store: Store;
  let gates: ServiceGates;
  let outcome: Outcome;
  let tries: number;

  beforeEach(async () => {
    clock = new JumpingClock();
    store = createMemoryStore();
    gates = new ServiceGates(clock);
    outcome = done;
    tries = 0;
  });

  const observe = (count: number): Promise<unknown> =>
    store.observeStars(
      Array.from({ length: count }, (_, index) =>
        star(index + 1, { githubId: index + 1, fullName: `a/r${index + 1}` }),
      ),
      clock.now(),
      () => 'new-star',
    );
  const startRunner = (): JobRunner => {
    const runner = new JobRunner({
      store,
      clock,
      random: () => 0,
      network: { isOnline: () => true, onChange: () => () => undefined },
      log,
      gates,
      retry: defaultRetryPolicy,
      concurrency: 1,
      work: () => {
        tries += 1;
        return Promise.resolve(outcome);
      },
      onRun: () => undefined,
      onWork: () => undefined,
      onJobsChanged: () => undefined,
    });
    runner.start(() => false);
    return runner;
  };
  const startKnocker = (runner: JobRunner): void =>
    new Knocker({ store, gates, clock, log, onJobs: () => runner.kick() }).start();
  const counts = async (): Promise<{ readonly done: number; readonly waiting: number; readonly failed: number }> =>
    (await store.totals()).jobs;

  it('a token that was replaced without a word is found out, with one try at a time until then', async () => {
    await observe(50);
    outcome = waiting('target-signed-out', 'signed-out', null);
    const runner = startRunner();
    startKnocker(runner);
    await settle();
    expect(tries).toBe(1);
    await clock.advance(12 * 5 * minute);
    expect(tries).toBe(13);
    expect(gates.troubles().map(({ error }) => error.code)).toEqual(['target-signed-out']);
    outcome = done;
    await clock.advance(6 * minute);
    expect(await counts()).toMatchObject({ done: 50, waiting: 0 });
    expect(gates.troubles()).toEqual([]);
  });

  it('a trouble that is over is not told of for ever, though nothing ran since', async () => {
    gates.note(waiting('github-rate-limited', 'rate-limit', clock.now() + minute));
    expect(gates.troubles()).toHaveLength(1);
    await clock.advance(20 * minute);
    expect(gates.troubles()).toEqual([]);
  });

  it('a clock that is put right leaves nobody waiting for a year', async () => {
    clock.offsetMs = 365 * day;
    await observe(3);
    outcome = {
      kind: 'retry',
      error: new EpicstarError('target-unavailable', '').toRecord(),
      report: emptyReport,
    };
    const runner = startRunner();
    startKnocker(runner);
    await settle();
    clock.offsetMs = 0;
    outcome = done;
    await clock.advance(6 * minute);
    expect(await counts()).toMatchObject({ done: 3, waiting: 0 });
  });

  it('a time that only a wrong clock can have named shuts no gate', () => {
    gates.note(waiting('github-rate-limited', 'rate-limit', clock.now() + 365 * day));
    expect(gates.shutUntil()).toBeUndefined();
  });

  it('a failure that nobody looks at is tried again after a day, however many there are', async () => {
    await observe(450);
    outcome = { kind: 'failed', error: new EpicstarError('github-gone', '').toRecord(), report: emptyReport };
    const runner = startRunner();
    await runner.drained(minute);
    expect(await counts()).toMatchObject({ failed: 450 });
    outcome = done;
    const sweeper = new Sweeper({
      store,
      clock,
      log,
      periodMs: 30 * day,
      isHeld: () => false,
      onJobs: () => runner.kick(),
    });
    expect(await sweeper.sweep()).toBe(0);
    await clock.advance(day);
    for (const expected of [200, 200, 50, 0]) {
      expect(await sweeper.sweep()).toBe(expected);
      await runner.drained(minute);
    }
    const row = await store.repositories({ text: '', state: 'failed', order: 'name', offset: 0, limit: 1 });
    expect(row.total).toBe(0);
    const mirrored: RepositoryState = 'mirrored';
    expect((await store.repositories({ text: '', state: mirrored, order: 'name', offset: 0, limit: 1 })).total).toBe(
      450,
    );
  });

  it('a walk that seems to lie ahead is due', async () => {
    const githubOf = (stars: readonly ReturnType<typeof star>[], total: number): Github =>
      ({
        starHead: () => Promise.resolve({ newest: null, total }),
        starPage: () => Promise.resolve({ stars, unreadable: [], hasNext: false, lastPage: null }),
      }) as Pick<Github, 'starHead' | 'starPage'> as Github;
    const watcherOf = (github: Github): StarWatcher =>
      new StarWatcher({
        github,
        store,
        clock,
        log,
        fullWalkEveryMs: day,
        onWalk: () => undefined,
        onJobs: () => undefined,
        select: () => ({ selection: 'mirror', reason: 'chosen by the rules' }),
      });
    await store.rememberWatcher({ head: null, total: 0, lastFullWalkAt: clock.now() + 365 * day });
    const { signal } = new AbortController();
    expect(await watcherOf(githubOf([], 0)).look(false, signal)).toMatchObject({ kind: 'full', isEvidence: true });
    expect(await watcherOf(githubOf([], 0)).look(false, signal)).toMatchObject({ kind: 'quick' });
    // A list that counts stars and shows none is no quiet day.
    await expect(watcherOf(githubOf([], 7)).look(true, signal)).rejects.toMatchObject({ code: 'github-unexpected' });
  });
});
