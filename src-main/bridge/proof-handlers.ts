/** @file Handlers of the calls about comparisons and restore drills. */
import type { EngineCallName } from '../../src-preload/contract/schema.ts';
import type { Handlers } from '../../src-preload/contract/server.ts';
import type { Engine } from '../engine/core/engine-api.ts';
import type { CallContext } from './handlers.ts';
import { plainLine } from './plain-text.ts';

type ProofCall = 'repositories.verify' | 'proofs.begin' | 'proofs.end' | 'drills.begin';

export function makeProofHandlers(engine: Engine): Pick<Handlers<CallContext, EngineCallName>, ProofCall> {
  return {
    'repositories.verify': async ({ githubId }, { signal }) => {
      const report = await engine.verify(githubId, signal);
      return {
        githubId: report.githubId,
        fullName: plainLine(report.fullName, 300),
        state: report.state,
        refCount: report.refCount,
        differences: report.differences.slice(0, 50).map((ref) => plainLine(ref, 600)),
        unfitRefs: report.unfitRefs,
        provenAt: report.provenAt,
        isRepairAsked: report.isRepairAsked,
        message: report.error === null ? null : plainLine(report.error.message, 2_000),
      };
    },
    'proofs.begin': async ({ githubIds }) => ({ total: await engine.beginComparing(githubIds) }),
    'proofs.end': async () => {
      await engine.endComparing();
      return {};
    },
    'drills.begin': async ({ githubId }) => {
      await engine.beginDrill(githubId);
      return {};
    },
  };
}
