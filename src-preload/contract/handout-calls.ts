/** @file The calls by which mirrors are taken out: as a bundle, or to another remote. Part of the one table in schema.ts. */
import { z } from 'zod';
import { call, minuteMs, nothing } from './call.ts';
import { argument, count, githubId, instant, list, text, view } from './primitives.ts';
import { errorView, gitProgressView } from './views.ts';

const handoutId = text(64);

export const handoutView = view({
  id: handoutId,
  kind: z.enum(['bundle', 'push']),
  githubId,
  fullName: text(300),
  withKept: z.boolean(),
  state: z.enum(['waiting', 'working', 'done', 'failed', 'cancelled']),
  /** What it does while it works. */
  step: z.enum(['reading', 'writing', 'sending']).nullable(),
  git: gitProgressView.nullable(),
  error: errorView.nullable(),
  /** A bundle to be fetched by `GET /api/bundles/<id>`, which removes it once it has arrived. */
  bundle: view({
    fileName: text(200),
    bytes: count,
    refs: count,
    /** When it is removed, fetched or not. */
    until: instant,
  }).nullable(),
  push: view({
    pushed: count,
    unchanged: count,
    /** True: nothing was sent, because something would have been lost. */
    isHeldBack: z.boolean(),
    refused: list(view({ ref: text(600), reason: text(600) }), 50),
    refusedCount: count,
  }).nullable(),
});
export type HandoutView = z.output<typeof handoutView>;

export const handoutCalls = {
  /** Begins to make a bundle; one that is being made is joined. */
  'handouts.bundle': call(argument({ githubId, withKept: z.boolean() }), handoutView),
  /** Begins a push; nothing that is at the other remote is overwritten or deleted. User and token are not stored. */
  'handouts.push': call(
    argument({ githubId, address: text(2_000), user: text(200), token: text(1_000), withKept: z.boolean() }),
    handoutView,
  ),
  /** Null: it is not known, or not any more. */
  'handouts.get': call(argument({ id: handoutId }), handoutView.nullable()),
  /** Those of one repository, under way or ended within the hour, the newest first. */
  'handouts.of': call(argument({ githubId }), view({ handouts: list(handoutView, 20) })),
  /** Ends it, or forgets it with its bundle. */
  'handouts.end': call(argument({ id: handoutId }), view({ ended: z.boolean() })),
  /** What old tips cost in all mirrors, as it was measured in caches. */
  'kept.totals': call(nothing, view({ mirrors: count, refs: count, bytes: count, unmeasured: count }), minuteMs),
};
