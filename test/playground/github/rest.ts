/** @file The REST interface: which path gives which answer, for a caller who has been identified. */
import { type Answer, blockedAnswer, emptyAnswer, errorAnswer, jsonAnswer } from './answer.ts';
import type { RateState } from './rate-limit.ts';
import { fullRepositoryJson } from './repository-json.ts';
import { starredAnswer } from './starred.ts';
import { mayReadPrivate, mayStar, type TokenRecord } from './tokens.ts';
import { type Addresses, authenticatedUserJson } from './user-json.ts';
import type { World } from './world.ts';
import type { Repository } from './world-types.ts';

export interface RestQuestion {
  readonly method: string;
  /** Without `/api/v3`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly accept: string;
  readonly token: TokenRecord | null;
  readonly at: Addresses;
  readonly rate: RateState;
}

const notFound = (): Answer => errorAnswer(404, 'Not Found');

function requireToken(question: RestQuestion, answer: (token: TokenRecord) => Answer): Answer {
  return question.token === null ? errorAnswer(401, 'Requires authentication') : answer(question.token);
}

/** Whether a caller can read it, leaving aside that GitHub may have blocked it. */
export function isVisible(repository: Repository, token: TokenRecord | null): boolean {
  return !repository.hidden && (!repository.private || mayReadPrivate(token));
}

function detailsAnswer(repository: Repository | null, question: RestQuestion): Answer {
  if (repository === null || !isVisible(repository, question.token)) return notFound();
  if (repository.blocked !== null) return blockedAnswer(repository.blocked, repository.updatedAtMs);
  return jsonAnswer(200, fullRepositoryJson(repository, question.at, question.token?.login ?? null));
}

function namedRepositoryAnswer(world: World, fullName: string, question: RestQuestion): Answer {
  const found = world.findByName(fullName);
  if (found.kind !== 'moved') return detailsAnswer(found.kind === 'found' ? found.repository : null, question);
  if (!isVisible(found.repository, question.token)) return notFound();
  const location = `${question.at.apiBase}/repositories/${found.repository.id}`;
  const body = {
    message: 'Moved Permanently',
    url: location,
    documentation_url: 'https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects',
  };
  return jsonAnswer(301, body, { location });
}

function starAnswer(world: World, fullName: string, question: RestQuestion, token: TokenRecord): Answer {
  const found = world.findByName(fullName);
  if (found.kind === 'missing' || !isVisible(found.repository, token)) return notFound();
  const { id } = found.repository;
  if (question.method === 'GET') return world.isStarred(id, token.login) ? emptyAnswer(204) : notFound();
  if (!mayStar(token)) return errorAnswer(404, 'Not Found', { 'x-accepted-oauth-scopes': 'public_repo, repo' });
  if (question.method === 'PUT') world.star(id, undefined, token.login);
  else world.unstar(id, token.login);
  return emptyAnswer(204);
}

function rateLimitAnswer(rate: RateState): Answer {
  const other = (limit: number): RateState => ({ limit, used: 0, remaining: limit, reset: rate.reset });
  const resources = { core: rate, search: other(30), graphql: other(rate.limit), code_search: other(10) };
  return jsonAnswer(200, { resources, rate });
}

/** The answer before conditional requests, rate counting and faults. */
export function restAnswer(world: World, question: RestQuestion): Answer {
  const { method, path } = question;
  const isRead = method === 'GET';
  if (path === '/user' && isRead) {
    return requireToken(question, (token) => {
      const showPrivate = token.scopes.includes('user') || token.scopes.includes('read:user');
      return jsonAnswer(200, authenticatedUserJson(world.user(token.login), question.at, showPrivate));
    });
  }
  if (path === '/user/starred' && isRead) {
    return requireToken(question, (token) =>
      starredAnswer(world, { ...question, login: token.login, includePrivate: mayReadPrivate(token) }),
    );
  }
  const starred = /^\/user\/starred\/([^/]+\/[^/]+)$/.exec(path)?.[1];
  if (starred !== undefined && ['GET', 'PUT', 'DELETE'].includes(method)) {
    return requireToken(question, (token) => starAnswer(world, decodeURIComponent(starred), question, token));
  }
  const id = /^\/repositories\/(\d+)$/.exec(path)?.[1];
  if (id !== undefined && isRead) return detailsAnswer(world.findById(Number(id)), question);
  const named = /^\/repos\/([^/]+\/[^/]+)$/.exec(path)?.[1];
  if (named !== undefined && isRead) return namedRepositoryAnswer(world, decodeURIComponent(named), question);
  if (path === '/rate_limit' && isRead) return rateLimitAnswer(question.rate);
  if (path === '/meta' && isRead) return jsonAnswer(200, { verifiable_password_authentication: false });
  return notFound();
}
