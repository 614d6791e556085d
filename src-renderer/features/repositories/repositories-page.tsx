/** @file All stars in one table. */
import { type ReactNode, useCallback, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { RepositoryView } from '../../../src-preload/contract/views.ts';
import { useActions } from '../../connection/use-actions.ts';
import { Notice } from '../../ui/notice.tsx';
import { Skeleton } from '../../ui/pieces.tsx';
import { CompareDialog } from './compare-dialog.tsx';
import { DetailPane } from './detail-pane.tsx';
import { chipsOf, emptyFilter } from './filter.ts';
import { FilterBar } from './filter-bar.tsx';
import { FilterChips } from './filter-chips.tsx';
import { ListEmpty } from './list-empty.tsx';
import type { RepositoryStateName } from '../../../src-preload/contract/views.ts';
import { useListView } from './list-view.ts';
import { RepositoryTable, type TableHandle } from './repository-table.tsx';
import type { Rows } from './row-pages.ts';
import { SearchField } from './search-field.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { useComparisons } from './use-comparisons.ts';
import { useIsNarrow } from './use-is-narrow.ts';
import { usePageKeys } from './use-page-keys.ts';
import { useRowPages } from './use-row-pages.ts';
import { useSelection } from './use-selection.ts';

interface RepositoriesPageProps {
  /** False: there is no connection, and nothing can be pressed. */
  readonly isLive: boolean;
  /** The repository whose details are open; null or unknown: none. */
  readonly openId: number | null;
  /** The state that the list begins with; null: as it was shown last. */
  readonly onlyState: RepositoryStateName | null;
}

export function RepositoriesPage({ isLive, openId, onlyState }: RepositoriesPageProps) {
  const listView = useListView(onlyState);
  const { view, change, changeFilter } = listView;
  const list = useRowPages(view);
  const selection = useSelection(list, view.filter);
  const actions = useActions();
  const comparing = useComparisons();
  const isNarrow = useIsNarrow();
  const [, setLocation] = useLocation();
  const [wasOpened, setWasOpened] = useState(false);
  const page = useRef<HTMLElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const table = useRef<TableHandle>(null);
  const { rows } = list;

  const isOpen = openId !== null;
  const open = useCallback(
    (githubId: number) => {
      setWasOpened(true);
      // Going back closes the details, however many were looked at.
      setLocation(`/repositories/${githubId}`, { replace: isOpen });
    },
    [setLocation, isOpen],
  );
  const close = (): void => {
    setLocation('/repositories');
    // The list can take the focus only once it is no longer covered.
    window.requestAnimationFrame(() => table.current?.focusRow());
  };
  const selectAll = (): void =>
    actions.run('select', async () => {
      await selection.selectAll();
      return null;
    });
  usePageKeys(page, {
    search: () => search.current?.select(),
    escape: isOpen ? close : selection.clear,
  });

  const isCovered = isOpen && isNarrow;
  const isFiltered = chipsOf(view.filter).length > 0 || view.filter.text.trim() !== '';
  const pageClass = `page repositories${isLive ? '' : ' page-old'}${isOpen ? ' repositories-open' : ''}`;
  return (
    <main ref={page} className={pageClass}>
      <div className="stars" inert={isCovered}>
        <h1 className="visually-hidden">Repositories</h1>
        <div className="toolbar">
          <SearchField
            text={view.filter.text}
            inputRef={search}
            onChange={(text) => changeFilter({ text })}
            onLeave={() => table.current?.focusRow()}
          />
          <FilterBar {...listView} />
        </div>
        <FilterChips {...listView} total={rows.total} />
        <ListPlace rows={rows} empty={<ListEmpty isFiltered={isFiltered} onClear={() => changeFilter(emptyFilter)} />}>
          <RepositoryTable
            list={list}
            view={view}
            onSort={change}
            selection={selection}
            onSelectAll={selectAll}
            openId={openId}
            onOpen={open}
            handle={table}
          />
        </ListPlace>
        <div className="stars-foot">
          <Notice actions={actions} />
          {selection.ids.size > 0 && (
            <SelectionBar
              selection={selection}
              total={rows.total ?? 0}
              actions={actions}
              isLive={isLive}
              onCompare={comparing.start}
              onSelectAll={selectAll}
            />
          )}
        </div>
      </div>
      {isOpen && (
        <DetailPane
          key={openId}
          githubId={openId}
          known={findRow(rows, openId)}
          isLive={isLive}
          isAlone={isNarrow}
          takesFocus={wasOpened}
          onClose={close}
        />
      )}
      <CompareDialog {...comparing} />
    </main>
  );
}

function findRow({ pages }: Rows, githubId: number): RepositoryView | undefined {
  for (const page of pages.values()) {
    const row = page.find((one) => one.githubId === githubId);
    if (row !== undefined) return row;
  }
  return undefined;
}

interface ListPlaceProps {
  readonly rows: Rows;
  readonly empty: ReactNode;
  readonly children: ReactNode;
}

/** The states that a list has: on its way, failed, empty, rows. */
function ListPlace({ rows: { total, failure }, empty, children }: ListPlaceProps) {
  return (
    <div className="stars-place">
      {failure !== null && (
        <p className="notice notice-failed" role="alert">
          {failure} It is tried again by itself.
        </p>
      )}
      {total === null && failure === null && <Skeleton rows={8} label="Loading your stars" />}
      {total === 0 && empty}
      {total !== null && total > 0 && children}
    </div>
  );
}
