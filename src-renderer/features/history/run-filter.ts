/** @file Which runs are shown: what a person chose, and the query that it is. Pure. */
import { type OutcomeName, outcomeNames } from '../../../src-preload/contract/views.ts';
import { startOfDay } from '../../ui/days.ts';
import { outcomeWords } from '../../ui/run-words.ts';

export const spans = ['today', '7-days', '35-days', 'all'] as const;
export type Span = (typeof spans)[number];
export type OutcomeChoice = OutcomeName | 'any';

export interface RunFilter {
  readonly text: string;
  readonly outcome: OutcomeChoice;
  readonly span: Span;
}

export interface RunQuery {
  readonly text: string;
  readonly outcome: OutcomeName | null;
  readonly since: number | null;
}

export const everything: RunFilter = { text: '', outcome: 'any', span: 'all' };

/** Days of each span, today among them. */
const spanDays: Readonly<Record<Span, number | null>> = { today: 1, '7-days': 7, '35-days': 35, all: null };

export const spanWords: Readonly<Record<Span, string>> = {
  today: 'Today',
  '7-days': 'Last 7 days',
  '35-days': 'Last 35 days',
  all: 'All',
};

export const outcomeChoices: readonly { readonly value: OutcomeChoice; readonly label: string }[] = [
  { value: 'any', label: 'Any' },
  ...outcomeNames.map((value) => ({ value, label: outcomeWords[value] })),
];

export function toQuery({ text, outcome, span }: RunFilter, now: number): RunQuery {
  const days = spanDays[span];
  return {
    text: text.trim(),
    outcome: outcome === 'any' ? null : outcome,
    since: days === null ? null : startOfDay(now, days - 1),
  };
}

export function isNarrowed({ text, outcome, span }: RunFilter): boolean {
  return text.trim() !== '' || outcome !== 'any' || span !== 'all';
}

/** `failed, of "react", last 7 days`; empty when nothing is narrowed. */
export function describeFilter({ text, outcome, span }: RunFilter): string {
  return [
    ...(outcome === 'any' ? [] : [outcomeWords[outcome].toLowerCase()]),
    ...(text.trim() === '' ? [] : [`of “${text.trim()}”`]),
    ...(span === 'all' ? [] : [spanWords[span].toLowerCase()]),
  ].join(', ');
}
