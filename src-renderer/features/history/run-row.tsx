/** @file One run: what came of it, of which repository, when, how long; more when it is asked for. */
import { memo, useId } from 'react';
import { Link } from 'wouter';
import type { RunView } from '../../../src-preload/contract/views.ts';
import { countOf, formatCount } from '../../../src-preload/contract/words.ts';
import { formatFullTime, formatTime } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { PlaceLink } from '../../ui/pieces.tsx';
import { MovedRefs, UnfitRefs } from '../../ui/run-refs.tsx';
import { causeWords, outcomeLooks, outcomeWords } from '../../ui/run-words.ts';
import { PhaseBar } from './phase-bar.tsx';
import { describeFigures, describeRefs } from './run-words.ts';

interface RunRowProps {
  readonly run: RunView;
  /** Its place in the list, which the list finds it by when it measures. */
  readonly index: number;
  readonly isOpen: boolean;
  readonly onToggle: (id: number) => void;
  readonly measure: (node: HTMLElement | null) => void;
}

export const RunRow = memo(function RunRow({ run, index, isOpen, onToggle, measure }: RunRowProps) {
  const detailsId = useId();
  const { icon, tone } = outcomeLooks[run.outcome];
  const refs = describeRefs(run);
  return (
    <li className="row run-row" ref={measure} data-index={index}>
      <span className={`row-icon ${tone}`}>
        <Icon name={icon} />
      </span>
      <div className="row-body">
        <p className="row-title">
          <Link href={`/repositories/${run.githubId}`}>
            <bdi>{run.fullName}</bdi>
          </Link>
          <span className={`run-outcome ${tone}`}>{outcomeWords[run.outcome]}</span>
          <span className="tag">{causeWords[run.cause]}</span>
          {run.attempt > 1 && <span className="tag">attempt {formatCount(run.attempt)}</span>}
        </p>
        {run.error !== null && <p className="row-line row-bad run-error">{run.error.message}</p>}
        <p className="row-line">{[...(refs === null ? [] : [refs]), ...describeFigures(run)].join(' · ')}</p>
        <PhaseBar run={run} />
        <button
          type="button"
          className="text-button run-more"
          aria-expanded={isOpen}
          aria-controls={isOpen ? detailsId : undefined}
          onClick={() => onToggle(run.id)}
        >
          {isOpen ? 'Less' : 'Details'}
          <span className="visually-hidden"> of {run.fullName}</span>
        </button>
        {isOpen && <RunDetails id={detailsId} run={run} />}
      </div>
      <time
        className="row-time"
        dateTime={new Date(run.finishedAt).toISOString()}
        title={formatFullTime(run.finishedAt)}
      >
        {formatTime(run.finishedAt, run.finishedAt)}
      </time>
    </li>
  );
});

function RunDetails({ id, run }: { readonly id: string; readonly run: RunView }) {
  const { error, report } = run;
  return (
    <div id={id} className="details run-details">
      <p>
        Ended {formatFullTime(run.finishedAt)}; in line since {formatTime(run.queuedAt, run.finishedAt)}, begun{' '}
        {formatTime(run.startedAt, run.finishedAt)}.
      </p>
      <MovedRefs report={report} />
      {report.unchanged > 0 && <p>{countOf(report.unchanged, 'ref')} unchanged.</p>}
      <UnfitRefs report={report} />
      {error !== null && (
        <p>
          {error.message} {error.nextStep} <PlaceLink href={error.notice} label="Notice" of={run.fullName} />
        </p>
      )}
      {error !== null && error.output !== null && (
        <pre className="output" tabIndex={0} aria-label={`Words of git for ${run.fullName}`}>
          {error.output}
        </pre>
      )}
      <p className="run-places">
        <PlaceLink href={run.githubPage} label="GitHub" of={run.fullName} />
        <PlaceLink href={run.mirrorPage} label="Mirror" of={run.fullName} />
      </p>
    </div>
  );
}
