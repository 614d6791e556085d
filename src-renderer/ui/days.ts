/** @file Days of this reader: where they start, over changes of daylight saving time too, and what they are called. */

/** Start of the local day that lies `daysBack` days before the one of `at`. */
export function startOfDay(at: number, daysBack = 0): number {
  const day = new Date(at);
  // By its fields: a day has 23 or 25 hours when the clocks are changed.
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() - daysBack).getTime();
}

/** Starts of the last `count` local days, ascending; the day of `now` is the last. */
export function lastDays(now: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => startOfDay(now, count - 1 - index));
}

/** `Today`, `Yesterday`, `Friday, November 20`; with the year when it is another one. */
export function formatDay(at: number, now: number): string {
  const start = startOfDay(at);
  if (start === startOfDay(now)) return 'Today';
  if (start === startOfDay(now, 1)) return 'Yesterday';
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat('en', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(isThisYear ? {} : { year: 'numeric' }),
  }).format(at);
}

/** `2026-11-24`, as file names carry it. */
export function dayStamp(at: number): string {
  const day = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}
