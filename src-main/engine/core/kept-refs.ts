/** @file What a mirror keeps although upstream rewrote or deleted it, as the target's own list of refs tells it. */
import { EpicstarError } from '../domain/errors.ts';
import { keptRefOrigin, keptRefTime, restoredRefName } from '../domain/plan.ts';
import type { GithubId } from '../domain/repository.ts';
import type { Git, GitRemote } from '../ports/git.ts';
import type { MirrorTarget } from '../ports/mirror-target.ts';
import type { MirrorRecord, RepositoryRecord } from '../ports/store.ts';
import type { KeptRef, RestoredRef } from './engine-api.ts';

/** @returns newest first; empty where there is no mirror. Rejects as the target and git do. */
export async function listKeptRefs(
  { target, git }: { readonly target: MirrorTarget; readonly git: Git },
  repository: RepositoryRecord,
  signal: AbortSignal,
): Promise<readonly KeptRef[]> {
  const { mirror } = repository;
  if (mirror === null) return [];
  const remote = await remoteOf(target, repository.githubId, mirror, signal);
  const { refs } = await git.listRefs(remote, 'advertised', { signal });
  return [...refs]
    .filter(([ref]) => ref.startsWith('refs/epicstar/kept/'))
    .map(([ref, sha]) => ({ ref, origin: keptRefOrigin(ref), sha, keptAt: keptRefTime(ref) }))
    .toSorted((a, b) => (b.keptAt ?? 0) - (a.keptAt ?? 0) || (a.ref < b.ref ? -1 : 1));
}

/**
 * Makes a branch of what a mirror keeps, which no mirror run touches. One that is there already stays as it is.
 *
 * @returns its full name, and the commit it is at
 */
export async function restoreKeptRef(
  parts: { readonly target: MirrorTarget; readonly git: Git },
  repository: RepositoryRecord,
  keptRef: string,
  signal: AbortSignal,
): Promise<RestoredRef> {
  const { target, git } = parts;
  const { githubId, fullName, mirror } = repository;
  const ref = restoredRefName(keptRef);
  if (mirror === null || ref === null) throw unknownKeptRef(fullName, keptRef);
  const remote = await remoteOf(target, githubId, mirror, signal);
  const { refs } = await git.listRefs(remote, 'advertised', { signal });
  if (!refs.has(keptRef)) throw unknownKeptRef(fullName, keptRef);
  const there = refs.get(ref);
  if (there !== undefined) return { ref, sha: there, isNew: false };
  return { ref, sha: await git.copyToBranch(remote, keptRef, ref, { signal }), isNew: true };
}

/** On another server, or after a move by hand, the id and the path that are known may be another mirror's. */
async function remoteOf(
  target: MirrorTarget,
  githubId: GithubId,
  { projectId: id, projectPath: path, projectUrl: webUrl }: MirrorRecord,
  signal: AbortSignal,
): Promise<GitRemote> {
  const project = await target.whereIs({ id, path, webUrl }, signal, githubId);
  if (project === null) throw new EpicstarError('target-project-missing', `It was '${path}'.`);
  return target.remote(project);
}

function unknownKeptRef(fullName: string, keptRef: string): EpicstarError {
  return new EpicstarError('config-invalid', `The mirror of ${fullName} keeps no ${keptRef}.`);
}
