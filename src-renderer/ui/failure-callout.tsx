/** @file Why something failed, with its next step. */
import { Callout } from './callout.tsx';

interface FailureCalloutProps {
  readonly failure: { readonly message: string; readonly nextStep: string | null } | null;
}

export function FailureCallout({ failure }: FailureCalloutProps) {
  if (failure === null) return null;
  return (
    <Callout kind="failed" title={failure.message}>
      {failure.nextStep !== null && <p>{failure.nextStep}</p>}
    </Callout>
  );
}
