/** @file The first few jobs in work with true progress, and how many wait. Nothing when there is nothing. */
import { Link } from 'wouter';
import type { OverviewView, WorkItemView } from '../../../src-preload/contract/views.ts';
import { formatCount } from '../../../src-preload/contract/words.ts';
import { useTopic } from '../../connection/client-context.tsx';
import { describeBytes, describeObjects, describePart, describePhase, progressFraction } from '../../ui/job-words.ts';
import { Section } from '../../ui/pieces.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { phaseWords } from '../../ui/run-words.ts';

const mostRows = 3;

export function PopupWork({ overview }: { readonly overview: OverviewView }) {
  const work = useTopic('work') ?? [];
  const { queued, waiting } = overview.totals.jobs;
  const shown = work.slice(0, mostRows);
  const rest = [
    [work.length - shown.length, 'more in work'],
    [queued + waiting, 'in line'],
  ] as const;
  const told = rest.filter(([count]) => count > 0).map(([count, words]) => `${formatCount(count)} ${words}`);
  if (work.length === 0 && told.length === 0) return null;
  return (
    <Section title="In work">
      <ul className="rows">
        {shown.map((item) => (
          <WorkRow key={item.jobId} item={item} />
        ))}
        {told.length > 0 && (
          <li className="popup-row">
            <p className="row-line">
              <Link href="/">{told.join(' · ')}</Link>
            </p>
          </li>
        )}
      </ul>
    </Section>
  );
}

function WorkRow({ item }: { readonly item: WorkItemView }) {
  const bytes = describeBytes(item);
  const part = describePart(item);
  const text = [describePhase(item.phase), part, describeObjects(item), bytes]
    .filter((word) => word !== null)
    .join(', ');
  return (
    <li className="popup-row popup-work">
      <div className="row-body">
        <p className="popup-name">
          <Link href={`/repositories/${item.githubId}`} title={item.fullName}>
            <bdi>{item.fullName}</bdi>
          </Link>
        </p>
        <ProgressBar label={item.fullName} fraction={progressFraction(item)} text={text} />
        <p className="row-line row-split">
          <span>
            {phaseWords[item.phase]}
            {part !== null && <span className="row-minor"> · {part}</span>}
          </span>
          {bytes !== null && <span className="row-figures">{bytes}</span>}
        </p>
      </div>
    </li>
  );
}
