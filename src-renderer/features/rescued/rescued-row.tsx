/** @file One rescued repository: why, since when, what is there of it, and where. */
import { Link } from 'wouter';
import type { RepositoryView } from '../../../src-preload/contract/views.ts';
import { countOf, formatBytes } from '../../../src-preload/contract/words.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { PlaceLink, TimeAgo } from '../../ui/pieces.tsx';
import { VerdictCertainty, VerdictWords } from '../../ui/verdict-lines.tsx';

export function RescuedRow({ repository }: { readonly repository: RepositoryView }) {
  const { githubId, fullName, description, mirror, mirrorPage, verdict } = repository;
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
      <Facts repository={repository} />
      <p className="rescued-presses">
        <PlaceLink href={mirrorPage} label="Open the mirror" of={fullName} />
        <PlaceLink href={verdict?.notice ?? null} label="Read the notice" of={fullName} />
        {address !== null && (
          <CopyButton text={address} label={mirrorPage === null ? 'Copy path' : 'Copy clone address'} of={fullName} />
        )}
      </p>
    </li>
  );
}

function Facts({ repository: { pushedAt, sizeKb, mirror, absentSince } }: { readonly repository: RepositoryView }) {
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
        <dd>about {formatBytes(sizeKb * 1_024)}</dd>
      </div>
      {mirror !== null && (
        <div>
          <dt>Both ends last compared</dt>
          <dd>
            <TimeAgo at={mirror.verifiedAt} />, {countOf(mirror.refCount, 'ref')}
          </dd>
        </div>
      )}
    </dl>
  );
}
