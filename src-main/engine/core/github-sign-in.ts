/**
 * @file Signing in to GitHub by device flow or by a token that a person brings. Nothing is stored that GitHub refuses; a
 * flow under way is kept as a secret and goes on after a restart.
 */
import { type ErrorCode, EpicstarError, type ErrorRecord, toEpicstarError } from '../domain/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Github, Viewer } from '../ports/github.ts';
import type { Log } from '../ports/log.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { DeviceFlowEnd, GithubGrant, GithubSignIn, PendingDeviceFlow } from '../ports/sign-in.ts';
import type { GithubAccount, GithubSignInState } from './setup-api.ts';
import type { TokenKeeper } from './token-keeper.ts';
import { Turns } from './turns.ts';
import { parseKeptJson } from './kept-json.ts';

export interface GithubSignInParts {
  readonly signIn: GithubSignIn;
  readonly keeper: TokenKeeper;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly log: Log;
  /** A GitHub that speaks with this token alone, for a check before it is stored. */
  readonly githubWith: (apiUrl: string, token: string) => Github;
  /** Called before a token of this address is stored, which the engine may use at once. Rejects where it may not be. */
  readonly beforeStored: (apiUrl: string) => Promise<void>;
  /** Called with the address that was signed in to, or null after signing out; the engine goes on from there. */
  readonly onChanged: (apiUrl: string | null) => Promise<void>;
  readonly onState: () => void;
}

const flowSecret = 'github-device-flow';
const checkTimeoutMs = 30_000;
/** What says nothing about a token. */
const passingCodes: readonly ErrorCode[] = ['github-unavailable', 'github-rate-limited', 'offline'];
const noPrivateOnes = 'Private repositories that you starred cannot be read: that needs the scope repo.';
const noLists = 'Your GitHub Lists cannot be read with this token, so rules cannot name them.';

/** What a token turned out to be good for. */
interface Abilities {
  readonly host: string;
  readonly viewer: Viewer;
  /** Null: not known. */
  readonly canReadLists: boolean | null;
}

export class GithubSignInFlow {
  readonly #parts: GithubSignInParts;
  #state: GithubSignInState = { kind: 'signed-out', error: null };
  #controller: AbortController | null = null;
  #running: Promise<void> = Promise.resolve();
  /** The writing of a flow under way: one that is removed must not be written afterwards. */
  #saving: Promise<void> = Promise.resolve();
  /** Who begins, cancels or signs out does so one after the other. */
  readonly #turns = new Turns();
  /** Whose stored token goes on counting while another sign-in is under way; null: there is none. */
  #before: GithubAccount | null = null;
  #flowApiUrl: string | null = null;
  /** Grows with each change of the stored token: what was found out of an older one counts no more. */
  #stored = 0;
  #isLoading = false;
  #isStopping = false;

  constructor(parts: GithubSignInParts) {
    this.#parts = parts;
  }

  /** True also while a stored token is being checked at start, and while somebody else signs in. */
  get isSignedIn(): boolean {
    return this.#before !== null || this.#isLoading;
  }

  /** The GitHub that a sign-in under way is asked of; null: none is under way. */
  get flowApiUrl(): string | null {
    return this.#controller === null ? null : this.#flowApiUrl;
  }

  get state(): GithubSignInState {
    return this.#state;
  }

  /** Finds out how things stand at start: a stored token, a flow under way, or neither. */
  async load(apiUrl: string): Promise<void> {
    const { keeper, secrets, clock } = this.#parts;
    const stored = this.#stored;
    const token = await keeper.read('github-token');
    if (token !== null && this.#stored === stored) await this.#checkAtStart(apiUrl, token);
    await this.#turns.take(async () => {
      // A person may have begun another meanwhile.
      if (this.#controller !== null || this.#isStopping) return;
      const kept = await secrets.read(flowSecret);
      const pending = parsePending(kept);
      if (pending !== null && pending.expiresAt > clock.now() && this.#stored === stored) {
        this.#run(pending.apiUrl, pending.clientId, [], pending);
      } else if (kept !== null) {
        await this.#forgetFlow();
      }
    });
  }

