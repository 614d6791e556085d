/** @file How the stars came together, from the first to now. */
import { countOf, formatCount } from '../../../src-preload/contract/words.ts';
import { GridLines, TickLabels } from './axis.tsx';
import { formatUnit, type StarBounds } from './bounds.ts';
import { Chart } from './chart.tsx';
import { Plot, type Told } from './plot.tsx';
import { ticksUpTo } from './scale.ts';
import { useCursor } from './use-cursor.ts';

interface StarsChartProps {
  readonly bounds: StarBounds;
  readonly firstAt: number;
  /** Stars of each span. */
  readonly stars: readonly number[];
  /** How many of them are gone from the list by now. */
  readonly gone: number;
}

const title = 'Stars over time';
const height = 180;
const labelHeight = 22;

export function StarsChart({ bounds: { unit, starts }, firstAt, stars, gone }: StarsChartProps) {
  const sums = runningSums(starts.map((_, index) => stars[index] ?? 0));
  const caption = describeAll({ bounds: { unit, starts }, firstAt, stars, gone });
  return (
    <Chart
      title={title}
      caption={caption}
      table={{
        head: [unit.charAt(0).toUpperCase() + unit.slice(1), 'New', 'In all'],
        rows: starts
          .map((start, index): [string, string, string] => [
            formatUnit(start, unit),
            formatCount(stars[index] ?? 0),
            formatCount(sums[index] ?? 0),
          ])
          .toReversed(),
      }}
    >
      <Area bounds={{ unit, starts }} stars={stars} sums={sums} caption={caption} />
    </Chart>
  );
}

function runningSums(values: readonly number[]): readonly number[] {
  let sum = 0;
  return values.map((value) => {
    sum += value;
    return sum;
  });
}

function describeAll({ bounds: { unit, starts }, firstAt, stars, gone }: StarsChartProps): string {
  const all = stars.reduce((sum, count) => sum + count, 0);
  const most = Math.max(...stars, 0);
  const peak = starts[stars.indexOf(most)];
  return [
    countOf(all, 'star'),
    ...(gone === 0 ? [] : [`${formatCount(gone)} of them gone from the list by now`]),
    `the first of ${new Intl.DateTimeFormat('en', { dateStyle: 'long' }).format(firstAt)}`,
    ...(peak === undefined || starts.length < 2 ? [] : [`most, ${formatCount(most)}, ${inUnit(peak, unit)}`]),
  ]
    .join('; ')
    .concat('.');
}

function inUnit(start: number, unit: StarBounds['unit']): string {
  const name = formatUnit(start, unit);
  return { day: `on ${name}`, week: `in the ${name}`, month: `in ${name}` }[unit];
}

interface AreaProps {
  readonly bounds: StarBounds;
  readonly stars: readonly number[];
  readonly sums: readonly number[];
  readonly caption: string;
}

function Area({ bounds: { unit, starts }, stars, sums, caption }: AreaProps) {
  const count = starts.length;
  const ticks = ticksUpTo(sums.at(-1) ?? 0);
  const top = ticks.at(-1) ?? 1;
  const cursor = useCursor(count, 'x', count - 1);
  const yOf = (index: number): number => height - ((sums[index] ?? 0) / top) * height;
  const tell = (index: number): Told => ({
    title: formatUnit(starts[index] ?? 0, unit),
    lines: [`${formatCount(stars[index] ?? 0)} new`, `${formatCount(sums[index] ?? 0)} in all`],
  });
  // A step for each span: nothing is guessed between two counts.
  const line = starts.map((_, index) => `H${index} V${yOf(index)} H${index + 1}`).join(' ');
  return (
    <div className="plot-with-axis">
      <TickLabels ticks={ticks} height={height} />
      <Plot label={`Each ${unit}, by the arrow keys`} cursor={cursor} count={count} axis="x" tell={tell}>
        <svg role="img" aria-label={`${title}. ${caption}`} width="100%" height={height + labelHeight}>
          <GridLines ticks={ticks} height={height} />
          <svg x="0" y="0" width="100%" height={height} viewBox={`0 0 ${count} ${height}`} preserveAspectRatio="none">
            <path className="area" d={`M0 ${height} ${line} V${height} Z`} />
            <path className="area-line" d={`M0 ${height} ${line}`} />
          </svg>
          {cursor.at !== null && (
            <circle className="plot-point" cx={`${((cursor.at + 0.5) / count) * 100}%`} cy={yOf(cursor.at)} r="4" />
          )}
          {labelPlaces(count).map((index) => (
            <text
              key={index}
              className="plot-label"
              x={`${((index + 0.5) / count) * 100}%`}
              y={height + 17}
              textAnchor={anchorOf(index, count)}
            >
              {shortLabel(starts[index] ?? 0, unit)}
            </text>
          ))}
        </svg>
      </Plot>
    </div>
  );
}

/** First, last, and one or two between when there is room for them. */
function labelPlaces(count: number): readonly number[] {
  if (count < 4) return count === 1 ? [0] : [0, count - 1];
  return [0, Math.round((count - 1) / 3), Math.round(((count - 1) * 2) / 3), count - 1];
}

function anchorOf(index: number, count: number): 'start' | 'middle' | 'end' {
  if (count === 1) return 'middle';
  if (index === 0) return 'start';
  return index === count - 1 ? 'end' : 'middle';
}

function shortLabel(start: number, unit: StarBounds['unit']): string {
  const options: Intl.DateTimeFormatOptions =
    unit === 'month' ? { month: 'short', year: 'numeric' } : { day: 'numeric', month: 'short' };
  return new Intl.DateTimeFormat('en', options).format(start);
}
