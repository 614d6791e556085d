/** @file How far comparing many mirrors has come, and which of them are not as they should be. */
import { useCallback } from 'react';
import { Link } from 'wouter';
import type { RepositoryView } from '../../../src-preload/contract/views.ts';
import { formatCount } from '../../../src-preload/contract/words.ts';
import { useClient } from '../../connection/client-context.tsx';
import { useListing } from '../../connection/use-listing.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Notice } from '../../ui/notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { comparedCount, describeRound, LastProof, type Round } from '../../ui/proof-words.tsx';
import type { ComparisonsControl } from './use-comparisons.ts';

const mostListed = 50;

export function CompareDialog({ round, isOpen, actions, stop, close }: ComparisonsControl) {
  if (!isOpen) return null;
  const isUnderWay = round?.state === 'running' || round?.state === 'waiting' || actions.busy.has('begin');
  return (
    <Dialog
      title="Comparing both ends"
      isOpen
      onClose={close}
      actions={
        <>
          {isUnderWay && <Button label="Stop comparing" icon="close" isBusy={actions.busy.has('end')} onPress={stop} />}
          <Button label="Close" icon="check" onPress={close} />
        </>
      }
    >
      <Notice actions={actions} />
      {round !== null && !actions.busy.has('begin') && <Progress round={round} isUnderWay={isUnderWay} />}
    </Dialog>
  );
}

function Progress({ round, isUnderWay }: { readonly round: Round; readonly isUnderWay: boolean }) {
  const compared = comparedCount(round);
  return (
    <>
      <ProgressBar
        label="Comparing both ends"
        fraction={round.total === 0 ? 1 : compared / round.total}
        text={`${formatCount(compared)} of ${formatCount(round.total)}`}
      />
      <p role="status">{describeRound(round)}</p>
      {isUnderWay && <p className="row-line">It goes on when this is closed; the overview shows how far it is.</p>}
      {round.differs + round.failed > 0 && <Unproven round={round} />}
    </>
  );
}

function Unproven({ round: { startedAt, differs, failed, repaired } }: { readonly round: Round }) {
  const client = useClient();
  const load = useCallback(
    () => client.call('repositories.list', { isUnproven: true, order: 'name', limit: mostListed }),
    [client],
  );
  const { rows } = useListing(load, `${differs} ${failed} ${repaired}`);
  const found = (rows?.items ?? []).filter(({ proofs: { last } }) => last !== null && last.at >= startedAt);
  if (found.length === 0) return null;
  return (
    <ul className="results" tabIndex={0} aria-label="Not as they should be">
      {found.map((repository) => (
        <UnprovenRow key={repository.githubId} repository={repository} />
      ))}
    </ul>
  );
}

function UnprovenRow({ repository: { githubId, fullName, proofs } }: { readonly repository: RepositoryView }) {
  const { last } = proofs;
  if (last === null) return null;
  return (
    <li className="result">
      <span className={`row-icon ${last.result === 'failed' ? 'tone-error' : 'tone-attention'}`}>
        <Icon name={last.result === 'failed' ? 'cross' : 'alert'} />
      </span>
      <div className="row-body">
        <p className="row-title">
          <Link href={`/repositories/${githubId}`}>
            <bdi>{fullName}</bdi>
          </Link>
        </p>
        <p className="row-line">
          <LastProof last={last} />
        </p>
        {last.differences.length > 0 && (
          <ul className="refs">
            {last.differences.map((difference) => (
              <li key={difference}>
                <code>{difference}</code>
              </li>
            ))}
          </ul>
        )}
      </div>
    </li>
  );
}
