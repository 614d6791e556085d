/** @file Looks at everything a mirror needs and says of each, in one line, what was found and what to do. */
import { toEpicstarError } from '../domain/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Disk } from '../ports/disk.ts';
import type { Git } from '../ports/git.ts';
import type { Github, RateState } from '../ports/github.ts';
import type { MirrorTarget } from '../ports/mirror-target.ts';
import { diagnoseLists, type ListDiagnosisParts } from './diagnosis-lists.ts';
import type { DiagnosisItem } from './engine-api.ts';

export interface DiagnosisParts extends ListDiagnosisParts {
  readonly github: Github;
  readonly target: MirrorTarget;
  readonly git: Git;
  readonly disk: Disk;
  readonly clock: Clock;
}

/** Below this much free space a warning is due. */
const fewBytes = 2e9;
/** GitHub's limit resets within the hour; a reset further away than this shows a wrong clock here. */
const mostResetMs = 65 * 60_000;

type Area = DiagnosisItem['area'];

export async function diagnose(parts: DiagnosisParts, signal: AbortSignal): Promise<readonly DiagnosisItem[]> {
  const [git, github, target, disk, lists] = await Promise.all([
    diagnoseGit(parts.git),
    diagnoseGithub(parts, signal),
    parts.target.check(signal),
    diagnoseDisk(parts.disk),
    diagnoseLists(parts, signal),
  ]);
  return [...git, ...github, ...target.map((item) => ({ area: 'target' as const, ...item })), ...lists, ...disk];
}

async function diagnoseGit(git: Git): Promise<readonly DiagnosisItem[]> {
  try {
    const { version, origin, path } = await git.version();
    return [ok('git', 'version', `git ${version} (${origin}, ${path}), talks https`)];
  } catch (thrown) {
    return [failure('git', 'version', thrown)];
  }
}

async function diagnoseGithub(parts: DiagnosisParts, signal: AbortSignal): Promise<readonly DiagnosisItem[]> {
  const { github, clock } = parts;
  try {
    const viewer = await github.viewer(signal);
    const scopes =
      viewer.scopes === null
        ? 'a fine-grained or app token'
        : viewer.scopes.length === 0
          ? 'no scopes: public repositories only'
          : `scopes ${viewer.scopes.join(', ')}`;
    const head = await github.starHead(signal);
    const rate = await github.rate(signal);
    return [
      ok('github', 'token', `signed in to ${github.host} as ${viewer.login}, ${scopes}`),
      ok('github', 'stars', `${head.total} starred repositories can be read`),
      ...(rate === null ? [] : [diagnoseRate(rate, clock.now()), diagnoseClock(rate, clock.now())]),
    ];
  } catch (thrown) {
    return [failure('github', 'token', thrown)];
  }
}

function diagnoseRate(rate: RateState, now: number): DiagnosisItem {
  const minutes = Math.max(0, Math.ceil((rate.resetsAt - now) / 60_000));
  const finding = `${rate.remaining} of ${rate.limit} requests left, refilled in ${minutes} min`;
  return rate.remaining * 10 < rate.limit
    ? warning('github', 'rate limit', finding, 'Wait, or end other programs that use the same account.')
    : ok('github', 'rate limit', finding);
}

function diagnoseClock(rate: RateState, now: number): DiagnosisItem {
  const awayMs = rate.resetsAt - now;
  const isPlausible = awayMs > -60_000 && awayMs < mostResetMs;
  return isPlausible
    ? ok('clock', 'time', new Date(now).toISOString())
    : warning(
        'clock',
        'time',
        `This computer's clock says ${new Date(now).toISOString()}, which does not fit what GitHub says.`,
        'Set the clock, or have it set from the network.',
      );
}

async function diagnoseDisk(disk: Disk): Promise<readonly DiagnosisItem[]> {
  const [problem, free] = await Promise.all([disk.writeProblem(), disk.freeBytes()]);
  const directory: DiagnosisItem =
    problem === null
      ? ok('data-directory', 'writable', disk.dataDir)
      : {
          area: 'data-directory',
          name: 'writable',
          state: 'failed',
          finding: `${disk.dataDir}: ${problem}`,
          nextStep: 'Make it writable for this user, or choose another with --data-dir.',
        };
  if (free === null) return [directory];
  const finding = `${(free / 1e9).toFixed(1)} GB free in ${disk.dataDir}`;
  return [
    directory,
    free < fewBytes
      ? warning('disk', 'space', finding, 'Free some space, or lower the cache limit.')
      : ok('disk', 'space', finding),
  ];
}

function ok(area: Area, name: string, finding: string): DiagnosisItem {
  return { area, name, state: 'ok', finding, nextStep: null };
}

function warning(area: Area, name: string, finding: string, nextStep: string): DiagnosisItem {
  return { area, name, state: 'warning', finding, nextStep };
}

function failure(area: Area, name: string, thrown: unknown): DiagnosisItem {
  const error = toEpicstarError(thrown);
  return { area, name, state: 'failed', finding: error.message, nextStep: error.nextStep };
}
