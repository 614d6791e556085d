/** @file When only what a person asks for is mirrored, and the hours of the day at which that is wished. Pure. */
import type { Instant } from './repository.ts';

/** `asleep`: the computer is about to sleep, or sleeps; then nothing at all is begun. */
export const quietReasons = ['asleep', 'battery', 'metered', 'quiet-hours'] as const;
export type QuietReason = (typeof quietReasons)[number];

/** Minutes of the day, 0 to 1439; where the end is not after the start, it lies on the next day. */
export interface QuietHours {
  readonly startMinute: number;
  /** The first minute that is not quiet any more. */
  readonly endMinute: number;
}

/** @returns null for what is not two different times such as `22:00-07:00` */
export function readQuietHours(text: string): QuietHours | null {
  const match = /^([01]?\d|2[0-3]):([0-5]\d) ?- ?([01]?\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (match === null) return null;
  const [startHour = 0, startRest = 0, endHour = 0, endRest = 0] = match.slice(1).map(Number);
  const hours = { startMinute: startHour * 60 + startRest, endMinute: endHour * 60 + endRest };
  return hours.startMinute === hours.endMinute ? null : hours;
}

/** In the time zone of this process. */
export function isWithin({ startMinute, endMinute }: QuietHours, at: Instant): boolean {
  const date = new Date(at);
  const minute = date.getHours() * 60 + date.getMinutes();
  return startMinute < endMinute
    ? minute >= startMinute && minute < endMinute
    : minute >= startMinute || minute < endMinute;
}
