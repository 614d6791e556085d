/** @file Handlers of the calls by which a person acts on single mirrors. */
import type { ActReportsView } from '../../src-preload/contract/mirror-calls.ts';
import type { EngineCallName } from '../../src-preload/contract/schema.ts';
import type { Handlers } from '../../src-preload/contract/server.ts';
import type { ActReport, Engine } from '../engine/core/engine-api.ts';
import type { CallContext } from './handlers.ts';
import type { Links } from './links.ts';
import { plainLine } from './plain-text.ts';
import { shapeErrorOrNull } from './shape-error.ts';

type MirrorActCall = Extract<EngineCallName, `mirrors.${string}`>;

export function makeMirrorHandlers(
  engine: Engine,
  links: Links,
): Pick<Handlers<CallContext, EngineCallName>, MirrorActCall> {
  const shape = (reports: readonly ActReport[]): ActReportsView => ({
    reports: reports.map(({ githubId, fullName, state, error }) => ({
      githubId,
      fullName: plainLine(fullName, 300),
      state,
      error: shapeErrorOrNull(error, links),
    })),
  });
  return {
    'mirrors.archive': async ({ githubIds }, { signal }) => shape(await engine.archiveMirrors(githubIds, signal)),
    'mirrors.bringBack': async ({ githubIds }, { signal }) => shape(await engine.bringBackMirrors(githubIds, signal)),
    'mirrors.delete': async ({ wishes }, { signal }) => shape(await engine.deleteMirrors(wishes, signal)),
    'mirrors.acts': async () =>
      (await engine.mirrorActs()).map((act) => ({ ...act, fullName: plainLine(act.fullName, 300) })),
  };
}
