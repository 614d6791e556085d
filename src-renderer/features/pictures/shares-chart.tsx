/** @file How much is starred of each language, or of each owner. */
import type { StatisticsView } from '../../../src-preload/contract/list-views.ts';
import { countOf, formatBytes, formatCount } from '../../../src-preload/contract/words.ts';
import { Chart } from './chart.tsx';
import { Plot, type Told } from './plot.tsx';
import { useCursor } from './use-cursor.ts';

interface SharesChartProps {
  readonly title: string;
  /** What a part is: `language`. */
  readonly one: string;
  /** Many of them: `languages`. */
  readonly many: string;
  /** Name of a part without one. */
  readonly unnamed: string;
  readonly shares: StatisticsView['byLanguage'];
}

interface Part {
  readonly name: string;
  readonly bytes: number;
  readonly count: number;
  readonly isNamed: boolean;
}

const rowHeight = 38;
const barHeight = 12;
const barTop = 20;
/** More would run into the figures beside it. */
const mostChars = 24;

export function SharesChart({ title, one, many, unnamed, shares }: SharesChartProps) {
  const parts = toParts(shares, many, unnamed);
  const total = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const largest = parts.find(({ isNamed }) => isNamed);
  const about = `About ${formatBytes(total)} in all by GitHub’s figures`;
  const caption =
    largest === undefined
      ? `${about}.`
      : `${about}; the largest part is ${largest.name} with ${percent(largest.bytes, total)}.`;
  return (
    <Chart
      title={title}
      caption={caption}
      table={{
        head: [one.charAt(0).toUpperCase() + one.slice(1), 'Size, about', 'Repositories'],
        rows: parts.map(({ name, bytes, count }) => [name, formatBytes(bytes), formatCount(count)]),
      }}
    >
      <Bars title={title} one={one} caption={caption} parts={parts} total={total} />
    </Chart>
  );
}

function toParts({ items, rest }: StatisticsView['byLanguage'], many: string, unnamed: string): readonly Part[] {
  const named = items.map(({ value, sizeKb, count }) => ({
    name: value === '' ? unnamed : value,
    bytes: sizeKb * 1_024,
    count,
    isNamed: value !== '',
  }));
  if (rest.count === 0) return named;
  return [...named, { name: `all other ${many}`, bytes: rest.sizeKb * 1_024, count: rest.count, isNamed: false }];
}

function percent(bytes: number, total: number): string {
  if (total === 0) return '0 %';
  const share = (bytes / total) * 100;
  return share > 0 && share < 1 ? 'less than 1 %' : `${Math.round(share)} %`;
}

function shorten(name: string): string {
  return name.length <= mostChars ? name : `${name.slice(0, mostChars - 1)}…`;
}

interface BarsProps {
  readonly title: string;
  readonly one: string;
  readonly caption: string;
  readonly parts: readonly Part[];
  readonly total: number;
}

function Bars({ title, one, caption, parts, total }: BarsProps) {
  const cursor = useCursor(parts.length, 'y', 0);
  const largest = Math.max(1, ...parts.map(({ bytes }) => bytes));
  const tell = (index: number): Told => {
    const { name = '', bytes = 0, count = 0 } = parts[index] ?? {};
    return {
      title: name,
      lines: [
        `about ${formatBytes(bytes)} in ${countOf(count, 'repository', 'repositories')}`,
        `${percent(bytes, total)} of all`,
      ],
    };
  };
  return (
    <Plot label={`Each ${one}, by the arrow keys`} cursor={cursor} count={parts.length} axis="y" tell={tell}>
      <svg role="img" aria-label={`${title}. ${caption}`} width="100%" height={parts.length * rowHeight}>
        {cursor.at !== null && (
          <rect className="plot-mark" x="0" width="100%" y={cursor.at * rowHeight} height={rowHeight} />
        )}
        {parts.map(({ name, bytes, isNamed }, index) => {
          const y = index * rowHeight;
          return (
            <g key={name}>
              <text className="plot-name" x="0" y={y + 14}>
                {shorten(name)}
              </text>
              <text className="plot-label" x="100%" y={y + 14} textAnchor="end">
                {formatBytes(bytes)}
              </text>
              <rect className="bar-ground" x="0" width="100%" y={y + barTop} height={barHeight} rx="3" />
              <rect
                className={isNamed ? 'bar-share' : 'bar-rest'}
                x="0"
                width={`${(bytes / largest) * 100}%`}
                y={y + barTop}
                height={barHeight}
                rx="3"
              />
            </g>
          );
        })}
      </svg>
    </Plot>
  );
}
