/** @file How it stands with one repository: state, why it is mirrored or not, the error in full, the last proof. */
import type { ErrorView, RepositoryView } from '../../../src-preload/contract/views.ts';
import { mostAheadMs, useNow } from '../../connection/client-context.tsx';
import { formatTime } from '../../ui/format.ts';
import { PlaceLink } from '../../ui/pieces.tsx';
import { describeWaiting } from '../../ui/wait-words.ts';
import { StateMark } from './columns.tsx';
import { DetailProof } from './detail-proof.tsx';
import { DetailVerdict } from './detail-verdict.tsx';

export function DetailState({ repository }: { readonly repository: RepositoryView }) {
  const { job } = repository;
  return (
    <div className="detail-state">
      <p className="detail-state-line">
        <StateMark repository={repository} />
        <StateWords repository={repository} />
      </p>
      {job !== null && job.error !== null && <ErrorInFull error={job.error} fullName={repository.fullName} />}
      <DetailVerdict repository={repository} />
      <DetailProof repository={repository} />
      <p className="row-line">{describeSelection(repository)}</p>
    </div>
  );
}

function StateWords({
  repository: { state, job, mirror, incomplete, proofs },
}: {
  readonly repository: RepositoryView;
}) {
  const now = useNow();
  const words = (): string => {
    switch (state) {
      case 'mirrored':
        if (proofs.drill?.result === 'damaged') return 'It is mirrored, but the last restore from it did not go well.';
        return incomplete === null
          ? 'It is safe in the mirror.'
          : 'Its branches and tags are safe in the mirror. Something else is missing there, see below.';
      case 'running':
        return 'It is being mirrored now.';
      case 'queued':
      case 'waiting':
        return job === null ? '' : `${describeWaiting(job, now - mostAheadMs, (at) => formatTime(at, now))}.`;
      case 'failed':
        return mirror === null ? 'It could not be mirrored.' : 'The last try failed; what was mirrored stays.';
      case 'asks':
        return 'Say whether it is to be mirrored.';
      case 'excluded':
        return 'It is not mirrored.';
      case 'unknown':
        return 'Nothing was asked for yet.';
    }
  };
  return <span>{words()}</span>;
}

function describeSelection({ state, choice, selectionReason, archivedAt }: RepositoryView): string {
  if (archivedAt !== null)
    return 'You moved its mirror to the archive: it stays there as it is until you bring it back.';
  if (choice === 'include') return 'You included it, whatever the rules say.';
  if (choice === 'exclude') return 'You excluded it, whatever the rules say.';
  if (selectionReason === '') return 'Nothing was decided about it yet.';
  if (state === 'excluded') return `Left out by the rules: ${selectionReason}.`;
  if (state === 'asks') return `The rules ask you: ${selectionReason}.`;
  return `Why it is mirrored: ${selectionReason}.`;
}

function ErrorInFull({ error, fullName }: { readonly error: ErrorView; readonly fullName: string }) {
  const { message, nextStep, notice, output } = error;
  return (
    <div className="detail-error">
      <p>{message}</p>
      <p>
        {nextStep} <PlaceLink href={notice} label="Read the notice" of={fullName} />
      </p>
      {output !== null && (
        <pre className="output" tabIndex={0} aria-label={`Words of git for ${fullName}`}>
          {output}
        </pre>
      )}
    </div>
  );
}
