/** @file How many columns fit into an element, measured in the size of its letters. */
import { type RefObject, useLayoutEffect, useState } from 'react';
import type { Width } from './columns.tsx';

interface TableWidth {
  readonly width: Width;
  /** Pixels of one rem. */
  readonly remPx: number;
}

/** From the widest on. */
const widths = [
  { width: 'wide', fromRem: 56 },
  { width: 'medium', fromRem: 43 },
  { width: 'small', fromRem: 31 },
] as const;

function measure(element: HTMLElement): TableWidth {
  const remPx = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const widthRem = element.clientWidth / remPx;
  const { width } = widths.find(({ fromRem }) => widthRem >= fromRem) ?? { width: 'card' };
  return { width, remPx };
}

export function useTableWidth(element: RefObject<HTMLElement | null>): TableWidth {
  const [measured, setMeasured] = useState<TableWidth>({ width: 'medium', remPx: 16 });
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return undefined;
    const take = (): void => {
      const next = measure(current);
      setMeasured((now) => (now.width === next.width && now.remPx === next.remPx ? now : next));
    };
    take();
    const observer = new ResizeObserver(take);
    observer.observe(current);
    return () => observer.disconnect();
  }, [element]);
  return measured;
}
