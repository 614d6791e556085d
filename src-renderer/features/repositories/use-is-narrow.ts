/** @file Whether the window has no room for the list and the details side by side. */
import { useSyncExternalStore } from 'react';

/** The style sheet has the same figure. */
const narrow = '(max-width: 56rem)';

function subscribe(tell: () => void): () => void {
  const query = window.matchMedia(narrow);
  query.addEventListener('change', tell);
  return () => query.removeEventListener('change', tell);
}

export function useIsNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => window.matchMedia(narrow).matches);
}
