/** @file Asks once before something is done to many. */
import { formatCount } from '../../../src-preload/contract/words.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import type { IconName } from '../../ui/icon.tsx';

export interface Wish {
  readonly label: string;
  readonly icon: IconName;
  readonly count: number;
  readonly question: string;
  readonly onConfirm: () => void;
}

interface ConfirmDialogProps {
  /** Null: nothing is asked. */
  readonly wish: Wish | null;
  readonly onClose: () => void;
}

export function ConfirmDialog({ wish, onClose }: ConfirmDialogProps) {
  if (wish === null) return null;
  const { label, icon, count, question, onConfirm } = wish;
  return (
    <Dialog
      title={`${label}: ${formatCount(count)} repositories`}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button label="Not now" icon="close" onPress={onClose} />
          <Button
            label={`${label} (${formatCount(count)})`}
            icon={icon}
            kind="primary"
            onPress={() => {
              onClose();
              onConfirm();
            }}
          />
        </>
      }
    >
      <p>{question}</p>
    </Dialog>
  );
}
