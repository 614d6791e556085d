/** @file What a job's work answers and leaves in the count of caches, whatever fails on the way. */
import { beforeEach, describe, expect, it } from 'vitest';
import { CacheBudget } from '../../../src-main/engine/core/cache-budget.ts';
import { runMirrorJob } from '../../../src-main/engine/core/mirror-work.ts';
import { NamesInWork } from '../../../src-main/engine/core/names-in-work.ts';
import { PushLanes } from '../../../src-main/engine/core/push-lanes.ts';
import { EpicstarError } from '../../../src-main/engine/domain/errors.ts';
import type { Job, Outcome } from '../../../src-main/engine/domain/job.ts';
import type { Git, GitRemote } from '../../../src-main/engine/ports/git.ts';
import type { Github } from '../../../src-main/engine/ports/github.ts';
import type { MirrorTarget } from '../../../src-main/engine/ports/mirror-target.ts';
import type { Store } from '../../../src-main/engine/ports/store.ts';
import { createMemoryStore } from '../../conformance/memory-store.ts';
import { facts, star } from '../../support/facts.ts';
import { createKeptLog } from '../../support/kept-log.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const remote: GitRemote = { url: 'http://127.0.0.1/x', transport: 'http', authorization: null };
const branch = new Map([['refs/heads/main', '1'.repeat(40)]]);

describe('the work of a job', () => {
  let store: Store;
  let cached: Map<number, number>;
  let target: Map<string, string>;
  /** The method of git that fails, and how. */
  let failure: { readonly at: 'fetch' | 'localRefs' | 'push' | 'none'; readonly code: 'git-corrupt' | 'git-network' };

  beforeEach(async () => {
    store = createMemoryStore();
    await store.observeStars([star(1, { githubId: 1 }), star(2, { githubId: 2 })], 1, () => 'new-star');
    cached = new Map();
    target = new Map();
    failure = { at: 'none', code: 'git-network' };
  });

  const fail = (at: typeof failure.at): void => {
    if (failure.at === at) throw new EpicstarError(failure.code, '');
  };
  const scriptedGit = (): Git => {
    const git: Partial<Git> = {
      digestOf: () => 'digest',
      tipsMark: () => 'mark',
      readContents: async () => null,
      openCache: async (key) => ({ cache: { dir: String(key) }, isNew: !cached.has(key) }),
      removeCache: async (key) => {
        cached.delete(key);
      },
      listCaches: async () => [...cached].map(([key, bytes]) => ({ key, bytes, usedAt: 0 })),
      cacheBytes: async ({ dir }) => cached.get(Number(dir)) ?? 0,
      fetch: async ({ dir }) => {
        cached.set(Number(dir), 60);
        fail('fetch');
        return { bytesReceived: 60 };
      },
      localRefs: async () => {
        fail('localRefs');
        return branch;
      },
      listRefs: async (_remote, how) => ({
        refs: how === 'advertised' ? new Map(target) : branch,
        head: null,
        unreadable: [],
      }),
      push: async (_cache, _remote, commands) => {
        fail('push');
        for (const { ref, oid } of commands) if (oid !== null) target.set(ref, oid);
        return { accepted: commands.map(({ ref }) => ref), rejected: [], output: '', bytesSent: 1 };
      },
    };
    return git as Git;
  };

  const bench = () => {
    const git = scriptedGit();
    const log = createKeptLog();
    const github: Pick<Github, 'repositoryById' | 'remote'> = {
      repositoryById: async (githubId) => ({ kind: 'found', repository: facts({ githubId }) }),
      remote: async () => remote,
    };
    const limits = { refsPerPush: 500, smallPackBytes: 1e9, smallPushesAtOnce: 4 };
    const mirrorTarget: Partial<MirrorTarget> = {
      limits,
      refFitness: () => null,
      ensureProject: async () => ({ project: { id: '1', path: 'p', webUrl: null }, how: 'created', movedFrom: null }),
      remote: async () => remote,
      setDefaultBranch: async () => undefined,
      automaticDefault: (branches) => branches[0] ?? null,
    };
    const parts = {
      github: github as Github,
      target: mirrorTarget as MirrorTarget,
      git,
      store,
      disk: { dataDir: '', freeBytes: () => Promise.resolve(null), writeProblem: () => Promise.resolve(null) },
      clock: new ManualClock(),
      lanes: new PushLanes(4),
      names: new NamesInWork(),
      pushLimits: limits,
      holdLossPercent: 50,
      log,
    };
    const budget = new CacheBudget({ git, log, limitBytes: 100 });
    const call = { signal: new AbortController().signal, onPhase: () => undefined, onGit: () => undefined };
    return async (): Promise<Outcome> => {
      const job: Job | null = await store.claimNextJob(1, true);
      if (job === null) throw new Error('no job');
      target.clear();
      return runMirrorJob(parts, budget, job, call);
    };
  };

  it('is done once both ends are equal', async () => {
    const work = bench();
    expect(await work()).toMatchObject({ kind: 'done', proof: { refCount: 1, cacheBytes: 60 } });
    expect([...cached.keys()]).toEqual([1]);
    expect(await work()).toMatchObject({ kind: 'done' });
    // Both take 120, and 100 are allowed.
    expect([...cached.keys()]).toEqual([2]);
  });

  it('has what a run had fetched in the count, wherever the run failed', async () => {
    for (const at of ['fetch', 'localRefs', 'push'] as const) {
      cached.clear();
      store = createMemoryStore();
      await store.observeStars([star(1, { githubId: 1 }), star(2, { githubId: 2 })], 1, () => 'new-star');
      const work = bench();
      failure = { at: 'none', code: 'git-network' };
      await work();
      failure = { at, code: 'git-network' };
      expect(await work(), at).toMatchObject({ kind: 'retry', error: { code: 'git-network' } });
      expect([...cached.keys()], at).toEqual([2]);
    }
  });

  it('drops a damaged cache, and counts nothing of it', async () => {
    const work = bench();
    await work();
    failure = { at: 'push', code: 'git-corrupt' };
    expect(await work()).toMatchObject({ kind: 'retry', error: { code: 'git-corrupt' } });
    expect([...cached.keys()]).toEqual([1]);
  });

  it('becomes a failure of our own where there is no such repository', async () => {
    const work = bench();
    store.repository = () => Promise.resolve(null);
    expect(await work()).toMatchObject({ kind: 'retry', error: { code: 'internal' } });
  });
});
