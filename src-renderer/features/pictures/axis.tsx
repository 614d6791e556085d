/** @file Lines of a chart at round counts, and the counts beside them. */
import { formatCount } from '../../../src-preload/contract/words.ts';

export function GridLines({ ticks, height }: { readonly ticks: readonly number[]; readonly height: number }) {
  const top = ticks.at(-1) ?? 1;
  return ticks.map((tick) => {
    const y = height - (tick / top) * height;
    return <line key={tick} className="grid-line" x1="0" x2="100%" y1={y} y2={y} />;
  });
}

/** The numbers stand outside of the drawing, so that they keep their size however wide it is. */
export function TickLabels({ ticks, height }: { readonly ticks: readonly number[]; readonly height: number }) {
  const top = ticks.at(-1) ?? 1;
  return (
    <div className="ticks" style={{ height }} aria-hidden="true">
      {/* Gives the column the width of the largest. */}
      <span className="tick-room">{formatCount(top)}</span>
      {ticks.map((tick) => (
        <span key={tick} className="tick" style={{ bottom: `${(tick / top) * 100}%` }}>
          {formatCount(tick)}
        </span>
      ))}
    </div>
  );
}
