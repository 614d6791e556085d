/** @file The call that tells what waits for a person's word, and what it would cost. Part of the one table in schema.ts. */
import { z } from 'zod';
import { call } from './call.ts';
import { argument, count, list, maxPageItems, pageRequest, view } from './primitives.ts';
import { repositoryView } from './views.ts';

const askView = view({
  repository: repositoryView,
  /** By GitHub's figure: an estimate. */
  bytes: count,
  /** What it would push out of the copies kept here; null: nobody knows. */
  cache: view({
    caches: count,
    bytes: count,
    /** False: it is larger than all copies may be together, so its own goes once it is mirrored. */
    stays: z.boolean(),
  }).nullable(),
});
export type AskView = z.output<typeof askView>;

const asksView = view({
  items: list(askView, maxPageItems),
  total: count,
  /** Null: the system does not tell. */
  freeBytesHere: count.nullable(),
  /** Null: the target does not tell. */
  freeBytesAtTarget: count.nullable(),
});
export type AsksView = z.output<typeof asksView>;

export const askCalls = {
  /** The largest first. They are answered by `repositories.choose`. */
  'asks.list': call(argument(pageRequest), asksView),
};
