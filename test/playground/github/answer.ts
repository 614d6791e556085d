/** @file Answers of the JSON interfaces before they are written, and GitHub's usual error bodies. */
import { toIsoSeconds } from './clock.ts';
import type { BlockReason } from './world-types.ts';

/** `body` is sent as JSON unless it is a string; `undefined` means no body. Header names are lower case. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const DOCS = 'https://docs.github.com/rest';

export function jsonAnswer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body };
}

export function emptyAnswer(status: number, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers };
}

export function errorAnswer(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return jsonAnswer(status, { message, documentation_url: DOCS, status: String(status) }, headers);
}

/** 451 for a takedown notice, 403 for broken terms of service: a 403 that is no rate limit. */
export function blockedAnswer(reason: BlockReason, sinceMs: number): Answer {
  const pageUrl = reason === 'dmca' ? 'https://github.com/github/dmca/blob/master/2026/01/2026-01-01-example.md' : null;
  return jsonAnswer(reason === 'dmca' ? 451 : 403, {
    message: 'Repository access blocked',
    block: { reason, created_at: toIsoSeconds(sinceMs), html_url: pageUrl },
  });
}

export function primaryLimitAnswer(caller: string, status: 403 | 429 = 403): Answer {
  return jsonAnswer(status, {
    message: `API rate limit exceeded for ${caller}.`,
    documentation_url: `${DOCS}/overview/rate-limits-for-the-rest-api`,
    status: String(status),
  });
}

export function secondaryLimitAnswer(retryAfterSeconds: number | null, status: 403 | 429 = 403): Answer {
  return jsonAnswer(
    status,
    {
      message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
      documentation_url: `${DOCS}/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits`,
      status: String(status),
    },
    retryAfterSeconds === null ? {} : { 'retry-after': String(retryAfterSeconds) },
  );
}
