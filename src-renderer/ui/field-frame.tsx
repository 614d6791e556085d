/** @file What all fields share: the label above, a hint and what is wrong below. */
import { type ReactNode, useId } from 'react';

export interface FieldProps {
  readonly label: string;
  /** One or two lines below the field. */
  readonly hint?: ReactNode;
  /** What is wrong, null: nothing. */
  readonly problem?: string | null;
}

/** Names, addresses and tokens are no prose: nothing is corrected or remembered. */
export const asTyped = { autoComplete: 'off', autoCapitalize: 'none', spellCheck: false } as const;

export interface ControlProps {
  readonly id: string;
  readonly 'aria-describedby': string;
  readonly 'aria-invalid': boolean;
}

interface FieldFrameProps extends FieldProps {
  readonly children: (control: ControlProps) => ReactNode;
}

export function FieldFrame({ label, hint, problem = null, children }: FieldFrameProps) {
  const id = useId();
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      {children({ id, 'aria-describedby': `${id}-words`, 'aria-invalid': problem !== null })}
      <FieldWords id={`${id}-words`} hint={hint} problem={problem} />
    </div>
  );
}

interface FieldWordsProps {
  readonly id: string;
  readonly hint?: ReactNode;
  readonly problem: string | null;
}

export function FieldWords({ id, hint, problem }: FieldWordsProps) {
  return (
    <div id={id} className="field-words">
      {hint !== undefined && <p className="field-hint">{hint}</p>}
      {problem !== null && (
        <p className="field-problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
