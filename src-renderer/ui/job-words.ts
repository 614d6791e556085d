/** @file What is said of jobs in work and in line, and of runs that ended. Pure. */
import { countOf, formatBytes, formatCount, formatDuration } from '../../src-preload/contract/words.ts';
import {
  type GitPhaseName,
  type JobView,
  type PhaseName,
  phaseNames,
  type RunView,
  type WorkItemView,
} from '../../src-preload/contract/views.ts';
import { outcomeWords, phaseWords } from './run-words.ts';

const gitPhaseWords: Readonly<Record<GitPhaseName, string>> = {
  counting: 'counting objects',
  compressing: 'compressing objects',
  receiving: 'receiving objects',
  resolving: 'resolving deltas',
  writing: 'writing objects',
  other: 'working',
};

/** What few repositories have comes after the steps that all have. */
const steps = phaseNames.filter((phase) => phase !== 'extras');

/** `Step 4 of 7: Fetching from GitHub` */
export function describePhase(phase: PhaseName): string {
  if (phase === 'extras') return phaseWords.extras;
  return `Step ${steps.indexOf(phase) + 1} of ${steps.length}: ${phaseWords[phase]}`;
}

/** `slice 3 of about 12` of a push, `part 2` of a fetch; null where it goes at once. */
export function describePart({ phase, part }: WorkItemView): string | null {
  if (part === null) return null;
  const words = `${phase === 'push' ? 'slice' : 'part'} ${formatCount(part.number)}`;
  return part.of === null ? words : `${words} of about ${formatCount(part.of)}`;
}

/** `receiving objects, 2,500 of 10,000` */
export function describeObjects({ git }: WorkItemView): string | null {
  if (git === null) return null;
  const words = gitPhaseWords[git.phase];
  if (git.total === null) return git.done === 0 ? words : `${words} (${formatCount(git.done)})`;
  return `${words}, ${formatCount(git.done)} of ${formatCount(git.total)}`;
}

/** `1.2 GB of about 5.1 GB`; null while nothing has moved. */
export function describeBytes({ bytesReceived, bytesSent, sizeKb, phase, cause }: WorkItemView): string | null {
  if (phase === 'push') return bytesSent === 0 ? null : `${formatBytes(bytesSent)} sent`;
  if (bytesReceived === 0) return null;
  // Of a repository that is mirrored already only what is new is fetched, and how much that is nobody says.
  const expectedBytes = cause === 'new-star' ? sizeKb * 1_024 : 0;
  return bytesReceived < expectedBytes
    ? `${formatBytes(bytesReceived)} of about ${formatBytes(expectedBytes)}`
    : `${formatBytes(bytesReceived)} received`;
}

/** Share of the present step of git; null where git does not say. */
export function progressFraction({ git }: WorkItemView): number | null {
  return git === null || git.total === null || git.total === 0 ? null : git.done / git.total;
}

/** `tried once`; null for a job that was not tried yet. */
export function describeAttempts({ attempt }: JobView): string | null {
  if (attempt === 0) return null;
  return attempt === 1 ? 'tried once' : `tried ${formatCount(attempt)} times`;
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
  if (run.outcome !== 'done') {
    const goesOn = run.outcome === 'waiting' || run.outcome === 'interrupted' ? '; it goes on by itself' : '';
    return run.error?.message ?? `${outcomeWords[run.outcome]} after ${duration}${goesOn}`;
  }
  const { bytesReceived, kept, letGo, lfsFiles, lfsMissing } = run.report;
  const parts = [
    describeMoves(run),
    ...(kept > 0 ? ['old history kept'] : []),
    ...(letGo > 0 ? [`${countOf(letGo, 'old tip')} let go`] : []),
    ...(lfsFiles > 0 ? [countOf(lfsFiles, 'LFS file')] : []),
    ...(lfsMissing > 0 ? [`${countOf(lfsMissing, 'LFS file')} missing`] : []),
    ...(bytesReceived > 0 ? [formatBytes(bytesReceived)] : []),
    duration,
  ];
  return parts.join(' · ');
}
