/** @file The last runs, newest first, each with its result and where to see it. */
import { memo, useCallback } from 'react';
import type { RunView } from '../../../src-preload/contract/views.ts';
import { formatCount } from '../../../src-preload/contract/words.ts';
import { useClient } from '../../connection/client-context.tsx';
import type { Actions } from '../../connection/use-actions.ts';
import { useListing } from '../../connection/use-listing.ts';
import { TextButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { describeRun } from '../../ui/job-words.ts';
import { ExternalLink, PlaceLink, Section, TimeAgo } from '../../ui/pieces.tsx';
import { outcomeLooks, outcomeWords } from '../../ui/run-words.ts';
import { ListingBody } from '../../ui/listing-body.tsx';
import { hasDetails, RunDetails } from './run-details.tsx';

interface RunsSectionProps {
  /** The list is read again when this changes. */
  readonly trigger: string;
  readonly actions: Actions;
  readonly isLive: boolean;
}

export const RunsSection = memo(function RunsSection({ trigger, actions, isLive }: RunsSectionProps) {
  const client = useClient();
  const load = useCallback((limit: number) => client.call('runs.list', { limit }), [client]);
  const listing = useListing(load, trigger);
  const newest = newestRuns(listing.rows?.items ?? []);
  return (
    <Section title="Last runs">
      <ListingBody
        listing={listing}
        isLive={isLive}
        loadingLabel="Loading the last runs"
        emptyText="Nothing has been mirrored yet."
        renderRow={(run) => (
          <RunRow key={run.id} run={run} isNewest={newest.has(run.id)} actions={actions} isLive={isLive} />
        )}
      />
    </Section>
  );
});

/** Ids of the runs after which none of the same repository came. */
function newestRuns(runs: readonly RunView[]): ReadonlySet<number> {
  const byRepository = new Map(runs.toReversed().map(({ githubId, id }) => [githubId, id]));
  return new Set(byRepository.values());
}

interface RunRowProps {
  readonly run: RunView;
  readonly isNewest: boolean;
  readonly actions: Actions;
  readonly isLive: boolean;
}

function RunRow({ run, isNewest, actions, isLive }: RunRowProps) {
  const { icon, tone } = outcomeLooks[run.outcome];
  // These two alone are not taken up again by themselves.
  const canRetry = isNewest && (run.outcome === 'failed' || run.outcome === 'cancelled');
  return (
    <li className="row">
      <span className={`row-icon ${tone}`}>
        <Icon name={icon} />
      </span>
      <div className="row-body">
        <p className="row-title">
          <span className="visually-hidden">{outcomeWords[run.outcome]}: </span>
          <ExternalLink href={run.githubPage}>
            <bdi>{run.fullName}</bdi>
          </ExternalLink>
          {run.attempt > 1 && <span className="tag">attempt {formatCount(run.attempt)}</span>}
          <PlaceLink href={run.mirrorPage} label="Mirror" of={run.fullName} />
        </p>
        <p className={run.outcome === 'failed' ? 'row-line row-bad' : 'row-line'}>{describeRun(run)}</p>
        {run.error !== null && (
          <p className="row-line row-minor">
            {run.error.nextStep} <PlaceLink href={run.error.notice} label="Notice" of={run.fullName} />
          </p>
        )}
        {canRetry && <RetryButton run={run} actions={actions} isLive={isLive} />}
        {hasDetails(run) && <RunDetails run={run} />}
      </div>
      <span className="row-time">
        <TimeAgo at={run.finishedAt} />
      </span>
    </li>
  );
}

function RetryButton({ run: { githubId, fullName, id }, actions, isLive }: Omit<RunRowProps, 'isNewest'>) {
  const client = useClient();
  const key = `mirror ${id}`;
  const retry = async (): Promise<string> => {
    const { requested } = await client.call('mirror.now', { githubIds: [githubId] });
    return requested === 0 ? `${fullName} is in line already.` : `${fullName} is next in line.`;
  };
  return (
    <TextButton
      label="Try again"
      of={fullName}
      isOff={!isLive}
      isBusy={actions.busy.has(key)}
      onPress={() => actions.run(key, retry)}
    />
  );
}
