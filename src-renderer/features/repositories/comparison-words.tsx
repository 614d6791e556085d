/** @file What came of comparing both ends of a mirror. */
import { countOf } from '../../../src-preload/contract/words.ts';
import type { Comparison } from './use-comparisons.ts';

/** A whole sentence. */
export function describeComparison({ state, refCount, differences, message, isRepairAsked }: Comparison): string {
  switch (state) {
    case 'same':
      return `Both ends are the same: ${countOf(refCount, 'ref')} compared.`;
    case 'same-as-proven':
      return `The mirror is as it was proven: ${countOf(refCount, 'ref')} compared.`;
    case 'differs': {
      const told = `The mirror differs in ${countOf(differences.length, 'ref')}${differences.length >= 50 ? ' or more' : ''}.`;
      return isRepairAsked ? `${told} It is mirrored again now.` : told;
    }
    case 'not-mirrored':
      return 'It is not mirrored yet, so there is nothing to compare.';
    case 'failed':
      return message ?? 'It could not be compared.';
  }
}

export const comparisonTones: Readonly<Record<Comparison['state'], string>> = {
  same: 'tone-idle',
  'same-as-proven': 'tone-idle',
  differs: 'tone-attention',
  'not-mirrored': '',
  failed: 'tone-error',
};

export const comparisonIcons = {
  same: 'check',
  'same-as-proven': 'check',
  differs: 'alert',
  'not-mirrored': 'minus',
  failed: 'cross',
} as const;

/** What differs, and what was left out of the comparison. */
export function ComparisonDetails({ comparison }: { readonly comparison: Comparison }) {
  const { differences, unfitRefs } = comparison;
  return (
    <>
      {differences.length > 0 && (
        <ul className="refs">
          {differences.map((difference) => (
            <li key={difference}>
              <code>{difference}</code>
            </li>
          ))}
        </ul>
      )}
      {unfitRefs > 0 && (
        <p className="row-line">{countOf(unfitRefs, 'ref')} left out, since the mirror server cannot hold the name.</p>
      )}
    </>
  );
}
