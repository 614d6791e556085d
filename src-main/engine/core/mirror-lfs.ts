/** @file Brings the files that Git LFS keeps into a mirror and says which are missing. Must not know of jobs and rows. */
import { EpicstarError, toEpicstarError } from '../domain/errors.ts';
import type { LfsPointer, LfsState } from '../domain/extras.ts';
import type { Clock } from '../ports/clock.ts';
import type { GitProgress, GitRemote } from '../ports/git.ts';
import type { Lfs, LfsCall, LfsCopied, LfsProblem, LfsStop } from '../ports/lfs.ts';

export interface LfsRun {
  readonly lfs: Lfs;
  readonly clock: Clock;
  readonly from: () => Promise<GitRemote>;
  readonly to: () => Promise<GitRemote>;
  readonly signal: AbortSignal;
  readonly onGit: (progress: GitProgress) => void;
}

export interface LfsResult {
  readonly state: LfsState;
  readonly copied: number;
  readonly bytes: number;
  /** Whether trying again soon can help: something broke on the way. */
  readonly isPassing: boolean;
}

const nothing: LfsCopied = { copied: 0, bytes: 0, problems: [], stopped: null };

/**
 * The mirror is asked for the whole list, what it lacks is brought, and asked for again. Rejects with `cancelled` alone.
 *
 * @param pointers every one of the repository, each once
 */
export async function mirrorLfs(run: LfsRun, pointers: readonly LfsPointer[]): Promise<LfsResult> {
  const { lfs, clock, signal } = run;
  const call: LfsCall = {
    signal,
    onProgress: ({ doneObjects, allObjects, bytes }) =>
      run.onGit({ phase: 'writing', done: doneObjects, total: allObjects, bytes }),
  };
  let done = nothing;
  let missing = pointers.length;
  let stopped: LfsStop | null = null;
  try {
    const to = await run.to();
    const absent = await lfs.absentAt(to, pointers, call);
    missing = absent.length;
    if (absent.length > 0) {
      done = await lfs.copy(await run.from(), to, absent, call);
      stopped = done.stopped;
      // What the mirror says it has is what counts.
      missing = (await lfs.absentAt(to, absent, call)).length;
    }
  } catch (thrown) {
    const error = toEpicstarError(thrown);
    if (error.code === 'cancelled' || signal.aborted) throw new EpicstarError('cancelled', '', { cause: thrown });
    stopped = { side: error.code.startsWith('github') ? 'github' : 'target', words: error.message };
  }
  const state: LfsState = {
    objects: pointers.length,
    bytes: sumOfBytes(pointers.map(({ size }) => size)),
    missing,
    reason: missing === 0 ? null : describeMissing(missing, pointers.length, done.problems, stopped),
    checkedAt: clock.now(),
  };
  const isPassing =
    missing > 0 && (stopped !== null || done.problems.some(({ kind }) => kind === 'broken' || kind === 'refused'));
  return { state, copied: done.copied, bytes: done.bytes, isPassing };
}

/** Pointers are a stranger's text, and may name any size. */
export function sumOfBytes(sizes: readonly number[]): number {
  return Math.min(
    sizes.reduce((sum, size) => sum + size, 0),
    Number.MAX_SAFE_INTEGER,
  );
}

const kindWords: Readonly<Record<LfsProblem['kind'], string>> = {
  absent: 'upstream does not have',
  denied: 'upstream does not give',
  damaged: 'came damaged',
  broken: 'could not be fetched',
  refused: 'the mirror did not take',
  large: 'do not fit on this computer',
};

/** One line: how many, and for each cause how many, with the words of one. */
function describeMissing(
  missing: number,
  all: number,
  problems: readonly LfsProblem[],
  stopped: LfsStop | null,
): string {
  const groups = Map.groupBy(problems, ({ kind }) => kind);
  const causes = [...groups].map(([kind, found]) => {
    const words = found.find((problem) => problem.words !== '')?.words ?? '';
    return `${found.length} ${kindWords[kind]}${words === '' ? '' : ` (${words})`}`;
  });
  const parts = [...causes, ...(stopped === null ? [] : [stopped.words.replace(/\.+$/, '')])];
  const count = `${missing} of ${all} LFS files ${missing === 1 ? 'is' : 'are'} not in the mirror`;
  return `${count}${parts.length === 0 ? '' : `: ${parts.join('; ')}`}.`;
}
