/** @file Repositories that exist only in the mirrors: upstream is gone or blocked, for certain. */
import { useCallback } from 'react';
import type { OverviewView } from '../../../src-preload/contract/views.ts';
import { formatCount } from '../../../src-preload/contract/words.ts';
import { useClient } from '../../connection/client-context.tsx';
import { useListing } from '../../connection/use-listing.ts';
import { ListingBody } from '../../ui/listing-body.tsx';
import { ProofSection } from '../../ui/proof-section.tsx';
import { RescuedRow } from './rescued-row.tsx';

interface RescuedPageProps {
  readonly overview: OverviewView;
  /** False: there is no connection, and nothing can be pressed. */
  readonly isLive: boolean;
}

export function RescuedPage({ overview, isLive }: RescuedPageProps) {
  const { totals } = overview;
  const client = useClient();
  const load = useCallback(
    (limit: number) => client.call('repositories.list', { isRescued: true, order: 'name', limit }),
    [client],
  );
  const listing = useListing(load, `${totals.rescued} ${totals.absent}`);
  return (
    <main className={isLive ? 'page' : 'page page-old'} aria-labelledby="rescued-title">
      <title>Rescued · epicstar</title>
      <h1 id="rescued-title" className="page-title">
        Rescued
        {totals.rescued > 0 && <span className="section-count">{formatCount(totals.rescued)}</span>}
      </h1>
      <p className="row-line">
        What GitHub has no more: your mirror is all there is. GitHub was asked twice, at least an hour apart, before a
        repository is shown here.
      </p>
      <ListingBody
        listing={listing}
        isLive={isLive}
        loadingLabel="Reading what was rescued"
        emptyText="Nothing had to be rescued: everything that is mirrored is still on GitHub, or is being asked about."
        renderRow={(repository) => <RescuedRow key={repository.githubId} repository={repository} isLive={isLive} />}
      />
      <ProofSection overview={overview} isLive={isLive} />
    </main>
  );
}
