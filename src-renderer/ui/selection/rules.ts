/** @file Rules of what to mirror as a person changes them. Pure. */
import type { SelectionRulesView } from '../../../src-preload/contract/setup-views.ts';

/** Rules that name what alone is mirrored and what never is. */
export type NamedRule = 'owners' | 'languages' | 'topics' | 'lists' | 'namePatterns';
export type Side = 'only' | 'never';

const other: Readonly<Record<Side, Side>> = { only: 'never', never: 'only' };

function isSame(one: string, another: string): boolean {
  return one.toLowerCase() === another.toLowerCase();
}

/** What is named on one side leaves the other. Names are compared without regard to case, as the rules are. */
export function addName(rules: SelectionRulesView, rule: NamedRule, side: Side, name: string): SelectionRulesView {
  const trimmed = name.trim();
  const lists = rules[rule];
  if (trimmed === '' || lists[side].some((each) => isSame(each, trimmed))) return rules;
  const rest = lists[other[side]].filter((each) => !isSame(each, trimmed));
  const both =
    side === 'only'
      ? { only: [...lists.only, trimmed], never: rest }
      : { only: rest, never: [...lists.never, trimmed] };
  return { ...rules, [rule]: both };
}

export function removeName(rules: SelectionRulesView, rule: NamedRule, side: Side, name: string): SelectionRulesView {
  const lists = rules[rule];
  return { ...rules, [rule]: { ...lists, [side]: lists[side].filter((each) => each !== name) } };
}

/** Lines of a text, without empty ones and those that are there already. */
export function readLines(text: string): readonly string[] {
  return [...new Set(text.split('\n').map((line) => line.trim()))].filter((line) => line !== '');
}

const namedInFull = 3;

function nameSome(names: readonly string[]): string {
  const rest = names.length - namedInFull;
  return `${names.slice(0, namedInFull).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** `only Rust, Go; never PHP`; null: it narrows nothing. */
export function describeRule({ only, never }: SelectionRulesView['owners']): string | null {
  const parts = [
    ...(only.length > 0 ? [`only ${nameSome(only)}`] : []),
    ...(never.length > 0 ? [`never ${nameSome(never)}`] : []),
  ];
  return parts.length === 0 ? null : parts.join('; ');
}

/** GitHub's kibibytes as bytes. */
export function bytesOf(sizeKb: number): number {
  return sizeKb * 1_024;
}
