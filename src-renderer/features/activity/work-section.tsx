/** @file Jobs in work, with true progress. */
import type { WorkItemView, WorkView } from '../../../src-preload/contract/views.ts';
import { formatBytes, formatCount, formatDuration } from '../../../src-preload/contract/words.ts';
import { useClient, useNow } from '../../connection/client-context.tsx';
import type { Actions } from '../../connection/use-actions.ts';
import { IconButton } from '../../ui/button.tsx';
import { describeBytes, describeObjects, describePart, describePhase, progressFraction } from '../../ui/job-words.ts';
import { Empty, ExternalLink, Section, Skeleton } from '../../ui/pieces.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { causeWords } from '../../ui/run-words.ts';
import type { Rate } from './rates.ts';
import { useRates } from './use-rates.ts';

interface WorkSectionProps {
  readonly work: WorkView | null;
  readonly actions: Actions;
  readonly isLive: boolean;
}

export function WorkSection({ work, actions, isLive }: WorkSectionProps) {
  const rates = useRates(work, isLive);
  return (
    <Section title="In work" count={work === null || work.length === 0 ? null : formatCount(work.length)}>
      {work === null && <Skeleton rows={1} label="Loading what is in work" />}
      {work !== null && work.length === 0 && <Empty>Nothing is being mirrored right now.</Empty>}
      {work !== null && work.length > 0 && (
        <ul className="rows">
          {work.map((item) => (
            <WorkRow
              key={item.jobId}
              item={item}
              rate={rates.get(item.jobId) ?? null}
              actions={actions}
              isLive={isLive}
            />
          ))}
        </ul>
      )}
    </Section>
  );
}

interface WorkRowProps {
  readonly item: WorkItemView;
  /** Null: not measured yet. */
  readonly rate: Rate | null;
  readonly actions: Actions;
  readonly isLive: boolean;
}

function WorkRow({ item, rate, actions, isLive }: WorkRowProps) {
  const phase = describePhase(item.phase);
  const objects = [describePart(item), describeObjects(item)].filter((part) => part !== null).join(' · ');
  const bytes = describeBytes(item);
  const text = [phase, describePart(item), describeObjects(item), bytes].filter((part) => part !== null).join(', ');
  const now = useNow();
  const extras = [describeSpeed(rate), describeLeft(rate), describeElapsed(now - item.startedAt)].filter(
    (part) => part !== null,
  );
  return (
    <li className="row row-work">
      <div className="row-body">
        <p className="row-title">
          <ExternalLink href={item.githubPage}>
            <bdi>{item.fullName}</bdi>
          </ExternalLink>
          <span className="tag">{causeWords[item.cause]}</span>
          {item.attempt > 1 && <span className="tag">attempt {formatCount(item.attempt)}</span>}
        </p>
        <ProgressBar label={item.fullName} fraction={progressFraction(item)} text={text} />
        <p className="row-line row-split">
          <span>
            {phase}
            {objects !== '' && <span className="row-minor"> · {objects}</span>}
          </span>
          <span className="row-figures">
            {bytes ?? ''}
            <span className="row-minor">
              {bytes !== null && extras.length > 0 && ' · '}
              {extras.join(' · ')}
            </span>
          </span>
        </p>
      </div>
      <CancelButton jobId={item.jobId} fullName={item.fullName} actions={actions} isLive={isLive} />
    </li>
  );
}

function describeSpeed(rate: Rate | null): string | null {
  const speed = rate?.bytesPerSecond ?? null;
  return speed === null ? null : `${formatBytes(speed)}/s`;
}

function describeLeft(rate: Rate | null): string | null {
  const leftMs = rate?.stepLeftMs ?? null;
  return leftMs === null ? null : `about ${formatDuration(leftMs)} left of this step`;
}

function describeElapsed(elapsedMs: number): string | null {
  return elapsedMs < 60_000 ? null : `for ${formatDuration(elapsedMs)}`;
}

interface CancelButtonProps {
  readonly jobId: number;
  readonly fullName: string;
  readonly actions: Actions;
  readonly isLive: boolean;
}

export function CancelButton({ jobId, fullName, actions, isLive }: CancelButtonProps) {
  const client = useClient();
  const key = `cancel ${jobId}`;
  const cancel = async (): Promise<string> => {
    const { cancelled } = await client.call('jobs.cancel', { jobId });
    return cancelled ? `Cancelled: ${fullName}.` : `${fullName} was over already.`;
  };
  return (
    <IconButton
      label={`Cancel ${fullName}`}
      icon="close"
      isOff={!isLive}
      isBusy={actions.busy.has(key)}
      onPress={() => actions.run(key, cancel)}
    />
  );
}
