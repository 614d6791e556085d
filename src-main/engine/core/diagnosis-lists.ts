/** @file What a diagnosis says of GitHub Lists, and of builds that mirrored code can start on the mirror server. */
import { toEpicstarError } from '../domain/errors.ts';
import type { ListUse } from '../domain/lists.ts';
import type { Github } from '../ports/github.ts';
import type { MirrorTarget } from '../ports/mirror-target.ts';
import type { Store } from '../ports/store.ts';
import type { DiagnosisItem } from './engine-api.ts';

export interface ListDiagnosisParts {
  readonly github: Github;
  readonly target: MirrorTarget;
  readonly store: Store;
  readonly options: { readonly lists?: ListUse; readonly mirrorsBuilds?: boolean };
}

/** What cannot be asked is left out: that GitHub or the target does not answer is said elsewhere. */
export async function diagnoseLists(parts: ListDiagnosisParts, signal: AbortSignal): Promise<readonly DiagnosisItem[]> {
  const items = await Promise.all([
    diagnoseReading(parts, signal),
    diagnoseLabels(parts, signal),
    diagnoseBuilds(parts),
  ]);
  return [...items, diagnoseParents(parts)].filter((item) => item !== null);
}

async function diagnoseReading(
  { github, options }: ListDiagnosisParts,
  signal: AbortSignal,
): Promise<DiagnosisItem | null> {
  const item = { area: 'github', name: 'lists' } as const;
  try {
    const lists = await github.lists(signal);
    if (lists !== null) {
      const finding = lists.length === 1 ? '1 GitHub List can be read' : `${lists.length} GitHub Lists can be read`;
      return { ...item, state: 'ok', finding, nextStep: null };
    }
  } catch (thrown) {
    if (toEpicstarError(thrown).kind === 'cancelled') throw thrown;
    return null;
  }
  const finding = 'This token, or this GitHub, does not let your Lists be read.';
  const isUsed = (options.lists ?? 'off') !== 'off';
  if (!isUsed) return { ...item, state: 'ok', finding: `${finding} No setting needs them.`, nextStep: null };
  return {
    ...item,
    state: 'warning',
    finding: `${finding} Mirrors are left as they are.`,
    nextStep: 'Sign in by a code on GitHub or with a classic token, or set lists to off.',
  };
}

async function diagnoseLabels(
  { target, options }: ListDiagnosisParts,
  signal: AbortSignal,
): Promise<DiagnosisItem | null> {
  if (options.lists !== 'labels') return null;
  if (target.labels !== undefined) return { area: 'target', ...(await target.labels.check(signal)) };
  return unused('labels', 'There are no labels where mirrors are kept; the setting lists does nothing.');
}

function diagnoseParents({ target, options }: ListDiagnosisParts): DiagnosisItem | null {
  if (options.lists !== 'parents' || target.holdsLists === true) return null;
  return unused('lists', 'Mirrors stand by their owners here; the setting lists does nothing.');
}

function unused(name: string, finding: string): DiagnosisItem {
  return { area: 'target', name, state: 'warning', finding, nextStep: 'Set lists to off.' };
}

async function diagnoseBuilds({ target, store, options }: ListDiagnosisParts): Promise<DiagnosisItem | null> {
  const [buildDefinition] = target.buildDefinitions ?? [];
  if (buildDefinition === undefined) return null;
  const count = await store.countBuildMirrors();
  const mirrors = count === 1 ? '1 mirror carries' : `${count} mirrors carry`;
  if (count === 0 && options.mirrorsBuilds !== true) {
    const finding = `No mirror is known to carry a ${buildDefinition}; a repository that brings it waits for your word.`;
    return { area: 'target', name: 'builds', state: 'ok', finding, nextStep: null };
  }
  return {
    area: 'target',
    name: 'builds',
    state: 'warning',
    finding: `Builds of mirrored code can run there: ${mirrors} a ${buildDefinition}.`,
    nextStep:
      'In OneDev, under Administration, Job Executors, name in "Applicable Jobs" of each executor the projects it is for, ' +
      'so that no mirror is among them.',
  };
}
