/** @file Calls about comparisons and restore drills. */
import { z } from 'zod';
import { call, minuteMs, nothing } from './call.ts';
import { argument, count, githubId, instant, list, text, view } from './primitives.ts';

export const proofCalls = {
  /**
   * Compares both ends now; where they differ a mirror run is asked for. What is gone upstream is compared with what was
   * proven.
   */
  'repositories.verify': call(
    argument({ githubId }),
    view({
      githubId,
      fullName: text(300),
      state: z.enum(['same', 'same-as-proven', 'differs', 'not-mirrored', 'failed']),
      refCount: count,
      differences: list(text(600), 50),
      unfitRefs: count,
      provenAt: instant.nullable(),
      isRepairAsked: z.boolean(),
      message: text(2_000).nullable(),
    }),
    10 * minuteMs,
  ),
  /** Compares many (null: all mirrors), whether or not anybody looks; the overview tells how far it is. */
  'proofs.begin': call(argument({ githubIds: list(githubId, 10_000).nullable() }), view({ total: count }), minuteMs),
  'proofs.end': call(nothing, nothing, minuteMs),
  /** Tries a restore; the overview tells that it is under way, the repository what came of it. */
  'drills.begin': call(argument({ githubId }), nothing),
};
