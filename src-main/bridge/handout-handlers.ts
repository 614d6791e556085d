/** @file Handlers of the calls by which mirrors are taken out. */
import type { HandoutView } from '../../src-preload/contract/handout-calls.ts';
import type { EngineCallName } from '../../src-preload/contract/schema.ts';
import type { Handlers } from '../../src-preload/contract/server.ts';
import type { Engine, Handout } from '../engine/core/engine-api.ts';
import type { CallContext } from './handlers.ts';
import type { Links } from './links.ts';
import { plainLine } from './plain-text.ts';
import { shapeErrorOrNull } from './shape-error.ts';

type HandoutCall = Extract<EngineCallName, `handouts.${string}` | `kept.${string}`>;

const refusedShown = 50;
const handoutsShown = 20;

export function makeHandoutHandlers(
  engine: Engine,
  links: Links,
): Pick<Handlers<CallContext, EngineCallName>, HandoutCall> {
  const shape = (handout: Handout): HandoutView => ({
    ...handout,
    fullName: plainLine(handout.fullName, 300),
    error: shapeErrorOrNull(handout.error, links),
    push:
      handout.push === null
        ? null
        : {
            ...handout.push,
            refused: handout.push.refused
              .slice(0, refusedShown)
              .map(({ ref, reason }) => ({ ref: plainLine(ref, 600), reason: plainLine(reason, 600) })),
            refusedCount: handout.push.refused.length,
          },
  });
  return {
    'handouts.bundle': async ({ githubId, withKept }) => shape(await engine.handOutBundle(githubId, withKept)),
    'handouts.push': async ({ githubId, address, user, token, withKept }) =>
      shape(await engine.handOutPush(githubId, { address, user, token }, withKept)),
    'handouts.get': async ({ id }) => {
      const handout = await engine.handout(id);
      return handout === null ? null : shape(handout);
    },
    'handouts.of': async ({ githubId }) => ({
      handouts: (await engine.handoutsOf(githubId)).slice(0, handoutsShown).map(shape),
    }),
    'handouts.end': async ({ id }) => ({ ended: await engine.endHandout(id) }),
    'kept.totals': () => engine.keptTotals(),
  };
}
