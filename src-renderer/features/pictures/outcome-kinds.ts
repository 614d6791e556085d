/** @file The four kinds that outcomes are added up to in a chart. Pure. */
import type { StatisticsView } from '../../../src-preload/contract/list-views.ts';

export const outcomeKinds = ['done', 'retry', 'failed', 'other'] as const;
export type OutcomeKind = (typeof outcomeKinds)[number];

export const kindWords: Readonly<Record<OutcomeKind, string>> = {
  done: 'done',
  retry: 'tried again',
  failed: 'failed',
  other: 'other',
};

export type KindCounts = Readonly<Record<OutcomeKind, number>>;

/** Stopped, cancelled and interrupted are the others. */
export function kindCounts(day: StatisticsView['outcomes'][number] | undefined): KindCounts {
  const { done = 0, retry = 0, failed = 0, waiting = 0, cancelled = 0, interrupted = 0 } = day ?? {};
  return { done, retry, failed, other: waiting + cancelled + interrupted };
}

export function sumOf(counts: KindCounts): number {
  return outcomeKinds.reduce((sum, kind) => sum + counts[kind], 0);
}

/** Where each kind begins and ends when they are stacked. */
export function stack(
  counts: KindCounts,
): readonly { readonly kind: OutcomeKind; readonly from: number; readonly to: number }[] {
  let from = 0;
  return outcomeKinds.map((kind) => {
    const part = { kind, from, to: from + counts[kind] };
    from = part.to;
    return part;
  });
}
