/** @file Gives the keyboard a place where what had it has gone. */
import { type RefObject, useEffect } from 'react';

/** Focuses the element when it appears, if nothing else has the focus. */
export function useFocusWhenLost(element: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (document.activeElement === null || document.activeElement === document.body) element.current?.focus();
  }, [element]);
}
