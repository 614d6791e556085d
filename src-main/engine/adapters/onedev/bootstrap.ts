/**
 * @file The `OnedevBootstrap` port: with an administrator's password, once, makes a token that can do no more than
 * mirroring takes. Keeps neither password nor token.
 */
import type { Dispatcher } from 'undici';
import { EpicstarError, toEpicstarError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log, Redactor } from '../../ports/log.ts';
import type { OnedevBootstrap, OnedevBootstrapRequest } from '../../ports/sign-in.ts';
import { isMirrorRole, OnedevAccounts } from './accounts.ts';
import { parseAddress } from './address.ts';
import { OnedevApi, unwanted } from './api.ts';
import { type Credentials, tokenAtHand, userWithPassword } from './credentials.ts';
import { quoteText } from './failures.ts';
import { OnedevHttp } from './http.ts';
import { Lock } from './lock.ts';
import { MadeThings, NotedProjects } from './made-things.ts';
import { OnedevParents, type Parent } from './parents.ts';
import { parentPaths, parseRoot } from './place.ts';
import { OnedevProjects, quoteValue } from './projects.ts';

export interface OnedevBootstrapOptions {
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly log: Log;
  /** Learns the password and the token. */
  readonly redactor: Redactor;
  /** Hosts (`name` or `name:port`) to which a password may go over plain http. Loopback always may. */
  readonly allowInsecureHosts: readonly string[];
  /** How long a server that is starting is waited for. Default 60 s. */
  readonly startupPatienceMs?: number;
  /** Time between two looks at a starting server. Default 1 s. */
  readonly startupPollMs?: number;
  /** Longest time of one request with its answer. Default 60 s. */
  readonly requestTimeoutMs?: number;
}

const roleName = 'epicstar mirror';
/** How many names are tried where others are taken. */
const namesAtMost = 20;
/** How often a look and a creation may miss each other. */
const maxAttempts = 3;
/** For what is under way when the caller gives up, and for removing what was made. */
const graceMs = 10_000;

/** Sends nothing yet. Calls run one after the other: OneDev makes the same root twice when asked twice at once. */
export function createOnedevBootstrap(options: OnedevBootstrapOptions): OnedevBootstrap {
  const lock = new Lock();
  return {
    makeLimitedToken: async (request) => {
      try {
        return await lock.run(async () => await new Bootstrap(options, request).run());
      } catch (error) {
        throw withoutSecrets(toEpicstarError(error), options.redactor);
      }
    },
  };
}

class Bootstrap {
  readonly #options: OnedevBootstrapOptions;
  readonly #request: OnedevBootstrapRequest;
  readonly #address: string;
  readonly #root: string;
  readonly #api: OnedevApi;
  readonly #accounts: OnedevAccounts;
  readonly #made = new MadeThings();

  constructor(options: OnedevBootstrapOptions, request: OnedevBootstrapRequest) {
    this.#options = options;
    this.#request = request;
    this.#address = parseAddress(request.url);
    this.#root = parseRoot(request.root);
    options.redactor.add(request.password);
    this.#api = this.#apiFor(userWithPassword(request.user, request.password));
    this.#accounts = new OnedevAccounts(this.#api);
  }

  async run(): Promise<{ readonly token: string; readonly made: readonly string[] }> {
    try {
      return await this.#makeAll();
    } catch (error) {
      throw await this.#undo(toEpicstarError(error));
    }
  }

