/**
 * @file GitHub's token as adapters read it: one that expires is refreshed in time, by one request however many ask, and
 * the new pair is stored before it is used, since the old one dies with the refresh.
 */
import { toEpicstarError } from '../domain/errors.ts';
import type { Instant } from '../domain/repository.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log, Redactor } from '../ports/log.ts';
import type { SecretName, Secrets } from '../ports/secrets.ts';
import type { GithubGrant, GithubSignIn } from '../ports/sign-in.ts';
import { Turns } from './turns.ts';
import { parseKeptJson } from './kept-json.ts';

/** What is kept beside the token, to refresh it. */
export interface StoredGrant {
  readonly token: string;
  readonly apiUrl: string;
  readonly clientId: string;
  readonly expiresAt: Instant | null;
  readonly refreshToken: string | null;
  readonly refreshExpiresAt: Instant | null;
}

/** A token is refreshed when it has less than this to live. */
const earlyMs = 5 * 60_000;
/** A refresh that takes longer is given up; the next reader tries again. */
const refreshTimeoutMs = 30_000;

export interface TokenKeeperParts {
  readonly secrets: Secrets;
  readonly signIn: GithubSignIn;
  readonly clock: Clock;
  readonly log: Log;
  /** Learns the tokens inside what is kept. */
  readonly redactor: Redactor;
}

export class TokenKeeper implements Secrets {
  readonly #parts: TokenKeeperParts;
  #refreshing: Promise<string | null> | null = null;
  /** What is stored last stands, whatever takes longer. */
  readonly #turns = new Turns();
  /** Grows before and after each change of what is stored. */
  #kept = 0;
  /** A refresh token that GitHub does not take any more: asking again would not help. */
  #refusedToken: string | null = null;

  constructor(parts: TokenKeeperParts) {
    this.#parts = parts;
  }

  async read(name: SecretName): Promise<string | null> {
    const { secrets, clock } = this.#parts;
    if (name !== 'github-token' || (await secrets.isFixed(name))) return secrets.read(name);
    if (this.#refreshing !== null) return this.#refreshing;
    const before = this.#kept;
    const grant = await this.#grant();
    if (this.#refreshing !== null) return this.#refreshing;
    // Read before another one was stored: its refresh token is used up.
    if (this.#kept !== before) return this.read(name);
    if (grant === null) return secrets.read(name);
    const { expiresAt, token } = grant;
    if (grant.refreshToken === null || grant.refreshToken === this.#refusedToken) return token;
    if (expiresAt === null || clock.now() < expiresAt - earlyMs) return token;
    // Nothing is awaited between this look and the assignment, so that two readers never refresh twice.
    this.#refreshing ??= this.#refresh(grant, grant.refreshToken).finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  write(name: SecretName, value: string | null): Promise<void> {
    return this.#parts.secrets.write(name, value);
  }

  isFixed(name: SecretName): Promise<boolean> {
    return this.#parts.secrets.isFixed(name);
  }

  origin(name: SecretName): Promise<string | null> {
    return this.#parts.secrets.origin(name);
  }

  /** Stores what a sign-in brought, in place of a token that a person brought. */
  async keep(grant: GithubGrant, from: { readonly apiUrl: string; readonly clientId: string }): Promise<void> {
    const { secrets } = this.#parts;
    await this.#change(async () => {
      await this.#writeGrant(grant, from);
      if (!(await secrets.isFixed('github-token'))) await secrets.write('github-token', null);
    });
  }

  /** Stores a token that a person brought, in place of whatever a sign-in brought; null: signs out. */
  async replace(token: string | null): Promise<void> {
    const { secrets } = this.#parts;
    await this.#change(async () => {
      await secrets.write('github-token', token);
      await secrets.write('github-grant', null);
    });
  }

  /** Null: the token does not expire by time, or it was not brought by a sign-in here. */
  async expiresAt(): Promise<Instant | null> {
    if (await this.#parts.secrets.isFixed('github-token')) return null;
    return (await this.#grant())?.expiresAt ?? null;
  }

  #change(change: () => Promise<void>): Promise<void> {
    return this.#turns.take(async () => {
      this.#kept += 1;
      try {
        await change();
      } finally {
        this.#kept += 1;
      }
    });
  }

  async #writeGrant(grant: GithubGrant, from: Pick<StoredGrant, 'apiUrl' | 'clientId'>): Promise<void> {
    const stored: StoredGrant = {
      ...from,
      token: grant.token,
      expiresAt: grant.expiresAt,
      refreshToken: grant.refreshToken,
      refreshExpiresAt: grant.refreshExpiresAt,
    };
    // Token and refresh token in one file: a crash never leaves a new one beside a dead old one.
    await this.#parts.secrets.write('github-grant', JSON.stringify(stored));
  }

  async #grant(): Promise<StoredGrant | null> {
    const { secrets, redactor } = this.#parts;
    const grant = parseGrant(await secrets.read('github-grant'));
    if (grant === null) return null;
    redactor.add(grant.token);
    if (grant.refreshToken !== null) redactor.add(grant.refreshToken);
    return grant;
  }

  async #refresh(grant: StoredGrant, refreshToken: string): Promise<string | null> {
    const { secrets, signIn, clock, log } = this.#parts;
    const before = this.#kept;
    const controller = new AbortController();
    const stopTimer = clock.setTimer(refreshTimeoutMs, () => controller.abort());
    try {
      const { apiUrl, clientId } = grant;
      const fresh = await signIn.refresh({ apiUrl, clientId, refreshToken, signal: controller.signal });
      let isOvertaken = false;
      await this.#turns.take(async () => {
        // Signed in anew, or out, in the meantime: what a person did stands.
        isOvertaken = this.#kept !== before;
        if (isOvertaken) return;
        await this.#writeGrant(fresh, { apiUrl, clientId });
        this.#kept += 1;
      });
      if (isOvertaken) return (await this.#grant())?.token ?? (await secrets.read('github-token'));
      log.info('the GitHub token was refreshed', { expiresAt: fresh.expiresAt });
      return fresh.token;
    } catch (thrown) {
      const { code, message } = toEpicstarError(thrown);
      log.warn('the GitHub token could not be refreshed', { code, message });
      if (code === 'github-signed-out') this.#refusedToken = refreshToken;
      // The old one may have minutes to live; when it is refused GitHub says so itself.
      return grant.token;
    } finally {
      stopTimer();
    }
  }
}

function parseGrant(text: string | null): StoredGrant | null {
  if (text === null) return null;
  const value = parseKeptJson(text);
  if (typeof value !== 'object' || value === null || !('apiUrl' in value) || !('clientId' in value)) return null;
  const { apiUrl, clientId } = value;
  const token: unknown = Reflect.get(value, 'token');
  if (typeof apiUrl !== 'string' || typeof clientId !== 'string' || typeof token !== 'string') return null;
  const time = (key: string): Instant | null => {
    const found: unknown = Reflect.get(value, key);
    return typeof found === 'number' ? found : null;
  };
  const refreshToken: unknown = Reflect.get(value, 'refreshToken');
  return {
    token,
    apiUrl,
    clientId,
    expiresAt: time('expiresAt'),
    refreshToken: typeof refreshToken === 'string' ? refreshToken : null,
    refreshExpiresAt: time('refreshExpiresAt'),
  };
}
