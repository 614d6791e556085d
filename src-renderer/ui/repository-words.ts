/** @file What states of repositories are called and how they look, alike on every page; marks beside a name. Pure. */
import type { RepositoryStateName, RepositoryView, VerdictKindName } from '../../src-preload/contract/views.ts';
import type { IconName } from './icon.tsx';

export const stateWords: Readonly<Record<RepositoryStateName, string>> = {
  mirrored: 'Mirrored',
  running: 'In work',
  queued: 'Queued',
  waiting: 'Waiting',
  failed: 'Failed',
  asks: 'Asks you',
  excluded: 'Left out',
  unknown: 'Not yet',
};

export const stateLooks: Readonly<Record<RepositoryStateName, { readonly icon: IconName; readonly tone: string }>> = {
  mirrored: { icon: 'check', tone: 'tone-idle' },
  running: { icon: 'sync', tone: 'tone-working' },
  queued: { icon: 'circle', tone: '' },
  waiting: { icon: 'clock', tone: '' },
  failed: { icon: 'cross', tone: 'tone-error' },
  asks: { icon: 'alert', tone: 'tone-attention' },
  excluded: { icon: 'minus', tone: '' },
  unknown: { icon: 'circle', tone: '' },
};

/** What is out of the ordinary about a repository, in one word each. */
export function marksOf(repository: RepositoryView): readonly string[] {
  return [
    ...(repository.isPrivate ? ['private'] : []),
    ...(repository.isFork ? ['fork'] : []),
    ...(repository.isArchived ? ['archived'] : []),
    ...(repository.archivedAt === null ? [] : ['in the archive']),
    ...(repository.incomplete === null ? [] : ['incomplete']),
    ...missingMark(repository),
  ];
}

export const verdictWords: Readonly<Record<VerdictKindName, string>> = {
  unstarred: 'unstarred',
  'made-private': 'made private',
  gone: 'gone',
  blocked: 'blocked',
  moved: 'moved',
};

/** What is not certain yet is only missing. */
function missingMark({ absentSince, verdict }: RepositoryView): readonly string[] {
  if (verdict !== null && verdict.confirmedAt !== null) return [verdictWords[verdict.kind]];
  return absentSince === null ? [] : ['missing'];
}
