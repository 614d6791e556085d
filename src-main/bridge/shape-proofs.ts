/** @file Comparisons and restore drills as the window is shown them. Pure. */
import type { DrillView, ProofOverviewView, ProofsView } from '../../src-preload/contract/proof-views.ts';
import type { Drill, ErrorRecord, ProofOverview, Proofs } from '../engine/core/engine-api.ts';
import { plainLine } from './plain-text.ts';

/** The command line names more. */
const refsShown = 10;

const lines = (refs: readonly string[]): readonly string[] =>
  refs.slice(0, refsShown).map((ref) => plainLine(ref, 600));

const message = (error: ErrorRecord | null): string | null =>
  error === null ? null : plainLine(`${error.message} ${error.nextStep}`, 2_000);

function shapeDrill(drill: Drill): DrillView {
  const { result, at, durationMs, refCount, objects, bytes, findings, error } = drill;
  return { result, at, durationMs, refCount, objects, bytes, findings: lines(findings), message: message(error) };
}

export function shapeProofs({ last, proven, difference, drill }: Proofs): ProofsView {
  return {
    last:
      last === null
        ? null
        : {
            result: last.result,
            source: last.source,
            at: last.at,
            refCount: last.refCount,
            differences: lines(last.differences),
            message: message(last.error),
          },
    provenAt: proven?.at ?? null,
    difference:
      difference === null
        ? null
        : { at: difference.at, differences: lines(difference.differences), repairedAt: difference.repairedAt },
    drill: drill === null ? null : shapeDrill(drill),
  };
}

export function shapeProofOverview({ round, drill, lastDrill }: ProofOverview): ProofOverviewView {
  return {
    round:
      round === null
        ? null
        : {
            startedAt: round.startedAt,
            endedAt: round.endedAt,
            total: round.total,
            state: round.state,
            ...round.counts,
            obstacle: round.obstacle === null ? null : plainLine(round.obstacle.message, 2_000),
          },
    drill: drill === null ? null : { ...drill, fullName: plainLine(drill.fullName, 300) },
    lastDrill:
      lastDrill === null
        ? null
        : {
            githubId: lastDrill.githubId,
            fullName: plainLine(lastDrill.fullName, 300),
            drill: shapeDrill(lastDrill.drill),
          },
  };
}
