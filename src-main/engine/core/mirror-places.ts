/** @file Keeps true where mirrors are said to stand: that is how they are reached, and shown. */
import type { EnsuredProject, MirrorTarget } from '../ports/mirror-target.ts';
import type { RepositoryRecord, Store } from '../ports/store.ts';

interface Parts {
  readonly store: Store;
  readonly target: Pick<MirrorTarget, 'whereIs'>;
}

/**
 * Once a project stands in its place, whatever becomes of the run. Another mirror that is said to stand there had to
 * make way, now or before a crash, and its own repository may never be mirrored again.
 */
export async function notePlaces(
  { store, target }: Parts,
  { githubId, mirror }: RepositoryRecord,
  { project }: EnsuredProject,
  signal: AbortSignal,
): Promise<void> {
  if (mirror !== null && mirror.projectPath !== project.path) {
    const place = { projectId: project.id, projectPath: project.path, projectUrl: project.webUrl };
    await store.moveMirror(githubId, place);
  }
  for (const other of await store.mirrorsAt(project.path)) {
    if (other.githubId !== githubId) await correctPlace({ store, target }, other, signal);
  }
}

/** Asks the target where a mirror stands now. Rejects as the target does. */
export async function correctPlace(
  { store, target }: Parts,
  { githubId, mirror }: RepositoryRecord,
  signal: AbortSignal,
): Promise<void> {
  if (mirror === null) return;
  const { projectId: id, projectPath: path, projectUrl: webUrl } = mirror;
  const now = await target.whereIs({ id, path, webUrl }, signal, githubId);
  if (now === null || now.path === path) return;
  await store.moveMirror(githubId, { projectId: id, projectPath: now.path, projectUrl: now.webUrl });
}
