/** @file What can be done with the repositories that are selected, over the foot of the list. */
import { useState } from 'react';
import { countOf, formatCount } from '../../../src-preload/contract/words.ts';
import { useClient } from '../../connection/client-context.tsx';
import type { Actions } from '../../connection/use-actions.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { MenuButton } from '../../ui/menu.tsx';
import { ActDialog, type ActWish } from '../../ui/mirror-acts/act-dialog.tsx';
import { actWords, type MirrorAct } from '../../ui/mirror-acts/act-words.ts';
import { askAbove, type BulkAction, mirrorNow, otherActions } from './bulk-actions.ts';
import { ConfirmDialog, type Wish } from './confirm-dialog.tsx';
import type { Selection } from './use-selection.ts';

const mirrorActs: readonly MirrorAct[] = ['archive', 'bringBack', 'delete'];

interface SelectionBarProps {
  readonly selection: Selection;
  /** Of all that match. */
  readonly total: number;
  readonly actions: Actions;
  readonly isLive: boolean;
  readonly onCompare: (githubIds: readonly number[]) => void;
  readonly onSelectAll: () => void;
}

export function SelectionBar({ selection, total, actions, isLive, onCompare, onSelectAll }: SelectionBarProps) {
  const client = useClient();
  const [wish, setWish] = useState<Wish | null>(null);
  const [actWish, setActWish] = useState<ActWish | null>(null);
  const ids = [...selection.ids];
  const count = ids.length;

  const askFirst = (next: Wish): void => {
    if (next.count > askAbove) setWish(next);
    else next.onConfirm();
  };
  const start = ({ key, label, icon, question, run }: BulkAction) =>
    askFirst({
      label,
      icon,
      count,
      question: question(count),
      onConfirm: () => actions.run(key, () => run(client, ids)),
    });
  const compare = (): void =>
    askFirst({
      label: 'Verify',
      icon: 'check',
      count,
      question: `Both ends of ${countOf(count, 'repository', 'repositories')} will be compared, a few at once. Where they differ they are mirrored again.`,
      onConfirm: () => onCompare(ids),
    });

  return (
    <>
      <div className="selection-bar" role="region" aria-label="Selection">
        <p className="selection-count" role="status">
          {formatCount(count)} selected
        </p>
        {count < total && count < 10_000 && (
          <button type="button" className="text-button" onClick={onSelectAll} aria-disabled={!isLive}>
            Select all {formatCount(Math.min(total, 10_000))}
          </button>
        )}
        <div className="selection-buttons">
          <Button
            label={mirrorNow.label}
            icon={mirrorNow.icon}
            kind="primary"
            isOff={!isLive}
            isBusy={actions.busy.has(mirrorNow.key)}
            onPress={() => start(mirrorNow)}
          />
          <Button label="Verify" icon="check" isOff={!isLive} onPress={compare} />
          <MenuButton
            label="Actions"
            icon="more"
            isOff={!isLive}
            items={[
              ...otherActions.map((action) => ({ label: action.label, onPress: () => start(action) })),
              ...mirrorActs.map((act) => ({
                label: actWords[act].label,
                isApart: act === 'delete',
                onPress: () => setActWish({ act, githubIds: ids }),
              })),
            ]}
          />
        </div>
        <IconButton label="Select none" icon="close" onPress={selection.clear} />
      </div>
      <ConfirmDialog wish={wish} onClose={() => setWish(null)} />
      <ActDialog wish={actWish} actions={actions} isLive={isLive} onClose={() => setActWish(null)} />
    </>
  );
}
