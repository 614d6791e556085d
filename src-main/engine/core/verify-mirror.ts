/** @file Compares one mirror with upstream, or with what was proven of it, and changes nothing on either end. */
import { EpicstarError, toEpicstarError } from '../domain/errors.ts';
import { compareRefs, mirroredRefs, mirrorFitness, type RefDifference } from '../domain/plan.ts';
import { differencesKept, type Proven } from '../domain/proof.ts';
import type { Clock } from '../ports/clock.ts';
import type { Git } from '../ports/git.ts';
import type { Github } from '../ports/github.ts';
import type { MirrorTarget } from '../ports/mirror-target.ts';
import type { RepositoryRecord } from '../ports/store.ts';
import type { VerifyReport } from './engine-api.ts';

export interface VerifyParts {
  readonly github: Github;
  readonly target: MirrorTarget;
  readonly git: Git;
  readonly clock: Clock;
}

export interface Comparison {
  readonly report: Omit<VerifyReport, 'isRepairAsked'>;
  /** Of what the mirror holds; null: it was not read. */
  readonly digest: string | null;
  /** Upstream is there, so that a mirror run can make both ends equal. */
  readonly isRepairable: boolean;
}

/**
 * One request to GitHub and a listing of each end.
 *
 * @param isFollowed false: what is upstream now says nothing against the mirror, which is to stay as it was proven
 */
export async function compareMirror(
  parts: VerifyParts,
  repository: RepositoryRecord,
  { proven, isFollowed }: { readonly proven: Proven | null; readonly isFollowed: boolean },
  signal: AbortSignal,
): Promise<Comparison> {
  const { githubId, fullName, mirror } = repository;
  const blank = { githubId, fullName, refCount: 0, differences: [], unfitRefs: 0, provenAt: null, error: null };
  const nothing = { digest: null, isRepairable: false };
  if (mirror === null) return { ...nothing, report: { ...blank, state: 'not-mirrored' } };
  let isRepairable = false;
  try {
    const lookup = await parts.github.repositoryById(githubId, signal);
    isRepairable = lookup.kind === 'found' && isFollowed;
    const project = { id: mirror.projectId, path: mirror.projectPath, webUrl: mirror.projectUrl };
    const target = await parts.target.remote(project);
    const call = { signal };
    const fitness = mirrorFitness((ref) => parts.target.refFitness(ref));
    const currentName = lookup.kind === 'found' ? lookup.repository.fullName : fullName;
    const source =
      lookup.kind === 'found'
        ? await parts.git.listRefs(await parts.github.remote(currentName), 'heads-and-tags', call)
        : null;
    const targetRefs = await parts.git.listRefs(target, 'advertised', call);
    const held = mirroredRefs(targetRefs.refs, fitness);
    const digest = parts.git.digestOf(held);
    const told = { ...blank, fullName: currentName };
    const known = { digest, isRepairable };
    if (source !== null) {
      const difference = compareRefs(source.refs, targetRefs.refs, fitness);
      const differences = describe(difference);
      const counts = {
        refCount: difference.unchanged,
        unfitRefs: difference.unfit.length + source.unreadable.length,
        differences: differences.slice(0, differencesKept),
      };
      if (differences.length === 0) return { ...known, report: { ...told, ...counts, state: 'same' } };
      if (isFollowed) return { ...known, report: { ...told, ...counts, state: 'differs' } };
    }
    return { ...known, report: { ...told, ...compareWithProven(proven, held.size, digest) } };
  } catch (thrown) {
    return {
      ...nothing,
      isRepairable,
      report: { ...blank, state: 'failed', error: toEpicstarError(thrown).toRecord() },
    };
  }
}

function compareWithProven(
  proven: Proven | null,
  refCount: number,
  digest: string,
): Pick<VerifyReport, 'state' | 'refCount' | 'differences' | 'provenAt' | 'error'> {
  const told = { refCount, differences: [], provenAt: proven?.at ?? null, error: null };
  if (proven === null || proven.digest === null) {
    const words = 'What its mirror held was never recorded; it is recorded now, for the next comparison.';
    return { ...told, state: 'failed', error: new EpicstarError('github-gone', words).toRecord() };
  }
  if (proven.digest === digest) return { ...told, state: 'same-as-proven' };
  const words = `branches and tags of the mirror are not those that were proven (${proven.refCount} then, ${refCount} now)`;
  return { ...told, state: 'differs', differences: [words] };
}

function describe(difference: RefDifference): readonly string[] {
  return [
    ...difference.creates.map(({ ref }) => `${ref} is missing in the mirror`),
    ...difference.changes.map(({ ref }) => `${ref} differs`),
    ...difference.deletes.map(({ ref }) => `${ref} is only in the mirror`),
  ];
}
