/** @file A token or password on its way from the field to the call: never in the page once it was taken. */
import { type RefObject, useCallback, useMemo, useRef, useState } from 'react';

export interface Secret {
  readonly input: RefObject<HTMLInputElement | null>;
  /** Whether one that was taken is still at hand for another try. */
  readonly isKept: boolean;
  /** What was typed, else what is kept; null: neither. Empties the field. */
  readonly take: () => string | null;
  /** Once it is no longer needed. */
  readonly forget: () => void;
}

export function useSecret(): Secret {
  const input = useRef<HTMLInputElement>(null);
  const kept = useRef<string | null>(null);
  const [isKept, setIsKept] = useState(false);

  const take = useCallback(() => {
    const typed = input.current?.value.trim() ?? '';
    if (input.current !== null) input.current.value = '';
    if (typed !== '') kept.current = typed;
    setIsKept(kept.current !== null);
    return kept.current;
  }, []);

  const forget = useCallback(() => {
    kept.current = null;
    setIsKept(false);
  }, []);

  return useMemo(() => ({ input, isKept, take, forget }), [isKept, take, forget]);
}