  async #makeAll(): Promise<{ readonly token: string; readonly made: readonly string[] }> {
    const { signal } = this.#request;
    await this.#awaitReady(signal);
    const { ownerId, roleId, root, tokenId, token } = await this.#asAdministrator(async () => {
      // Only administrators may ask for roles, so nothing is made before it is known that all can be.
      await this.#accounts.roles(signal);
      const ownerId = await this.#accounts.ownId(signal);
      const root = await this.#finish((own) => this.#ensureRoot(own));
      const roleId = await this.#finish((own) => this.#ensureRole(own));
      const tokenId = await this.#finish((own) => this.#createToken(ownerId, own));
      const token = await this.#accounts.tokenValue(tokenId, signal);
      this.#options.redactor.add(token);
      await this.#finish((own) => this.#accounts.authorizeToken(tokenId, root.id, roleId, own));
      return { ownerId, roleId, root, tokenId, token };
    });
    await this.#prove(token, root, signal);
    this.#options.log.info('made a limited token on OneDev', { ownerId, roleId, tokenId, root: root.path });
    return { token, made: this.#made.words() };
  }

  /** A wrong address is told at once; only a server that says that it is starting is waited for. */
  async #awaitReady(signal: AbortSignal): Promise<void> {
    const { status } = await this.#api.http.exchange({ method: 'GET', path: '/readyz', signedIn: false }, signal);
    if (status === 200) return;
    if (status === 503) {
      await this.#api.untilReady(signal);
      return;
    }
    const detail = `${this.#address} answers ${status} to /readyz. Check that this is the address of OneDev itself.`;
    throw new EpicstarError('target-unexpected', detail, { data: { status } });
  }

  async #asAdministrator<T>(task: () => Promise<T>): Promise<T> {
    try {
      return await task();
    } catch (error) {
      if (!(error instanceof EpicstarError)) throw error;
      const who = `the user ${quoteText(this.#request.user)}`;
      const { data } = error;
      if (error.code === 'target-signed-out') {
        const detail = `OneDev does not know ${who} with this password. Check the user name and the password.`;
        throw new EpicstarError('target-signed-out', detail, { data });
      }
      if (error.code === 'target-right-missing') {
        const detail = `This takes an administrator of OneDev, and ${who} is none. ${error.detail}`;
        throw new EpicstarError('target-right-missing', detail, { data });
      }
      throw error;
    }
  }

  async #ensureRoot(signal: AbortSignal): Promise<Parent> {
    const projects = new NotedProjects(this.#api, this.#made);
    const parents = new OnedevParents(projects, this.#options.log);
    const paths = parentPaths(this.#root);
    const query = paths.map((path) => `"Path" is ${quoteValue(path)}`).join(' or ');
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      const root = await parents.ensure(paths, await projects.find(query, signal), signal);
      if (root !== null) return root;
    }
    throw new EpicstarError('target-unexpected', `'${this.#root}' went away in the middle.`);
  }

  /** A role of our name that somebody gave other rights is left alone. */
  async #ensureRole(signal: AbortSignal): Promise<number> {
    const roles = await this.#accounts.roles(signal);
    for (const name of names(roleName)) {
      const found = roles.find((role) => role.name.toLowerCase() === name);
      if (found === undefined) {
        const id = await this.#accounts.createMirrorRole(name, signal);
        this.#made.add(`the role '${name}'`, async (own) => await this.#accounts.removeRole(id, own));
        return id;
      }
      if (isMirrorRole(found)) return found.id;
    }
    throw new EpicstarError('target-unexpected', `There are ${namesAtMost} roles named '${roleName}', none as it was.`);
  }

  async #createToken(ownerId: number, signal: AbortSignal): Promise<number> {
    const day = new Date(this.#options.clock.now()).toISOString().slice(0, 10);
    for (const name of names(`epicstar ${day}`)) {
      const id = await this.#accounts.createToken(name, ownerId, signal);
      if (id === null) continue;
      const what = `the access token '${name}' with this role on '${this.#root}' alone`;
      this.#made.add(what, async (own) => await this.#accounts.removeToken(id, own));
      return id;
    }
    throw new EpicstarError('target-unexpected', `There are ${namesAtMost} access tokens of today already.`);
  }

  /** That the token works where it has to, without the password. */
  async #prove(token: string, root: Parent, signal: AbortSignal): Promise<void> {
    const api = this.#apiFor(tokenAtHand(token));
    try {
      await new OnedevProjects(api).find('roots', signal);
      const doing = `the question for '${root.path}' with the new token`;
      const reply = await api.call({ method: 'GET', path: `/~api/projects/ids/${root.path}` }, signal);
      if (reply.kind !== 'ok' || reply.text.trim() !== String(root.id)) throw unwanted(reply, doing, 'its own role');
    } catch (error) {
      if (!(error instanceof EpicstarError) || error.code !== 'target-signed-out') throw error;
      const detail = `It does not accept the token that it has just made. ${error.detail}`;
      throw new EpicstarError('target-unexpected', detail, { data: error.data });
    }
  }

  /** A change goes on for a while after an abort: else nobody would know whether there is something to remove. */
  async #finish<T>(change: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal } = this.#request;
    if (signal.aborted) throw new EpicstarError('cancelled', '', { cause: signal.reason });
    const tooLong = new AbortController();
    let stopTimer = (): void => undefined;
    const limit = (): void => {
      stopTimer = this.#options.clock.setTimer(graceMs, () => tooLong.abort());
    };
    signal.addEventListener('abort', limit, { once: true });
    try {
      return await change(tooLong.signal);
    } finally {
      signal.removeEventListener('abort', limit);
      stopTimer();
    }
  }

  async #undo(error: EpicstarError): Promise<EpicstarError> {
    const left = await this.#removeMade();
    if (left.length === 0) return error;
    for (const { what, error: reason } of left) {
      this.#options.log.warn('could not remove again what was made on OneDev', { what, error: reason });
    }
    const words = left.map(({ what }) => what).join(', ');
    const detail = `${error.detail} Remove yourself what is left on OneDev: ${words}.`.trim();
    return new EpicstarError(error.code, detail, { cause: error.cause, data: error.data });
  }

  async #removeMade(): ReturnType<MadeThings['removeAll']> {
    const tooLong = new AbortController();
    const stopTimer = this.#options.clock.setTimer(graceMs, () => tooLong.abort());
    try {
      return await this.#made.removeAll(tooLong.signal);
    } finally {
      stopTimer();
    }
  }

  #apiFor(credentials: Credentials): OnedevApi {
    const { dispatcher, clock, allowInsecureHosts, requestTimeoutMs = 60_000 } = this.#options;
    const { startupPatienceMs: patienceMs = 60_000, startupPollMs: pollMs = 1000 } = this.#options;
    const address = this.#address;
    // Without the redactor: it would also change names in answers that happen to equal the password.
    const redactor = null;
    const http = { address, allowInsecureHosts, credentials, clock, dispatcher, redactor, requestTimeoutMs };
    return new OnedevApi(new OnedevHttp(http), clock, { patienceMs, pollMs });
  }
}

/** The name itself, then with numbers. */
function names(name: string): readonly string[] {
  return Array.from({ length: namesAtMost }, (_, index) => (index === 0 ? name : `${name} ${index + 1}`));
}

/** A server may repeat what it was sent; where it did, the cause goes too, since it says the same. */
function withoutSecrets(error: EpicstarError, redactor: Redactor): EpicstarError {
  let isClean = true;
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    isClean &&= redactor.redact(each.message) === each.message;
  }
  return isClean ? error : new EpicstarError(error.code, redactor.redact(error.detail), { data: error.data });
}
