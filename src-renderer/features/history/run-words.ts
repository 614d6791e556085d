/** @file One run in words: how long, how much, which refs. Pure. */
import type { RunView } from '../../../src-preload/contract/views.ts';
import { countOf, formatBytes, formatDuration } from '../../../src-preload/contract/words.ts';

/** `340 ms`, `2.4 s`, where whole seconds would say too little. */
export function formatSpan(durationMs: number): string {
  if (durationMs < 1_000) return `${Math.round(durationMs)} ms`;
  return durationMs < 9_950 ? `${(durationMs / 1_000).toFixed(1)} s` : formatDuration(durationMs);
}

/** `took 41 s`, `4.2 MB received`, `4.1 MB sent`. */
export function describeFigures({ startedAt, finishedAt, report }: RunView): readonly string[] {
  return [
    `took ${formatSpan(finishedAt - startedAt)}`,
    ...(report.lfsFiles > 0 ? [`${countOf(report.lfsFiles, 'LFS file')} brought`] : []),
    ...(report.lfsMissing > 0 ? [`${countOf(report.lfsMissing, 'LFS file')} missing`] : []),
    ...(report.bytesReceived > 0 ? [`${formatBytes(report.bytesReceived)} received`] : []),
    ...(report.bytesSent > 0 ? [`${formatBytes(report.bytesSent)} sent`] : []),
  ];
}

/** `3 refs: 2 created, 1 forwarded`; what stayed as it was is not told. */
export function describeRefs({ outcome, report }: RunView): string | null {
  const kinds = [
    [report.created, 'created'],
    [report.fastForwarded, 'forwarded'],
    [report.rewritten, 'rewritten'],
    [report.deleted, 'deleted'],
  ] as const;
  const told = kinds.filter(([count]) => count > 0);
  const kept = report.kept > 0 ? [countOf(report.kept, 'old one') + ' kept'] : [];
  const letGo = report.letGo > 0 ? [countOf(report.letGo, 'old one') + ' let go'] : [];
  const unfit = report.unfitCount > 0 ? [`${report.unfitCount} left out`] : [];
  if (told.length === 0 && kept.length === 0 && letGo.length === 0 && unfit.length === 0) {
    return outcome === 'done' ? 'Nothing had changed' : null;
  }
  const moved = told.reduce((sum, [count]) => sum + count, 0);
  return `${countOf(moved, 'ref')}: ${[...told.map(([count, word]) => `${count} ${word}`), ...kept, ...letGo, ...unfit].join(', ')}`;
}

export interface PhasePart {
  readonly phase: RunView['report']['phases'][number]['phase'];
  readonly durationMs: number;
}

/** In their order; the same phase twice in a row is one. */
export function joinPhases({ report }: RunView): readonly PhasePart[] {
  const parts: PhasePart[] = [];
  for (const { phase, durationMs } of report.phases) {
    const last = parts.at(-1);
    if (last?.phase === phase) parts[parts.length - 1] = { phase, durationMs: last.durationMs + durationMs };
    else parts.push({ phase, durationMs });
  }
  return parts;
}
