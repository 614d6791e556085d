/** @file The door of OneDev's REST interface: authentication, routes, and the checks that come before any resource. */
import {
  type Answer,
  AnswerError,
  fail,
  invalidCredentials,
  notAuthenticated,
  notAuthorized,
  notFound,
  text,
} from './answers.ts';
import type { Exchange } from './exchange.ts';
import { type Fields, isFields, parseJson } from './json-body.ts';
import type { Repositories } from './repositories.ts';
import type { Authentication, Principal, User } from './types.ts';
import type { World } from './world.ts';

export interface RestCall {
  readonly world: World;
  readonly repositories: Repositories;
  readonly principal: Principal;
  readonly query: URLSearchParams;
  /** What the parentheses of the route's pattern matched, decoded. */
  readonly params: readonly string[];
  /** Empty if there was none. */
  readonly body: string;
  /** How long the insert of a root takes after its check; children are inserted at once. */
  readonly rootInsertDelayMs: number;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Of the path below `/~api/`, not decoded. */
  readonly pattern: RegExp;
  /** Names of query parameters; those with `?` may be missing. */
  readonly query?: readonly string[];
  readonly handle: (call: RestCall) => Answer | Promise<Answer>;
}

export interface RestParts {
  readonly world: World;
  readonly repositories: Repositories;
  readonly routes: readonly Route[];
  readonly rootInsertDelayMs: number;
}

const maxBodyBytes = 20_051_112;

export async function handleRest(parts: RestParts, exchange: Exchange, auth: Authentication): Promise<void> {
  try {
    await exchange.send(await answerRest(parts, exchange, auth));
  } catch (error) {
    if (!(error instanceof AnswerError)) {
      throw error;
    }
    await exchange.send(error.answer);
  }
}

async function answerRest(parts: RestParts, exchange: Exchange, auth: Authentication): Promise<Answer> {
  if (auth.kind !== 'known') {
    return text(401, auth.kind === 'anonymous' ? notAuthenticated : invalidCredentials);
  }
  const path = exchange.path.slice('/~api/'.length);
  const found = parts.routes.filter((route) => route.pattern.test(path));
  const method = exchange.method === 'HEAD' ? 'GET' : exchange.method;
  const route = found.find((candidate) => candidate.method === method);
  if (found.length === 0) {
    return text(404, notFound);
  }
  if (route === undefined) {
    return text(405, 'HTTP 405 Method Not Allowed');
  }
  if (!acceptsJson(exchange.request.headers.accept)) {
    return text(406, 'HTTP 406 Not Acceptable');
  }
  const body = await readText(exchange);
  if (body !== '' && !/^application\/json\b/.test(exchange.request.headers['content-type'] ?? '')) {
    return text(415, 'HTTP 415 Unsupported Media Type');
  }
  checkQuery(exchange.query, route.query ?? []);
  const params = (route.pattern.exec(path) ?? []).slice(1).map((part) => decode(part));
  const { world, repositories, rootInsertDelayMs } = parts;
  const { principal } = auth;
  return route.handle({ world, repositories, principal, query: exchange.query, params, body, rootInsertDelayMs });
}

function acceptsJson(accept: string | undefined): boolean {
  return accept === undefined || /\*\/\*|application\/(json|\*)/.test(accept);
}

async function readText(exchange: Exchange): Promise<string> {
  const body = await exchange.readBody(maxBodyBytes);
  if (body === undefined) {
    return fail(
      400,
      `String value length (${maxBodyBytes}) exceeds the maximum allowed (20000000, from \`StreamReadConstraints.getMaxStringLength()\`) (through reference chain: io.onedev.server.rest.resource.ProjectResource$ProjectData["description"])`,
    );
  }
  return body.toString('utf8');
}

function checkQuery(query: URLSearchParams, names: readonly string[]): void {
  const missing = names.filter((name) => !name.endsWith('?') && !query.has(name));
  if (missing.length > 0) {
    fail(406, `Missing query params: [${missing.join(', ')}]`);
  }
  const known = new Set(names.map((name) => name.replace('?', '')));
  const unexpected = [...new Set(query.keys())].filter((name) => !known.has(name));
  if (unexpected.length > 0) {
    fail(406, `Unexpected query params: [${unexpected.join(', ')}]`);
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return fail(404, notFound);
  }
}

/** The number in a path or query; what is no number makes the whole address unknown. */
export function readNumber(value: string | null | undefined): number {
  return value !== null && value !== undefined && /^-?\d+$/.test(value) ? Number(value) : fail(404, notFound);
}

/** The body as an object; an empty body is undefined. */
export function readFields(call: RestCall): Fields | undefined {
  if (call.body === '') {
    return undefined;
  }
  const value = parseJson(call.body);
  return isFields(value) ? value : fail(400, 'Cannot deserialize value');
}

export function requireUser(call: RestCall): User {
  return call.principal.kind === 'user' ? call.principal.user : fail(403, notAuthorized);
}

export function requireAdmin(call: RestCall): void {
  if (!call.world.isAdmin(call.principal)) {
    fail(403, notAuthorized);
  }
}

/** The user behind a token, or the user itself. */
export function userBehind(world: World, principal: Principal): User | undefined {
  return principal.kind === 'user' ? principal.user : world.users.get(principal.token.ownerId);
}
