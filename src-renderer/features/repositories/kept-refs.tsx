/** @file What the mirror keeps although upstream rewrote or deleted it. The mirror server is asked when it is opened. */
import { useState } from 'react';
import type { KeptRefsView } from '../../../src-preload/contract/list-views.ts';
import { CallError } from '../../../src-preload/contract/messages.ts';
import type { RepositoryView } from '../../../src-preload/contract/views.ts';
import { countOf, formatCount } from '../../../src-preload/contract/words.ts';
import { useClient } from '../../connection/client-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Disclosure } from '../../ui/disclosure.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Skeleton, TimeAgo } from '../../ui/pieces.tsx';

interface KeptRefsProps {
  readonly repository: RepositoryView;
  readonly isLive: boolean;
}

type Reading =
  | { readonly kind: 'closed' | 'reading' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'read'; readonly refs: KeptRefsView };

function wordsOf(error: unknown): string {
  if (!(error instanceof CallError)) return String(error);
  return error.error === null ? error.message : `${error.error.message} ${error.error.nextStep}`;
}

export function KeptRefs({ repository: { githubId, mirror }, isLive }: KeptRefsProps) {
  const client = useClient();
  const [reading, setReading] = useState<Reading>({ kind: 'closed' });
  if (mirror === null) return null;
  const ask = (): void => {
    setReading({ kind: 'reading' });
    client.call('repositories.keptRefs', { githubId }).then(
      (refs) => setReading({ kind: 'read', refs }),
      (error: unknown) => setReading({ kind: 'failed', message: wordsOf(error) }),
    );
  };
  return (
    <Disclosure
      summary="Kept refs"
      aside={reading.kind === 'read' ? formatCount(reading.refs.total) : undefined}
      onToggle={(isOpen) => {
        if (isOpen && reading.kind === 'closed') ask();
      }}
    >
      {(reading.kind === 'reading' || reading.kind === 'closed') && (
        <Skeleton rows={1} label="Asking the mirror server for kept refs" />
      )}
      {reading.kind === 'failed' && (
        <div className="notice notice-failed" role="alert">
          <Icon name="alert" />
          <span>{reading.message}</span>
          <Button label="Ask again" icon="retry" onPress={ask} isOff={!isLive} />
        </div>
      )}
      {reading.kind === 'read' && <KeptList refs={reading.refs} />}
    </Disclosure>
  );
}

function KeptList({ refs: { items, total } }: { readonly refs: KeptRefsView }) {
  if (total === 0) return <p className="row-line">None: nothing was rewritten or deleted upstream.</p>;
  return (
    <div className="details">
      <ul className="refs">
        {items.map(({ ref, origin, sha, keptAt }) => (
          <li key={ref}>
            <code>{origin ?? ref}</code>{' '}
            <span className="row-minor">
              {sha.slice(0, 8)}
              {keptAt !== null && (
                <>
                  , kept <TimeAgo at={keptAt} />
                </>
              )}
              {origin !== null && (
                <>
                  {' '}
                  as <code>{ref}</code>
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
      {total > items.length && <p className="row-line">and {countOf(total - items.length, 'other')}</p>}
    </div>
  );
}
