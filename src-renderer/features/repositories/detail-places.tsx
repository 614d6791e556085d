/** @file Where a repository is: on GitHub and in the mirror, to open or to copy. */
import type { RepositoryView } from '../../../src-preload/contract/views.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ExternalLink, Section } from '../../ui/pieces.tsx';

export function DetailPlaces({ repository }: { readonly repository: RepositoryView }) {
  const { githubPage, mirrorPage, mirror } = repository;
  if (githubPage === null && mirror === null) return null;
  return (
    <Section title="Addresses">
      <dl className="detail-places">
        {githubPage !== null && <Place label="GitHub" address={githubPage} href={githubPage} />}
        {mirrorPage !== null && <Place label="Mirror" address={mirrorPage} href={mirrorPage} />}
        {mirror !== null && <Place label="Path in the mirror" address={mirror.path} href={null} />}
      </dl>
    </Section>
  );
}

interface PlaceProps {
  readonly label: string;
  readonly address: string;
  /** Null: nothing to open. */
  readonly href: string | null;
}

function Place({ label, address, href }: PlaceProps) {
  return (
    <div className="detail-place">
      <dt>{label}</dt>
      <dd className="detail-address">
        <ExternalLink href={href}>
          <bdi>{address.replace(/^https?:\/\//, '')}</bdi>
        </ExternalLink>
      </dd>
      <dd>
        <CopyButton text={address} label="Copy" of={label} />
      </dd>
    </div>
  );
}
