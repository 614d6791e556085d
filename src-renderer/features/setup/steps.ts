/** @file The steps of the wizard: their names, which are done, and where to go from each. Pure. */
import type { SetupStepName, SetupView } from '../../../src-preload/contract/setup-views.ts';

export type WizardStep = Exclude<SetupStepName, 'done'>;

export const steps: readonly { readonly name: WizardStep; readonly label: string }[] = [
  { name: 'github', label: 'GitHub' },
  { name: 'target', label: 'Where mirrors go' },
  { name: 'selection', label: 'What to mirror' },
];

const order: readonly SetupStepName[] = ['github', 'target', 'selection', 'done'];

/** Whether epicstar is being set up for the first time, when nothing but the wizard is of use. */
export function isFirstSetup({ isFirstRun, step }: SetupView): boolean {
  return isFirstRun && step !== 'done';
}

export function isStepDone(setup: SetupView, step: WizardStep): boolean {
  const { github, target } = setup;
  switch (step) {
    case 'github':
      return github.state === 'signed-in';
    case 'target':
      return target !== null && (target.kind === 'folder' || target.hasToken);
    case 'selection':
      return !isFirstSetup(setup);
  }
}

/** On a first run the steps are taken in order; later each can be opened by itself. */
export function canOpenStep(setup: SetupView, step: SetupStepName): boolean {
  return !isFirstSetup(setup) || order.indexOf(step) <= order.indexOf(setup.step);
}

/** Where to go when a step was completed. */
export function pathAfter(setup: SetupView, step: WizardStep): string {
  if (isFirstSetup(setup)) return step === 'github' ? '/setup/target' : '/setup/selection';
  if (step !== 'github' && !isStepDone(setup, 'github')) return '/setup/github';
  if (step !== 'target' && !isStepDone(setup, 'target')) return '/setup/target';
  return '/';
}
