/**
 * @file The words of what failed while a person waited for it: elsewhere a run is tried again by itself, what a person asked
 * for once is not. Pure.
 */
import { EpicstarError, type ErrorCode, toEpicstarError } from '../domain/errors.ts';

const ownSteps: Readonly<Partial<Record<ErrorCode, string>>> = {
  'disk-full': 'Free some space, then try again.',
  offline: 'Try again when it is back.',
  'proxy-unusable': "Check the proxy in the system's settings, or HTTPS_PROXY, then try again.",
};

const otherSteps: Readonly<Partial<Record<ErrorCode, string>>> = {
  ...ownSteps,
  'git-auth-refused': 'Check the user and the token for the other remote, then push again.',
  'git-not-found':
    'Check the address: the repository has to be there, under the name that it has now. Then push again.',
};

/** Runs a part of what was asked for once. Rejects as it does, with a next step that holds for it. */
export function askedOnce<T>(work: () => Promise<T>): Promise<T> {
  return told(work, (error) => withStep(error, ownSteps));
}

/** The same for a part that the other remote has to do with. */
export function atOtherRemote<T>(work: () => Promise<T>): Promise<T> {
  return told(work, (error) =>
    error.code === 'target-disk-full'
      ? new EpicstarError('git-failed', `The disk of the other remote is full. ${error.detail}`, {
          cause: error,
          data: error.data,
          nextStep: 'Free some space there, then push again.',
        })
      : withStep(error, otherSteps),
  );
}

async function told<T>(work: () => Promise<T>, tell: (error: EpicstarError) => EpicstarError): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw tell(toEpicstarError(thrown));
  }
}

function withStep(error: EpicstarError, steps: Readonly<Partial<Record<ErrorCode, string>>>): EpicstarError {
  // Words that were chosen for this very failure stay.
  const isUsual = error.nextStep === new EpicstarError(error.code, '').nextStep;
  const isTriedElsewhere = (error.kind === 'transient' || error.kind === 'wait') && error.code !== 'internal';
  if (!isUsual || !isTriedElsewhere) return error;
  const { code, detail, data } = error;
  return new EpicstarError(code, detail, { cause: error, data, nextStep: steps[code] ?? 'Try it again later.' });
}
