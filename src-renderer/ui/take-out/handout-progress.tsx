/** @file How far a bundle or push is, and why one did not succeed. */
import type { HandoutView } from '../../../src-preload/contract/handout-calls.ts';
import { formatBytes, formatCount } from '../../../src-preload/contract/words.ts';
import { ProgressBar } from '../progress-bar.tsx';

const stepWords: Readonly<Record<NonNullable<HandoutView['step']>, string>> = {
  reading: 'Reading the mirror',
  writing: 'Writing the bundle',
  sending: 'Pushing',
};

function wordsOf({ state, step, git }: HandoutView): string {
  if (state === 'waiting') return 'Waiting until another one is made';
  const words = step === null ? 'Beginning' : stepWords[step];
  if (git === null) return words;
  const objects = git.total === null ? null : `${formatCount(git.done)} of ${formatCount(git.total)} objects`;
  const bytes = git.bytes === null ? null : formatBytes(git.bytes);
  return [words, objects, bytes].filter((part) => part !== null).join(', ');
}

export function HandoutProgress({ handout, label }: { readonly handout: HandoutView; readonly label: string }) {
  const { git } = handout;
  const text = wordsOf(handout);
  const fraction = git === null || git.total === null || git.total === 0 ? null : git.done / git.total;
  return (
    <>
      <ProgressBar label={label} fraction={fraction} text={text} />
      <p className="row-line">{text}. It goes on when you leave this page.</p>
    </>
  );
}

/** For one that failed or was ended. */
export function HandoutProblem({ handout: { error } }: { readonly handout: HandoutView }) {
  return (
    <p role="alert" className="field-problem">
      {error === null ? 'It was ended before it was done.' : `${error.message} ${error.nextStep}`}
    </p>
  );
}
