/** @file The foot of a list that has more rows than it shows. */
import { formatCount } from '../../src-preload/contract/words.ts';
import type { Rows } from '../connection/use-listing.ts';
import { Button } from './button.tsx';

interface MoreRowsProps {
  readonly rows: Rows<unknown>;
  /** Null where no more can be shown. */
  readonly showMore: (() => void) | null;
  readonly isLive: boolean;
}

export function MoreRows({ rows: { items, total }, showMore, isLive }: MoreRowsProps) {
  if (items.length >= total) return null;
  return (
    <div className="more">
      <span>
        {formatCount(items.length)} of {formatCount(total)}
      </span>
      {showMore !== null && <Button label="Show more" icon="chevron" onPress={showMore} isOff={!isLive} />}
    </div>
  );
}
