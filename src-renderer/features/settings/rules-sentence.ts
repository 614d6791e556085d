/** @file The rules of what to mirror in a few sentences. Pure. */
import type { SelectionRulesView } from '../../../src-preload/contract/setup-views.ts';
import { formatBytes } from '../../../src-preload/contract/words.ts';
import { bytesOf, describeRule } from '../../ui/selection/rules.ts';

const kinds = [
  ['forks', 'forks'],
  ['archived', 'archived repositories'],
  ['privateOnes', 'private repositories'],
] as const;

const named = [
  ['owners', 'Owners'],
  ['languages', 'Languages'],
  ['topics', 'Topics'],
  ['lists', 'GitHub Lists'],
  ['namePatterns', 'Names'],
] as const;

function joinWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** @param formatDate writes the day from which on stars are mirrored */
export function describeRules(rules: SelectionRulesView, formatDate: (at: number) => string): readonly string[] {
  const skipped = kinds.filter(([key]) => rules[key] === 'skip').map(([, words]) => words);
  const narrowed = named.flatMap(([key, label]) => {
    const words = describeRule(rules[key]);
    return words === null ? [] : [`${label}: ${words}.`];
  });
  const isAll = skipped.length === 0 && narrowed.length === 0;
  const which = isAll ? 'Every' : 'Each';
  const scope =
    rules.scope === 'all'
      ? `${which} starred repository is mirrored${isAll ? '' : ' that the rules allow'}.`
      : `${which} repository starred since ${formatDate(rules.newSince)} is mirrored${isAll ? '' : ' that the rules allow'}.`;
  return [
    scope,
    ...(skipped.length > 0 ? [`Left out are ${joinWords(skipped)}.`] : []),
    ...narrowed,
    ...(rules.askAboveKb === null ? [] : [`Above ${formatBytes(bytesOf(rules.askAboveKb))} you are asked first.`]),
  ];
}
