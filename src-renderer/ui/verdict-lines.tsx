/** @file What became of a repository, and how certain that is, in a sentence each. */
import type { VerdictView } from '../../src-preload/contract/views.ts';
import { TimeAgo } from './pieces.tsx';

export function VerdictWords({ verdict: { kind, fullName, reason } }: { readonly verdict: VerdictView }) {
  switch (kind) {
    case 'unstarred':
      return <>It is still on GitHub, without your star.</>;
    case 'made-private':
      return <>It was made private, which takes all stars away. You may still read it.</>;
    case 'gone':
      return <>GitHub has nothing under its id any more: it was deleted, or made private.</>;
    case 'blocked':
      return <>GitHub blocked it{reason === null ? '' : ` (${reason})`}.</>;
    case 'moved':
      return (
        <>
          It is called <bdi>{fullName ?? ''}</bdi> now and still has your star; the list is read again.
        </>
      );
  }
}

export function VerdictCertainty({ verdict: { firstAt, confirmedAt } }: { readonly verdict: VerdictView }) {
  if (confirmedAt === null) {
    return (
      <>
        Found out <TimeAgo at={firstAt} />; it counts once GitHub says the same an hour later.
      </>
    );
  }
  return (
    <>
      Found out <TimeAgo at={firstAt} />, confirmed <TimeAgo at={confirmedAt} />.
    </>
  );
}
