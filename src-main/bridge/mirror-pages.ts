/** @file Pages of mirrors by repository. */
import type { Engine, GithubId } from '../engine/core/engine-api.ts';

/** As the target told them; one lookup for each different id. */
export async function mirrorPages(
  engine: Engine,
  githubIds: readonly GithubId[],
): Promise<ReadonlyMap<GithubId, string | null>> {
  const entries = [...new Set(githubIds)].map(async (githubId) => {
    const row = await engine.repository(githubId);
    return [githubId, row?.repository.mirror?.projectUrl ?? null] as const;
  });
  return new Map(await Promise.all(entries));
}
