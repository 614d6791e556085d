/** @file The list of a user's stars: pages, Link header, both media types. */
import { type Answer, jsonAnswer } from './answer.ts';
import { toIsoSeconds } from './clock.ts';
import { repositoryJson } from './repository-json.ts';
import type { Addresses } from './user-json.ts';
import type { World } from './world.ts';

export interface StarredQuestion {
  readonly login: string;
  readonly query: URLSearchParams;
  readonly accept: string;
  readonly includePrivate: boolean;
  readonly at: Addresses;
}

const DEFAULT_PER_PAGE = 30;
const MAX_PER_PAGE = 100;

function positive(text: string | null, fallback: number): number {
  const value = Number(text);
  return Number.isInteger(value) && value > 0 ? value : fallback;
}

/** GitHub keeps the other parameters, and names prev, next, last and first in this order, only where they lead elsewhere. */
export function linkHeader(url: string, query: URLSearchParams, page: number, lastPage: number): string | null {
  const relations: ReadonlyArray<readonly [rel: string, page: number, present: boolean]> = [
    ['prev', Math.min(page - 1, lastPage), page > 1],
    ['next', page + 1, page < lastPage],
    ['last', lastPage, page < lastPage],
    ['first', 1, page > 1],
  ];
  const links = relations
    .filter(([, , present]) => present)
    .map(([rel, target]) => {
      const parameters = new URLSearchParams(query);
      parameters.set('page', String(target));
      return `<${url}?${parameters.toString()}>; rel="${rel}"`;
    });
  return links.length === 0 ? null : links.join(', ');
}

export function wantsStarTimes(accept: string): boolean {
  return /application\/vnd\.github\.(?:v3\.)?star\+json/.test(accept);
}

export function starredAnswer(world: World, question: StarredQuestion): Answer {
  const { query, at } = question;
  const perPage = Math.min(positive(query.get('per_page'), DEFAULT_PER_PAGE), MAX_PER_PAGE);
  const page = positive(query.get('page'), 1);
  const order = query.get('sort') === 'updated' ? 'updated' : 'created';
  const direction = query.get('direction') === 'asc' ? 'asc' : 'desc';
  const stars = world
    .stars(question.login, order, direction)
    .filter((star) => question.includePrivate || !star.repository.private);
  const withTimes = wantsStarTimes(question.accept);
  const items = stars.slice((page - 1) * perPage, page * perPage).map((star) => {
    const repo = repositoryJson(star.repository, at, question.login);
    return withTimes ? { starred_at: toIsoSeconds(star.starredAtMs), repo } : repo;
  });
  const lastPage = Math.max(1, Math.ceil(stars.length / perPage));
  const link = linkHeader(`${at.apiBase}/user/starred`, query, page, lastPage);
  return jsonAnswer(200, items, link === null ? {} : { link });
}
