/** @file What phases, causes, reasons and results are called. Pure. */
import { countOf, formatBytes, formatCount, formatDuration } from '../../../src-preload/contract/words.ts';
import {
  type CauseName,
  type GitPhaseName,
  type JobView,
  type OutcomeName,
  type PhaseName,
  phaseNames,
  type RunView,
  type WaitReasonName,
  type WorkItemView,
} from '../../../src-preload/contract/views.ts';

export const causeWords: Readonly<Record<CauseName, string>> = {
  'new-star': 'new star',
  pushed: 'new commits',
  renamed: 'renamed',
  sweep: 'regular check',
  user: 'asked for',
  verify: 'comparison',
};

const phaseWords: Readonly<Record<PhaseName, string>> = {
  identify: 'Asking GitHub about it',
  project: 'Preparing the mirror',
  compare: 'Comparing both ends',
  fetch: 'Fetching from GitHub',
  plan: 'Working out what changed',
  push: 'Pushing to the mirror',
  verify: 'Checking the result',
};

const gitPhaseWords: Readonly<Record<GitPhaseName, string>> = {
  counting: 'counting objects',
  compressing: 'compressing objects',
  receiving: 'receiving objects',
  resolving: 'resolving deltas',
  writing: 'writing objects',
  other: 'working',
};

const reasonWords: Readonly<Record<WaitReasonName, string>> = {
  retry: 'It is tried again',
  'rate-limit': "GitHub's rate limit",
  offline: 'no network',
  'signed-out': 'sign in first',
  paused: 'paused',
  disk: 'the disk is full',
  'quiet-hours': 'quiet hours',
  'target-starting': 'the mirror server is starting',
  unavailable: 'a server does not answer',
};

export const outcomeWords: Readonly<Record<OutcomeName, string>> = {
  done: 'Mirrored',
  retry: 'Will be tried again',
  waiting: 'Waits',
  failed: 'Failed',
  cancelled: 'Cancelled',
  interrupted: 'Interrupted',
};

/** `Step 4 of 7: Fetching from GitHub` */
export function describePhase(phase: PhaseName): string {
  return `Step ${phaseNames.indexOf(phase) + 1} of ${phaseNames.length}: ${phaseWords[phase]}`;
}

/** `receiving objects, 2,500 of 10,000` */
export function describeObjects({ git }: WorkItemView): string | null {
  if (git === null) return null;
  const words = gitPhaseWords[git.phase];
  if (git.total === null) return git.done === 0 ? words : `${words}, ${formatCount(git.done)}`;
  return `${words}, ${formatCount(git.done)} of ${formatCount(git.total)}`;
}

/** `1.2 GB of about 5.1 GB`; null while nothing has moved. */
export function describeBytes({ bytesReceived, bytesSent, sizeKb, phase }: WorkItemView): string | null {
  if (phase === 'push') return bytesSent === 0 ? null : `${formatBytes(bytesSent)} sent`;
  if (bytesReceived === 0) return null;
  const expectedBytes = sizeKb * 1_024;
  return bytesReceived < expectedBytes
    ? `${formatBytes(bytesReceived)} of about ${formatBytes(expectedBytes)}`
    : `${formatBytes(bytesReceived)} received`;
}

/** Share of the present step of git; null where git does not say. */
export function progressFraction({ git }: WorkItemView): number | null {
  return git === null || git.total === null || git.total === 0 ? null : git.done / git.total;
}

/** Why a job does not run yet. */
export function describeWaiting(job: JobView, formatTime: (at: number) => string): string {
  if (job.state === 'queued') return 'Waits for its turn';
  const when = job.runAfter === null ? null : formatTime(job.runAfter);
  if (job.waitReason === 'retry' || job.waitReason === null) {
    return when === null ? 'It is tried again' : `It is tried again at ${when}`;
  }
  const reason = reasonWords[job.waitReason];
  return when === null ? `Waits: ${reason}` : `Waits until ${when}: ${reason}`;
}

/** `1 ref rewritten, 2 added, 14 updated` */
function describeMoves({ report }: RunView): string {
  const parts = [
    [report.rewritten, 'rewritten'],
    [report.deleted, 'deleted'],
    [report.created, 'added'],
    [report.fastForwarded, 'updated'],
  ] as const;
  const told = parts
    .filter(([count]) => count > 0)
    .map(([count, word], index) => `${index === 0 ? countOf(count, 'ref') : formatCount(count)} ${word}`);
  return told.length === 0 ? 'Nothing had changed' : told.join(', ');
}

/** One line of what a run came to. */
export function describeRun(run: RunView): string {
  const duration = formatDuration(run.finishedAt - run.startedAt);
  if (run.outcome !== 'done') return run.error?.message ?? `${outcomeWords[run.outcome]} after ${duration}`;
  const { bytesReceived, kept } = run.report;
  const parts = [
    describeMoves(run),
    ...(kept > 0 ? ['old history kept'] : []),
    ...(bytesReceived > 0 ? [formatBytes(bytesReceived)] : []),
    duration,
  ];
  return parts.join(' · ');
}
