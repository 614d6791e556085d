/** @file One row of the list, and what stands in the place of one that was not read yet. */
import { memo, type MouseEvent } from 'react';
import type { RepositoryView } from '../../../src-preload/contract/views.ts';
import { columnsOf, type Width } from './columns.tsx';

export interface RowPresses {
  readonly open: (index: number) => void;
  readonly toggle: (index: number) => void;
  readonly extendTo: (index: number) => void;
  readonly focus: (index: number) => void;
}

interface TableRowProps {
  readonly index: number;
  /** Undefined: on its way. */
  readonly repository: RepositoryView | undefined;
  readonly width: Width;
  readonly offsetPx: number;
  readonly heightPx: number;
  readonly isSelected: boolean;
  readonly isOpen: boolean;
  /** The one row that the tabulator key reaches. */
  readonly isActive: boolean;
  readonly presses: RowPresses;
}

/** Rows are counted from 1, and the head is the first. */
export const rowIndexOffset = 2;

function pressRow({ index, presses, repository }: TableRowProps, event: MouseEvent): void {
  // The link in it leads to the same place; only what opens a new tab is left to the browser.
  const isOnLink = event.target instanceof Element && event.target.closest('a') !== null;
  if (isOnLink && (event.ctrlKey || event.metaKey)) return;
  if (isOnLink) event.preventDefault();
  if (repository === undefined) return;
  if (event.shiftKey) presses.extendTo(index);
  else if (event.ctrlKey || event.metaKey) presses.toggle(index);
  else presses.open(index);
}

export const TableRow = memo(function TableRow(props: TableRowProps) {
  const { index, repository, width, offsetPx, heightPx, isSelected, isOpen, isActive, presses } = props;
  const place = {
    role: 'row',
    'aria-rowindex': index + rowIndexOffset,
    tabIndex: isActive ? 0 : -1,
    style: { transform: `translateY(${offsetPx}px)`, height: heightPx },
    onFocus: () => presses.focus(index),
  };
  if (repository === undefined) {
    return (
      <div {...place} className="table-row table-row-empty" aria-busy="true">
        <div role="gridcell" className="cell" />
        <div role="gridcell" className="cell">
          <span className="visually-hidden">Loading</span>
          <span className="cell-coming" />
        </div>
      </div>
    );
  }
  return (
    <div
      {...place}
      className="table-row"
      aria-selected={isSelected}
      aria-current={isOpen ? 'true' : undefined}
      // A range of rows is chosen, not the text in them.
      onMouseDown={(event) => event.shiftKey && event.preventDefault()}
      onClick={(event) => pressRow(props, event)}
    >
      <div role="gridcell" className="cell cell-box" onClick={(event) => event.stopPropagation()}>
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={`Select ${repository.fullName}`}
          checked={isSelected}
          onChange={(event) => {
            const isShifted = event.nativeEvent instanceof PointerEvent && event.nativeEvent.shiftKey;
            if (isShifted) presses.extendTo(index);
            else presses.toggle(index);
          }}
        />
      </div>
      {columnsOf[width].map(({ key, render }) => (
        <div key={key} role="gridcell" className={`cell column-${key}`}>
          {render(repository, width)}
        </div>
      ))}
    </div>
  );
});
