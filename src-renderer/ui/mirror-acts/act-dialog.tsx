/** @file Asks before a person's act on single mirrors, each of them listed; to delete, each name has to be typed. */
import { useEffect, useState } from 'react';
import { mostActsAtOnce } from '../../../src-preload/contract/mirror-calls.ts';
import type { RepositoryView } from '../../../src-preload/contract/views.ts';
import { countOf } from '../../../src-preload/contract/words.ts';
import { useClient } from '../../connection/client-context.tsx';
import type { Actions } from '../../connection/use-actions.ts';
import { Button } from '../button.tsx';
import { Callout } from '../callout.tsx';
import { Dialog } from '../dialog.tsx';
import { Skeleton } from '../pieces.tsx';
import { actWords, describeReports, mayDo, type MirrorAct } from './act-words.ts';
import { DeletionItem } from './deletion-item.tsx';

export interface ActWish {
  readonly act: MirrorAct;
  readonly githubIds: readonly number[];
}

interface ActDialogProps {
  /** Null: nothing is asked. */
  readonly wish: ActWish | null;
  readonly actions: Actions;
  readonly isLive: boolean;
  readonly onClose: () => void;
}

export function ActDialog({ wish, ...rest }: ActDialogProps) {
  if (wish === null) return null;
  // Another wish begins with empty fields.
  return <OpenDialog key={`${wish.act} ${wish.githubIds.join(' ')}`} wish={wish} {...rest} />;
}

type Reading =
  | { readonly kind: 'reading' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'read'; readonly rows: readonly RepositoryView[] };

function OpenDialog({
  wish: { act, githubIds },
  actions,
  isLive,
  onClose,
}: ActDialogProps & { readonly wish: ActWish }) {
  const client = useClient();
  const isTooMany = githubIds.length > mostActsAtOnce;
  const [reading, setReading] = useState<Reading>({ kind: 'reading' });
  const [typed, setTyped] = useState<ReadonlyMap<number, string>>(new Map());
  useEffect(() => {
    if (isTooMany) return;
    let isOver = false;
    Promise.all(githubIds.map((githubId) => client.call('repositories.get', { githubId }))).then(
      (rows) => isOver || setReading({ kind: 'read', rows: rows.filter((row) => row !== null) }),
      () => isOver || setReading({ kind: 'failed' }),
    );
    return () => {
      isOver = true;
    };
  }, [client, githubIds, isTooMany]);

  const { label, press, icon, intro, unfit } = actWords[act];
  const rows = reading.kind === 'read' ? reading.rows : [];
  const fit = rows.filter((row) => mayDo(act, row));
  const unfitRows = rows.filter((row) => !mayDo(act, row));
  const isTyped = ({ githubId, fullName }: RepositoryView): boolean =>
    (typed.get(githubId) ?? '').trim().toLowerCase() === fullName.toLowerCase();
  const isReady = isLive && fit.length > 0 && (act !== 'delete' || fit.every(isTyped));
  const start = (): void => {
    onClose();
    actions.run(act, async () => {
      const ids = fit.map(({ githubId }) => githubId);
      const wishes = ids.map((githubId) => ({ githubId, typedName: typed.get(githubId) ?? '' }));
      if (act === 'delete') return describeReports(act, await client.call('mirrors.delete', { wishes }));
      const call = act === 'archive' ? 'mirrors.archive' : 'mirrors.bringBack';
      return describeReports(act, await client.call(call, { githubIds: ids }));
    });
  };
  return (
    <Dialog
      title={fit.length > 1 ? `${label}: ${countOf(fit.length, 'repository', 'repositories')}` : label}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button label="Not now" icon="close" onPress={onClose} />
          {!isTooMany && <Button label={press} icon={icon} kind="primary" isOff={!isReady} onPress={start} />}
        </>
      }
    >
      {isTooMany ? (
        <p>
          This is done with at most {mostActsAtOnce} repositories at once, so that each of them is read. Select fewer.
        </p>
      ) : (
        <>
          <p>{intro}</p>
          {reading.kind === 'reading' && <Skeleton rows={1} label="Reading what is known of it" />}
          {reading.kind === 'failed' && (
            <Callout kind="failed" title="It could not be read. Close this and try again." />
          )}
          <ul className="act-list">
            {fit.map((row) =>
              act === 'delete' ? (
                <DeletionItem
                  key={row.githubId}
                  repository={row}
                  typed={typed.get(row.githubId) ?? ''}
                  onType={(text) => setTyped((before) => new Map(before).set(row.githubId, text))}
                />
              ) : (
                <li key={row.githubId}>
                  <bdi>{row.fullName}</bdi>
                </li>
              ),
            )}
          </ul>
          {unfitRows.map(({ githubId, fullName }) => (
            <p key={githubId} className="row-line">
              <bdi>{fullName}</bdi> {unfit}
            </p>
          ))}
        </>
      )}
    </Dialog>
  );
}
