/** @file Times of the person at this computer. */

const time = { hour: 'numeric', minute: '2-digit', hourCycle: 'h23' } as const;
const timeOfToday = new Intl.DateTimeFormat('en', time);
const timeOfAnotherDay = new Intl.DateTimeFormat('en', { ...time, weekday: 'short', day: 'numeric', month: 'short' });

/** `14:05`; with the day when it is not today. */
export function formatTime(at: number, now: number): string {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  return (isToday ? timeOfToday : timeOfAnotherDay).format(at);
}
