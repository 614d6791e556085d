/** @file What GitHub answers at its sign-in addresses, parsed; and its refusals in our words. Pure. */
import { z } from 'zod';
import { EpicstarError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Redactor } from '../../ports/log.ts';
import { type Answer, messageOf, numberHeaderOf } from './answer.ts';
import { failureOf, unexpectedContent } from './failures.ts';
import { describeValue, oneLine } from './texts.ts';

/** Why GitHub does not give a token (yet). It says all of it with status 200. */
export type Refusal =
  | { readonly kind: 'pending' }
  /** `intervalMs` null: not told. */
  | { readonly kind: 'slow-down'; readonly intervalMs: number | null }
  | { readonly kind: 'expired' }
  | { readonly kind: 'denied' }
  /** The code belongs to nobody: mistaken, or used already. */
  | { readonly kind: 'unknown-code'; readonly error: EpicstarError }
  | { readonly kind: 'failed'; readonly error: EpicstarError };

/** In octokit's form, which is GitHub's. */
export interface CodeReply {
  readonly device_code: string;
  readonly user_code: string;
  readonly verification_uri: string;
  readonly expires_in: number;
  readonly interval: number;
}

export interface TokenReply {
  readonly access_token: string;
  readonly token_type: string;
  readonly scope: string;
  readonly expires_in?: number | undefined;
  readonly refresh_token?: string | undefined;
  readonly refresh_token_expires_in?: number | undefined;
}

export interface AnswerContext {
  /** For a person. */
  readonly host: string;
  readonly webUrl: string;
  readonly clientId: string;
  readonly clock: Clock;
  readonly redactor: Redactor;
}

/** https://datatracker.ietf.org/doc/html/rfc8628#section-3.2 */
const usualIntervalSeconds = 5;
/** Where GitHub says only that it was too much: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const usualPauseSeconds = 60;
const longestSeconds = 10 * 365 * 86_400;

const secret = z.string().regex(/^[\x21-\x7e]{8,1000}$/);
/** Whole ones: instants are whole milliseconds. */
const seconds = z.number().positive().max(longestSeconds).transform(Math.ceil);
const intervalSeconds = z.number().min(0).max(longestSeconds);
const refusalShape = z.object({
  error: z.string(),
  error_description: z.string().optional().catch(undefined),
  interval: intervalSeconds.optional().catch(undefined),
});
const codeShape = z.object({
  device_code: secret,
  user_code: z.string().regex(/^[A-Za-z0-9]{4}-[A-Za-z0-9]{4}$/),
  verification_uri: z.url({ protocol: /^https?$/ }),
  expires_in: seconds,
  interval: intervalSeconds.default(usualIntervalSeconds),
});
const tokenShape = z
  .object({
    access_token: secret,
    token_type: z.string().regex(/^bearer$/i),
    scope: z.string(),
    expires_in: seconds.optional(),
    refresh_token: secret.optional(),
    refresh_token_expires_in: seconds.optional(),
  })
  .refine(
    ({ expires_in, refresh_token, refresh_token_expires_in }) =>
      refresh_token === undefined || (expires_in !== undefined && refresh_token_expires_in !== undefined),
    { path: ['refresh_token'], message: 'it has no lifetime' },
  );

const secretFields = ['device_code', 'access_token', 'refresh_token'];

/** Hides all secrets of an answer from now on, also those of one that turns out wrong. */
export function hideSecrets(answer: Answer, redactor: Redactor): void {
  if (typeof answer.data !== 'object' || answer.data === null) return;
  for (const [name, value] of Object.entries(answer.data)) {
    if (secretFields.includes(name) && typeof value === 'string') redactor.add(value);
  }
}

/** Null where the answer is no refusal. Throws EpicstarError for every status but 200. */
export function readRefusal(answer: Answer, context: AnswerContext): Refusal | null {
  const parsed = refusalShape.safeParse(answer.data);
  if (answer.status === 404 && saysUnknown(answer, parsed.data?.error)) throw unknownClient(context);
  if (answer.status !== 200) throw statusFailure(answer, context);
  if (!parsed.success) return null;
  const { error, error_description: description, interval } = parsed.data;
  switch (error) {
    case 'authorization_pending':
      return { kind: 'pending' };
    case 'slow_down':
      return { kind: 'slow-down', intervalMs: interval === undefined ? null : interval * 1000 };
    case 'expired_token':
    case 'token_expired':
      return { kind: 'expired' };
    case 'access_denied':
      return { kind: 'denied' };
    case 'incorrect_device_code':
      return { kind: 'unknown-code', error: unknownCode(context) };
    case 'device_flow_disabled':
      return { kind: 'failed', error: disabled(context) };
    case 'incorrect_client_credentials':
      return { kind: 'failed', error: unknownClient(context) };
    case 'unsupported_grant_type':
      return { kind: 'failed', error: unsupported(context) };
    case 'bad_refresh_token':
      return { kind: 'failed', error: new EpicstarError('github-signed-out', 'The refresh token is used or expired.') };
    default: {
      const words = oneLine(context.redactor.redact(description ?? ''));
      const detail = `${context.host} says "${oneLine(context.redactor.redact(error), 60)}"`;
      const said = words === '' ? `${detail}.` : `${detail}: ${words}`;
      return { kind: 'failed', error: new EpicstarError('github-unexpected', said, { data: { status: 200 } }) };
    }
  }
}

