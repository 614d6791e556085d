/** @file One page of stars, read item by item. Knows nothing of paging. */
import type { Star } from '../../domain/repository.ts';
import { type Answer, headerOf } from './answer.ts';
import { unexpectedContent } from './failures.ts';
import { readStar } from './parse.ts';
import { oneLine } from './texts.ts';

export interface StarList {
  readonly stars: readonly Star[];
  readonly unreadable: readonly string[];
  /** Items that came, readable or not. */
  readonly itemCount: number;
}

/** Throws EpicstarError `github-unexpected` where the answer is no list of at most `perPage` items. */
export function readStarList(answer: Answer, perPage: number): StarList {
  const expected = `a list of at most ${perPage} stars`;
  const items: unknown = answer.data;
  if (!Array.isArray(items)) throw unexpectedContent(answer, expected, null);
  if (items.length > perPage) throw unexpectedContent(answer, expected, `a list of ${items.length}`);
  const stars: Star[] = [];
  const unreadable: string[] = [];
  items.forEach((item: unknown, index) => {
    const parsed = readStar(item);
    if (parsed.ok) stars.push(parsed.value);
    else unreadable.push(oneLine(`item ${index + 1}: ${parsed.problem}`));
  });
  // With a token that an organization's single sign-on does not know, GitHub leaves that organization's items out.
  if (headerOf(answer, 'x-github-sso')?.startsWith('partial-results') === true) {
    unreadable.push('items of organizations whose single sign-on the token is not authorized for');
  }
  return { stars, unreadable, itemCount: items.length };
}
