/** @file Jobs that wait, each with its reason. */
import { memo, useCallback } from 'react';
import type { JobView } from '../../../src-preload/contract/views.ts';
import { formatBytes, formatCount } from '../../../src-preload/contract/words.ts';
import { mostAheadMs, useClient, useNow } from '../../connection/client-context.tsx';
import type { Actions } from '../../connection/use-actions.ts';
import { useListing } from '../../connection/use-listing.ts';
import { formatTime } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { describeAttempts } from '../../ui/job-words.ts';
import { ExternalLink, Section } from '../../ui/pieces.tsx';
import { causeWords } from '../../ui/run-words.ts';
import { describeWaiting } from '../../ui/wait-words.ts';
import { ListingBody } from '../../ui/listing-body.tsx';
import { CancelButton } from './work-section.tsx';

interface SectionProps {
  /** The list is read again when this changes. */
  readonly trigger: string;
  readonly actions: Actions;
  readonly isLive: boolean;
}

export const QueueSection = memo(function QueueSection({ trigger, actions, isLive }: SectionProps) {
  const client = useClient();
  const load = useCallback(
    (limit: number) => client.call('jobs.list', { states: ['queued', 'waiting'], limit }),
    [client],
  );
  const listing = useListing(load, trigger);
  const total = listing.rows?.total ?? 0;
  return (
    <Section title="In line" count={total === 0 ? null : formatCount(total)}>
      <ListingBody
        listing={listing}
        isLive={isLive}
        loadingLabel="Loading what is in line"
        emptyText="Nothing waits."
        renderRow={(job) => <QueueRow key={job.id} job={job} actions={actions} isLive={isLive} />}
      />
    </Section>
  );
});

interface QueueRowProps {
  readonly job: JobView;
  readonly actions: Actions;
  readonly isLive: boolean;
}

function QueueRow({ job, actions, isLive }: QueueRowProps) {
  const now = useNow();
  const attempts = describeAttempts(job);
  // Of a repository that is mirrored already only what is new is fetched.
  const expected = job.cause === 'new-star' && job.sizeKb > 0 ? `about ${formatBytes(job.sizeKb * 1_024)}` : null;
  return (
    <li className="row">
      <span className="row-icon">
        <Icon name={job.state === 'waiting' ? 'clock' : 'circle'} />
      </span>
      <div className="row-body">
        <p className="row-title">
          <ExternalLink href={job.githubPage}>
            <bdi>{job.fullName}</bdi>
          </ExternalLink>
          <span className="tag">{causeWords[job.cause]}</span>
          {attempts !== null && <span className="tag">{attempts}</span>}
        </p>
        <p className="row-line">{describeWaiting(job, now - mostAheadMs, (at) => formatTime(at, now))}</p>
        {job.error !== null && <p className="row-line row-minor">{job.error.message}</p>}
      </div>
      <span className="row-time">{expected}</span>
      <CancelButton jobId={job.id} fullName={job.fullName} actions={actions} isLive={isLive} />
    </li>
  );
}