/** Throws EpicstarError `github-unexpected` for anything else, also for a page on another host than the asked one. */
export function readCode(answer: Answer, context: AnswerContext): CodeReply {
  const parsed = codeShape.safeParse(answer.data);
  if (!parsed.success) throw wrong(answer, 'a code to type', parsed.error);
  assertOwnPage(parsed.data.verification_uri, context);
  return parsed.data;
}

/** Throws EpicstarError `github-unexpected` for anything else. Never repeats what came. */
export function readTokenReply(answer: Answer): TokenReply {
  const parsed = tokenShape.safeParse(answer.data);
  if (!parsed.success) throw wrong(answer, 'a token', parsed.error);
  return parsed.data;
}

/** GitHub separates scopes by commas here, others by spaces. */
export function splitGrantedScopes(scope: string): readonly string[] {
  return scope.split(/[\s,]+/).filter((word) => word !== '');
}

/** Throws EpicstarError `github-unexpected` for a page to open that is not on the host that was asked. */
export function assertOwnPage(verificationUri: string, { webUrl, host }: AnswerContext): void {
  const page = URL.canParse(verificationUri) ? new URL(verificationUri) : null;
  if (page?.origin === new URL(webUrl).origin && page.username === '' && page.password === '') return;
  const where = page === null ? 'no address' : oneLine(page.host, 100);
  throw new EpicstarError('github-unexpected', `${host} sends people to another place to type the code: ${where}.`);
}

function saysUnknown(answer: Answer, error: string | undefined): boolean {
  return (error ?? messageOf(answer))?.trim().toLowerCase() === 'not found';
}

/** 401 means a bad token elsewhere; here none is sent. */
function statusFailure(answer: Answer, { clock, redactor }: AnswerContext): EpicstarError {
  if (answer.status === 429) {
    const until = clock.now() + (numberHeaderOf(answer, 'retry-after') ?? usualPauseSeconds) * 1000;
    return new EpicstarError('github-rate-limited', 'Too many sign-ins were begun.', { data: { status: 429, until } });
  }
  const failure = failureOf(answer, null, (text) => redactor.redact(text));
  return failure.code === 'github-signed-out'
    ? new EpicstarError('github-unexpected', failure.detail, { data: failure.data })
    : failure;
}

/** Where a value is wrong is told, never the value: it may be a token. */
function wrong(answer: Answer, expected: string, error: z.ZodError): EpicstarError {
  const [issue] = error.issues;
  const where = issue?.path.map(String).join('.') ?? '';
  const isText = typeof answer.data === 'string' && answer.data !== '';
  const whole = isText ? 'a text' : describeValue(answer.data);
  return unexpectedContent(answer, expected, where === '' ? whole : `one whose "${where}" is missing or wrong`);
}

function shown(clientId: string): string {
  return oneLine(clientId, 60);
}

function unknownClient({ host, clientId }: AnswerContext): EpicstarError {
  const detail =
    `${host} knows no app with the client id "${shown(clientId)}". Correct EPICSTAR_GITHUB_CLIENT_ID: ` +
    'it is shown in the settings of the app, and each GitHub host has apps of its own.';
  return new EpicstarError('config-invalid', detail);
}

function unknownCode({ host, clientId }: AnswerContext): EpicstarError {
  const detail =
    `${host} does not know the code that it gave for the client id "${shown(clientId)}". ` +
    'Check EPICSTAR_GITHUB_CLIENT_ID and the GitHub address, and sign in again.';
  return new EpicstarError('config-invalid', detail);
}

function disabled({ host, clientId }: AnswerContext): EpicstarError {
  const detail =
    `The app with the client id "${shown(clientId)}" does not allow this way to sign in. Switch on "Enable Device ` +
    `Flow" in the settings of the app on ${host}, or name another app in EPICSTAR_GITHUB_CLIENT_ID.`;
  return new EpicstarError('config-invalid', detail);
}

function unsupported({ host, clientId }: AnswerContext): EpicstarError {
  const detail =
    `${host} does not offer this way to sign in to the app with the client id "${shown(clientId)}". ` +
    'Name another app in EPICSTAR_GITHUB_CLIENT_ID, or use a token.';
  return new EpicstarError('config-invalid', detail);
}
