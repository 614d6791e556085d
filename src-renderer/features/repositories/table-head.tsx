/** @file The head of the list: what the columns are, and sorting by a press on one. */
import { Icon } from '../../ui/icon.tsx';
import { type Column, columnsOf, type Width } from './columns.tsx';
import { isDescending, type ListView } from './list-view.ts';

interface TableHeadProps {
  readonly view: ListView;
  readonly width: Width;
  readonly onSort: (change: Partial<ListView>) => void;
  readonly selected: 'none' | 'some' | 'all';
  readonly onSelectAll: () => void;
  readonly onClear: () => void;
}

export function TableHead({ view, width, onSort, selected, onSelectAll, onClear }: TableHeadProps) {
  return (
    <div role="rowgroup" className="table-head">
      <div role="row" aria-rowindex={1} className="table-row">
        <div role="columnheader" className="cell cell-box">
          <input
            type="checkbox"
            aria-label={selected === 'all' ? 'Select none' : 'Select all that match'}
            checked={selected === 'all'}
            ref={(box) => {
              if (box !== null) box.indeterminate = selected === 'some';
            }}
            onChange={selected === 'all' ? onClear : onSelectAll}
          />
        </div>
        {columnsOf[width].map((column) => (
          <ColumnHead key={column.key} column={column} view={view} onSort={onSort} />
        ))}
      </div>
    </div>
  );
}

interface ColumnHeadProps extends Pick<TableHeadProps, 'view' | 'onSort'> {
  readonly column: Column;
}

function ColumnHead({ column: { key, label, order }, view, onSort }: ColumnHeadProps) {
  if (order === null) {
    return (
      <div role="columnheader" className={`cell column-${key}`}>
        {label}
      </div>
    );
  }
  const isSorted = view.order === order;
  const isDown = isDescending(view);
  const sort = isSorted ? { descending: !isDown } : { order, descending: null };
  return (
    <div
      role="columnheader"
      className={`cell column-${key}`}
      aria-sort={isSorted ? (isDown ? 'descending' : 'ascending') : 'none'}
    >
      <button type="button" className="sort-button" onClick={() => onSort(sort)}>
        {label}
        {isSorted && <Icon name={isDown ? 'down' : 'up'} />}
      </button>
    </div>
  );
}
