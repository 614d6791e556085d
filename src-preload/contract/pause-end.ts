/** @file How long pauses last, alike in every face of the product, in the time zone of whoever asks. Pure. */

export type PauseLength = 'resumed' | 'hour' | 'tomorrow';

const hourMs = 3_600_000;
const morningHour = 8;

/** When a pause ends that begins now; null: when it is ended. */
export function pauseEnd(length: PauseLength, now: number): number | null {
  switch (length) {
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
