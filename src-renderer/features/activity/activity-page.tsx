/** @file What happens now, what comes next, and what happened last. */
import type { OverviewView } from '../../../src-preload/contract/views.ts';
import { useTopic } from '../../connection/client-context.tsx';
import { useActions } from '../../connection/use-actions.ts';
import { useEndedRuns } from '../../connection/use-ended-runs.ts';
import { Notice } from '../../ui/notice.tsx';
import { NeedsYou } from './needs-you.tsx';
import { QueueSection } from './queue-section.tsx';
import { RunsSection } from './runs-section.tsx';
import { StateCard } from './state-card.tsx';
import { Troubles } from './troubles.tsx';
import { WorkSection } from './work-section.tsx';

interface ActivityPageProps {
  readonly overview: OverviewView;
  /** False: what is shown is old, and nothing can be pressed. */
  readonly isLive: boolean;
}

export function ActivityPage({ overview, isLive }: ActivityPageProps) {
  const work = useTopic('work');
  const endedRuns = useEndedRuns();
  const actions = useActions();
  const { jobs } = overview.totals;
  const queueTrigger = `${jobs.queued} ${jobs.waiting} ${jobs.running} ${jobs.done} ${jobs.failed} ${endedRuns}`;
  return (
    <main className={isLive ? 'page' : 'page page-old'}>
      <StateCard overview={overview} actions={actions} isLive={isLive} />
      <Notice actions={actions} />
      <NeedsYou overview={overview} actions={actions} isLive={isLive} />
      <Troubles overview={overview} />
      <WorkSection work={work} actions={actions} isLive={isLive} />
      <QueueSection trigger={queueTrigger} actions={actions} isLive={isLive} />
      <RunsSection trigger={`${endedRuns} ${jobs.done} ${jobs.failed}`} actions={actions} isLive={isLive} />
    </main>
  );
}
