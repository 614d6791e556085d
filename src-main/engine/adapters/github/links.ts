/**
 * @file Page numbers out of the Link header. Only numbers are taken: whatever host or path a link names, it is never
 * requested.
 */
import { EpicstarError } from '../../domain/errors.ts';
import { oneLine } from './texts.ts';

export interface PageLinks {
  readonly next: number | null;
  readonly last: number | null;
}

const highestPage = 10_000_000;

/**
 * Reads `rel="next"` and `rel="last"` of the answer to page `current`. Throws EpicstarError `github-unexpected` where
 * the numbers cannot be true, so that nobody walks in a circle or without an end. A page behind the end (`isEmpty`)
 * rightly names a last page before itself: the list shrank meanwhile.
 */
export function readPageLinks(link: string | null, current: number, isEmpty: boolean): PageLinks {
  const next = pageOf(link, 'next');
  const last = pageOf(link, 'last');
  if (next !== null && next !== current + 1) {
    throw nonsense(`page ${current} names page ${next} as the next one`);
  }
  if (last !== null && last < current && !isEmpty) {
    throw nonsense(`page ${current} has content and names page ${last} as the last one`);
  }
  if (last !== null && next !== null && last < next) {
    throw nonsense(`page ${current} names page ${next} as the next and page ${last} as the last one`);
  }
  return { next, last: last !== null && last > current ? last : null };
}

function pageOf(link: string | null, relation: 'next' | 'last'): number | null {
  const target = targetOf(link, relation);
  if (target === null) return null;
  // Some proxies make links relative: any base will do, it is not used.
  const page = URL.canParse(target, 'https://base.invalid')
    ? new URL(target, 'https://base.invalid').searchParams.get('page')
    : null;
  const number = page !== null && /^[1-9]\d{0,8}$/.test(page) ? Number(page) : null;
  if (number === null || number > highestPage) {
    throw nonsense(`rel="${relation}" has no page number: ${oneLine(target, 120)}`);
  }
  return number;
}

function targetOf(link: string | null, relation: string): string | null {
  for (const part of link?.split(/,\s*(?=<)/) ?? []) {
    const match = /^\s*<([^<>]*)>(.*)$/.exec(part);
    const relations =
      /;\s*rel="?([^";]*)"?/i
        .exec(match?.[2] ?? '')?.[1]
        ?.toLowerCase()
        .split(/\s+/) ?? [];
    if (match?.[1] !== undefined && relations.includes(relation)) return match[1];
  }
  return null;
}

function nonsense(detail: string): EpicstarError {
  return new EpicstarError('github-unexpected', `The Link header makes no sense: ${detail}.`);
}
