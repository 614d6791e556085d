/** @file What surrounds every REST answer: identification, rate limit, ETag, and GitHub's own headers. */
import { createHash, randomBytes } from 'node:crypto';
import { type Answer, emptyAnswer, errorAnswer, jsonAnswer, primaryLimitAnswer } from './answer.ts';
import type { RateLimiter, RateState } from './rate-limit.ts';
import { bodyText } from './send-answer.ts';
import { wantsStarTimes } from './starred.ts';
import { hasScopes, type TokenRecord } from './tokens.ts';

export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

const API_VERSIONS = ['2022-11-28', '2026-03-10'];

function textOf(headers: RequestHeaders, name: string): string {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : (value ?? '');
}

/** Depends on the body and on who asks for which form of it, as GitHub's does. */
export function etagOf(answer: Answer, headers: RequestHeaders): string {
  const asker = [textOf(headers, 'accept'), textOf(headers, 'authorization'), textOf(headers, 'cookie'), ''].join(':');
  return `"${createHash('sha256').update(asker).update(bodyText(answer)).digest('hex')}"`;
}

function isKnownToClient(etag: string, headers: RequestHeaders): boolean {
  const offered = textOf(headers, 'if-none-match').split(',');
  return offered.some((candidate) => candidate.trim().replace(/^W\//, '') === etag);
}

function rateHeaders(rate: RateState): Record<string, string> {
  return {
    'x-ratelimit-limit': String(rate.limit),
    'x-ratelimit-remaining': String(rate.remaining),
    'x-ratelimit-used': String(rate.used),
    'x-ratelimit-reset': String(rate.reset),
    'x-ratelimit-resource': 'core',
  };
}

function commonHeaders(headers: RequestHeaders, token: TokenRecord | null, version: string): Record<string, string> {
  const media = wantsStarTimes(textOf(headers, 'accept'))
    ? 'github.v3; param=star; format=json'
    : 'github.v3; format=json';
  const accepted = token !== null && !hasScopes(token) ? { 'x-accepted-github-permissions': 'starring=read' } : {};
  const scopes =
    token === null || !hasScopes(token)
      ? {}
      : { 'x-oauth-scopes': token.scopes.join(', '), 'x-accepted-oauth-scopes': '' };
  return {
    'x-github-media-type': media,
    'x-github-api-version-selected': version,
    'x-github-request-id': randomBytes(12).toString('hex').toUpperCase(),
    'cache-control': token === null ? 'public, max-age=60, s-maxage=60' : 'private, max-age=60, s-maxage=60',
    vary: 'Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, Accept, X-Requested-With',
    'x-content-type-options': 'nosniff',
    ...scopes,
    ...accepted,
  };
}

export interface Framed {
  readonly headers: RequestHeaders;
  readonly path: string;
  readonly token: TokenRecord | null;
  /** A credential was sent that is not valid. */
  readonly hasBadToken: boolean;
}

function earlyAnswer(framed: Framed, version: string, rate: RateState): Answer | null {
  if (textOf(framed.headers, 'user-agent') === '') {
    const message = 'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.';
    return { status: 403, headers: { 'content-type': 'text/plain' }, body: `${message}\n` };
  }
  if (framed.hasBadToken) return errorAnswer(401, 'Bad credentials');
  if (!API_VERSIONS.includes(version)) {
    return jsonAnswer(400, { message: `"${version}" is not a supported version.` });
  }
  if (rate.remaining === 0 && framed.path !== '/rate_limit') {
    return primaryLimitAnswer(framed.token === null ? 'your address' : `user ${framed.token.login}`);
  }
  return null;
}

/**
 * Makes the true answer and frames it. A 304 for a signed-in caller costs nothing; neither does `/rate_limit`.
 * `spoil` sees the answer before its ETag is made, so a spoiled list has an ETag of its own.
 */
export function framedAnswer(
  framed: Framed,
  rates: RateLimiter,
  answerFor: (rate: RateState) => Answer,
  spoil: (answer: Answer) => Answer,
): Answer {
  const version = textOf(framed.headers, 'x-github-api-version') || (API_VERSIONS[0] ?? '');
  const before = rates.state(framed.token);
  const early = earlyAnswer(framed, version, before);
  let answer = early ?? spoil(answerFor(before));
  if (answer.status === 200) {
    const etag = etagOf(answer, framed.headers);
    answer = isKnownToClient(etag, framed.headers)
      ? emptyAnswer(304, { etag })
      : { ...answer, headers: { ...answer.headers, etag } };
  }
  const isFree = framed.path === '/rate_limit' || (answer.status === 304 && framed.token !== null);
  if (early === null && !isFree) rates.count(framed.token);
  const common = commonHeaders(framed.headers, framed.token, version);
  return { ...answer, headers: { ...common, ...rateHeaders(rates.state(framed.token)), ...answer.headers } };
}
