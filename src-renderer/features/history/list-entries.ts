/** @file The list as it is drawn: headings of days and runs in one row after another. Pure. */
import type { RunView } from '../../../src-preload/contract/views.ts';
import { startOfDay } from '../../ui/days.ts';
import type { LoadedRuns } from './use-runs.ts';

export type Entry =
  | { readonly kind: 'day'; readonly day: number; readonly count: number }
  | { readonly kind: 'run'; readonly day: number; readonly run: RunView };

/** The days by the time when runs finished. */
export function listEntries({ runs, lastDayTotal }: LoadedRuns): readonly Entry[] {
  const byDay = Map.groupBy(runs, ({ finishedAt }) => startOfDay(finishedAt));
  const lastDay = [...byDay.keys()].at(-1);
  return [...byDay].flatMap(([day, ofDay]): readonly Entry[] => [
    { kind: 'day', day, count: day === lastDay ? (lastDayTotal ?? ofDay.length) : ofDay.length },
    ...ofDay.map((run): Entry => ({ kind: 'run', day, run })),
  ]);
}

/** Entries that stand together under one day. */
export interface DayPart<T> {
  readonly day: number;
  readonly items: readonly T[];
}

/** @param dayOf the entries of a day follow one another */
export function partByDay<T>(items: readonly T[], dayOf: (item: T) => number): readonly DayPart<T>[] {
  return [...Map.groupBy(items, dayOf)].map(([day, ofDay]) => ({ day, items: ofDay }));
}
