/** @file One rescued repository: why, since when, what is there of it, and where. */
import { Link } from 'wouter';
import type { RepositoryView } from '../../../src-preload/contract/views.ts';
import { formatBytes } from '../../../src-preload/contract/words.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { PlaceLink, TimeAgo } from '../../ui/pieces.tsx';
import { DrillWords, LastProof } from '../../ui/proof-words.tsx';
import { TakeOutButtons } from '../../ui/take-out/take-out-buttons.tsx';
import { VerdictCertainty, VerdictWords } from '../../ui/verdict-lines.tsx';

interface RescuedRowProps {
  readonly repository: RepositoryView;
  readonly isLive: boolean;
}

export function RescuedRow({ repository, isLive }: RescuedRowProps) {
  const { githubId, fullName, description, mirror, mirrorPage, verdict, archivedAt } = repository;
  const address = mirrorPage ?? mirror?.path ?? null;
  return (
    <li className="row rescued-row">
      <p className="rescued-name">
        <Icon name="star" />
        <Link href={`/repositories/${githubId}`}>
          <bdi>{fullName}</bdi>
        </Link>
      </p>
      {description !== null && (
        <p className="row-line rescued-description">
          <bdi>{description}</bdi>
        </p>
      )}
      {verdict !== null && (
        <p className="row-line">
          <VerdictWords verdict={verdict} /> <VerdictCertainty verdict={verdict} />
        </p>
      )}
      {archivedAt !== null && (
        <p className="row-line">
          You moved it to the archive <TimeAgo at={archivedAt} />.
        </p>
      )}
      <Facts repository={repository} />
      <div className="rescued-presses">
        <PlaceLink href={mirrorPage} label="Open the mirror" of={fullName} />
        <PlaceLink href={verdict?.notice ?? null} label="Read the notice" of={fullName} />
        {address !== null && (
          <CopyButton text={address} label={mirrorPage === null ? 'Copy path' : 'Copy clone address'} of={fullName} />
        )}
        <TakeOutButtons repository={repository} isLive={isLive} />
      </div>
    </li>
  );
}

function Facts({
  repository: { pushedAt, sizeKb, mirror, proofs, absentSince },
}: {
  readonly repository: RepositoryView;
}) {
  return (
    <dl className="rescued-facts">
      {absentSince !== null && (
        <div>
          <dt>Missing since</dt>
          <dd>
            <TimeAgo at={absentSince} />
          </dd>
        </div>
      )}
      {pushedAt !== null && (
        <div>
          <dt>Last push upstream</dt>
          <dd>
            <TimeAgo at={pushedAt} />
          </dd>
        </div>
      )}
      <div>
        <dt>Size</dt>
        <dd>{sizeKb === 0 ? 'not known' : `about ${formatBytes(sizeKb * 1_024)}`}</dd>
      </div>
      {mirror !== null && (
        <div>
          <dt>Last proof</dt>
          <dd>{proofs.last === null ? 'never here' : <LastProof last={proofs.last} />}</dd>
        </div>
      )}
      {mirror !== null && (
        <div>
          <dt>Last restore tried</dt>
          <dd>{proofs.drill === null ? 'never' : <DrillWords drill={proofs.drill} />}</dd>
        </div>
      )}
    </dl>
  );
}
