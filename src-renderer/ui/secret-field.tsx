/** @file A field for a token or password. What is typed is not written into the page's source as other fields do. */
import { asTyped, FieldFrame, type FieldProps } from './field-frame.tsx';
import type { Secret } from './use-secret.ts';

interface SecretFieldProps extends FieldProps {
  readonly secret: Secret;
  readonly placeholder?: string;
  readonly onType?: () => void;
}

export function SecretField({ secret, placeholder, onType, ...frame }: SecretFieldProps) {
  const { input, isKept } = secret;
  return (
    <FieldFrame {...frame}>
      {(control) => (
        <input
          {...control}
          {...asTyped}
          ref={input}
          className="input input-code"
          type="password"
          placeholder={isKept ? 'Entered; leave empty to use it again' : placeholder}
          onChange={onType}
        />
      )}
    </FieldFrame>
  );
}
