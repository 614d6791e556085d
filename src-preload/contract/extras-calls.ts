/** @file Calls about what belongs to a repository beside branches and tags. Part of the one table in schema.ts. */
import { z } from 'zod';
import { call, minuteMs } from './call.ts';
import { argument, count, githubId, instant, link, list, text, view } from './primitives.ts';
import { repositoryStateNames } from './views.ts';

export const extrasView = view({
  /** Null: no file is kept by LFS, as far as anybody looked. */
  lfs: view({
    objects: count,
    bytes: count,
    missing: count,
    reason: text(1_000).nullable(),
    checkedAt: instant,
  }).nullable(),
  wiki: view({
    /** `absent`: GitHub has none. */
    kind: z.enum(['mirrored', 'absent', 'incomplete']),
    /** Where it stands in the mirror; null: it was never mirrored. */
    path: text(1_000).nullable(),
    page: link.nullable(),
    reason: text(1_000).nullable(),
    checkedAt: instant,
  }).nullable(),
  submodules: list(
    view({
      path: text(300),
      address: text(500),
      /** Where it is on the same GitHub. */
      fullName: text(300).nullable(),
      githubPage: link.nullable(),
      /** In the starred list already. */
      known: view({ githubId, state: z.enum(repositoryStateNames) }).nullable(),
    }),
    200,
  ),
  submoduleCount: count,
});
export type ExtrasView = z.output<typeof extrasView>;

export const extrasCalls = {
  'extras.get': call(argument({ githubId }), extrasView),
  /** Gives a submodule the person's star on GitHub, so that it is mirrored too; null: the next look finds it. */
  'extras.starSubmodule': call(
    argument({ githubId, fullName: text(200) }),
    view({ githubId: githubId.nullable() }),
    minuteMs,
  ),
};
