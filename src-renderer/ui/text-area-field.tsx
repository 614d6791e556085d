/** @file A field of several lines, with its label and a hint. */
import { type ReactNode, useId } from 'react';

interface TextAreaFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint: ReactNode;
  readonly rows: number;
}

export function TextAreaField({ label, value, onChange, hint, rows }: TextAreaFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <textarea
        id={id}
        className="input input-code"
        rows={rows}
        value={value}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        aria-describedby={`${id}-words`}
        onChange={(event) => onChange(event.target.value)}
      />
      <p id={`${id}-words`} className="field-hint">
        {hint}
      </p>
    </div>
  );
}
