/** @file What became of a repository that left the starred list or stopped answering, and how certain that is. */
import type { RepositoryView } from '../../../src-preload/contract/views.ts';
import { PlaceLink, TimeAgo } from '../../ui/pieces.tsx';
import { VerdictCertainty, VerdictWords } from '../../ui/verdict-lines.tsx';

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
            <VerdictWords verdict={verdict} />
          </p>
          <p className="row-line">
            <VerdictCertainty verdict={verdict} />
          </p>
          <PlaceLink href={verdict.notice} label="Read the notice" of={fullName} />
        </>
      )}
    </div>
  );
}
