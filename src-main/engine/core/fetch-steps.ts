/** @file Whether a repository is fetched in steps, and how large these shall be. */
import type { RepositoryFacts } from '../domain/repository.ts';
import type { FetchSteps } from '../ports/git-slices.ts';
import type { MirrorCall } from './mirror-parts.ts';

/** Steps of what is just large enough to have some. */
const fewestSteps = 5;

/**
 * @param deepenBytes from which size on; 0: none is
 * @returns undefined: it is fetched at once
 */
export function fetchSteps(
  deepenBytes: number,
  { sizeKb }: Pick<RepositoryFacts, 'sizeKb'>,
  { onPart }: Pick<MirrorCall, 'onPart'>,
): FetchSteps | undefined {
  if (deepenBytes <= 0 || sizeKb * 1024 <= deepenBytes) return undefined;
  return { bytes: Math.ceil(deepenBytes / fewestSteps), onStep: (number) => onPart?.({ number, of: null }) };
}
