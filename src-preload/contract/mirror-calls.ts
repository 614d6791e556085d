/** @file The calls by which a person acts on single mirrors. Part of the one table in schema.ts. */
import { z } from 'zod';
import { call, minuteMs, nothing } from './call.ts';
import { argument, githubId, instant, list, text, view } from './primitives.ts';
import { errorView } from './views.ts';

/** As many as a person reads one by one. */
export const mostActsAtOnce = 20;

const someIds = argument({ githubIds: list(githubId, mostActsAtOnce) });

const actReports = view({
  reports: list(
    view({
      githubId,
      fullName: text(300),
      /** `later`: the mirror server did not answer; it is gone on with by itself, a deletion only as far as finding out. */
      state: z.enum(['done', 'later', 'failed']),
      error: errorView.nullable(),
    }),
    mostActsAtOnce,
  ),
});
export type ActReportsView = z.output<typeof actReports>;

export const mirrorActKinds = ['archived', 'brought-back', 'deleted'] as const;

const mirrorActsView = list(view({ at: instant, githubId, fullName: text(300), kind: z.enum(mirrorActKinds) }), 500);
export type MirrorActView = z.output<typeof mirrorActsView>[number];

export const mirrorCalls = {
  /** Their projects move to the archive, and they are not mirrored any more. */
  'mirrors.archive': call(someIds, actReports, 10 * minuteMs),
  'mirrors.bringBack': call(someIds, actReports, 10 * minuteMs),
  /** For good. Refused as a whole unless each name is the one of its repository. */
  'mirrors.delete': call(
    argument({ wishes: list(argument({ githubId, typedName: text(300) }), mostActsAtOnce) }),
    actReports,
    10 * minuteMs,
  ),
  /** What was archived, brought back and deleted, newest first. */
  'mirrors.acts': call(nothing, mirrorActsView),
};
