/**
 * @file What the settings page and `doctor` tell about a OneDev: everything a mirror needs is tried for real, on a
 * scratch project that is removed again.
 */
import { z } from 'zod';
import { EpicstarError, type ErrorCode, toEpicstarError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CheckItem } from '../../ports/mirror-target.ts';
import { type OnedevApi, unwanted } from './api.ts';
import { isReachableByGit } from './place.ts';
import { type OnedevProject, type OnedevProjects, parseReply, quoteValue } from './projects.ts';

/** Longest time to make or remove the scratch project, also after an abort. */
const scratchTimeoutMs = 10_000;

const knownMajor = 16;

type Finding = readonly [state: CheckItem['state'], finding: string, nextStep?: string, code?: ErrorCode];

export interface CheckParts {
  readonly api: OnedevApi;
  readonly projects: OnedevProjects;
  /** Path of the project below which mirrors stand. */
  readonly root: string;
  readonly clock: Clock;
  /** Pushes something to the project at this path and reads it back; rejects with an EpicstarError. */
  readonly tryPush: (path: string, signal: AbortSignal) => Promise<void>;
}

export class OnedevCheck {
  readonly #api: OnedevApi;
  readonly #projects: OnedevProjects;
  readonly #root: string;
  readonly #clock: Clock;
  readonly #push: CheckParts['tryPush'];

  constructor({ api, projects, root, clock, tryPush }: CheckParts) {
    this.#api = api;
    this.#projects = projects;
    this.#root = root;
    this.#clock = clock;
    this.#push = tryPush;
  }

  /**
   * Stops at the first item without which the next ones make no sense.
   *
   * @throws EpicstarError `cancelled` alone
   */
  async run(signal: AbortSignal, onItem?: (item: CheckItem) => void): Promise<readonly CheckItem[]> {
    const items: CheckItem[] = [];
    const add = (name: string, [state, finding, nextStep, code]: Finding): boolean => {
      const item = { name, state, finding, nextStep: nextStep ?? null, ...(code === undefined ? {} : { code }) };
      items.push(item);
      onItem?.(item);
      return state !== 'failed';
    };
    if (!add('reached', await this.#found(() => this.#reach(signal)))) return items;
    if (!add('token', await this.#found(() => this.#tryToken(signal)))) return items;
    add('version', await this.#found(() => this.#readVersion(signal)));
    let roots: readonly OnedevProject[] = [];
    const rootFinding = await this.#found(async () => {
      roots = await this.#projects.find(`"Path" is ${quoteValue(this.#root)}`, signal);
      return this.#judgeRoots(roots);
    });
    if (!add('root', rootFinding)) return items;
    const [root = null] = roots;
    if (root !== null && !add('manage project', await this.#found(() => this.#tryManaging(root, signal)))) return items;
    await this.#tryScratch(root, add, signal);
    return items;
  }

  async #found(look: () => Promise<Finding>): Promise<Finding> {
    try {
      return await look();
    } catch (error) {
      const known = toEpicstarError(error);
      if (known.code === 'cancelled') throw known;
      return ['failed', known.message, known.nextStep, known.code];
    }
  }

  async #reach(signal: AbortSignal): Promise<Finding> {
    const { address } = this.#api.http;
    const { status } = await this.#api.http.exchange({ method: 'GET', path: '/readyz', signedIn: false }, signal);
    if (status === 200) return ['ok', `${address} answers and is ready.`];
    if (status === 503) return ['failed', `${address} is starting or stopping.`, 'Wait a minute and look again.'];
    return ['failed', `${address} answers ${status} to /readyz.`, 'Check that this is the address of OneDev itself.'];
  }

  async #tryToken(signal: AbortSignal): Promise<Finding> {
    await this.#projects.find('roots', signal);
    const reply = await this.#api.call({ method: 'GET', path: '/~api/users/me' }, signal);
    if (reply.kind === 'forbidden') return ['ok', 'The token is valid, limited to some projects.'];
    if (reply.kind !== 'ok') return ['ok', 'The token is valid.'];
    const { name } = parseReply(reply, z.looseObject({ name: z.string() }), 'the question whose token this is');
    return ['ok', `The token is valid and acts as ${name}.`];
  }

  async #readVersion(signal: AbortSignal): Promise<Finding> {
    const reply = await this.#api.call({ method: 'GET', path: '/~api/version/server' }, signal);
    // A bare text, though it is declared as JSON.
    const match = reply.kind === 'ok' ? /^\s*"?((\d{1,4})\.\d[\w.-]{0,30})"?\s*$/.exec(reply.text) : null;
    if (match === null) return ['warning', 'The version of OneDev is not told.', 'Compare that it is 16 or newer.'];
    const major = Number(match[2]);
    if (major === knownMajor) return ['ok', `OneDev ${match[1]}.`];
    if (major < knownMajor) return ['warning', `OneDev ${match[1]} is older than ${knownMajor}.`, 'Update OneDev.'];
    return ['warning', `OneDev ${match[1]} is newer than what was tried (${knownMajor}).`];
  }

  #judgeRoots(roots: readonly OnedevProject[]): Finding {
    const ids = roots.map((root) => root.id).join(', ');
    if (roots.length > 1) {
      const error = new EpicstarError('target-duplicate-root', `Projects with the path '${this.#root}': ids ${ids}.`);
      return ['failed', error.message, error.nextStep];
    }
    if (roots.length === 1) return ['ok', `Mirrors go below '${this.#root}' (id ${ids}).`];
    return ['ok', `'${this.#root}' does not exist yet, or the token may not see it; it is created when needed.`];
  }

