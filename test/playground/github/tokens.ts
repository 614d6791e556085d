/** @file Access tokens and what they permit; must not know HTTP. */
import { randomBytes } from 'node:crypto';
import type { PlaygroundClock } from './clock.ts';

/**
 * `oauth-app`: `gho_`, scopes, no expiry. `github-app`: `ghu_`, no scopes, may expire. `personal`: `ghp_`, scopes.
 * `fine-grained`: `github_pat_`, no scopes; here it may read stars and nothing else of the account.
 */
export type TokenKind = 'oauth-app' | 'github-app' | 'personal' | 'fine-grained';

export interface TokenSpec {
  readonly login: string;
  readonly kind?: TokenKind;
  readonly scopes?: readonly string[];
  /** Lifetime in milliseconds; default: no end. */
  readonly expiresInMs?: number;
}

export interface TokenRecord {
  readonly token: string;
  readonly login: string;
  readonly kind: TokenKind;
  readonly scopes: readonly string[];
  readonly expiresAtMs: number | null;
}

const PREFIX: Readonly<Record<TokenKind, string>> = {
  'oauth-app': 'gho_',
  'github-app': 'ghu_',
  personal: 'ghp_',
  'fine-grained': 'github_pat_',
};

/** Random letters and digits, as in GitHub's tokens. */
export function randomToken(prefix: string): string {
  return prefix + randomBytes(18).toString('hex');
}

export class TokenStore {
  readonly #clock: PlaygroundClock;
  readonly #tokens = new Map<string, TokenRecord>();

  constructor(clock: PlaygroundClock) {
    this.#clock = clock;
  }

  add(spec: TokenSpec): string {
    const kind = spec.kind ?? 'oauth-app';
    const token = randomToken(PREFIX[kind]);
    this.#tokens.set(token, {
      token,
      login: spec.login,
      kind,
      scopes: spec.scopes ?? [],
      expiresAtMs: spec.expiresInMs === undefined ? null : this.#clock.now() + spec.expiresInMs,
    });
    return token;
  }

  /** The record of a token that is valid now. */
  find(token: string): TokenRecord | null {
    const record = this.#tokens.get(token);
    if (record === undefined || (record.expiresAtMs !== null && record.expiresAtMs <= this.#clock.now())) return null;
    return record;
  }

  revoke(token: string): void {
    this.#tokens.delete(token);
  }

  revokeAll(): void {
    this.#tokens.clear();
  }
}

/** Whether what it permits is told by scopes, and not by permissions. */
export function hasScopes(token: TokenRecord): boolean {
  return token.kind === 'oauth-app' || token.kind === 'personal';
}

/** Private repositories need the scope `repo`; a GitHub App's token reaches none, as if installed nowhere. */
export function mayReadPrivate(token: TokenRecord | null): boolean {
  return token?.scopes.includes('repo') ?? false;
}

export function mayStar(token: TokenRecord): boolean {
  return token.kind === 'github-app' || token.scopes.includes('repo') || token.scopes.includes('public_repo');
}

/** The token of an `Authorization` header: Bearer, `token`, or the password of Basic. */
export function tokenFromHeader(authorization: string | undefined): string | null {
  const [scheme, value] = authorization?.trim().split(/\s+/, 2) ?? [];
  if (scheme === undefined || value === undefined) return null;
  if (/^(bearer|token)$/i.test(scheme)) return value;
  if (!/^basic$/i.test(scheme)) return null;
  const pair = Buffer.from(value, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  const [user, password] = colon < 0 ? [pair, ''] : [pair.slice(0, colon), pair.slice(colon + 1)];
  return password === '' || password === 'x-oauth-basic' ? user : password;
}