  async begin(options: {
    readonly apiUrl: string;
    readonly clientId: string;
    readonly withPrivate: boolean;
  }): Promise<void> {
    await this.#refuseFixed();
    await this.#turns.take(async () => {
      await this.#end();
      this.#run(options.apiUrl, options.clientId, options.withPrivate ? ['repo'] : [], null);
    });
  }

  /** Ends a flow under way for good; one that is through already stands. */
  cancel(): Promise<void> {
    return this.#turns.take(() => this.#end());
  }

  async useToken(apiUrl: string, token: string): Promise<GithubAccount> {
    await this.#refuseFixed();
    const trimmed = token.trim();
    if (trimmed === '') throw new EpicstarError('config-invalid', 'The token is empty.');
    const abilities = await this.#tryOut(apiUrl, trimmed);
    const account = await this.#turns.take(async () => {
      await this.#parts.beforeStored(apiUrl);
      await this.#end();
      await this.#parts.keeper.replace(trimmed);
      this.#stored += 1;
      const signedIn = await this.#account(abilities);
      this.#signedIn(signedIn);
      return signedIn;
    });
    await this.#parts.onChanged(apiUrl);
    return account;
  }

  async signOut(): Promise<void> {
    await this.#refuseFixed();
    await this.#turns.take(async () => {
      await this.#end();
      await this.#parts.keeper.replace(null);
      this.#stored += 1;
      this.#before = null;
      this.#asBefore(null);
    });
    await this.#parts.onChanged(null);
  }

  /** Ends the flow for now; it is kept and goes on after the next start. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#controller?.abort(new DOMException('epicstar ends', 'AbortError'));
    await this.#running;
    await this.#saving;
  }

  async #end(): Promise<void> {
    if (this.#controller === null) return;
    this.#controller.abort(new DOMException('the sign-in was cancelled', 'AbortError'));
    await this.#running;
    await this.#forgetFlow();
    if (this.#state.kind !== 'signed-in') this.#asBefore(null);
  }

  async #forgetFlow(): Promise<void> {
    await this.#saving;
    await this.#parts.secrets.write(flowSecret, null);
  }

  #run(apiUrl: string, clientId: string, scopes: readonly string[], resume: PendingDeviceFlow | null): void {
    const controller = new AbortController();
    this.#controller = controller;
    this.#flowApiUrl = apiUrl;
    this.#setState(resume === null ? { kind: 'asking-for-code' } : { kind: 'waiting', code: resume });
    this.#running = this.#flow(apiUrl, clientId, scopes, resume, controller.signal).finally(() => {
      if (this.#controller === controller) this.#controller = null;
    });
  }

  async #flow(
    apiUrl: string,
    clientId: string,
    scopes: readonly string[],
    resume: PendingDeviceFlow | null,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const end = await this.#parts.signIn.runDeviceFlow({
        apiUrl,
        clientId,
        scopes,
        resume,
        signal,
        onCode: (pending) => this.#codeCame(pending),
      });
      await this.#forgetFlow();
      if (end.kind === 'granted') await this.#granted(end.grant, { apiUrl, clientId }, signal);
      else this.#asBefore(describeEnd(end));
    } catch (thrown) {
      const error = toEpicstarError(thrown);
      if (error.kind === 'cancelled') return;
      await this.#forgetFlow();
      this.#parts.log.info('the sign-in to GitHub failed', { code: error.code, message: error.message });
      this.#asBefore(error.toRecord());
    }
  }

  async #granted(
    grant: GithubGrant,
    from: { readonly apiUrl: string; readonly clientId: string },
    signal: AbortSignal,
  ): Promise<void> {
    const { keeper, log, githubWith, beforeStored, onChanged } = this.#parts;
    this.#setState({ kind: 'checking' });
    let abilities: Abilities | EpicstarError;
    try {
      abilities = await this.#tryOut(from.apiUrl, grant.token, signal);
    } catch (thrown) {
      abilities = toEpicstarError(thrown);
      // The code is used up. What GitHub has just granted is not lost with the network, or where epicstar ends now.
      const isKept = signal.aborted ? this.#isStopping : passingCodes.includes(abilities.code);
      if (!isKept) throw abilities;
    }
    if (signal.aborted && !this.#isStopping) return;
    await beforeStored(from.apiUrl);
    await keeper.keep(grant, from);
    this.#stored += 1;
    const account =
      abilities instanceof EpicstarError
        ? await this.#unknownAccount(githubWith(from.apiUrl, grant.token).host, abilities)
        : await this.#account(abilities);
    this.#signedIn(account);
    await onChanged(from.apiUrl).catch((error: unknown) => {
      log.error('what follows a sign-in was not done', { error });
    });
  }

  #codeCame(pending: PendingDeviceFlow): void {
    const { userCode, verificationUri, expiresAt } = pending;
    this.#setState({ kind: 'waiting', code: { userCode, verificationUri, expiresAt } });
    this.#saving = this.#parts.secrets.write(flowSecret, JSON.stringify(pending)).catch((error: unknown) => {
      this.#parts.log.warn('the sign-in under way could not be kept over a restart', { error });
    });
  }

  async #checkAtStart(apiUrl: string, token: string): Promise<void> {
    this.#isLoading = true;
    if (this.#controller === null) this.#setState({ kind: 'checking' });
    try {
      await this.#check(apiUrl, token);
    } finally {
      this.#isLoading = false;
      this.#parts.onState();
    }
  }

  async #check(apiUrl: string, token: string): Promise<void> {
    const github = this.#parts.githubWith(apiUrl, token);
    const stored = this.#stored;
    let found: GithubAccount | ErrorRecord;
    try {
      const viewer = await this.#timed((signal) => github.viewer(signal));
      found = await this.#account({ host: github.host, viewer, canReadLists: null });
    } catch (thrown) {
      const error = toEpicstarError(thrown);
      // A GitHub that is away says nothing about the token: the engine tells its troubles itself.
      found = error.kind === 'signed-out' ? error.toRecord() : await this.#unknownAccount(github.host, error);
    }
    // Another token, or none, is stored by now.
    if (this.#stored !== stored) return;
    if ('login' in found) this.#before = found;
    // A sign-in that somebody began meanwhile is told of first.
    if (this.#controller !== null) return;
    if ('login' in found) this.#signedIn(found);
    else this.#setState({ kind: 'signed-out', error: found });
  }

  /** Rejects where the token cannot do what epicstar is for: tell who it is and read the stars. */
  async #tryOut(apiUrl: string, token: string, outer?: AbortSignal): Promise<Abilities> {
    const github = this.#parts.githubWith(apiUrl, token);
    return this.#timed(async (signal) => {
      const viewer = await github.viewer(signal);
      await github.starHead(signal);
      return { host: github.host, viewer, canReadLists: await this.#canReadLists(github, signal) };
    }, outer);
  }

  /** Null: it could not be found out. Lists are a convenience, so no failure here keeps anybody from signing in. */
  async #canReadLists(github: Github, signal: AbortSignal): Promise<boolean | null> {
    try {
      return (await github.lists(signal)) !== null;
    } catch (thrown) {
      const { code, message } = toEpicstarError(thrown);
      this.#parts.log.warn('it could not be found out whether GitHub Lists can be read', { code, message });
      return null;
    }
  }

  async #timed<T>(task: (signal: AbortSignal) => Promise<T>, outer?: AbortSignal): Promise<T> {
    const controller = new AbortController();
    const stopTimer = this.#parts.clock.setTimer(checkTimeoutMs, () => controller.abort());
    try {
      return await task(outer === undefined ? controller.signal : AbortSignal.any([controller.signal, outer]));
    } catch (thrown) {
      // The time was over, which nobody asked for.
      if (!controller.signal.aborted || outer?.aborted === true) throw thrown;
      throw new EpicstarError('github-unavailable', `It took longer than ${checkTimeoutMs / 1000} s.`);
    } finally {
      stopTimer();
    }
  }

  async #account({ host, viewer, canReadLists }: Abilities): Promise<GithubAccount> {
    const { keeper, secrets } = this.#parts;
    return {
      login: viewer.login,
      host,
      tokenFrom: (await secrets.origin('github-token')) ?? 'the sign-in here',
      scopes: viewer.scopes,
      expiresAt: await keeper.expiresAt(),
      limits: [
        // Which permissions a fine-grained or app token has is not told.
        ...(viewer.scopes === null || viewer.scopes.includes('repo') ? [] : [noPrivateOnes]),
        ...(canReadLists === false ? [noLists] : []),
      ],
    };
  }

  async #unknownAccount(host: string, error: EpicstarError): Promise<GithubAccount> {
    const account = await this.#account({
      host,
      viewer: { githubId: 0, login: 'unknown', scopes: null },
      canReadLists: null,
    });
    return { ...account, limits: [error.message] };
  }

  async #refuseFixed(): Promise<void> {
    const { secrets } = this.#parts;
    if (!(await secrets.isFixed('github-token'))) return;
    const origin = await secrets.origin('github-token');
    throw new EpicstarError('config-invalid', `The GitHub token comes from ${origin}; change it there.`);
  }

  #signedIn(account: GithubAccount): void {
    this.#before = account;
    this.#setState({ kind: 'signed-in', account });
  }

  /** After a sign-in that came to nothing: whoever was signed in still is. */
  #asBefore(error: ErrorRecord | null): void {
    if (this.#before === null) this.#setState({ kind: 'signed-out', error });
    else this.#setState({ kind: 'signed-in', account: this.#before, error });
  }

  #setState(state: GithubSignInState): void {
    this.#state = state;
    this.#parts.onState();
  }
}

function describeEnd(end: Exclude<DeviceFlowEnd, { kind: 'granted' }>): ErrorRecord {
  const words = end.kind === 'denied' ? 'Access was refused on GitHub’s page.' : 'The code was not entered in time.';
  return new EpicstarError('github-sign-in-ended', words).toRecord();
}

function parsePending(text: string | null): PendingDeviceFlow | null {
  if (text === null) return null;
  const value = parseKeptJson(text);
  return isPending(value) ? value : null;
}

function isPending(value: unknown): value is PendingDeviceFlow {
  if (typeof value !== 'object' || value === null) return false;
  const kinds = {
    apiUrl: 'string',
    clientId: 'string',
    deviceCode: 'string',
    userCode: 'string',
    verificationUri: 'string',
    expiresAt: 'number',
    intervalMs: 'number',
  };
  return Object.entries(kinds).every(([key, kind]) => typeof Reflect.get(value, key) === kind);
}
