/** @file The place of a chart: drawn inside it, pointed at by mouse or keys, with a word on what is pointed at. */
import type { ReactNode } from 'react';
import type { Cursor } from './use-cursor.ts';

export interface Told {
  readonly title: string;
  readonly lines: readonly string[];
}

interface PlotProps {
  /** What is gone through by the arrow keys. */
  readonly label: string;
  readonly cursor: Cursor;
  readonly count: number;
  readonly axis: 'x' | 'y';
  readonly tell: (index: number) => Told;
  readonly children: ReactNode;
}

export function Plot({ label, cursor, count, axis, tell, children }: PlotProps) {
  const { at, isByKeys, handlers } = cursor;
  const told = at === null ? null : tell(at);
  const share = at === null ? 0 : (at + 0.5) / count;
  // Shifted by the same share of itself, it never leaves the chart.
  const place =
    axis === 'x'
      ? { left: `${share * 100}%`, translate: `${-share * 100}% 0` }
      : { top: `${((at ?? 0) / count) * 100}%`, right: 0 };
  return (
    <div className={`plot plot-${axis}`} role="group" tabIndex={0} aria-label={label} {...handlers}>
      {children}
      {told !== null && (
        <div className="plot-tip" style={place} aria-hidden="true">
          <strong>
            <bdi>{told.title}</bdi>
          </strong>
          {told.lines.map((line) => (
            <span key={line}>{line}</span>
          ))}
        </div>
      )}
      <p className="visually-hidden" role="status">
        {told !== null && isByKeys && `${told.title}: ${told.lines.join(', ')}`}
      </p>
    </div>
  );
}
