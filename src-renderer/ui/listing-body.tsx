/** @file The states that every list has: on its way, failed, empty, rows, and more of them. */
import type { ReactNode } from 'react';
import type { Listing } from '../connection/use-listing.ts';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import { MoreRows } from './more-rows.tsx';
import { Empty, Skeleton } from './pieces.tsx';

interface ListingBodyProps<T> {
  readonly listing: Listing<T>;
  readonly isLive: boolean;
  readonly loadingLabel: string;
  readonly emptyText: string;
  readonly renderRow: (item: T) => ReactNode;
}

export function ListingBody<T>({ listing, isLive, loadingLabel, emptyText, renderRow }: ListingBodyProps<T>) {
  const { rows, isCurrent, failure, showMore, reload } = listing;
  return (
    <>
      {failure !== null && (
        <div className="notice notice-failed" role="alert">
          <Icon name="alert" />
          <span>{failure}</span>
          <Button label="Try again" icon="retry" onPress={reload} isOff={!isLive} />
        </div>
      )}
      {rows === null && failure === null && <Skeleton rows={2} label={loadingLabel} />}
      {rows !== null && rows.items.length === 0 && <Empty>{emptyText}</Empty>}
      {rows !== null && rows.items.length > 0 && (
        <ul className="rows" aria-busy={!isCurrent}>
          {rows.items.map(renderRow)}
        </ul>
      )}
      {rows !== null && <MoreRows rows={rows} showMore={showMore} isLive={isLive} />}
    </>
  );
}
