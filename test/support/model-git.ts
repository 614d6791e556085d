/** @file The engine's git port of a model: caches, and what goes between them and both ends. */
import { EpicstarError } from '../../src-main/engine/domain/errors.ts';
import type { Git, GitCache, GitCall, GitRemote, RefListing } from '../../src-main/engine/ports/git.ts';
import type { HistoryPoint } from '../../src-main/engine/ports/git-slices.ts';
import type { ModelGithub, ModelRepository } from './model-github.ts';
import type { GithubTroubles } from './model-github-port.ts';
import type { ModelGraph } from './model-graph.ts';
import { type Life, throwIfAborted } from './model-life.ts';
import type { ModelProject, ModelTarget } from './model-target.ts';

interface Cache {
  readonly objects: Set<string>;
  readonly refs: Map<string, string>;
  usedAt: number;
}

/** What is on the disk, whichever process lives. */
export type ModelCaches = Map<number, Cache>;

export interface ModelGitParts {
  readonly graph: ModelGraph;
  readonly caches: ModelCaches;
  readonly github: ModelGithub;
  readonly troubles: GithubTroubles;
  readonly target: ModelTarget;
  readonly life: Life;
}

const bytesPerObject = 100;
/** Most transfers are over at once; some take so long that much happens meanwhile. */
const transferMs = { quick: 1_000, long: 25 * 60_000 };
const longShare = 0.25;
const mirrored = /^refs\/(?:heads|tags)\//;

