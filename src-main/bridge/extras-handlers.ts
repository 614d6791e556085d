/** @file Handlers of the calls about LFS files, submodules and wikis. */
import type { EngineCallName } from '../../src-preload/contract/schema.ts';
import type { Handlers } from '../../src-preload/contract/server.ts';
import type { Engine } from '../engine/core/engine-api.ts';
import type { CallContext } from './handlers.ts';
import type { Links } from './links.ts';
import { plainLine } from './plain-text.ts';

type ExtrasCall = Extract<EngineCallName, `extras.${string}`>;

function lineOrNull(text: string | null, maxChars: number): string | null {
  return text === null ? null : plainLine(text, maxChars);
}

export function makeExtrasHandlers(
  engine: Engine,
  links: Links,
): Pick<Handlers<CallContext, EngineCallName>, ExtrasCall> {
  return {
    'extras.get': async ({ githubId }) => {
      const { lfs, wiki, submodules, submoduleCount } = await engine.repositoryExtras(githubId);
      return {
        lfs: lfs === null ? null : { ...lfs, reason: lineOrNull(lfs.reason, 1_000) },
        wiki:
          wiki === null
            ? null
            : {
                kind: wiki.kind,
                path: lineOrNull(wiki.projectPath, 1_000),
                page: links.mirror(wiki.projectUrl),
                reason: lineOrNull(wiki.reason, 1_000),
                checkedAt: wiki.checkedAt,
              },
        submodules: submodules.map(({ path, address, fullName, known }) => ({
          path: plainLine(path, 300),
          address: plainLine(withoutCredentials(address), 500),
          fullName: lineOrNull(fullName, 300),
          githubPage: fullName === null ? null : links.repository(fullName),
          known,
        })),
        submoduleCount,
      };
    },
    'extras.starSubmodule': async ({ githubId, fullName }, { signal }) => ({
      githubId: await engine.starSubmodule(githubId, fullName, signal),
    }),
  };
}

/** Strangers leave passwords in addresses. */
function withoutCredentials(address: string): string {
  return address.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@\s]*:[^/@\s]*@/i, '$1');
}
