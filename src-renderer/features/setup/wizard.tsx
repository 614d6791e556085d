/** @file The wizard: signing in to GitHub, choosing the place of mirrors, choosing what to mirror. */
import { useState } from 'react';
import { Link, Redirect } from 'wouter';
import type { SelectionRulesView, SetupStepName, SetupView } from '../../../src-preload/contract/setup-views.ts';
import { LinkButton } from '../../ui/link-button.tsx';
import { emptyGithubDraft, type GithubDraft } from './github-draft.ts';
import { GithubStep } from './github-step.tsx';
import { SelectionStep } from './selection-step.tsx';
import { StepList } from './step-list.tsx';
import { StepPage } from './step-page.tsx';
import { canOpenStep, isFirstSetup } from './steps.ts';
import { emptyTargetDraft, type TargetDraft } from './target-draft.ts';
import { TargetStep } from './target-step.tsx';

interface WizardProps {
  readonly setup: SetupView;
  /** The step to show; null: the first that is still to be done. */
  readonly step: SetupStepName | null;
  readonly isLive: boolean;
}

export function Wizard({ setup, step, isLive }: WizardProps) {
  // Kept here, so that neither a look at another step nor a failure loses anything.
  const [githubDraft, setGithubDraft] = useState<GithubDraft>(emptyGithubDraft);
  const [targetDraft, setTargetDraft] = useState<TargetDraft>(emptyTargetDraft);
  const [rules, setRules] = useState<SelectionRulesView | null>(null);
  // From then on the address says what is shown: a step that becomes done must not go away by itself.
  if (step === null) return <Redirect to={`/setup/${setup.step}`} replace />;
  const shown = canOpenStep(setup, step) ? step : setup.step;
  const isFirst = isFirstSetup(setup);
  return (
    <main className={isLive ? 'page wizard' : 'page page-old wizard'}>
      {isFirst && shown === 'github' && (
        <p className="wizard-welcome">
          Welcome to epicstar. Three steps, and every repository that you star on GitHub is safe in a place of your own.
        </p>
      )}
      {!isFirst && (
        <p className="wizard-back">
          <Link href="/">Back to activity</Link>
        </p>
      )}
      <StepList setup={setup} shown={shown === 'done' ? null : shown} />
      {shown === 'github' && <GithubStep setup={setup} isLive={isLive} draft={githubDraft} onDraft={setGithubDraft} />}
      {shown === 'target' && <TargetStep setup={setup} isLive={isLive} draft={targetDraft} onDraft={setTargetDraft} />}
      {shown === 'selection' && <SelectionStep setup={setup} isLive={isLive} rules={rules} onRules={setRules} />}
      {shown === 'done' && (
        <StepPage title="Everything is set up" lead="Each of the three steps can be opened and changed at any time.">
          <div>
            <LinkButton href="/" label="See the activity" icon="arrow" kind="primary" />
          </div>
        </StepPage>
      )}
    </main>
  );
}
