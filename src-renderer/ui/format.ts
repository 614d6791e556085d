/** @file Times as this reader writes them. */

const dayMs = 24 * 60 * 60 * 1_000;

/** 12 or 24 hours follow the browser; words are English, as the window is. */
const hourCycle = ['h11', 'h12'].includes(
  new Intl.DateTimeFormat(undefined, { hour: 'numeric' }).resolvedOptions().hourCycle ?? '',
)
  ? 'h12'
  : 'h23';

// Made once: to make one takes longer than to use it a hundred times.
const time = { hour: 'numeric', minute: '2-digit', hourCycle } as const;
const timeOfToday = new Intl.DateTimeFormat('en', time);
const timeOfAnotherDay = new Intl.DateTimeFormat('en', { ...time, weekday: 'short', day: 'numeric', month: 'short' });
const fullTime = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'medium', hourCycle });
const date = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** `14:05`; with the day when it is not today. */
export function formatTime(at: number, now: number): string {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  return (isToday ? timeOfToday : timeOfAnotherDay).format(at);
}

export function formatFullTime(at: number): string {
  return fullTime.format(at);
}

/** `3 minutes ago`, `yesterday`; the date from a week on. */
export function formatAgo(at: number, now: number): string {
  const seconds = Math.round((at - now) / 1_000);
  if (seconds > -60) return 'just now';
  if (seconds > -3_600) return relative.format(Math.trunc(seconds / 60), 'minute');
  if (seconds > -86_400) return relative.format(Math.trunc(seconds / 3_600), 'hour');
  if (now - at < 7 * dayMs) return relative.format(Math.trunc(seconds / 86_400), 'day');
  return date.format(at);
}
