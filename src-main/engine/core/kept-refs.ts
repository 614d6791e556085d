/** @file What a mirror keeps although upstream rewrote or deleted it, as the target's own list of refs tells it. */
import { keptRefOrigin, keptRefTime } from '../domain/plan.ts';
import type { Git } from '../ports/git.ts';
import type { MirrorTarget } from '../ports/mirror-target.ts';
import type { RepositoryRecord } from '../ports/store.ts';
import type { KeptRef } from './engine-api.ts';

/** @returns newest first; empty where there is no mirror. Rejects as the target and git do. */
export async function listKeptRefs(
  { target, git }: { readonly target: MirrorTarget; readonly git: Git },
  { mirror }: RepositoryRecord,
  signal: AbortSignal,
): Promise<readonly KeptRef[]> {
  if (mirror === null) return [];
  const remote = await target.remote({ id: mirror.projectId, path: mirror.projectPath, webUrl: mirror.projectUrl });
  const { refs } = await git.listRefs(remote, 'advertised', { signal });
  return [...refs]
    .filter(([ref]) => ref.startsWith('refs/epicstar/kept/'))
    .map(([ref, sha]) => ({ ref, origin: keptRefOrigin(ref), sha, keptAt: keptRefTime(ref) }))
    .toSorted((a, b) => (b.keptAt ?? 0) - (a.keptAt ?? 0) || (a.ref < b.ref ? -1 : 1));
}
