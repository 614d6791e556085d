/** @file What is wrong with the form of OneDev, and what its errors ask of the person. Pure. */
import type { Failure } from '../../connection/use-attempt.ts';
import type { TargetForm } from './target-draft.ts';
import type { TargetTest } from './use-target-test.ts';

export interface OnedevProblems {
  readonly url?: string;
  readonly root?: string;
  readonly risk?: string;
}

export function readProblems(form: TargetForm): OnedevProblems {
  return {
    ...(form.address === null ? { url: 'Enter an address such as https://onedev.example.org.' } : {}),
    ...(form.root.trim() === '' ? { root: 'Enter the name of the parent project.' } : {}),
    ...(form.isReadable && !form.isRiskAccepted ? { risk: 'Use https, or tick this box to go on.' } : {}),
  };
}

/** Whether an authority of one's own may be what is missing. */
export function speaksOfCertificate({ items, attempt: { failure } }: TargetTest): boolean {
  const failed = (items ?? []).filter(({ state }) => state === 'failed');
  const texts = [...failed.map(({ finding, nextStep }) => `${finding} ${nextStep ?? ''}`), failure?.message ?? ''];
  return texts.some((text) => /certificate|CA file/i.test(text));
}

/** The form has a box for what the error would have named in the environment. */
export function wordFailure(failure: Failure | null, form: TargetForm): Failure | null {
  if (failure?.code !== 'insecure-address' || !form.isReadable) return failure;
  return { ...failure, nextStep: 'Use https, or accept the risk above.' };
}
