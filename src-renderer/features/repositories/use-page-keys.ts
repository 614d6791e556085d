/** @file Keys that work anywhere on the page: `/` and Ctrl+F search, Escape goes one step back. */
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

interface PageKeys {
  readonly search: () => void;
  readonly escape: () => void;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input:not([type="checkbox"]), textarea, select');
}

export function usePageKeys(page: RefObject<HTMLElement | null>, keys: PageKeys): void {
  const latest = useRef(keys);
  useLayoutEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const { target, key } = event;
      // Dialogs and panels over the page have keys of their own.
      const isOurs = target === document.body || (target instanceof Node && page.current?.contains(target) === true);
      if (!isOurs || event.defaultPrevented || event.altKey) return;
      const hasCommand = event.ctrlKey || event.metaKey;
      if ((key === '/' && !hasCommand && !isTyping(target)) || (key === 'f' && hasCommand && !event.shiftKey)) {
        event.preventDefault();
        latest.current.search();
      }
      if (key === 'Escape' && !hasCommand) latest.current.escape();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [page]);
}
