/** @file Small questions about how an attempt at a job ended. Pure. */
import { type ErrorCode, toEpicstarError } from '../domain/errors.ts';
import { emptyReport, type Outcome, type Run, type RunOutcome } from '../domain/job.ts';
import type { Instant } from '../domain/repository.ts';
import type { GitProgress } from '../ports/git.ts';
import type { Settlement } from '../ports/store.ts';
import type { WorkItem } from './engine-api.ts';

/** A job's work that threw after all: a bug, but the job is treated like any that failed. */
export function outcomeOfBug(thrown: unknown): Outcome {
  return { kind: 'retry', error: toEpicstarError(thrown).toRecord(), report: emptyReport };
}

/** What ended for our own reason is no failure, whatever words it ended with; what was done by then is done. */
export function interrupted(outcome: Outcome): Outcome {
  return outcome.kind === 'done' ? outcome : { kind: 'cancelled', report: outcome.report };
}

const codesOfTheWay: ReadonlySet<ErrorCode> = new Set([
  'github-unavailable',
  'target-unavailable',
  'proxy-unusable',
  'git-network',
  'git-stalled',
]);
/** In case the network is back before anybody has noticed that it was gone. */
const offlineWaitMs = 60_000;

/** What failed on its way while there is no network costs no attempt: it waits for the network. */
export function offlineOutcome(outcome: Outcome, now: Instant): Outcome {
  if (outcome.kind !== 'retry' || !codesOfTheWay.has(outcome.error.code)) return outcome;
  const { error, report } = outcome;
  return { kind: 'wait', reason: 'offline', until: now + offlineWaitMs, error, report };
}

/** What was moved so far, by what git says now. */
export function bytesOf(item: WorkItem, git: GitProgress): Pick<WorkItem, 'bytesReceived' | 'bytesSent'> {
  return {
    bytesReceived: git.phase === 'receiving' ? (git.bytes ?? item.bytesReceived) : item.bytesReceived,
    bytesSent: git.phase === 'writing' ? (git.bytes ?? item.bytesSent) : item.bytesSent,
  };
}

/** What history calls it. */
export function runOutcomeOf(outcome: Outcome, settlement: Settlement): RunOutcome {
  if (outcome.kind === 'retry') return 'retry';
  return settlement.state;
}

/** The error that an outcome carries, if any. */
export function errorOf(outcome: Outcome): Run['error'] {
  return outcome.kind === 'retry' || outcome.kind === 'failed' || outcome.kind === 'wait' ? outcome.error : null;
}