  /** Reading the settings of a project takes the right to manage it, without which a scratch project would stay. */
  async #tryManaging(root: OnedevProject, signal: AbortSignal): Promise<Finding> {
    const reply = await this.#api.call({ method: 'GET', path: `/~api/projects/${root.id}/setting` }, signal);
    if (reply.kind !== 'forbidden') return ['ok', `The token may manage projects below '${root.path}'.`];
    const right = `manage project '${root.path}'`;
    return failedFor(unwanted(reply, 'reading its settings', right), right);
  }

  async #tryScratch(
    root: OnedevProject | null,
    add: (name: string, finding: Finding) => boolean,
    signal: AbortSignal,
  ): Promise<void> {
    // Where the root is missing, a scratch root tells whether it can be created.
    const name = `epicstar-check-${Math.trunc(this.#clock.now()).toString(36)}`;
    const path = root === null ? name : `${root.path}/${name}`;
    const made: number[] = [];
    const finding = await this.#found(async () => {
      if (signal.aborted) throw new EpicstarError('cancelled', '', { cause: signal.reason });
      const wanted = { name, parentId: root?.id ?? null, description: null, codeManagement: true };
      // Not cut short by the caller: nobody would know whether there is something to remove.
      const result = await this.#unhurried((own) => this.#projects.create(wanted, root?.path ?? null, own));
      if (result.kind !== 'created') return ['failed', `'${path}' could not be created.`, 'Look again.'];
      made.push(result.id);
      return ['ok', `'${path}' was created to try it, and is removed again.`];
    });
    add('create projects', finding);
    const [id] = made;
    if (id === undefined) return;
    const scratch = { id, path };
    try {
      add('push', await this.#found(() => this.#tryPushing(scratch, signal)));
      add('server address', await this.#found(() => this.#compareAddress(scratch, signal)));
    } finally {
      const removed = await this.#removeScratch(scratch);
      if (removed !== null) add('clean up', removed);
    }
  }

  /**
   * What git asks first in a push tells a missing right in OneDev's own words, of which git would repeat the number
   * alone. A push has more to pass: hooks, quotas, a proxy that refuses large or unusual requests.
   */
  async #tryPushing(scratch: { readonly path: string }, signal: AbortSignal): Promise<Finding> {
    if (!isReachableByGit(scratch.path)) {
      return ['failed', `git cannot reach '${scratch.path}'.`, 'Choose a root of letters, digits, `.`, `_` and `-`.'];
    }
    const query = { service: 'git-receive-pack' };
    const reply = await this.#api.call({ method: 'GET', path: `/${scratch.path}/info/refs`, query }, signal);
    if (reply.kind === 'ok') {
      await this.#push(scratch.path, signal);
      return ['ok', 'The token may push: a commit was sent and read back.'];
    }
    const right = `code write below '${this.#root}'`;
    return failedFor(unwanted(reply, 'the first question of a push', right), right);
  }

  /** What OneDev shows to people leads to the address in its own settings, whatever address is used here. */
  async #compareAddress(scratch: { readonly id: number }, signal: AbortSignal): Promise<Finding> {
    const reply = await this.#api.call({ method: 'GET', path: `/~api/projects/${scratch.id}/clone-url` }, signal);
    if (reply.kind !== 'ok') return ['warning', 'The address in the settings of OneDev cannot be read.'];
    const { http } = parseReply(reply, z.looseObject({ http: z.string() }), 'the question for the clone address');
    const { address } = this.#api.http;
    if (http.startsWith(`${address}/`)) return ['ok', 'OneDev knows itself by the same address.'];
    const other = URL.canParse(http) ? new URL(http).origin : 'another address';
    return [
      'warning',
      `OneDev takes ${other} for its own address and names it in clone addresses.`,
      `Set the server URL to ${address} in the system settings of OneDev if that address is not reached from here.`,
    ];
  }

  async #removeScratch(scratch: { readonly id: number; readonly path: string }): Promise<Finding | null> {
    try {
      await this.#unhurried((own) => this.#projects.remove(scratch.id, scratch.path, own));
      return null;
    } catch (error) {
      const { message } = toEpicstarError(error);
      return ['warning', `'${scratch.path}' could not be removed. ${message}`, 'Remove that project yourself.'];
    }
  }

  async #unhurried<T>(task: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const tooLong = new AbortController();
    const stopTimer = this.#clock.setTimer(scratchTimeoutMs, () => tooLong.abort());
    try {
      return await task(tooLong.signal);
    } finally {
      stopTimer();
    }
  }
}

function failedFor({ message, code }: EpicstarError, right: string): Finding {
  return ['failed', message, `Grant: ${right}.`, code];
}
