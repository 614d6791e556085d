/** @file GitHub's OAuth device flow and the refresh of a GitHub App's tokens: rules and state; must not know HTTP. */
import { randomBytes, randomInt } from 'node:crypto';
import type { PlaygroundClock } from './clock.ts';
import { randomToken, type TokenStore } from './tokens.ts';

/** Client ids tell the kind of an app by their beginning, as on GitHub. */
export const OAUTH_APP_CLIENT_ID = 'Ov23liPlaygroundOauth';
export const GITHUB_APP_CLIENT_ID = 'Iv23liPlaygroundAppl';

export interface DeviceFlowSettings {
  /** Least seconds between two polls; default 5, as on GitHub. */
  readonly intervalSeconds: number;
  /** Lifetime of a code; default 900. */
  readonly expiresInSeconds: number;
  /** Lifetime of a GitHub App's user token; default 8 hours. */
  readonly userTokenSeconds: number;
}

export interface PendingSignIn {
  readonly userCode: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly expiresAtMs: number;
}

interface SignIn extends PendingSignIn {
  readonly deviceCode: string;
  intervalSeconds: number;
  lastPollAtMs: number | null;
  state: 'pending' | 'approved' | 'denied' | 'used';
  login: string;
}

interface Refresh {
  readonly login: string;
  readonly accessToken: string;
}

/** The fields of a form answer; an `error` still comes with HTTP 200. */
export type TokenReply = Readonly<Record<string, string | number>>;

const REFRESH_TOKEN_SECONDS = 15_897_600;
const USER_CODE_LETTERS = 'BCDFGHJKLMNPQRSTVWXZ0123456789';

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  authorization_pending: 'The authorization request is still pending.',
  slow_down: 'Too many requests have been made in the same timeframe.',
  expired_token: 'This device_code has expired.',
  access_denied: 'The authorization request was denied.',
  device_flow_disabled: 'Device Flow must be explicitly enabled for this App',
  incorrect_client_credentials: 'The client_id and/or client_secret passed are incorrect.',
  incorrect_device_code: 'The device_code provided is not valid.',
  unsupported_grant_type: 'The grant type is not supported.',
  bad_refresh_token: 'The refresh token passed is incorrect or expired.',
};

function failure(error: string, more: TokenReply = {}): TokenReply {
  return {
    error,
    error_description: DESCRIPTIONS[error] ?? error,
    error_uri: 'https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps',
    ...more,
  };
}

function makeUserCode(): string {
  const letters = Array.from({ length: 8 }, () => USER_CODE_LETTERS[randomInt(USER_CODE_LETTERS.length)] ?? 'X');
  return `${letters.slice(0, 4).join('')}-${letters.slice(4).join('')}`;
}

function isGithubApp(clientId: string): boolean {
  return clientId.startsWith('Iv');
}

function isKnownClient(clientId: string): boolean {
  return /^(?:Ov|Iv)\w+$|^[0-9a-f]{20}$/.test(clientId);
}

export class DeviceFlow {
  readonly #clock: PlaygroundClock;
  readonly #tokens: TokenStore;
  readonly #defaultLogin: string;
  readonly #signIns = new Map<string, SignIn>();
  readonly #refreshes = new Map<string, Refresh>();
  readonly #disabledClients = new Set<string>();
  #settings: DeviceFlowSettings;

  constructor(clock: PlaygroundClock, tokens: TokenStore, login: string, settings: Partial<DeviceFlowSettings> = {}) {
    this.#clock = clock;
    this.#tokens = tokens;
    this.#defaultLogin = login;
    this.#settings = { intervalSeconds: 5, expiresInSeconds: 900, userTokenSeconds: 28_800, ...settings };
  }

  /** Changes what later sign-ins are given. */
  configure(settings: Partial<DeviceFlowSettings>): void {
    this.#settings = { ...this.#settings, ...settings };
  }

  /** As if the app's owner had switched "Enable device flow" off. */
  disable(clientId: string): void {
    this.#disabledClients.add(clientId);
  }

