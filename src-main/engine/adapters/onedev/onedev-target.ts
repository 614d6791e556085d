/** @file OneDev as a place for mirrors: puts the parts of this folder together behind the port. */
import type { Dispatcher } from 'undici';
import { EpicstarError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log, Redactor } from '../../ports/log.ts';
import type { GitRemote } from '../../ports/git.ts';
import type { ClashStrategy, MirrorTarget } from '../../ports/mirror-target.ts';
import type { Secrets } from '../../ports/secrets.ts';
import { parseAddress } from './address.ts';
import { OnedevApi } from './api.ts';
import { OnedevCheck } from './check.ts';
import { storedToken } from './credentials.ts';
import { listHeldMirrors } from './held-mirrors.ts';
import { OnedevHttp } from './http.ts';
import { OnedevLabels } from './labels.ts';
import { mirroredBy, OnedevMirrors } from './mirrors.ts';
import { OnedevMoves } from './moves.ts';
import { OnedevParents } from './parents.ts';
import { isReachableByGit, parseRoot } from './place.ts';
import { OnedevProjects } from './projects.ts';
import { automaticDefault, onedevLimits, refFitness } from './refs.ts';
import { OnedevShelf } from './shelf.ts';

export interface OnedevTargetOptions {
  /** Address of the server, such as `https://onedev.example.com`. */
  readonly url: string;
  /** Path of the project below which owners and mirrors stand. Default `github`. */
  readonly root?: string;
  /** Default `rename`. */
  readonly clash?: ClashStrategy;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly log: Log;
  /** Pushes something to a scratch project and reads it back; rejects with an EpicstarError where that fails. */
  readonly tryPush: (remote: GitRemote, signal: AbortSignal) => Promise<void>;
  /** Connection pool; without one, that of undici itself is used. */
  readonly dispatcher?: Dispatcher;
  /** Takes secrets out of what the server says, since that ends up in errors. */
  readonly redactor?: Redactor;
  /** Hosts (`name` or `name:port`) to which a token may go over plain http. Loopback always may. */
  readonly allowInsecureHosts?: readonly string[];
  /** How long one call waits for a server that is starting. Default 60 s. */
  readonly startupPatienceMs?: number;
  /** Time between two looks at a starting server. Default 1 s. */
  readonly startupPollMs?: number;
  /** Longest time of one request with its answer. Default 60 s. */
  readonly requestTimeoutMs?: number;
}

/**
 * Sends nothing yet.
 *
 * @throws EpicstarError `config-invalid` for an address or root that cannot be one
 */
export function createOnedevTarget(options: OnedevTargetOptions): MirrorTarget {
  const { clock, log, secrets } = options;
  const address = parseAddress(options.url);
  const root = parseRoot(options.root ?? 'github');
  const http = new OnedevHttp({
    address,
    allowInsecureHosts: options.allowInsecureHosts ?? [],
    credentials: storedToken(secrets),
    clock,
    dispatcher: options.dispatcher ?? null,
    redactor: options.redactor ?? null,
    requestTimeoutMs: options.requestTimeoutMs ?? 60_000,
  });
  const api = new OnedevApi(http, clock, {
    patienceMs: options.startupPatienceMs ?? 60_000,
    pollMs: options.startupPollMs ?? 1000,
  });
  const projects = new OnedevProjects(api);
  const parents = new OnedevParents(projects, log);
  const moves = new OnedevMoves();
  const shared = { projects, parents, moves, address, root, log };
  const mirrors = new OnedevMirrors({ ...shared, clash: options.clash ?? 'rename' });
  const shelf = new OnedevShelf(shared);
  const labels = new OnedevLabels(api);
  const remoteAt = async (path: string): Promise<GitRemote> => {
    if (!isReachableByGit(path)) {
      throw new EpicstarError('target-name-unfit', `git cannot reach '${path}' on OneDev.`);
    }
    return { url: `${address}/${path}`, transport: 'http', authorization: await http.authorization() };
  };
  const check = new OnedevCheck({
    api,
    projects,
    root,
    clock,
    tryPush: async (path, signal) => await options.tryPush(await remoteAt(path), signal),
  });
  return {
    kind: 'onedev',
    address,
    limits: onedevLimits,
    refFitness,
    automaticDefault,
    holdsLists: true,
    labels: {
      set: async (project, lists, signal, githubId) => {
        const mine = await projects.get(projectId(project.id), signal);
        if (mine === null || mirroredBy(mine) !== githubId) return false;
        await labels.set(mine.id, mine.path, lists, signal);
        return true;
      },
      check: (signal) => labels.check(signal),
    },
    // The second is that of old versions, which are read still.
    buildDefinitions: ['.onedev-buildspec.yml', '.onedev-buildspec'],
    check: (signal, onItem) => check.run(signal, onItem),
    // OneDev's REST interface does not tell it.
    freeBytes: () => Promise.resolve(null),
    ensureProject: (wanted, knownId, signal, problem) =>
      mirrors.ensure(
        wanted,
        knownId,
        signal,
        problem === undefined ? undefined : async (path) => await problem(await remoteAt(path)),
      ),
    archiveProject: async (wanted, id, signal) => await shelf.archive(wanted, projectId(id), signal),
    bringBackProject: async (wanted, id, signal) => await shelf.bringBack(wanted, projectId(id), signal),
    removeProject: async (githubId, id, signal) => await shelf.remove(githubId, projectId(id), signal),
    list: (signal) => listHeldMirrors(projects, { address, root }, signal),
    whereIs: (project, signal, githubId) => mirrors.whereIs(projectId(project.id), project.path, githubId, signal),
    remote: (project) => remoteAt(moves.currentPath(project)),
    defaultBranch: async (project, signal) =>
      await projects.defaultBranch(projectId(project.id), moves.currentPath(project), signal),
    setDefaultBranch: async (project, branch, signal) => {
      await projects.setDefaultBranch(projectId(project.id), moves.currentPath(project), branch, signal);
    },
    requestCount: () => http.requests,
  };
}

function projectId(id: string): number {
  if (/^[1-9][0-9]{0,15}$/.test(id)) return Number(id);
  throw new EpicstarError('target-unexpected', `${JSON.stringify(id)} is not the id of a project on OneDev.`);
}
