/** @file Reads git's progress lines; pure but for the throttle, which counts on the clock that it is given. */
import type { Clock } from '../../ports/clock.ts';
import type { GitProgress } from '../../ports/git.ts';

const MIN_INTERVAL_MS = 200;

const phases: ReadonlyMap<string, GitProgress['phase']> = new Map([
  ['Enumerating objects', 'counting'],
  ['Counting objects', 'counting'],
  ['Compressing objects', 'compressing'],
  ['Receiving objects', 'receiving'],
  ['Unpacking objects', 'receiving'],
  ['Resolving deltas', 'resolving'],
  ['Writing objects', 'writing'],
]);

/** Titles of git that are progress but say nothing of the phases above. Others are not taken for progress. */
const otherTitles = new Set([
  'Checking connectivity',
  'Updating references',
  'Checking references',
  'Finding sources',
  'Delta compression',
  'Selecting bitmap commits',
  'Expanding reachable commits in commit graph',
  'Computing commit graph generation numbers',
]);

const units: ReadonlyMap<string, number> = new Map([
  ['byte', 1],
  ['bytes', 1],
  ['KiB', 1024],
  ['MiB', 1024 ** 2],
  ['GiB', 1024 ** 3],
]);

const shape =
  /^(?:remote: )?([A-Z][A-Za-z ]+): +(?:\d{1,3}% \((\d+)\/(\d+)\)|(\d+))(?:, ([\d.]+) (bytes?|KiB|MiB|GiB)(?: \| [\d.]+ \S+)?)?(?:, done\.)?\s*$/;

/**
 * Reads one line of stderr.
 *
 * @returns null where the line is not progress
 * @see https://github.com/git/git/blob/v2.39.0/progress.c function `display`
 */
export function parseProgress(line: string): GitProgress | null {
  const match = shape.exec(line);
  const title = match?.[1];
  if (match === null || title === undefined) return null;
  const phase = phases.get(title) ?? (otherTitles.has(title) ? 'other' : null);
  if (phase === null) return null;
  const [, , done, total, count, amount, unit] = match;
  const unitBytes = unit === undefined ? undefined : units.get(unit);
  const moves = phase === 'receiving' || phase === 'writing';
  return {
    phase,
    done: Number(done ?? count ?? 0),
    total: total === undefined ? null : Number(total),
    bytes: moves && amount !== undefined && unitBytes !== undefined ? Math.round(Number(amount) * unitBytes) : null,
  };
}

/** Passes on at most 5 calls a second and drops the others: each report makes the one before it old. */
export function throttleProgress(
  clock: Clock,
  onProgress: (progress: GitProgress) => void,
): (progress: GitProgress) => void {
  let lastMs = Number.NEGATIVE_INFINITY;
  return (progress) => {
    const nowMs = clock.monotonicMs();
    if (nowMs - lastMs < MIN_INTERVAL_MS) return;
    lastMs = nowMs;
    onProgress(progress);
  };
}
