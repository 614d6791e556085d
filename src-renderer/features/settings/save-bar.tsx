/** @file The bar below the settings: what was changed is saved, or given up, all at once. */
import { useEffect } from 'react';
import { countOf } from '../../../src-preload/contract/words.ts';
import type { Failure } from '../../connection/use-attempt.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { FailureCallout } from '../../ui/failure-callout.tsx';
import { Icon } from '../../ui/icon.tsx';

interface SaveBarProps {
  readonly changed: number;
  readonly wrong: number;
  readonly isBusy: boolean;
  readonly isLive: boolean;
  /** What no field can be blamed for. */
  readonly failure: Failure | null;
  /** What came of the last saving; null: nothing to say. */
  readonly done: string | null;
  readonly onSave: () => void;
  readonly onDiscard: () => void;
  readonly onDismiss: () => void;
}

export function SaveBar(props: SaveBarProps) {
  const { changed, wrong, isBusy, isLive, failure, done, onSave, onDiscard, onDismiss } = props;
  const isOpen = changed > 0 || isBusy;
  useEffect(() => {
    // The bar comes up over whatever is at the bottom, which may be the field that is being typed in.
    const focused = document.activeElement;
    if (isOpen && focused?.closest('.setting') !== null) focused?.scrollIntoView({ block: 'nearest' });
  }, [isOpen]);
  return (
    <div className={isOpen || done !== null ? 'changes-place' : 'changes-place changes-place-empty'}>
      {isOpen && (
        <section className="changes-bar" aria-label="Changes">
          <FailureCallout failure={failure} />
          <div className="changes-main">
            <div className="changes-words">
              <p className="changes-title">
                {countOf(changed, 'change is', 'changes are')} not saved
                {wrong > 0 && `, ${wrong} to be corrected first`}
              </p>
              <p className="field-hint">Saving lets work pause for a moment; then it goes on with the new settings.</p>
            </div>
            <div className="buttons">
              <Button label="Discard" icon="close" isOff={isBusy} onPress={onDiscard} />
              <Button
                label="Save"
                icon="check"
                kind="primary"
                isBusy={isBusy}
                isOff={!isLive || wrong > 0}
                onPress={onSave}
              />
            </div>
          </div>
        </section>
      )}
      <div role="status" className="notice-place">
        {done !== null && !isOpen && (
          <div className="notice changes-done">
            <Icon name="check" />
            <span>{done}</span>
            <IconButton label="Dismiss" icon="close" onPress={onDismiss} />
          </div>
        )}
      </div>
    </div>
  );
}
