/** @file Figures over time as pictures. */
import type { StatisticsView } from '../../../src-preload/contract/list-views.ts';
import type { OverviewView } from '../../../src-preload/contract/views.ts';
import { formatBytes, formatCount } from '../../../src-preload/contract/words.ts';
import { ProofSection } from '../../ui/proof-section.tsx';
import { useTopic } from '../../connection/client-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Empty, Skeleton } from '../../ui/pieces.tsx';
import { NewestStars } from './newest-stars.tsx';
import { OutcomesChart } from './outcomes-chart.tsx';
import { SharesChart } from './shares-chart.tsx';
import { StarsChart } from './stars-chart.tsx';
import { type Numbers, useNumbers } from './use-statistics.ts';

interface PicturesPageProps {
  /** False: there is no connection, and nothing can be pressed. */
  readonly isLive: boolean;
}

export function PicturesPage({ isLive }: PicturesPageProps) {
  const overview = useTopic('overview');
  const { numbers, failure, reload } = useNumbers();
  return (
    <main className={isLive ? 'page' : 'page page-old'} aria-labelledby="pictures-title">
      <title>Overview · epicstar</title>
      <h1 id="pictures-title" className="page-title">
        Overview
      </h1>
      {failure !== null && (
        <div className="notice notice-failed" role="alert">
          <Icon name="alert" />
          <span>The figures could not be read. {failure}</span>
          <Button label="Try again" icon="retry" onPress={reload} isOff={!isLive} />
        </div>
      )}
      {numbers === null && failure === null && <Skeleton rows={5} label="Loading the figures" />}
      {numbers !== null && overview !== null && <Figures totals={overview.totals} numbers={numbers} />}
      {overview !== null && <ProofSection overview={overview} isLive={isLive} />}
      {numbers !== null && <Pictures numbers={numbers} gone={overview?.totals.absent ?? 0} />}
    </main>
  );
}

function totalBytes({ items, rest }: StatisticsView['byOwner']): number {
  return items.reduce((sum, { sizeKb }) => sum + sizeKb, rest.sizeKb) * 1_024;
}

/** What was not measured is told, so that nobody takes the figure for the whole. */
function describeOldTips({ refs, bytes, mirrors, unmeasured }: Numbers['oldTips']): string {
  if (refs === 0) return '0';
  if (unmeasured === mirrors) return `${formatCount(refs)}, size not known`;
  const size = `${unmeasured > 0 ? 'more than' : 'about'} ${formatBytes(bytes)}`;
  return `${formatCount(refs)}, ${size}`;
}

interface FiguresProps {
  readonly totals: OverviewView['totals'];
  readonly numbers: Numbers;
}

function Figures({ totals, numbers: { statistics, keptGone, oldTips } }: FiguresProps) {
  const figures = [
    ['Stars', formatCount(totals.starred)],
    ['Mirrored', formatCount(totals.mirrored)],
    ['Size of all, about', formatBytes(totalBytes(statistics.byOwner))],
    ['Gone from the list', formatCount(totals.absent)],
    ['Of these, safe here', formatCount(keptGone)],
    ['Old tips kept', describeOldTips(oldTips)],
  ] as const;
  return (
    <dl className="figures figures-wide">
      {figures.map(([label, value]) => (
        <div className="figure" key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface PicturesProps {
  readonly numbers: Numbers;
  readonly gone: number;
}

function Pictures({ numbers: { statistics, days, stars, newest }, gone }: PicturesProps) {
  if (stars === null) {
    return <Empty>There is no star yet. Star a repository on GitHub, and the pictures begin here.</Empty>;
  }
  return (
    <>
      <OutcomesChart days={days} outcomes={statistics.outcomes} />
      <StarsChart bounds={stars} firstAt={stars.firstAt} stars={statistics.stars} gone={gone} />
      <div className="chart-pair">
        <SharesChart
          title="Size by language"
          one="language"
          many="languages"
          unnamed="no language"
          shares={statistics.byLanguage}
        />
        <SharesChart title="Size by owner" one="owner" many="owners" unnamed="no owner" shares={statistics.byOwner} />
      </div>
      <NewestStars repositories={newest} />
    </>
  );
}
