/** @file The list as a table of which only the rows in view are drawn, however many there are. */
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import {
  type Ref,
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { ListView } from './list-view.ts';
import { keyStep } from './table-keys.ts';
import { rowAt } from './row-pages.ts';
import { TableHead } from './table-head.tsx';
import { rowIndexOffset, type RowPresses, TableRow } from './table-row.tsx';
import { useRowAnchor } from './use-row-anchor.ts';
import type { RowList } from './use-row-pages.ts';
import type { Selection } from './use-selection.ts';
import { useTableWidth } from './use-table-width.ts';

export interface TableHandle {
  /** Puts the focus on the row that had it last. */
  focusRow(): void;
}

interface RepositoryTableProps {
  readonly list: RowList;
  readonly view: ListView;
  readonly onSort: (change: Partial<ListView>) => void;
  readonly selection: Selection;
  readonly onSelectAll: () => void;
  readonly openId: number | null;
  readonly onOpen: (githubId: number) => void;
  readonly handle: Ref<TableHandle>;
}

const rowRem = { wide: 3.25, medium: 3.25, small: 3.25, card: 6.5 } as const;
const headRem = 2.25;
/** Room for the bar of actions below the last row. */
const footRem = { wide: 4.5, medium: 4.5, small: 7.5, card: 7.5 } as const;
const overscan = 16;

export function RepositoryTable(props: RepositoryTableProps) {
  const { list, view, onSort, selection, onSelectAll, openId, onOpen, handle } = props;
  const { pages, rows } = list;
  const scroller = useRef<HTMLDivElement>(null);
  const { width, remPx } = useTableWidth(scroller);
  const count = rows.total ?? 0;
  const rowPx = Math.round(rowRem[width] * remPx);
  const headPx = Math.round(headRem * remPx);
  const footPx = Math.round(footRem[width] * remPx);
  const [activeIndex, setActiveIndex] = useState(0);
  const active = Math.max(0, Math.min(activeIndex, count - 1));
  const wantsFocus = useRef(false);
  const [focusWish, setFocusWish] = useState(0);

  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan,
    scrollMargin: headPx,
    // The row with the focus stays, wherever the list is scrolled to.
    rangeExtractor: (range) => {
      const indexes = defaultRangeExtractor(range);
      return indexes.includes(active) || count === 0 ? indexes : [...indexes, active].sort((a, b) => a - b);
    },
  });
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, rowPx]);

  const items = virtualizer.getVirtualItems();
  const { range } = virtualizer;
  const first = range?.startIndex ?? 0;
  const last = range?.endIndex ?? 0;
  useEffect(() => pages.want(first, last), [pages, first, last, rows.view]);

  const moveActive = useRowAnchor({ scroller, rows, rowPx, setActiveIndex });

  const show = useCallback(
    (index: number) => {
      const element = scroller.current;
      if (element === null) return;
      const highest = index * rowPx;
      const lowest = (index + 1) * rowPx + headPx + footPx - element.clientHeight;
      element.scrollTop = Math.min(highest, Math.max(lowest, element.scrollTop));
    },
    [rowPx, headPx, footPx],
  );

  const focusRow = useCallback(
    (index: number) => {
      wantsFocus.current = true;
      moveActive(index);
      show(index);
      setFocusWish((wish) => wish + 1);
    },
    [moveActive, show],
  );
  // Once the row is drawn; also when it has moved under the focus.
  useLayoutEffect(() => {
    const hasFocus = document.activeElement?.matches('.table-body > .table-row') === true;
    const row = scroller.current?.querySelector<HTMLElement>(`[aria-rowindex="${active + rowIndexOffset}"]`);
    if (row === undefined || row === null || !(hasFocus || wantsFocus.current)) return;
    wantsFocus.current = false;
    if (document.activeElement !== row) row.focus({ preventScroll: true });
  }, [active, focusWish, items]);
  useImperativeHandle(handle, () => ({ focusRow: () => focusRow(active) }), [focusRow, active]);

  const { toggle, extendTo } = selection;
  const presses = useMemo<RowPresses>(
    () => ({
      open: (index) => {
        const row = rowAt(pages.rows(), index);
        if (row !== undefined) onOpen(row.githubId);
      },
      toggle,
      extendTo,
      focus: moveActive,
    }),
    [pages, onOpen, toggle, extendTo, moveActive],
  );

  const pressKey = (event: React.KeyboardEvent): void => {
    const { target } = event;
    const row = target instanceof Element ? target.closest('.table-body > .table-row') : null;
    // What is inside of a row does its own with these keys.
    if (row === null || (row !== target && (event.key === ' ' || event.key === 'Enter'))) return;
    const rowsInView = Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 0) - headPx) / rowPx) - 1);
    const step = keyStep(event, { active, count, rowsInView });
    if (step === null) return;
    event.preventDefault();
    if (step.kind === 'open') presses.open(active);
    if (step.kind === 'toggle') presses.toggle(active);
    if (step.kind === 'select-all') onSelectAll();
    if (step.kind === 'move') {
      if (step.extends) {
        if (selection.ids.size === 0) presses.extendTo(active);
        presses.extendTo(step.to);
      }
      focusRow(step.to);
    }
  };

  const selected = selection.ids.size === 0 ? 'none' : selection.ids.size >= count ? 'all' : 'some';
  return (
    <div
      ref={scroller}
      role="grid"
      className={`table table-${width}`}
      aria-label="Repositories"
      aria-rowcount={count + 1}
      aria-multiselectable="true"
      aria-busy={rows.view !== view}
      onKeyDown={pressKey}
    >
      <TableHead
        view={view}
        width={width}
        onSort={onSort}
        selected={selected}
        onSelectAll={onSelectAll}
        onClear={selection.clear}
      />
      <div role="rowgroup" className="table-body" style={{ height: virtualizer.getTotalSize() + footPx }}>
        {items.map(({ index, start }) => {
          const repository = rowAt(rows, index);
          return (
            <TableRow
              key={index}
              index={index}
              repository={repository}
              width={width}
              offsetPx={start - headPx}
              heightPx={rowPx}
              isSelected={repository !== undefined && selection.ids.has(repository.githubId)}
              isOpen={repository?.githubId === openId}
              isActive={index === active}
              presses={presses}
            />
          );
        })}
      </div>
    </div>
  );
}
