/** @file A field for a token or password. What is typed is not written into the page's source as other fields do. */
import { type ReactNode, useId } from 'react';
import type { Secret } from './use-secret.ts';

interface SecretFieldProps {
  readonly label: string;
  readonly secret: Secret;
  readonly hint?: ReactNode;
  readonly problem?: string | null;
  readonly placeholder?: string;
  readonly onType?: () => void;
}

export function SecretField({ label, secret, hint, problem = null, placeholder, onType }: SecretFieldProps) {
  const { input, isKept } = secret;
  const id = useId();
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <input
        ref={input}
        id={id}
        className="input input-code"
        type="password"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        placeholder={isKept ? 'Entered; leave empty to use it again' : placeholder}
        aria-describedby={`${id}-words`}
        aria-invalid={problem !== null}
        onChange={onType}
      />
      <div id={`${id}-words`} className="field-words">
        {hint !== undefined && <p className="field-hint">{hint}</p>}
        {problem !== null && (
          <p className="field-problem" role="alert">
            {problem}
          </p>
        )}
      </div>
    </div>
  );
}
