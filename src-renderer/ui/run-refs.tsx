/** @file Refs that a run moved, and those that it had to leave out. */
import type { RunView } from '../../src-preload/contract/views.ts';
import { countOf } from '../../src-preload/contract/words.ts';
import { moveWords } from './run-words.ts';

type Moved = RunView['report']['moved'][number];

function shortId(id: string | null): string {
  return id === null ? '' : id.slice(0, 8);
}

/** Each with where it pointed before and after; the first few when many moved. */
export function MovedRefs({ report }: Pick<RunView, 'report'>) {
  const { moved, created, fastForwarded, rewritten, deleted } = report;
  if (moved.length === 0) return null;
  const total = created + fastForwarded + rewritten + deleted;
  return (
    <>
      <ul className="refs">
        {moved.map((move) => (
          <MovedRef key={move.ref} move={move} />
        ))}
      </ul>
      {total > moved.length && <p>and {countOf(total - moved.length, 'other ref')}</p>}
    </>
  );
}

function MovedRef({ move: { ref, kind, from, to, keptAs } }: { readonly move: Moved }) {
  return (
    <li>
      <code>{ref}</code> {moveWords[kind]}{' '}
      <span className="row-minor">
        {[shortId(from), shortId(to)].filter((id) => id !== '').join(' to ')}
        {keptAs !== null && (
          <>
            , the old one is kept as <code>{keptAs}</code>
          </>
        )}
      </span>
    </li>
  );
}

export function UnfitRefs({ report: { unfit, unfitCount } }: Pick<RunView, 'report'>) {
  if (unfitCount === 0) return null;
  return (
    <>
      <p>{countOf(unfitCount, 'ref')} left out, since the mirror server cannot hold the name:</p>
      <ul className="refs">
        {unfit.map(({ ref, reason }) => (
          <li key={ref}>
            <code>{ref}</code> {reason}
          </li>
        ))}
      </ul>
      {unfitCount > unfit.length && <p>and {countOf(unfitCount - unfit.length, 'other ref')}</p>}
    </>
  );
}
