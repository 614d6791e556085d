/** @file Ticks of an axis of counts. Pure. */

const mostSteps = 4;

/** Round numbers from 0 to at least `max`, at most five of them. */
export function ticksUpTo(max: number): readonly number[] {
  const least = Math.max(1, max) / mostSteps;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = Math.max(1, [1, 2, 5, 10].map((factor) => factor * power).find((value) => value >= least) ?? least);
  const steps = Math.ceil(Math.max(1, max) / step);
  return Array.from({ length: steps + 1 }, (_, index) => index * step);
}
