/** @file The third step: what to mirror. */
import { useCallback, useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import type { SelectionRulesView, SetupView } from '../../../src-preload/contract/setup-views.ts';
import { SelectionEditor } from '../../ui/selection-editor.tsx';
import { FoundNote } from './found-note.tsx';
import { StepPage } from './step-page.tsx';
import { isFirstSetup } from './steps.ts';

interface SelectionStepProps {
  readonly setup: SetupView;
  readonly isLive: boolean;
  readonly rules: SelectionRulesView | null;
  readonly onRules: (rules: SelectionRulesView) => void;
}

export function SelectionStep({ setup, isLive, rules, onRules }: SelectionStepProps) {
  const [isSaved, setIsSaved] = useState(false);
  const [, navigate] = useLocation();
  const isFirst = isFirstSetup(setup);
  // The state may come after the answer, and until then the rest of the window is not there.
  useEffect(() => {
    if (isSaved && !isFirst) navigate('/');
  }, [isSaved, isFirst, navigate]);
  const onSaved = useCallback(() => setIsSaved(true), []);
  return (
    <StepPage
      title="What to mirror"
      lead={
        isFirst
          ? 'Everything that you starred, unless you say otherwise. All of it can be changed later.'
          : 'Which of your stars are mirrored. What was mirrored already stays where it is.'
      }
    >
      <FoundNote />
      <SelectionEditor rules={rules} onRules={onRules} isStart={isFirst} isLive={isLive} onSaved={onSaved} />
    </StepPage>
  );
}
