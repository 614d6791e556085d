/** @file How many of some spans of time lie on one another. Pure. */

export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** The most spans that hold at one moment; one that ends as another begins is over. */
export function mostAtOnce(spans: readonly Span[]): number {
  const steps = spans.flatMap(({ startMs, endMs }) => [
    { atMs: startMs, by: 1 },
    { atMs: endMs, by: -1 },
  ]);
  steps.sort((one, other) => one.atMs - other.atMs || one.by - other.by);
  let now = 0;
  let most = 0;
  for (const { by } of steps) {
    now += by;
    most = Math.max(most, now);
  }
  return most;
}
