/** @file What a person may do with single mirrors, and the words that say what came of it. Pure. */
import type { ActReportsView } from '../../../src-preload/contract/mirror-calls.ts';
import type { RepositoryView } from '../../../src-preload/contract/views.ts';
import { countOf } from '../../../src-preload/contract/words.ts';
import type { IconName } from '../icon.tsx';

export type MirrorAct = 'archive' | 'bringBack' | 'delete';

interface ActWords {
  /** Of the button that asks. */
  readonly label: string;
  /** Of the button that does it. */
  readonly press: string;
  readonly icon: IconName;
  readonly intro: string;
  readonly done: string;
  /** Of one that it cannot be done with. */
  readonly unfit: string;
}

export const actWords: Readonly<Record<MirrorAct, ActWords>> = {
  archive: {
    label: 'Move to the archive',
    press: 'Move to the archive',
    icon: 'down',
    intro:
      'The mirror moves to the archive with all that it holds, and is not mirrored any more. You can bring it back at any time.',
    done: 'moved to the archive.',
    unfit: 'has no mirror, or is in the archive already.',
  },
  bringBack: {
    label: 'Bring back',
    press: 'Bring back',
    icon: 'up',
    intro: 'The mirror moves back to its place, and is mirrored again where GitHub has it and you want it.',
    done: 'brought back.',
    unfit: 'is not in the archive.',
  },
  delete: {
    label: 'Delete the mirror',
    press: 'Delete for good',
    icon: 'trash',
    intro:
      'The project at the mirror server is removed, with all that it holds. This cannot be undone. The repository is left out from then on, until you include it.',
    done: 'deleted.',
    unfit: 'has no mirror.',
  },
};

export function mayDo(act: MirrorAct, { mirror, archivedAt }: RepositoryView): boolean {
  switch (act) {
    case 'archive':
      return mirror !== null && archivedAt === null;
    case 'bringBack':
      return archivedAt !== null;
    case 'delete':
      return mirror !== null;
  }
}

/** Whether GitHub has it no more, as far as was found out: certain or not, it may be the last copy. */
export function isLastCopy({ verdict }: RepositoryView): boolean {
  return verdict !== null && (verdict.kind === 'gone' || verdict.kind === 'blocked');
}

/** In a sentence or a few. @throws Error with the same where not all of it was done */
export function describeReports(act: MirrorAct, { reports }: ActReportsView): string {
  const done = reports.filter(({ state }) => state === 'done').length;
  const words = done === 0 ? [] : [`${countOf(done, 'mirror')} ${actWords[act].done}`];
  for (const { fullName, state, error } of reports) {
    if (state === 'done') continue;
    const why = error === null ? '' : ` ${error.message}`;
    const then =
      act === 'delete'
        ? 'It is found out whether it is still there, and left alone until then.'
        : 'It is moved as soon as the mirror server answers.';
    words.push(
      state === 'later' ? `${fullName}: not yet.${why} ${then}` : `${fullName}:${why} ${error?.nextStep ?? ''}`,
    );
  }
  const text = words.join(' ').trim();
  if (reports.some(({ state }) => state !== 'done')) throw new Error(text);
  return text;
}
