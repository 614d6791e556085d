/** @file How far the starred list is read, while it is. */
import type { OverviewView } from '../../../src-preload/contract/views.ts';
import { countOf, formatCount } from '../../../src-preload/contract/words.ts';
import { FailureCallout } from '../failure-callout.tsx';
import { ProgressBar } from '../progress-bar.tsx';

export function ReadingStars({ overview: { watcher, totals } }: { readonly overview: OverviewView }) {
  const { isLooking, walk, error, lastFullWalkAt } = watcher;
  const isFirstWalk = lastFullWalkAt === null;
  // Later looks are short, and their pages nobody's concern.
  if (!isLooking) return isFirstWalk && error !== null ? <FailureCallout failure={error} /> : null;
  if (walk === null && !isFirstWalk) return null;
  const page = walk === null ? null : describePage(walk);
  const found = `${countOf(totals.starred, 'star')} so far`;
  return (
    <div className="reading">
      <p>
        Reading your stars: <b>{found}</b>
        {page !== null && `, ${page}`}
      </p>
      <ProgressBar
        label="Reading your stars"
        fraction={walk === null || walk.pages === null || walk.pages === 0 ? null : walk.page / walk.pages}
        text={page === null ? found : `${page}, ${found}`}
      />
    </div>
  );
}

function describePage({ page, pages }: { readonly page: number; readonly pages: number | null }): string {
  return pages === null ? `page ${formatCount(page)}` : `page ${formatCount(page)} of ${formatCount(pages)}`;
}
