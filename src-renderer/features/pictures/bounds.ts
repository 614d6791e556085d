/** @file Over which spans stars are counted: days, weeks or months of this reader, whatever gives a readable line. Pure. */
import { startOfDay } from '../../ui/days.ts';

export type Unit = 'day' | 'week' | 'month';

export interface StarBounds {
  readonly unit: Unit;
  /** Starts of the spans, ascending; the first holds the first star, the last holds now. */
  readonly starts: readonly number[];
}

const dayMs = 24 * 3_600_000;
const longestByDayMs = 45 * dayMs;
const longestByWeekMs = 550 * dayMs;
/** As many as one question may name. */
const mostBounds = 500;

/** Weeks start on Monday. */
export function startOfUnit(at: number, unit: Unit, further = 0): number {
  const day = new Date(at);
  if (unit === 'month') return new Date(day.getFullYear(), day.getMonth() + further, 1).getTime();
  if (unit === 'day') return startOfDay(at, -further);
  return startOfDay(at, ((day.getDay() + 6) % 7) - 7 * further);
}

export function starBounds(firstAt: number, now: number): StarBounds {
  const spanMs = now - firstAt;
  const unit = spanMs <= longestByDayMs ? 'day' : spanMs <= longestByWeekMs ? 'week' : 'month';
  const starts: number[] = [];
  for (let further = 0; further < mostBounds; further += 1) {
    const start = startOfUnit(firstAt, unit, further);
    if (start > now && starts.length > 0) break;
    starts.push(start);
  }
  return { unit, starts };
}

const formats: Readonly<Record<Unit, Intl.DateTimeFormatOptions>> = {
  day: { day: 'numeric', month: 'long', year: 'numeric' },
  week: { day: 'numeric', month: 'long', year: 'numeric' },
  month: { month: 'long', year: 'numeric' },
};

/** `March 2024`, `week of March 4, 2024`, `March 4, 2024` */
export function formatUnit(start: number, unit: Unit): string {
  const text = new Intl.DateTimeFormat('en', formats[unit]).format(start);
  return unit === 'week' ? `week of ${text}` : text;
}
