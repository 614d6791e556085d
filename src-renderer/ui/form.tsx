/** @file A form that the enter key of any of its fields sends. */
import type { ReactNode } from 'react';

interface FormProps {
  readonly label: string;
  readonly onSubmit: () => void;
  readonly children: ReactNode;
}

export function Form({ label, onSubmit, children }: FormProps) {
  return (
    <form
      className="form"
      aria-label={label}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {/* Browsers send a form of several fields by the enter key only if it has a button for that. */}
      <button type="submit" hidden />
      {children}
    </form>
  );
}
