/** @file What was done, by day. */
import { useRef, useState } from 'react';
import { countOf, formatCount } from '../../../src-preload/contract/words.ts';
import { useActions } from '../../connection/use-actions.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { MenuButton } from '../../ui/menu.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Empty, Skeleton } from '../../ui/pieces.tsx';
import { Beginning } from './beginning.tsx';
import { ClearDialog } from './clear-dialog.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { FilterBar } from './filter-bar.tsx';
import { MirrorActs } from './mirror-acts.tsx';
import { everything, isNarrowed, type RunFilter } from './run-filter.ts';
import { RunList } from './run-list.tsx';
import { useExport } from './use-export.ts';
import { type Runs, useRuns } from './use-runs.ts';

interface HistoryPageProps {
  /** False: there is no connection, and nothing can be pressed. */
  readonly isLive: boolean;
}

export function HistoryPage({ isLive }: HistoryPageProps) {
  const [filter, setFilter] = useState<RunFilter>(everything);
  const [isClearing, setIsClearing] = useState(false);
  const runs = useRuns(filter);
  const actions = useActions();
  const { state, start, close } = useExport();
  const total = runs.isCurrent ? (runs.loaded?.total ?? null) : null;
  return (
    <main className={isLive ? 'page' : 'page page-old'} aria-labelledby="history-title">
      <title>History · epicstar</title>
      <div className="page-head">
        <h1 id="history-title" className="page-title">
          History
          {total !== null && <span className="section-count">{countOf(total, 'run')}</span>}
        </h1>
        <div className="page-presses">
          <MenuButton
            label="Export"
            icon="download"
            isOff={!isLive || total === null || total === 0}
            items={[
              { label: 'As CSV, for a table', onPress: () => start('csv', filter) },
              { label: 'As JSON, for a program', onPress: () => start('json', filter) },
            ]}
          />
          <Button
            label="Clear history"
            icon="trash"
            isOff={!isLive}
            isBusy={actions.busy.has('clear')}
            onPress={() => setIsClearing(true)}
          />
        </div>
      </div>
      <FilterBar filter={filter} onChange={setFilter} />
      <Notice actions={actions} />
      <MirrorActs />
      <HistoryBody runs={runs} isLive={isLive} isNarrowed={isNarrowed(filter)} />
      <ExportDialog state={state} close={close} />
      <ClearDialog
        isOpen={isClearing}
        onClose={() => setIsClearing(false)}
        onCleared={runs.reload}
        actions={actions}
        isLive={isLive}
      />
    </main>
  );
}

interface HistoryBodyProps {
  readonly runs: Runs;
  readonly isLive: boolean;
  readonly isNarrowed: boolean;
}

function HistoryBody({ runs, isLive, isNarrowed }: HistoryBodyProps) {
  const { loaded, failure, newer, reload } = runs;
  const start = useRef<HTMLDivElement>(null);
  const showNewer = (): void => {
    reload();
    start.current?.scrollIntoView({ block: 'start' });
  };
  // Rows of another filter are no answer to this one.
  const shown = failure !== null && !runs.isCurrent ? null : loaded;
  const isEmpty = shown !== null && shown.runs.length === 0;
  return (
    <div className="history" ref={start}>
      <div className="newer" role="status">
        {newer > 0 && (
          <Button label={`Show ${countOf(newer, 'new run')}`} icon="sync" onPress={showNewer} isOff={!isLive} />
        )}
      </div>
      {loaded === null && failure === null && <Skeleton rows={4} label="Loading the history" />}
      {isEmpty && (
        <Empty>
          {isNarrowed ? 'No run matches this.' : 'Nothing was done yet. Every mirroring will be listed here.'}
        </Empty>
      )}
      {shown !== null && !isEmpty && <RunList runs={runs} />}
      {shown !== null && !isNarrowed && shown.runs.length >= shown.total && <Beginning />}
      <HistoryFoot runs={runs} isLive={isLive} />
    </div>
  );
}

function HistoryFoot({ runs, isLive }: { readonly runs: Runs; readonly isLive: boolean }) {
  const { loaded, failure, isLoadingMore, loadMore, reload } = runs;
  if (failure !== null) {
    return (
      <div className="notice notice-failed" role="alert">
        <Icon name="alert" />
        <span>The history could not be read. {failure}</span>
        <Button
          label="Try again"
          icon="retry"
          isOff={!isLive}
          onPress={loaded === null || !runs.isCurrent ? reload : loadMore}
        />
      </div>
    );
  }
  if (loaded === null || loaded.runs.length >= loaded.total) return null;
  return (
    <div className="more">
      <span>
        {formatCount(loaded.runs.length)} of {formatCount(loaded.total)}
      </span>
      <Button label="Show more" icon="chevron" isOff={!isLive} isBusy={isLoadingMore} onPress={loadMore} />
    </div>
  );
}
