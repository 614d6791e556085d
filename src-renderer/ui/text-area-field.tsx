/** @file A field of several lines. */
import { asTyped, FieldFrame, type FieldProps } from './field-frame.tsx';

interface TextAreaFieldProps extends FieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly rows: number;
}

export function TextAreaField({ value, onChange, rows, ...frame }: TextAreaFieldProps) {
  return (
    <FieldFrame {...frame}>
      {(control) => (
        <textarea
          {...control}
          {...asTyped}
          className="input input-code"
          rows={rows}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </FieldFrame>
  );
}
