/** @file Filters, counts and figures over time of repositories and runs, as the window asks for them. */
import { z } from 'zod';
import { count, githubId, instant, list, text, view } from './primitives.ts';
import { repositoryStateNames } from './views.ts';

export const repositoryOrderNames = ['name', 'starred', 'size', 'verified', 'stalest', 'pushed'] as const;
export type RepositoryOrderName = (typeof repositoryOrderNames)[number];

const words = list(text(300), 200).nullable().default(null);
const flag = z.boolean().nullable().default(null);
const sizeKb = count.nullable().default(null);

/** All that is named must hold; null and what is left out narrow nothing. */
export const repositoryFilter = {
  /** Each word is looked for in name, description and topics. */
  text: text(200).default(''),
  state: z.enum(repositoryStateNames).nullable().default(null),
  states: list(z.enum(repositoryStateNames), repositoryStateNames.length).nullable().default(null),
  /** An empty text: repositories without a language. */
  languages: words,
  owners: words,
  /** On one of these GitHub Lists; an empty text: repositories on none. */
  lists: words,
  isPrivate: flag,
  isArchived: flag,
  isFork: flag,
  /** Gone from the starred list. */
  isAbsent: flag,
  /** Gone or blocked upstream for certain, with a mirror. */
  isRescued: flag,
  /** The last comparison found a difference, or could not be made. */
  isUnproven: flag,
  isIncomplete: flag,
  minSizeKb: sizeKb,
  maxSizeKb: sizeKb,
};

const facet = view({ value: text(300), count });

/** Each list keeps to all filters but its own: what choosing another of its values would show. */
export const facetsView = view({
  languages: list(facet, 500),
  owners: list(facet, 100),
  /** By name; an empty one, the last: repositories on no List. */
  lists: list(facet, 101),
  states: list(view({ state: z.enum(repositoryStateNames), count }), repositoryStateNames.length),
});
export type FacetsView = z.output<typeof facetsView>;

const outcomeCounts = view({
  done: count,
  retry: count,
  waiting: count,
  failed: count,
  cancelled: count,
  interrupted: count,
});

const share = view({ value: text(300), sizeKb: count, count });
const shares = view({ items: list(share, 50), rest: view({ sizeKb: count, count }) });

export const statisticsView = view({
  /** One for each day that was asked for, in its order. */
  outcomes: list(outcomeCounts, 100),
  byLanguage: shares,
  byOwner: shares,
  /** Stars from each bound to the next. */
  stars: list(count, 500),
});
export type StatisticsView = z.output<typeof statisticsView>;

export const keptRefsView = view({
  /** Refs that the mirror keeps although upstream rewrote or deleted them, newest first. */
  items: list(
    view({
      /** Full name in the mirror. */
      ref: text(900),
      /** What it was called upstream; null: not told by its name. */
      origin: text(600).nullable(),
      sha: text(64),
      /** Null: not told by its name. */
      keptAt: instant.nullable(),
    }),
    200,
  ),
  total: count,
  /** What only they hold, as measured in the cache; null: not measured. */
  bytes: count.nullable(),
  /** Where git clones the mirror from; null: not told. */
  cloneAddress: text(2_000).nullable(),
});
export type KeptRefsView = z.output<typeof keptRefsView>;

export const repositoryIdsView = view({ githubIds: list(githubId, 10_000) });
