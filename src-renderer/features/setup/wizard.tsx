/** @file The wizard: signing in to GitHub, choosing the place of mirrors, choosing what to mirror. */
import type { SetupStepName, SetupView } from '../../../src-preload/contract/setup-views.ts';

interface WizardProps {
  readonly setup: SetupView;
  /** The step to show; null: the first that is still to be done. */
  readonly step: SetupStepName | null;
  readonly isLive: boolean;
}

export function Wizard({ setup, step, isLive }: WizardProps) {
  return <main className={isLive ? 'page' : 'page page-old'} aria-label={`Set up: ${step ?? setup.step}`} />;
}
