/** @file What came of the runs of the last weeks, day by day. */
import { useId } from 'react';
import type { StatisticsView } from '../../../src-preload/contract/list-views.ts';
import { countOf, formatCount } from '../../../src-preload/contract/words.ts';
import { Empty, Section } from '../../ui/pieces.tsx';
import { GridLines, TickLabels } from './axis.tsx';
import { Chart } from './chart.tsx';
import { type KindCounts, kindCounts, kindWords, outcomeKinds, stack, sumOf } from './outcome-kinds.ts';
import { fillOf, OutcomePatterns } from './outcome-patterns.tsx';
import { Plot, type Told } from './plot.tsx';
import { ticksUpTo } from './scale.ts';
import { useCursor } from './use-cursor.ts';

interface OutcomesChartProps {
  readonly days: readonly number[];
  readonly outcomes: StatisticsView['outcomes'];
}

const title = 'What came of the last 35 days';
const otherWords = ' (stopped, cancelled or interrupted)';
const height = 180;
const labelHeight = 22;
/** Share of its day that a bar takes. */
const barShare = 0.72;
const labelEvery = 7;

const shortDay = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' });
const longDay = new Intl.DateTimeFormat('en', { weekday: 'long', day: 'numeric', month: 'long' });

export function OutcomesChart({ days, outcomes }: OutcomesChartProps) {
  const counts = days.map((_, index) => kindCounts(outcomes[index]));
  const all = counts.reduce((sum, day) => sum + sumOf(day), 0);
  if (all === 0) {
    return (
      <Section title={title}>
        <Empty>Nothing ended in these days.</Empty>
      </Section>
    );
  }
  return (
    <Chart
      title={title}
      caption={describeAll(counts, all)}
      table={{
        head: ['Day', ...outcomeKinds.map((kind) => capitalize(kindWords[kind]))],
        rows: days
          .map((day, index): [string, ...string[]] => [
            longDay.format(day),
            ...outcomeKinds.map((kind) => formatCount(counts[index]?.[kind] ?? 0)),
          ])
          .toReversed(),
      }}
    >
      <Legend />
      <Bars days={days} counts={counts} caption={describeAll(counts, all)} />
    </Chart>
  );
}

function capitalize(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function describeAll(counts: readonly KindCounts[], all: number): string {
  const sums = outcomeKinds
    .map((kind) => ({ kind, sum: counts.reduce((sum, day) => sum + day[kind], 0) }))
    .filter(({ sum }) => sum > 0)
    .map(({ kind, sum }) => `${formatCount(sum)} ${kindWords[kind]}${kind === 'other' ? otherWords : ''}`);
  return `${countOf(all, 'run')} ended: ${sums.join(', ')}.`;
}

function Legend() {
  const id = useId();
  return (
    <ul className="legend" aria-hidden="true">
      {outcomeKinds.map((kind) => (
        <li key={kind}>
          <svg className="legend-mark" width="12" height="12">
            <OutcomePatterns id={`${id}-${kind}`} />
            <rect width="12" height="12" rx="2" fill={fillOf(kind, `${id}-${kind}`)} />
          </svg>
          {kindWords[kind]}
        </li>
      ))}
    </ul>
  );
}

interface BarsProps {
  readonly days: readonly number[];
  readonly counts: readonly KindCounts[];
  readonly caption: string;
}

function Bars({ days, counts, caption }: BarsProps) {
  const id = useId();
  const ticks = ticksUpTo(Math.max(...counts.map(sumOf)));
  const top = ticks.at(-1) ?? 1;
  const cursor = useCursor(days.length, 'x', days.length - 1);
  const width = 100 / days.length;
  const tell = (index: number): Told => {
    const day = counts[index] ?? kindCounts(undefined);
    const told = outcomeKinds
      .filter((kind) => day[kind] > 0)
      .map((kind) => `${formatCount(day[kind])} ${kindWords[kind]}`);
    return { title: longDay.format(days[index]), lines: told.length === 0 ? ['nothing ended'] : told };
  };
  return (
    <div className="plot-with-axis">
      <TickLabels ticks={ticks} height={height} />
      <Plot label="Day by day, by the arrow keys" cursor={cursor} count={days.length} axis="x" tell={tell}>
        <svg role="img" aria-label={`${title}. ${caption}`} width="100%" height={height + labelHeight}>
          <OutcomePatterns id={id} />
          {cursor.at !== null && (
            <rect className="plot-mark" x={`${cursor.at * width}%`} width={`${width}%`} y="0" height={height} />
          )}
          <GridLines ticks={ticks} height={height} />
          {counts.map((day, index) => (
            <g key={days[index]}>
              {stack(day)
                .filter(({ from, to }) => to > from)
                .map(({ kind, from, to }) => (
                  <rect
                    key={kind}
                    className="bar"
                    x={`${(index + (1 - barShare) / 2) * width}%`}
                    width={`${barShare * width}%`}
                    y={height - (to / top) * height}
                    height={Math.max(1, ((to - from) / top) * height)}
                    fill={fillOf(kind, id)}
                  />
                ))}
            </g>
          ))}
          {days.map(
            (day, index) =>
              (days.length - 1 - index) % labelEvery === 3 && (
                <text
                  key={day}
                  className="plot-label"
                  x={`${(index + 0.5) * width}%`}
                  y={height + 17}
                  textAnchor="middle"
                >
                  {shortDay.format(day)}
                </text>
              ),
          )}
        </svg>
      </Plot>
    </div>
  );
}
