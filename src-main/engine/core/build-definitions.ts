/**
 * @file Code that is mirrored may hold a definition of builds, which the target runs as soon as it arrives. Whether that
 * is to be so is a person's word.
 */
import { EpicstarError } from '../domain/errors.ts';
import type { RefDifference, RefMap } from '../domain/plan.ts';
import type { GithubId } from '../domain/repository.ts';
import type { Git, GitCache, GitCall } from '../ports/git.ts';
import type { MirrorTarget } from '../ports/mirror-target.ts';
import type { Store } from '../ports/store.ts';

/** Where a person's word is kept that a repository is mirrored with its definition of builds. */
export function buildsKey(githubId: GithubId): string {
  return `accept-builds ${githubId}`;
}

interface Parts {
  readonly git: Git;
  readonly store: Store;
  readonly target: MirrorTarget;
  /** Default: held. */
  readonly mirrorsBuilds?: boolean;
}

interface Fetched {
  readonly githubId: GithubId;
  readonly cache: GitCache;
  readonly refs: RefMap;
  readonly difference: RefDifference;
  readonly call: GitCall;
}

/**
 * Before anything is pushed: only what would arrive now is asked about, since what the mirror has was agreed to. A
 * definition that upstream removed again holds nothing.
 *
 * @throws EpicstarError `builds-held`
 */
export async function refuseBuilds(
  { git, store, target, mirrorsBuilds = false }: Parts,
  { githubId, cache, refs, difference, call }: Fetched,
): Promise<void> {
  const paths = target.buildDefinitions ?? [];
  if (paths.length === 0) return;
  const arriving = [...difference.creates, ...difference.changes];
  if (arriving.length === 0 && difference.deletes.length === 0) return;
  const found = await git.filesAtTips(cache, [...refs.values()], paths, call);
  const held = arriving.flatMap(({ ref, to }) => {
    const path = to === null ? undefined : found.get(to);
    return path === undefined ? [] : [{ ref, path }];
  });
  const [first] = held;
  if (first !== undefined && !mirrorsBuilds && (await store.readValue(buildsKey(githubId))) === null) {
    const named = held.slice(0, 2).map(({ ref }) => ref);
    const more = held.length > named.length ? ` and ${held.length - named.length} more` : '';
    throw new EpicstarError('builds-held', `There is a ${first.path} on ${named.join(', ')}${more}.`);
  }
  await store.writeBuildRefs(githubId, [...refs.values()].filter((tip) => found.has(tip)).length);
}
