/** @file The list of runs: only what can be seen is drawn, however many there are. */
import { useWindowVirtualizer, type VirtualItem } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { formatCount } from '../../../src-preload/contract/words.ts';
import { useNow } from '../../connection/client-context.tsx';
import { formatDay } from '../../ui/days.ts';
import { type Entry, listEntries, partByDay } from './list-entries.ts';
import { RunRow } from './run-row.tsx';
import type { Runs } from './use-runs.ts';

/** Guesses until a row was measured. */
const dayHeight = 44;
const runHeight = 92;
const overscan = 8;
/** The next page is read when so many rows are left. */
const readAhead = 30;

export function RunList({ runs: { loaded, loadMore, isCurrent } }: { readonly runs: Runs }) {
  const entries = useMemo(() => (loaded === null ? [] : listEntries(loaded)), [loaded]);
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const list = useRef<HTMLDivElement>(null);
  const top = useTopOf(list);
  const virtualizer = useWindowVirtualizer<HTMLElement>({
    count: entries.length,
    estimateSize: (index) => (entries[index]?.kind === 'day' ? dayHeight : runHeight),
    getItemKey: (index) => keyOf(entries[index]),
    overscan,
    scrollMargin: top,
  });
  const drawn = virtualizer.getVirtualItems();
  const lastDrawn = drawn.at(-1)?.index ?? 0;
  useEffect(() => {
    if (entries.length > 0 && lastDrawn >= entries.length - readAhead) loadMore();
  }, [entries.length, lastDrawn, loadMore]);

  const toggle = useCallback((id: number) => {
    setOpen((now) => (now.has(id) ? new Set([...now].filter((one) => one !== id)) : new Set([...now, id])));
  }, []);
  return (
    <div ref={list} className="run-list" style={{ height: virtualizer.getTotalSize() }} aria-busy={!isCurrent}>
      <div className="run-window" style={{ transform: `translateY(${(drawn[0]?.start ?? top) - top}px)` }}>
        {partByDay(drawn, (item) => entries[item.index]?.day ?? 0).map(({ day, items }) => (
          <DaySection
            key={day}
            day={day}
            items={items}
            entries={entries}
            open={open}
            onToggle={toggle}
            measure={virtualizer.measureElement}
          />
        ))}
      </div>
    </div>
  );
}

function keyOf(entry: Entry | undefined): string {
  if (entry === undefined) return 'none';
  return entry.kind === 'day' ? `day ${entry.day}` : `run ${entry.run.id}`;
}

/** How far below the start of the page the list begins. */
function useTopOf(list: { readonly current: HTMLElement | null }): number {
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const measure = (): void => {
      if (list.current !== null) setTop(Math.round(list.current.getBoundingClientRect().top + window.scrollY));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [list]);
  return top;
}

interface DaySectionProps {
  readonly day: number;
  readonly items: readonly VirtualItem[];
  readonly entries: readonly Entry[];
  readonly open: ReadonlySet<number>;
  readonly onToggle: (id: number) => void;
  readonly measure: (node: HTMLElement | null) => void;
}

function DaySection({ day, items, entries, open, onToggle, measure }: DaySectionProps) {
  const now = useNow();
  const name = formatDay(day, now);
  const heading = items
    .map(({ index }) => ({ index, entry: entries[index] }))
    .find(({ entry }) => entry?.kind === 'day');
  return (
    <section aria-label={name}>
      {heading?.entry?.kind === 'day' && (
        <h2 className="section-title day-title" ref={measure} data-index={heading.index}>
          {name}
          <span className="section-count">{formatCount(heading.entry.count)}</span>
        </h2>
      )}
      <ul className="run-rows">
        {items.map(({ index }) => {
          const entry = entries[index];
          if (entry?.kind !== 'run') return null;
          return (
            <RunRow
              key={entry.run.id}
              run={entry.run}
              index={index}
              isOpen={open.has(entry.run.id)}
              onToggle={onToggle}
              measure={measure}
            />
          );
        })}
      </ul>
    </section>
  );
}
