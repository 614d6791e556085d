/** @file How the kinds of outcomes are told apart without colour: plain, stripes, squares, dots. */
import type { OutcomeKind } from './outcome-kinds.ts';

export function OutcomePatterns({ id }: { readonly id: string }) {
  const size = { width: 6, height: 6, patternUnits: 'userSpaceOnUse' };
  return (
    <defs>
      <pattern id={`${id}-retry`} {...size} patternTransform="rotate(45)">
        <rect className="ground-retry" width="6" height="6" />
        <rect className="ink-retry" width="3" height="6" />
      </pattern>
      <pattern id={`${id}-failed`} {...size}>
        <rect className="ink-failed" width="6" height="6" />
        <path className="cut-failed" d="M0 0h6M0 0v6" />
      </pattern>
      <pattern id={`${id}-other`} {...size}>
        <rect className="ground-other" width="6" height="6" />
        <circle className="ink-other" cx="3" cy="3" r="1.5" />
      </pattern>
    </defs>
  );
}

/** @param id that of the patterns in the same drawing */
export function fillOf(kind: OutcomeKind, id: string): string {
  return kind === 'done' ? 'var(--good)' : `url(#${id}-${kind})`;
}
