/** @file What the mirror keeps although upstream rewrote or deleted it. The mirror server is asked when it is opened. */
import { useState } from 'react';
import type { KeptRefsView } from '../../../src-preload/contract/list-views.ts';
import { CallError } from '../../../src-preload/contract/messages.ts';
import type { RepositoryView } from '../../../src-preload/contract/views.ts';
import { countOf, formatBytes, formatCount } from '../../../src-preload/contract/words.ts';
import { useClient } from '../../connection/client-context.tsx';
import { useActions } from '../../connection/use-actions.ts';
import { Button, TextButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Disclosure } from '../../ui/disclosure.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Notice } from '../../ui/notice.tsx';
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
      {reading.kind === 'read' && <KeptList githubId={githubId} refs={reading.refs} isLive={isLive} />}
    </Disclosure>
  );
}

/** As it has to be written for a shell. */
function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

interface KeptListProps {
  readonly githubId: number;
  readonly refs: KeptRefsView;
  readonly isLive: boolean;
}

function KeptList({ githubId, refs: { items, total, bytes, cloneAddress }, isLive }: KeptListProps) {
  const client = useClient();
  const actions = useActions();
  if (total === 0) return <p className="row-line">None: nothing was rewritten or deleted upstream.</p>;
  const restore = (keptRef: string): void =>
    actions.run(keptRef, async () => {
      const { branch, isNew } = await client.call('repositories.restore', { githubId, keptRef });
      return isNew
        ? `The branch ${branch} is in the mirror now. Mirroring leaves it alone.`
        : `It was restored before: the branch ${branch} is in the mirror.`;
    });
  return (
    <div className="details">
      <p className="row-line">
        Old tips that upstream rewrote or deleted. Restoring makes a branch in the mirror; nothing else changes.{' '}
        {bytes === null
          ? 'What they cost is not known: the cache here does not hold them.'
          : `They cost about ${formatBytes(bytes)}.`}{' '}
        OneDev may run the build definition of a branch that has one.
      </p>
      <Notice actions={actions} />
      <ul className="refs kept-refs">
        {items.map(({ ref, origin, sha, keptAt }) => (
          <li key={ref}>
            <span>
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
            </span>
            {cloneAddress !== null && (
              <CopyButton
                text={`git fetch ${shellWord(cloneAddress)} ${shellWord(ref)}`}
                label="Copy git command"
                of={`${origin ?? ref} at ${sha.slice(0, 8)}`}
              />
            )}
            {origin !== null && (
              <TextButton
                label="Restore"
                of={`${origin} at ${sha.slice(0, 8)}`}
                isOff={!isLive}
                isBusy={actions.busy.has(ref)}
                onPress={() => restore(ref)}
              />
            )}
          </li>
        ))}
      </ul>
      {total > items.length && <p className="row-line">and {countOf(total - items.length, 'other')}</p>}
    </div>
  );
}
