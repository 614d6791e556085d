/** @file The last few runs, newest first. */
import { memo, useCallback } from 'react';
import { Link } from 'wouter';
import type { OverviewView, RunView } from '../../../src-preload/contract/views.ts';
import { useClient } from '../../connection/client-context.tsx';
import { useEndedRuns } from '../../connection/use-ended-runs.ts';
import { useListing } from '../../connection/use-listing.ts';
import { TextButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { describeRun } from '../../ui/job-words.ts';
import { Empty, PlaceLink, Section, Skeleton, TimeAgo } from '../../ui/pieces.tsx';
import { outcomeLooks, outcomeWords } from '../../ui/run-words.ts';

const mostRows = 5;

interface PopupRunsProps {
  readonly jobs: OverviewView['totals']['jobs'];
  readonly isLive: boolean;
}

export function PopupRuns({ jobs, isLive }: PopupRunsProps) {
  const client = useClient();
  const load = useCallback(() => client.call('runs.list', { limit: mostRows }), [client]);
  const { rows, failure, reload } = useListing(load, `${useEndedRuns()} ${jobs.done} ${jobs.failed}`);
  const runs = rows?.items ?? [];
  return (
    <Section title="Last runs">
      {failure !== null && (
        <div className="notice notice-failed" role="alert">
          <Icon name="alert" />
          <span>{failure}</span>
          <TextButton label="Try again" of="the last runs" onPress={reload} isOff={!isLive} />
        </div>
      )}
      {rows === null && failure === null && <Skeleton rows={3} label="Loading the last runs" />}
      {rows !== null && runs.length === 0 && <Empty>Nothing has been mirrored yet.</Empty>}
      {runs.length > 0 && (
        <ul className="rows">
          {runs.map((run) => (
            <RunRow key={run.id} run={run} />
          ))}
          <li className="popup-row">
            <p className="row-line">
              <Link href="/history">All runs</Link>
            </p>
          </li>
        </ul>
      )}
    </Section>
  );
}

const RunRow = memo(function RunRow({ run }: { readonly run: RunView }) {
  const { icon, tone } = outcomeLooks[run.outcome];
  const line = describeRun(run);
  return (
    <li className="popup-row">
      <span className={`row-icon ${tone}`}>
        <Icon name={icon} />
      </span>
      <div className="row-body">
        <p className="popup-name">
          <span className="visually-hidden">{outcomeWords[run.outcome]}: </span>
          <Link href={`/repositories/${run.githubId}`} title={run.fullName}>
            <bdi>{run.fullName}</bdi>
          </Link>
        </p>
        <p className={run.outcome === 'failed' ? 'row-line row-bad popup-line' : 'row-line popup-line'} title={line}>
          {line}
        </p>
        <p className="row-line popup-places">
          <TimeAgo at={run.finishedAt} />
          <PlaceLink href={run.githubPage} label="GitHub" of={run.fullName} />
          <PlaceLink href={run.mirrorPage} label="Mirror" of={run.fullName} />
        </p>
      </div>
    </li>
  );
});
