/** @file Times as this reader writes them. */

const dayMs = 24 * 60 * 60 * 1_000;

/** 12 or 24 hours follow the browser; words are English, as the window is. */
function hourCycle(): 'h12' | 'h23' {
  const cycle = new Intl.DateTimeFormat(undefined, { hour: 'numeric' }).resolvedOptions().hourCycle;
  return cycle === 'h11' || cycle === 'h12' ? 'h12' : 'h23';
}

/** `14:05`; with the day when it is not today. */
export function formatTime(at: number, now: number): string {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  return new Intl.DateTimeFormat('en', {
    hour: 'numeric',
    minute: '2-digit',
    hourCycle: hourCycle(),
    ...(isToday ? {} : { weekday: 'short', day: 'numeric', month: 'short' }),
  }).format(at);
}

export function formatFullTime(at: number): string {
  return new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'medium', hourCycle: hourCycle() }).format(at);
}

/** `3 minutes ago`, `yesterday`; the date from a week on. */
export function formatAgo(at: number, now: number): string {
  const seconds = Math.round((at - now) / 1_000);
  const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  if (seconds > -60) return 'just now';
  if (seconds > -3_600) return relative.format(Math.trunc(seconds / 60), 'minute');
  if (seconds > -86_400) return relative.format(Math.trunc(seconds / 3_600), 'hour');
  if (now - at < 7 * dayMs) return relative.format(Math.trunc(seconds / 86_400), 'day');
  return new Intl.DateTimeFormat('en', { dateStyle: 'medium' }).format(at);
}
