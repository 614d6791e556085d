/** @file Times of the person at this computer. */

const time = { hour: 'numeric', minute: '2-digit', hourCycle: 'h23' } as const;
const timeOfToday = new Intl.DateTimeFormat('en', time);
const timeOfAnotherDay = new Intl.DateTimeFormat('en', { ...time, weekday: 'short', day: 'numeric', month: 'short' });
const hourMs = 3_600_000;
const morningHour = 8;

/** `14:05`; with the day when it is not today. */
export function formatTime(at: number, now: number): string {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  return (isToday ? timeOfToday : timeOfAnotherDay).format(at);
}

/** When a pause ends that begins now; null: when it is ended. */
export function pauseEnd(until: 'resumed' | 'hour' | 'tomorrow', now: number): number | null {
  switch (until) {
    case 'resumed':
      return null;
    case 'hour':
      return now + hourMs;
    case 'tomorrow': {
      const day = new Date(now);
      return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1, morningHour).getTime();
    }
  }
}
