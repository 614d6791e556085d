/**
 * @file Keeps the reader's place: when rows come or go above, the first row in view and the one with the focus stay
 * where they are on the screen. Another list starts at its top.
 */
import { type RefObject, useCallback, useLayoutEffect, useRef } from 'react';
import { rowAt, pageRows, type Rows } from './row-pages.ts';

interface RowAnchorOptions {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly rows: Rows;
  readonly rowPx: number;
  readonly setActiveIndex: (index: number) => void;
}

/** Nearest first; null where it is not among the rows that were read nearby. */
function findNear(rows: Rows, githubId: number, index: number): number | null {
  for (let distance = 0; distance <= pageRows; distance += 1) {
    if (rowAt(rows, index + distance)?.githubId === githubId) return index + distance;
    if (rowAt(rows, index - distance)?.githubId === githubId) return index - distance;
  }
  return null;
}

/** @returns makes another row the one with the focus */
export function useRowAnchor({ scroller, rows, rowPx, setActiveIndex }: RowAnchorOptions): (index: number) => void {
  const before = useRef({ rows, rowPx });
  const active = useRef(0);

  useLayoutEffect(() => {
    const { rows: old, rowPx: oldRowPx } = before.current;
    before.current = { rows, rowPx };
    const element = scroller.current;
    if (element === null) return;
    if (rows.view !== old.view) {
      element.scrollTo({ top: 0 });
      active.current = 0;
      setActiveIndex(0);
      return;
    }
    if (rowPx !== oldRowPx) element.scrollTo({ top: (element.scrollTop / oldRowPx) * rowPx });
    if (rows.pages === old.pages) return;
    const focused = rowAt(old, active.current);
    const movedTo = focused === undefined ? null : findNear(rows, focused.githubId, active.current);
    if (movedTo !== null && movedTo !== active.current) {
      active.current = movedTo;
      setActiveIndex(movedTo);
    }
    // At the very top what is new is to be seen.
    if (element.scrollTop < rowPx) return;
    const top = Math.floor(element.scrollTop / rowPx);
    const anchor = rowAt(old, top);
    const place = anchor === undefined ? null : findNear(rows, anchor.githubId, top);
    if (place !== null && place !== top) element.scrollBy({ top: (place - top) * rowPx });
  }, [scroller, rows, rowPx, setActiveIndex]);

  return useCallback(
    (index: number) => {
      active.current = index;
      setActiveIndex(index);
    },
    [setActiveIndex],
  );
}
