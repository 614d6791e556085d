/** @file What was done for one repository: refs that moved lately, refs that were left out, and each run. */
import { useCallback } from 'react';
import type { RepositoryView, RunView } from '../../../src-preload/contract/views.ts';
import { formatCount, formatDuration } from '../../../src-preload/contract/words.ts';
import { useClient } from '../../connection/client-context.tsx';
import { useListing } from '../../connection/use-listing.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { MoreRows } from '../../ui/more-rows.tsx';
import { Empty, Section, Skeleton, TimeAgo } from '../../ui/pieces.tsx';
import { MovedRefs, UnfitRefs } from '../../ui/run-refs.tsx';
import { causeWords, outcomeLooks, outcomeWords } from '../../ui/run-words.ts';

interface DetailRunsProps {
  readonly repository: RepositoryView;
  /** The runs are read again when this grows. */
  readonly changes: number;
  readonly isLive: boolean;
}

/** So many runs that moved something are told of. */
const movesShown = 3;

export function DetailRuns({ repository: { githubId, fullName }, changes, isLive }: DetailRunsProps) {
  const client = useClient();
  const load = useCallback((limit: number) => client.call('runs.list', { githubId, limit }), [client, githubId]);
  const { rows, failure, reload, showMore } = useListing(load, changes);
  const runs = rows?.items ?? [];
  const movers = runs.filter(({ report }) => report.moved.length > 0).slice(0, movesShown);
  const unfit = runs.find(({ report }) => report.unfitCount > 0);
  return (
    <>
      {failure !== null && (
        <div className="notice notice-failed" role="alert">
          <Icon name="alert" />
          <span>{failure}</span>
          <Button label="Try again" icon="retry" onPress={reload} isOff={!isLive} />
        </div>
      )}
      {movers.length > 0 && (
        <Section title="Refs moved lately">
          {movers.map((run) => (
            <div key={run.id} className="details">
              <p>
                <TimeAgo at={run.finishedAt} />
              </p>
              <MovedRefs report={run.report} />
            </div>
          ))}
        </Section>
      )}
      {unfit !== undefined && (
        <Section title="Refs left out">
          <div className="details">
            <UnfitRefs report={unfit.report} />
          </div>
        </Section>
      )}
      <Section title="History" count={rows === null || rows.total === 0 ? null : formatCount(rows.total)}>
        {rows === null && failure === null && <Skeleton rows={2} label={`Loading the history of ${fullName}`} />}
        {rows !== null && rows.total === 0 && <Empty>Nothing was done for it yet.</Empty>}
        {runs.length > 0 && (
          <ol className="detail-runs">
            {runs.map((run) => (
              <RunLine key={run.id} run={run} />
            ))}
          </ol>
        )}
        {rows !== null && <MoreRows rows={rows} showMore={showMore} isLive={isLive} />}
      </Section>
    </>
  );
}

function RunLine({ run }: { readonly run: RunView }) {
  const { icon, tone } = outcomeLooks[run.outcome];
  return (
    <li className="detail-run">
      <span className={`row-icon ${tone}`}>
        <Icon name={icon} />
      </span>
      <div className="row-body">
        <p>
          {outcomeWords[run.outcome]} <span className="tag">{causeWords[run.cause]}</span>
        </p>
        <p className="row-line">
          {describeMoves(run)} · {formatDuration(run.finishedAt - run.startedAt)}
        </p>
        {run.error !== null && <p className="row-line row-bad">{run.error.message}</p>}
      </div>
      <span className="row-time">
        <TimeAgo at={run.finishedAt} />
      </span>
    </li>
  );
}

/** `2 new, 14 updated` */
function describeMoves({ report }: RunView): string {
  const parts = [
    [report.created, 'new'],
    [report.fastForwarded, 'updated'],
    [report.rewritten, 'rewritten'],
    [report.deleted, 'deleted'],
    [report.kept, 'kept'],
  ] as const;
  const told = parts.filter(([number]) => number > 0).map(([number, word]) => `${formatCount(number)} ${word}`);
  return told.length === 0 ? 'no ref moved' : `refs: ${told.join(', ')}`;
}
