/** @file The last runs, newest first, each with its result and where to see it. */
import { useCallback } from 'react';
import type { OutcomeName, RunView } from '../../../src-preload/contract/views.ts';
import { useClient } from '../../connection/client-context.tsx';
import type { Actions } from '../../connection/use-actions.ts';
import { useListing } from '../../connection/use-listing.ts';
import { TextButton } from '../../ui/button.tsx';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { ExternalLink, PlaceLink, Section, TimeAgo } from '../../ui/pieces.tsx';
import { ListingBody } from './listing-body.tsx';
import { hasDetails, RunDetails } from './run-details.tsx';
import { describeRun, outcomeWords } from './words.ts';

const outcomeLooks: Readonly<Record<OutcomeName, { readonly icon: IconName; readonly tone: string }>> = {
  done: { icon: 'check', tone: 'tone-idle' },
  retry: { icon: 'retry', tone: 'tone-attention' },
  waiting: { icon: 'clock', tone: '' },
  failed: { icon: 'cross', tone: 'tone-error' },
  cancelled: { icon: 'minus', tone: '' },
  interrupted: { icon: 'minus', tone: '' },
};

interface RunsSectionProps {
  /** The list is read again when this changes. */
  readonly trigger: string;
  readonly actions: Actions;
  readonly isLive: boolean;
}

export function RunsSection({ trigger, actions, isLive }: RunsSectionProps) {
  const client = useClient();
  const load = useCallback((limit: number) => client.call('runs.list', { limit }), [client]);
  const listing = useListing(load, trigger);
  return (
    <Section title="Last runs">
      <ListingBody
        listing={listing}
        isLive={isLive}
        loadingLabel="Loading the last runs"
        emptyText="Nothing has been mirrored yet."
        renderRow={(run) => <RunRow key={run.id} run={run} actions={actions} isLive={isLive} />}
      />
    </Section>
  );
}

interface RunRowProps {
  readonly run: RunView;
  readonly actions: Actions;
  readonly isLive: boolean;
}

function RunRow({ run, actions, isLive }: RunRowProps) {
  const { icon, tone } = outcomeLooks[run.outcome];
  const isBad = run.outcome === 'failed' || run.outcome === 'retry';
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
          <PlaceLink href={run.mirrorPage} label="Mirror" of={run.fullName} />
        </p>
        <p className={isBad ? 'row-line row-bad' : 'row-line'}>{describeRun(run)}</p>
        {run.error !== null && <p className="row-line row-minor">{run.error.nextStep}</p>}
        {run.outcome === 'failed' && <RetryButton run={run} actions={actions} isLive={isLive} />}
        {hasDetails(run) && <RunDetails run={run} />}
      </div>
      <span className="row-time">
        <TimeAgo at={run.finishedAt} />
      </span>
    </li>
  );
}

function RetryButton({ run: { githubId, fullName, id }, actions, isLive }: RunRowProps) {
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