  /** Sign-ins that wait for the user, oldest first. */
  pending(): readonly PendingSignIn[] {
    return [...this.#signIns.values()].filter((signIn) => signIn.state === 'pending' && !this.#isExpired(signIn));
  }

  /** The user agrees. @returns false when no sign-in waits under that code */
  approve(userCode: string, login: string = this.#defaultLogin): boolean {
    return this.#decide(userCode, 'approved', login);
  }

  deny(userCode: string): boolean {
    return this.#decide(userCode, 'denied', this.#defaultLogin);
  }

  /** Ends the lifetime of every waiting code at once. */
  expireAll(): void {
    for (const [code, signIn] of this.#signIns) this.#signIns.set(code, { ...signIn, expiresAtMs: 0 });
  }

  /** Step 1. @returns null for an unknown client, which GitHub answers with 404 */
  start(clientId: string, scope: string, verificationUri: string): TokenReply | null {
    if (!isKnownClient(clientId)) return null;
    if (this.#disabledClients.has(clientId)) return failure('device_flow_disabled');
    const now = this.#clock.now();
    const signIn: SignIn = {
      deviceCode: randomBytes(20).toString('hex'),
      userCode: makeUserCode(),
      clientId,
      scopes: isGithubApp(clientId) ? [] : scope.split(/[\s,]+/).filter((word) => word !== ''),
      expiresAtMs: now + this.#settings.expiresInSeconds * 1000,
      intervalSeconds: this.#settings.intervalSeconds,
      lastPollAtMs: null,
      state: 'pending',
      login: this.#defaultLogin,
    };
    this.#signIns.set(signIn.deviceCode, signIn);
    return {
      device_code: signIn.deviceCode,
      user_code: signIn.userCode,
      verification_uri: verificationUri,
      expires_in: this.#settings.expiresInSeconds,
      interval: signIn.intervalSeconds,
    };
  }

  /** Step 3, or a refresh, by `grant_type`. */
  exchange(form: URLSearchParams): TokenReply {
    const clientId = form.get('client_id') ?? '';
    if (!isKnownClient(clientId)) return failure('incorrect_client_credentials');
    switch (form.get('grant_type')) {
      case 'urn:ietf:params:oauth:grant-type:device_code':
        return this.#poll(clientId, form.get('device_code') ?? '');
      case 'refresh_token':
        return this.#refresh(form.get('refresh_token') ?? '');
      default:
        return failure('unsupported_grant_type');
    }
  }

  #poll(clientId: string, deviceCode: string): TokenReply {
    if (this.#disabledClients.has(clientId)) return failure('device_flow_disabled');
    const signIn = this.#signIns.get(deviceCode);
    if (signIn === undefined || signIn.clientId !== clientId || signIn.state === 'used') {
      return failure('incorrect_device_code');
    }
    if (this.#isExpired(signIn)) return failure('expired_token');
    const now = this.#clock.now();
    const isTooEarly = signIn.lastPollAtMs !== null && now - signIn.lastPollAtMs < signIn.intervalSeconds * 1000;
    signIn.lastPollAtMs = now;
    if (isTooEarly) {
      signIn.intervalSeconds += 5;
      return failure('slow_down', { interval: signIn.intervalSeconds });
    }
    if (signIn.state === 'pending') return failure('authorization_pending');
    if (signIn.state === 'denied') return failure('access_denied');
    signIn.state = 'used';
    return isGithubApp(clientId)
      ? this.#issueAppToken(signIn.login)
      : {
          access_token: this.#tokens.add({ login: signIn.login, kind: 'oauth-app', scopes: signIn.scopes }),
          token_type: 'bearer',
          scope: signIn.scopes.join(','),
        };
  }

  /** A refresh token works once; the access token that came with it dies with it. */
  #refresh(refreshToken: string): TokenReply {
    const refresh = this.#refreshes.get(refreshToken);
    if (refresh === undefined) return failure('bad_refresh_token');
    this.#refreshes.delete(refreshToken);
    this.#tokens.revoke(refresh.accessToken);
    return this.#issueAppToken(refresh.login);
  }

  #issueAppToken(login: string): TokenReply {
    const expiresInMs = this.#settings.userTokenSeconds * 1000;
    const accessToken = this.#tokens.add({ login, kind: 'github-app', expiresInMs });
    const refreshToken = randomToken('ghr_');
    this.#refreshes.set(refreshToken, { login, accessToken });
    return {
      access_token: accessToken,
      token_type: 'bearer',
      scope: '',
      expires_in: this.#settings.userTokenSeconds,
      refresh_token: refreshToken,
      refresh_token_expires_in: REFRESH_TOKEN_SECONDS,
    };
  }

  #decide(userCode: string, state: 'approved' | 'denied', login: string): boolean {
    for (const signIn of this.#signIns.values()) {
      if (signIn.userCode !== userCode.trim().toUpperCase() || signIn.state !== 'pending') continue;
      if (this.#isExpired(signIn)) return false;
      signIn.state = state;
      signIn.login = login;
      return true;
    }
    return false;
  }

  #isExpired(signIn: PendingSignIn): boolean {
    return signIn.expiresAtMs <= this.#clock.now();
  }
}
