/** @file The three steps with their numbers; those that can be opened are links. */
import { Link } from 'wouter';
import type { SetupView } from '../../../src-preload/contract/setup-views.ts';
import { Icon } from '../../ui/icon.tsx';
import { canOpenStep, isStepDone, steps, type WizardStep } from './steps.ts';

interface StepListProps {
  readonly setup: SetupView;
  /** Null: none of them. */
  readonly shown: WizardStep | null;
}

export function StepList({ setup, shown }: StepListProps) {
  return (
    <nav aria-label="Steps">
      <ol className="steps">
        {steps.map(({ name, label }, index) => (
          <Step
            key={name}
            name={name}
            label={label}
            number={index + 1}
            isHere={name === shown}
            isDone={isStepDone(setup, name)}
            canOpen={canOpenStep(setup, name)}
          />
        ))}
      </ol>
    </nav>
  );
}

interface StepProps {
  readonly name: WizardStep;
  readonly label: string;
  readonly number: number;
  readonly isHere: boolean;
  readonly isDone: boolean;
  readonly canOpen: boolean;
}

function Step({ name, label, number, isHere, isDone, canOpen }: StepProps) {
  const words = (
    <>
      <span className="step-mark">{isDone ? <Icon name="check" /> : number}</span>
      <span>
        {label}
        {isDone && <span className="visually-hidden"> (done)</span>}
      </span>
    </>
  );
  const className = `step${isDone ? ' step-done' : ''}${isHere ? ' step-here' : ''}`;
  return (
    <li className={className} {...(isHere ? { 'aria-current': 'step' as const } : {})}>
      {canOpen && !isHere ? <Link href={`/setup/${name}`}>{words}</Link> : <span className="step-words">{words}</span>}
    </li>
  );
}
