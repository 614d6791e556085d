/** @file The port `Git`, on a git executable. Composes the parts; must not know the jobs that use it. */
import { spawn } from 'node:child_process';
import { EpicstarError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Git } from '../../ports/git.ts';
import type { Log, Redactor } from '../../ports/log.ts';
import type { ProxyFor } from '../../ports/proxies.ts';
import { findFastForwards } from './ancestry.ts';
import { createCacheFolder } from './cache.ts';
import { createCalls } from './calls.ts';
import { readContents, tipsMark } from './contents.ts';
import { createCopies } from './copies.ts';
import { checkCopy, digestOf } from './check-copy.ts';
import { copyToBranch } from './copy-ref.ts';
import { cutHistory } from './cut-history.ts';
import { createDoor } from './door.ts';
import { createFetcher } from './fetch.ts';
import type { HttpFetch } from './http-refs.ts';
import { listLocalRefs, listRemoteRefs } from './list-refs.ts';
import { bundledGitDir } from './location.ts';
import {
  countBytesOnlyIn,
  estimatePackBytes,
  findFilesAtTips,
  findMissingObjects,
  findPeeledTypes,
} from './objects.ts';
import type { Spawn } from './process-tree.ts';
import { createPusher } from './push.ts';
import { removeLeftScratch } from './scratch-repository.ts';
import { tryPush } from './trial-push.ts';

export interface GitOptions {
  /** Absolute folder of the caches. It and all in it belong to this adapter. */
  readonly cacheRoot: string;
  /** Absolute folder that git takes for the home directory; belongs to this adapter. */
  readonly homeDir: string;
  readonly log: Log;
  readonly redactor: Redactor;
  readonly clock: Clock;
  /**
   * The program's environment. Of it git gets the search path and the temporary folder alone. `LOCAL_GIT_DIRECTORY`
   * and `GIT_EXEC_PATH` name a git to use instead of the bundled one.
   */
  readonly processEnv: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** PEM file with certificates to trust beside the well-known ones; null: none. */
  readonly caFile?: string | null;
  /** Asked for each call of a http remote; left out: straight there. */
  readonly proxyFor?: ProxyFor;
  /** A git that is silent for so long is ended with `git-stalled`; default 10 minutes. */
  readonly stallMs?: number;
  /** Folder of the bundled git; default where dugite keeps it. */
  readonly bundledDir?: string;
  readonly spawn?: Spawn;
  /** Lists refs of http remotes without a process; without it, or where its answer is no good, git is asked. */
  readonly fetch?: HttpFetch;
}

const defaultStallMs = 10 * 60 * 1000;

/** Makes the adapter. Nothing is started, read or written until it is asked for something. */
export function createGit(options: GitOptions): Git {
  const { clock, log, redactor, platform, processEnv, homeDir } = options;
  const stallMs = options.stallMs ?? defaultStallMs;
  const door = createDoor({ spawn: options.spawn ?? spawn, platform, clock, log, redactor, stallMs });
  const calls = createCalls({
    door,
    clock,
    redactor,
    processEnv,
    platform,
    homeDir,
    bundledDir: options.bundledDir ?? bundledGitDir(),
    caFile: options.caFile ?? null,
    proxyFor: options.proxyFor ?? (() => Promise.resolve(null)),
  });
  const caches = createCacheFolder(options.cacheRoot, clock);
  const fetcher = createFetcher(calls, log);
  const push = createPusher(calls, redactor, platform);
  const copies = createCopies({ calls, homeDir, push });
  const listRefs: Git['listRefs'] = (remote, how, call) =>
    listRemoteRefs(calls, remote, how, call, options.fetch ?? null);

  /** No foreign error crosses the port. */
  const guard =
    <Args extends readonly unknown[], Result>(work: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      try {
        return await work(...args);
      } catch (error) {
        if (error instanceof EpicstarError) throw error;
        const words = error instanceof Error ? redactor.redact(error.message) : '';
        throw new EpicstarError('git-failed', words, { cause: error });
      }
    };

  return {
    version: guard(async () => {
      const { version, origin, binary } = await calls.located();
      return { version, origin, path: binary };
    }),
    processCount: () => door.processCount(),
    listRefs: guard(listRefs),
    openCache: guard((key) => caches.open(key)),
    removeCache: guard((key) => caches.remove(key)),
    listCaches: guard(() => caches.list()),
    removeCutFetches: guard(() => caches.removeCutFetches()),
    cacheBytes: guard((cache) => caches.bytes(cache)),
    fetch: guard((cache, remote, call, steps) => fetcher.fetch(cache, remote, call, steps)),
    fetchTips: guard((cache, remote, refs, call) => fetcher.fetchTips(cache, remote, refs, call)),
    localRefs: guard((cache, call) => listLocalRefs(calls, cache, call)),
    missingObjects: guard((cache, oids, call) => findMissingObjects(calls, cache, oids, call)),
    peeledTypes: guard((cache, oids, call) => findPeeledTypes(calls, cache, oids, call)),
    filesAtTips: guard((cache, oids, paths, call) => findFilesAtTips(calls, cache, oids, paths, call)),
    fastForwards: guard((cache, pairs, call) => findFastForwards(calls, cache, pairs, call)),
    cutHistory: guard((cache, wants, haves, bytes, call) => cutHistory(calls, cache, { wants, haves, bytes }, call)),
    packBytes: guard((cache, wants, haves, call) => estimatePackBytes(calls, cache, wants, haves, call)),
    push: guard((cache, remote, commands, call) => push(cache, remote, commands, call)),
    // `work` has errors of its own.
    withCopy: (remote, what, call, work) => copies.withCopy(remote, what, call, work),
    removeLeftCopies: guard(() => removeLeftScratch(homeDir)),
    writeBundle: guard((copy, file, call) => copies.writeBundle(copy, file, call)),
    deleteRefs: guard((remote, refs, call) => copies.deleteRefs(remote, refs, call)),
    knownCache: guard((key) => caches.known(key)),
    tipsMark,
    readContents: guard((wanted, call) => readContents(calls, (key) => caches.known(key), wanted, call)),
    bytesOnlyIn: guard((cache, oids, others, call) => countBytesOnlyIn(calls, cache, oids, others, call)),
    checkCopy: guard((copy, call) => checkCopy(calls, copy, call)),
    digestOf,
    copyToBranch: guard((remote, from, to, call) => copyToBranch({ calls, homeDir, push }, remote, from, to, call)),
    tryPush: guard((remote, call) => tryPush({ calls, clock, homeDir, push, listRefs }, remote, call)),
  };
}
