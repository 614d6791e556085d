/** @file Compares both ends of one mirror and changes nothing on either. */
import { EpicstarError, toEpicstarError } from '../domain/errors.ts';
import { compareRefs, mirrorFitness } from '../domain/plan.ts';
import type { Git } from '../ports/git.ts';
import type { Github } from '../ports/github.ts';
import type { MirrorTarget } from '../ports/mirror-target.ts';
import type { RepositoryRecord } from '../ports/store.ts';
import type { VerifyReport } from './engine-api.ts';

export interface VerifyParts {
  readonly github: Github;
  readonly target: MirrorTarget;
  readonly git: Git;
}

/** How many differing refs a report names. */
const mostNamed = 50;

export async function verifyMirror(
  parts: VerifyParts,
  repository: RepositoryRecord,
  signal: AbortSignal,
): Promise<VerifyReport> {
  const { githubId, fullName, mirror } = repository;
  const blank = { githubId, fullName, refCount: 0, differences: [], unfitRefs: 0, error: null };
  if (mirror === null) return { ...blank, state: 'not-mirrored' };
  try {
    const lookup = await parts.github.repositoryById(githubId, signal);
    if (lookup.kind !== 'found') throw new EpicstarError(lookup.kind === 'gone' ? 'github-gone' : 'github-blocked', '');
    const currentName = lookup.repository.fullName;
    const source = await parts.github.remote(currentName);
    const target = await parts.target.remote({
      id: mirror.projectId,
      path: mirror.projectPath,
      webUrl: mirror.projectUrl,
    });
    const sourceRefs = await parts.git.listRefs(source, 'heads-and-tags', { signal });
    const targetRefs = await parts.git.listRefs(target, 'advertised', { signal });
    const fitness = mirrorFitness((ref) => parts.target.refFitness(ref));
    const difference = compareRefs(sourceRefs.refs, targetRefs.refs, fitness);
    const differing = [
      ...difference.creates.map(({ ref }) => `${ref} is missing in the mirror`),
      ...difference.changes.map(({ ref }) => `${ref} differs`),
      ...difference.deletes.map(({ ref }) => `${ref} is only in the mirror`),
    ];
    return {
      ...blank,
      fullName: currentName,
      state: differing.length === 0 ? 'same' : 'differs',
      refCount: difference.unchanged,
      differences: differing.slice(0, mostNamed),
      unfitRefs: difference.unfit.length + sourceRefs.unreadable.length,
    };
  } catch (thrown) {
    return { ...blank, state: 'failed', error: toEpicstarError(thrown).toRecord() };
  }
}
