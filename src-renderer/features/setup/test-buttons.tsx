/** @file The buttons that test a target, save it, and go on. */
import { useRef } from 'react';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useFocusWhenLost } from '../../ui/use-focus-when-lost.ts';
import type { TargetTest } from './use-target-test.ts';

interface TestButtonsProps {
  readonly test: TargetTest;
  readonly isLive: boolean;
  readonly onBegin: (task: 'test' | 'save') => void;
  readonly onContinue: () => void;
}

export function TestButtons({ test, isLive, onBegin, onContinue }: TestButtonsProps) {
  const { attempt, isRunning, isSaved } = test;
  if (isSaved) {
    return (
      <>
        <SavedNote />
        <div className="buttons">
          <Button label="Continue" icon="arrow" kind="primary" onPress={onContinue} />
          <Button label="Test again" icon="retry" isOff={!isLive} onPress={() => onBegin('test')} />
        </div>
      </>
    );
  }
  return (
    <div className="buttons">
      <Button
        label="Save and continue"
        icon="check"
        kind="primary"
        isOff={!isLive || isRunning}
        isBusy={attempt.busy === 'save'}
        onPress={() => onBegin('save')}
      />
      <Button
        label="Test"
        icon="play"
        isOff={!isLive || isRunning}
        isBusy={attempt.busy === 'test'}
        onPress={() => onBegin('test')}
      />
    </div>
  );
}

/** Where the button was that is gone now. */
function SavedNote() {
  const words = useRef<HTMLParagraphElement>(null);
  useFocusWhenLost(words);
  return (
    <p className="saved-note" ref={words} tabIndex={-1}>
      <Icon name="check" />
      Saved. Read below what the test found, then go on.
    </p>
  );
}
