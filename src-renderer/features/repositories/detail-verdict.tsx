/** @file What became of a repository that left the starred list or stopped answering, and how certain that is. */
import type { RepositoryView, VerdictView } from '../../../src-preload/contract/views.ts';
import { PlaceLink, TimeAgo } from '../../ui/pieces.tsx';

export function DetailVerdict({ repository }: { readonly repository: RepositoryView }) {
  const { absentSince, verdict, fullName } = repository;
  if (absentSince === null && verdict === null) return null;
  return (
    <div className="detail-verdict">
      {absentSince !== null && (
        <p className="row-line">
          Not in your starred list since <TimeAgo at={absentSince} />. What is mirrored stays.
        </p>
      )}
      {verdict === null ? (
        <p className="row-line">GitHub is asked what became of it.</p>
      ) : (
        <>
          <p className="row-line">
            <Words verdict={verdict} /> <PlaceLink href={verdict.notice} label="Read the notice" of={fullName} />
          </p>
          <p className="row-line">
            <Certainty verdict={verdict} />
          </p>
        </>
      )}
    </div>
  );
}

function Words({ verdict: { kind, fullName, reason } }: { readonly verdict: VerdictView }) {
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

function Certainty({ verdict: { firstAt, confirmedAt } }: { readonly verdict: VerdictView }) {
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
