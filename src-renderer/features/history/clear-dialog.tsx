/** @file Forgetting what was done, after a word on what that means. */
import { useState } from 'react';
import { countOf } from '../../../src-preload/contract/words.ts';
import { useClient } from '../../connection/client-context.tsx';
import type { Actions } from '../../connection/use-actions.ts';
import { Button } from '../../ui/button.tsx';
import { startOfDay } from '../../ui/days.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { ChoiceField } from '../../ui/fields.tsx';

interface ClearDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** After runs were forgotten. */
  readonly onCleared: () => void;
  readonly actions: Actions;
  readonly isLive: boolean;
}

const keptDays = 35;

const choices = [
  { value: 'old', label: `What is older than ${keptDays} days` },
  { value: 'all', label: 'Everything' },
] as const;

type ClearChoice = (typeof choices)[number]['value'];

export function ClearDialog({ isOpen, onClose, onCleared, actions, isLive }: ClearDialogProps) {
  const client = useClient();
  const [choice, setChoice] = useState<ClearChoice>('old');
  const clear = (): void => {
    onClose();
    actions.run('clear', async () => {
      const before = choice === 'all' ? null : startOfDay(Date.now(), keptDays - 1);
      const { forgotten } = await client.call('runs.forget', { before });
      onCleared();
      return forgotten === 0 ? 'There was nothing to forget.' : `${countOf(forgotten, 'run')} forgotten.`;
    });
  };
  return (
    <Dialog
      title="Clear history"
      isOpen={isOpen}
      onClose={onClose}
      actions={
        <>
          <Button label="Cancel" icon="close" onPress={onClose} />
          <Button label="Forget" icon="trash" kind="primary" isOff={!isLive} onPress={clear} />
        </>
      }
    >
      <p>
        epicstar forgets what it did. No work stops, no mirror is touched, and runs of what is under way stay in the
        history. It cannot be undone.
      </p>
      <ChoiceField label="What to forget" value={choice} onChange={setChoice} options={choices} />
    </Dialog>
  );
}
