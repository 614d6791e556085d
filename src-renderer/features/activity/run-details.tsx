/** @file What one run moved, left out or was told by git. */
import type { RunView } from '../../../src-preload/contract/views.ts';
import { countOf } from '../../../src-preload/contract/words.ts';

type Moved = RunView['report']['moved'][number];

const moveWords: Readonly<Record<Moved['kind'], string>> = {
  create: 'new',
  'fast-forward': 'updated',
  rewrite: 'rewritten',
  delete: 'deleted',
};

/** Whether there is more to tell than the line says. */
export function hasDetails({ report, error }: RunView): boolean {
  const hasWords = error !== null && error.output !== null;
  return hasWords || report.moved.length > 0 || report.unfitCount > 0;
}

export function RunDetails({ run }: { readonly run: RunView }) {
  const { moved, unfit, unfitCount } = run.report;
  const output = run.error?.output ?? null;
  return (
    <details className="details">
      <summary>
        Details<span className="visually-hidden"> of {run.fullName}</span>
      </summary>
      {moved.length > 0 && (
        <ul className="refs">
          {moved.map((move) => (
            <MovedRef key={move.ref} move={move} />
          ))}
        </ul>
      )}
      {unfitCount > 0 && (
        <>
          <p>{countOf(unfitCount, 'ref')} left out, since the mirror server cannot hold the name:</p>
          <ul className="refs">
            {unfit.map(({ ref, reason }) => (
              <li key={ref}>
                <code>{ref}</code> {reason}
              </li>
            ))}
          </ul>
        </>
      )}
      {output !== null && (
        <pre className="output" tabIndex={0} aria-label={`Words of git for ${run.fullName}`}>
          {output}
        </pre>
      )}
    </details>
  );
}

function shortId(id: string | null): string {
  return id === null ? '' : id.slice(0, 8);
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