export function createModelGit(parts: ModelGitParts): Git {
  const { graph, caches, github, troubles, target, life } = parts;
  const cacheOf = ({ dir }: GitCache): Cache => {
    const cache = caches.get(Number(dir));
    if (cache === undefined) throw new EpicstarError('git-corrupt', `no cache ${dir}`);
    return cache;
  };
  const source = ({ url }: GitRemote): ModelRepository => {
    if (troubles.isAway()) throw new EpicstarError('git-network', '');
    const repository = github.byName(url.slice('https://github.com/'.length));
    if (repository === null || repository.access === 'closed') throw new EpicstarError('git-not-found', '');
    if (repository.isBlocked) throw new EpicstarError('git-auth-refused', '');
    return repository;
  };
  const project = ({ url }: GitRemote): ModelProject => {
    if (target.away === 'away') throw new EpicstarError('git-network', '');
    const found = target.byPath(url.slice('https://onedev.example/'.length));
    if (found === null || target.away === 'starting') throw new EpicstarError('git-not-found', '');
    return found;
  };
  const list = (remote: GitRemote): RefListing => {
    const isSource = remote.url.startsWith('https://github.com/');
    const { refs, head } = isSource ? headOf(source(remote)) : targetHeadOf(project(remote));
    return { refs: new Map(refs), head, unreadable: [] };
  };
  const quick = <T>({ signal }: GitCall, act: () => T): Promise<T> =>
    life.step(() => {
      throwIfAborted(signal);
      return act();
    });
  const transfer = <T extends object>(signal: AbortSignal, effect: () => T): Promise<T> => {
    const tookMs = life.random() < longShare ? transferMs.long : transferMs.quick;
    return life.slowStep(signal, tookMs, effect);
  };
  const take = (cache: Cache, tips: Iterable<string>): number => {
    const before = cache.objects.size;
    for (const oid of graph.closure(tips)) cache.objects.add(oid);
    return (cache.objects.size - before) * bytesPerObject;
  };
  return {
    version: () => life.step(() => ({ version: '2', origin: 'system', path: '/git' })),
    processCount: () => 0,
    listRefs: (remote, _how, call) => quick(call, () => list(remote)),
    openCache: (key) =>
      life.step(() => {
        const isNew = !caches.has(key);
        const cache = caches.get(key) ?? { objects: new Set(), refs: new Map(), usedAt: 0 };
        caches.set(key, { ...cache, usedAt: life.clock.now() });
        return { cache: { dir: String(key) }, isNew };
      }),
    removeCache: (key) => life.step(() => void caches.delete(key)),
    removeCutFetches: async () => undefined,
    listCaches: () =>
      life.step(() =>
        [...caches].map(([key, { objects, usedAt }]) => ({ key, bytes: objects.size * bytesPerObject, usedAt })),
      ),
    cacheBytes: (cache) => life.step(() => cacheOf(cache).objects.size * bytesPerObject),
    fetch: (handle, remote, { signal }) =>
      transfer(signal, () => {
        const cache = cacheOf(handle);
        const { refs } = source(remote);
        const bytesReceived = take(cache, refs.values());
        for (const ref of cache.refs.keys()) if (mirrored.test(ref)) cache.refs.delete(ref);
        for (const [ref, oid] of refs) cache.refs.set(ref, oid);
        return { bytesReceived };
      }),
    fetchTips: async (handle, remote, refs, { signal }) => {
      await transfer(signal, () => {
        const cache = cacheOf(handle);
        const there = [...project(remote).refs].filter(([ref]) =>
          refs.some((wanted) => (wanted.endsWith('*') ? ref.startsWith(wanted.slice(0, -1)) : ref === wanted)),
        );
        if (there.length < refs.filter((ref) => !ref.endsWith('*')).length) throw new EpicstarError('git-failed', '');
        const isSeed = cache.objects.size === 0 && refs.some((ref) => ref.endsWith('*'));
        take(
          cache,
          there.map(([, oid]) => oid),
        );
        // The first fetch into an empty cache takes refs under their own names as well.
        if (isSeed) for (const [ref, oid] of there) cache.refs.set(ref, oid);
        return {};
      });
    },
    localRefs: (cache, call) => quick(call, () => new Map(cacheOf(cache).refs)),
    missingObjects: (handle, oids, call) =>
      quick(call, () => new Set(oids.filter((oid) => !cacheOf(handle).objects.has(oid)))),
    peeledTypes: (_cache, oids, call) => quick(call, () => new Map(oids.map((oid) => [oid, graph.get(oid).kind]))),
    filesAtTips: async () => new Map(),
    fastForwards: (handle, pairs, call) =>
      quick(call, () => {
        const { objects } = cacheOf(handle);
        for (const pair of pairs) {
          if (!objects.has(pair.old) || !objects.has(pair.new)) throw new EpicstarError('git-failed', 'not a commit');
        }
        return new Set(pairs.flatMap((pair, index) => (graph.isAncestor(pair.old, pair.new) ? [index] : [])));
      }),
    cutHistory: (_cache, wants, haves, bytes, call) =>
      quick(call, () => {
        const there = graph.closure(haves);
        const [gone, points, tips] = [new Set<string>(), [] as HistoryPoint[], new Set<string>()];
        let since = 0;
        // An object is made after those that it leads to, so its id is greater.
        for (const oid of [...graph.closure(wants)].filter((each) => !there.has(each)).sort()) {
          const { kind, parents } = graph.get(oid);
          if (kind !== 'commit') continue;
          if (since > 0 && since + bytesPerObject > bytes) {
            points.push({ bytes: since, tips: [...tips] });
            since = 0;
          }
          since += bytesPerObject;
          gone.add(oid);
          for (const parent of parents) tips.delete(parent);
          tips.add(oid);
        }
        return [...points, { bytes: Math.max(1, since), tips: [...tips] }];
      }),
    packBytes: (_cache, wants, haves, call) =>
      quick(call, () => {
        const there = graph.closure(haves);
        return [...graph.closure(wants)].filter((oid) => !there.has(oid)).length * bytesPerObject;
      }),
    push: (handle, remote, commands, { signal }) =>
      transfer(signal, () => {
        const { objects } = cacheOf(handle);
        const missing = commands.find(({ oid }) => oid !== null && !objects.has(oid));
        if (missing !== undefined) throw new EpicstarError('git-failed', `${missing.ref} matches nothing here`);
        return target.receive(project(remote), commands, objects);
      }),
    copyToBranch: (remote, from, to, { signal }) =>
      transfer(signal, () => {
        const there = project(remote);
        const oid = there.refs.get(from);
        if (oid === undefined) throw new EpicstarError('git-failed', from);
        const { rejected } = target.receive(there, [{ ref: to, oid, expect: null }], new Set());
        if (rejected.length > 0) throw new EpicstarError('git-push-rejected', to);
        return { oid };
      }).then(({ oid }) => oid),
    tipsMark: (refs) => [...new Set(refs.values())].sort().join(' '),
    readContents: async () => null,
    checkCopy: () => Promise.reject(new EpicstarError('git-failed', 'not in the model')),
    digestOf: (refs) =>
      [...refs]
        .map(([ref, oid]) => `${ref} ${oid}`)
        .sort()
        .join(' '),
    tryPush: () => life.step(() => undefined),
    knownCache: (key) => life.step(() => (caches.has(key) ? { dir: String(key) } : null)),
    bytesOnlyIn: (_cache, oids, others, call) =>
      quick(call, () => {
        const there = graph.closure(others);
        return [...graph.closure(oids)].filter((oid) => !there.has(oid)).length * bytesPerObject;
      }),
    deleteRefs: (remote, refs, { signal }) =>
      transfer(signal, () =>
        target.receive(
          project(remote),
          refs.map(({ ref, oid }) => ({ ref, oid: null, expect: oid })),
          new Set(),
        ),
      ),
    removeLeftCopies: () => Promise.resolve(),
    // What a person takes out of a mirror changes nothing in it.
    withCopy: () => Promise.reject(new EpicstarError('git-failed', 'not in the model')),
    writeBundle: () => Promise.reject(new EpicstarError('git-failed', 'not in the model')),
  };
}

function headOf({ refs, defaultBranch }: ModelRepository): Pick<RefListing, 'refs' | 'head'> {
  const head = `refs/heads/${defaultBranch}`;
  return { refs, head: refs.has(head) ? head : null };
}

function targetHeadOf({ refs, head }: ModelProject): Pick<RefListing, 'refs' | 'head'> {
  const ref = `refs/heads/${head ?? ''}`;
  return { refs, head: refs.has(ref) ? ref : null };
}
