/** @file Whether the mirrors are what they should be: comparing all of them, and the last restore that was tried. */
import { Link } from 'wouter';
import type { OverviewView } from '../../src-preload/contract/views.ts';
import { useClient } from '../connection/client-context.tsx';
import { useActions } from '../connection/use-actions.ts';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import { Notice } from './notice.tsx';
import { Section, TimeAgo } from './pieces.tsx';
import { ProgressBar } from './progress-bar.tsx';
import { comparedCount, describeRound, drillIcons, drillTones, DrillWords } from './proof-words.tsx';

interface ProofSectionProps {
  readonly overview: OverviewView;
  readonly isLive: boolean;
}

export function ProofSection({ overview: { proof, totals }, isLive }: ProofSectionProps) {
  const client = useClient();
  const actions = useActions();
  const { round } = proof;
  const isOpen = round?.state === 'running' || round?.state === 'waiting';
  const begin = () =>
    actions.run('compare', async () => {
      await client.call('proofs.begin', { githubIds: null });
      return null;
    });
  const end = () =>
    actions.run('compare', async () => {
      await client.call('proofs.end');
      return null;
    });
  return (
    <Section title="Proof">
      <div className="proof">
        <Notice actions={actions} />
        <p className="row-line">
          {round === null && 'All mirrors were not compared at once yet; each mirror run compares its own. '}
          {round !== null && (
            <>
              <span role="status">{describeRound(round)}</span> {isOpen ? 'Begun' : 'Ended'}{' '}
              <TimeAgo at={isOpen ? round.startedAt : (round.endedAt ?? round.startedAt)} />.
            </>
          )}
        </p>
        {isOpen && round !== null && (
          <ProgressBar
            label="Comparing both ends of all mirrors"
            fraction={round.total === 0 ? 1 : comparedCount(round) / round.total}
            text={describeRound(round)}
          />
        )}
        <p>
          {isOpen ? (
            <Button
              label="Stop comparing"
              icon="close"
              isOff={!isLive}
              isBusy={actions.busy.has('compare')}
              onPress={end}
            />
          ) : (
            <Button
              label="Compare all now"
              icon="check"
              isOff={!isLive || totals.mirrored === 0}
              isBusy={actions.busy.has('compare')}
              onPress={begin}
            />
          )}
        </p>
        <LastDrill proof={proof} />
      </div>
    </Section>
  );
}

function LastDrill({ proof: { drill, lastDrill } }: Pick<OverviewView, 'proof'>) {
  return (
    <div className="row-line">
      {drill !== null && (
        <p role="status">
          A restore of{' '}
          <Link href={`/repositories/${drill.githubId}`}>
            <bdi>{drill.fullName}</bdi>
          </Link>{' '}
          is being tried since <TimeAgo at={drill.startedAt} />.
        </p>
      )}
      {lastDrill === null && drill === null && <p>No restore was tried yet.</p>}
      {lastDrill !== null && (
        <p className={`state-mark ${drillTones[lastDrill.drill.result]}`}>
          <Icon name={drillIcons[lastDrill.drill.result]} />
          <span>
            Last restore drill:{' '}
            <Link href={`/repositories/${lastDrill.githubId}`}>
              <bdi>{lastDrill.fullName}</bdi>
            </Link>
            , <DrillWords drill={lastDrill.drill} />
          </span>
        </p>
      )}
    </div>
  );
}
