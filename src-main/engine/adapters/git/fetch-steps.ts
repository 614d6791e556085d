/**
 * @file A first fetch in steps, so that one that was cut goes on where it was. Must not know which repositories are
 * fetched so.
 *
 * [Note: newest first] The branch that HEAD is on is fetched with its newest history first and deepened from there, the
 * other branches and the tags follow on top. Servers keep older files as differences to newer ones, so going back costs
 * nothing on the wire: curl in seven steps came as 113 MB instead of 126, redis in six as 140 instead of 145. All happens
 * in a repository of its own beside the cache's objects, which takes the cache's place when it is whole: a shallow one is
 * never listed, compared or pushed from.
 */
import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EpicstarError } from '../../domain/errors.ts';
import type { GitCache, GitCall, GitProgress, GitRemote } from '../../ports/git.ts';
import type { FetchSteps } from '../../ports/git-slices.ts';
import type { Log } from '../../ports/log.ts';
import {
  incomingDirOf,
  isShallow,
  isVirgin,
  packBytesOf,
  partialDirOf,
  removeLeftovers,
  writeSkeleton,
} from './cache.ts';
import type { GitCalls } from './calls.ts';
import { classifyFsError } from './classify.ts';
import { fetchOptions, mirrored, mirroredHeads } from './fetch-options.ts';
import { remoteAddress } from './remote-address.ts';

export interface StepsParts {
  readonly calls: GitCalls;
  readonly log: Log;
}

const tip = '+HEAD:refs/epicstar/partial/head';
const firstDeepening = 50;
const mostDeepening = 1_000_000;
/** What a commit takes is not the same everywhere in a history. */
const mostGrowth = 4;
const mostSteps = 2_000;

/**
 * Fills an empty cache.
 *
 * @returns bytes that came; null: this remote cannot be fetched in steps, and nothing is left of the attempt
 */
export async function fetchInSteps(
  { calls, log }: StepsParts,
  cache: GitCache,
  remote: GitRemote,
  call: GitCall,
  steps: FetchSteps,
): Promise<number | null> {
  const partial = { dir: partialDirOf(cache) };
  const discard = (): Promise<void> => rm(partial.dir, { recursive: true, force: true, maxRetries: 3 });
  try {
    await prepare(partial.dir);
    const wasBegun = !(await isVirgin(partial.dir));
    const before = await packBytesOf(partial.dir);
    const deepener = new Deepener(calls, partial, remote, call, steps);
    let isWhole = await deepener.run(wasBegun);
    if (!isWhole && wasBegun) {
      // What was begun leads nowhere any more: upstream has another history now.
      await discard();
      await prepare(partial.dir);
      isWhole = await deepener.run(false);
    }
    if (isWhole) {
      const bytesReceived = Math.max(0, (await packBytesOf(partial.dir)) - before);
      await takePlace(calls, cache, partial, call);
      return bytesReceived;
    }
    log.info('a remote is fetched at once, since its history cannot be fetched in steps');
  } catch (error) {
    const { code, message } = classifyFsError(error);
    // What cannot be finished would keep everybody else waiting for room.
    if (code === 'disk-full') await discard();
    // A step that git cannot make, or that the server refuses in its own words, says nothing of the whole.
    const isRefused = code === 'git-failed' || code === 'git-corrupt' || /remote error: /.test(message);
    if (!isRefused) throw classifyFsError(error);
    log.info('a remote is fetched at once, since a step of it failed', { error });
  }
  await discard();
  return null;
}

async function prepare(dir: string): Promise<void> {
  await writeSkeleton(dir);
  await removeLeftovers(dir);
}

async function takePlace(calls: GitCalls, cache: GitCache, partial: GitCache, call: GitCall): Promise<void> {
  const incoming = incomingDirOf(cache);
  await rm(join(partial.dir, 'refs', 'epicstar'), { recursive: true, force: true });
  await calls.succeed({ args: ['pack-refs', '--all'], cache: partial, call: { signal: call.signal } });
  await rm(incoming, { recursive: true, force: true });
  await rename(partial.dir, incoming);
  await rm(cache.dir, { recursive: true, force: true });
  await rename(incoming, cache.dir);
}

class Deepener {
  readonly #calls: GitCalls;
  readonly #partial: GitCache;
  readonly #remote: GitRemote;
  readonly #call: GitCall;
  readonly #steps: FetchSteps;
  #step = 0;

  constructor(calls: GitCalls, partial: GitCache, remote: GitRemote, call: GitCall, steps: FetchSteps) {
    this.#calls = calls;
    this.#partial = partial;
    this.#remote = remote;
    this.#call = call;
    this.#steps = steps;
  }

  /** @returns whether all is there; else the history ends early, and the remote does not tell more of it */
  async run(wasBegun: boolean): Promise<boolean> {
    const { dir } = this.#partial;
    if (!wasBegun) await this.#fetch(['--depth=1'], [tip]);
    let deepening = firstDeepening;
    while (await isShallow(dir)) {
      if (this.#step >= mostSteps) return false;
      const [edge, bytes] = [await edgeOf(dir), await packBytesOf(dir)];
      await this.#fetch([`--deepen=${deepening}`], [tip]);
      const came = (await packBytesOf(dir)) - bytes;
      if (came <= 0 && (await edgeOf(dir)) === edge) return false;
      deepening = nextDeepening(deepening, came, this.#steps.bytes);
    }
    await this.#fetch([], [mirroredHeads]);
    await this.#fetch(['--prune'], mirrored);
    return !(await isShallow(dir));
  }

  async #fetch(options: readonly string[], refspecs: readonly string[]): Promise<void> {
    this.#step += 1;
    this.#steps.onStep(this.#step);
    const had = await packBytesOf(this.#partial.dir);
    const { signal, onProgress } = this.#call;
    const report = (progress: GitProgress): void =>
      onProgress?.(progress.bytes === null ? progress : { ...progress, bytes: had + progress.bytes });
    const general = fetchOptions.filter((option) => option !== '--prune');
    await this.#calls.succeed({
      args: ['fetch', ...general, ...options, '--stdin', '--', remoteAddress(this.#remote)],
      cache: this.#partial,
      remote: this.#remote,
      call: { signal, onProgress: report },
      input: `${refspecs.join('\n')}\n`,
    });
  }
}

/** By what the last one brought, so that the next brings as much as it shall. */
function nextDeepening(last: number, came: number, wanted: number): number {
  const growth = came <= 0 ? mostGrowth : wanted / came;
  const next = Math.round(last * Math.min(mostGrowth, Math.max(1 / mostGrowth, growth)));
  return Math.min(mostDeepening, Math.max(1, next));
}

/** The commits that the history ends at for now. */
async function edgeOf(dir: string): Promise<string> {
  try {
    return await readFile(join(dir, 'shallow'), 'latin1');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw new EpicstarError('git-failed', 'The edge of a shallow history cannot be read.', { cause: error });
  }
}
