/** @file What can be done with one repository, and what came of comparing its two ends. */
import { useState } from 'react';
import type { RepositoryView } from '../../../src-preload/contract/views.ts';
import { useClient, useTopic } from '../../connection/client-context.tsx';
import type { Actions } from '../../connection/use-actions.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { type BulkAction, mirrorNow } from './bulk-actions.ts';
import { ChoiceButtons } from './choice-buttons.tsx';
import { ComparisonDetails, comparisonIcons, comparisonTones, describeComparison } from './comparison-words.tsx';
import { MirrorActButtons } from './mirror-act-buttons.tsx';
import type { Comparison } from './use-comparisons.ts';

interface DetailActionsProps {
  readonly repository: RepositoryView;
  readonly actions: Actions;
  readonly isLive: boolean;
}

/** Whether it is to be mirrored, so that the rest of what may be said of it is for the end. */
export function isFollowed({ state, archivedAt }: RepositoryView): boolean {
  return state !== 'excluded' && state !== 'asks' && archivedAt === null;
}

export function DetailActions({ repository, actions, isLive }: DetailActionsProps) {
  const client = useClient();
  const { githubId, state } = repository;
  const [comparison, setComparison] = useState<Comparison | null>(null);
  const press = ({ key, run }: BulkAction) => actions.run(key, () => run(client, [githubId]));
  const verify = () =>
    actions.run('verify', async () => {
      setComparison(null);
      setComparison(await client.call('repositories.verify', { githubId }));
      return null;
    });
  const follow = () =>
    actions.run('follow', async () => {
      await client.call('mirror.followLoss', { githubId });
      return 'It is followed; what upstream lost is kept.';
    });
  const withBuilds = () =>
    actions.run('builds', async () => {
      await client.call('mirror.mirrorBuilds', { githubId });
      return 'It is mirrored with its build definition, now and later.';
    });
  const isDrilled = useTopic('overview')?.proof.drill?.githubId === githubId;
  const drill = () =>
    actions.run('drill', async () => {
      await client.call('drills.begin', { githubId });
      return 'A restore is being tried: the mirror is cloned from where it is kept, looked through and thrown away.';
    });
  const isOurs = isFollowed(repository);
  return (
    <div className="detail-actions">
      <div className="detail-buttons">
        {repository.job?.error?.action === 'follow-loss' && state === 'failed' && (
          <Button
            label="Follow upstream"
            icon="check"
            kind="primary"
            isOff={!isLive}
            isBusy={actions.busy.has('follow')}
            onPress={follow}
          />
        )}
        {repository.job?.error?.action === 'mirror-builds' && state === 'failed' && (
          <Button
            label="Mirror with its build definition"
            icon="check"
            kind="primary"
            isOff={!isLive}
            isBusy={actions.busy.has('builds')}
            onPress={withBuilds}
          />
        )}
        {isOurs && (
          <Button
            label={state === 'failed' ? 'Try again' : mirrorNow.label}
            icon={state === 'failed' ? 'retry' : mirrorNow.icon}
            kind="primary"
            isOff={!isLive}
            isBusy={actions.busy.has(mirrorNow.key)}
            onPress={() => press(mirrorNow)}
          />
        )}
        {repository.mirror !== null && (
          <Button
            label="Verify now"
            icon="check"
            isOff={!isLive}
            isBusy={actions.busy.has('verify')}
            onPress={verify}
          />
        )}
        {repository.mirror !== null && (
          <Button
            label="Try a restore"
            icon="retry"
            isOff={!isLive}
            isBusy={actions.busy.has('drill') || isDrilled}
            onPress={drill}
          />
        )}
        {!isOurs && <ChoiceButtons repository={repository} actions={actions} isLive={isLive} />}
        <MirrorActButtons acts={['bringBack']} repository={repository} actions={actions} isLive={isLive} />
      </div>
      <div role="status" className="detail-comparison">
        {actions.busy.has('verify') && <p className="row-line">Comparing both ends.</p>}
        {comparison !== null && (
          <>
            <p className={`state-mark ${comparisonTones[comparison.state]}`}>
              <Icon name={comparisonIcons[comparison.state]} />
              {describeComparison(comparison)}
            </p>
            <ComparisonDetails comparison={comparison} />
          </>
        )}
      </div>
    </div>
  );
}
