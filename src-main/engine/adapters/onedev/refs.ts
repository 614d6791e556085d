/** @file What OneDev 16.5 makes of refs: names it cannot take, its choice of a default branch, sizes. Pure. */
import type { PushLimits } from '../../ports/mirror-target.ts';

/**
 * The cost of a push grows with the square of its refs, so 500. The server works on one pack at a time on two cores;
 * small ones still gain from going four at a time, a large one blocks everybody while it goes.
 */
export const onedevLimits: PushLimits = { refsPerPush: 500, smallPackBytes: 5_000_000, smallPushesAtOnce: 4 };

/**
 * The hook of OneDev sends ref names as a form without encoding them: `+`, `%` and `&` lose the whole push with them,
 * `=` leaves the default branch dangling, and `#` and `?` cut addresses of its pages.
 */
export function refFitness(ref: string): string | null {
  const character = /[+&=%#?]/.exec(ref)?.[0];
  if (character !== undefined) return `OneDev cannot take a ref name with "${character}"`;
  if (ref.startsWith('refs/replace/')) return 'OneDev refuses later pushes after a replacement ref';
  return null;
}

/** `main` where it is among them, else the last one that arrives. */
export function automaticDefault(branches: readonly string[]): string | null {
  return branches.includes('main') ? 'main' : (branches.at(-1) ?? null);
}
