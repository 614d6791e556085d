/**
 * @file A repository's wiki as a mirror of its own beside the repository's. It goes through the same run, under an
 * identity of its own, so its old tips are kept and its project is found again like any other.
 */
import { EpicstarError, toEpicstarError } from '../domain/errors.ts';
import { wikiIdOf, type WikiState } from '../domain/extras.ts';
import type { RepositoryFacts } from '../domain/repository.ts';
import type { GitRemote } from '../ports/git.ts';
import type { RepositoryLookup } from '../ports/github.ts';
import type { RepositoryRecord } from '../ports/store.ts';
import { buildsKey } from './build-definitions.ts';
import type { CacheBudget } from './cache-budget.ts';
import { MirrorRun, MirrorRunError } from './mirror-job.ts';
import type { MirrorCall, MirrorJobParts } from './mirror-parts.ts';

export interface WikiResult {
  readonly state: WikiState;
  readonly bytesReceived: number;
  readonly bytesSent: number;
  /** Whether trying again soon can help. */
  readonly isPassing: boolean;
}

/** GitHub reads its wikis under this name, and gives it to no repository. */
const suffix = '.wiki';

function factsOfWiki(facts: RepositoryFacts): RepositoryFacts {
  return {
    ...facts,
    githubId: wikiIdOf(facts.githubId),
    fullName: `${facts.fullName}${suffix}`,
    description: `Wiki of ${facts.fullName}`,
    htmlUrl: `${facts.htmlUrl}/wiki`,
    defaultBranch: 'master',
    // Nobody tells it; wikis are small.
    sizeKb: 0,
    hasWiki: false,
    pushedAt: null,
  };
}

async function wikiRemote(github: MirrorJobParts['github'], fullName: string): Promise<GitRemote> {
  const remote = await github.remote(fullName);
  return { ...remote, url: `${remote.url.replace(/\.git$/, '')}${suffix}.git` };
}

/** GitHub as a run of the wiki meets it: whoever asks for the wiki is told of its repository. */
function githubOfWiki(github: MirrorJobParts['github'], githubId: number): MirrorJobParts['github'] {
  return {
    host: github.host,
    repositoryById: async (_wikiId, signal): Promise<RepositoryLookup> => {
      const lookup = await github.repositoryById(githubId, signal);
      return lookup.kind === 'found' ? { kind: 'found', repository: factsOfWiki(lookup.repository) } : lookup;
    },
    remote: (fullName) => wikiRemote(github, fullName.slice(0, -suffix.length)),
  };
}

function recordOfWiki(repository: RepositoryRecord, facts: RepositoryFacts, known: WikiState | null): RepositoryRecord {
  const { projectId = null, projectPath = null, projectUrl = null } = known ?? {};
  return {
    ...repository,
    ...factsOfWiki(facts),
    isPrivate: repository.isPrivate,
    verdict: null,
    mirror:
      projectId === null || projectPath === null
        ? null
        : {
            projectId,
            projectPath,
            projectUrl,
            pushedAt: null,
            defaultBranch: null,
            verifiedAt: known?.checkedAt ?? 0,
            refCount: known?.refCount ?? 0,
            cacheBytes: 0,
            unfitRefs: 0,
          },
  };
}

/** False where GitHub has none, whatever it says of the repository. */
async function hasWiki(parts: MirrorJobParts, fullName: string, signal: AbortSignal): Promise<boolean> {
  try {
    const remote = await wikiRemote(parts.github, fullName);
    const { refs } = await parts.git.listRefs(remote, 'heads-and-tags', { signal });
    return refs.size > 0;
  } catch (thrown) {
    const { code } = toEpicstarError(thrown);
    // The repository itself was read by the same way just now.
    if (code === 'git-not-found' || code === 'git-auth-refused') return false;
    throw thrown;
  }
}

/** Rejects with `cancelled` alone. */
export async function mirrorWiki(
  parts: MirrorJobParts,
  budget: CacheBudget,
  repository: RepositoryRecord,
  facts: RepositoryFacts,
  known: WikiState | null,
  call: MirrorCall,
): Promise<WikiResult> {
  const { store, clock, log } = parts;
  const key = wikiIdOf(facts.githubId);
  const before = {
    projectId: known?.projectId ?? null,
    projectPath: known?.projectPath ?? null,
    projectUrl: known?.projectUrl ?? null,
    refCount: known?.refCount ?? 0,
    reason: null,
    checkedAt: clock.now(),
  };
  const still = { bytesReceived: 0, bytesSent: 0, isPassing: false };
  let run: MirrorRun | null = null;
  await budget.begin(key);
  try {
    if (!(await hasWiki(parts, facts.fullName, call.signal))) return { state: { ...before, kind: 'absent' }, ...still };
    const record = recordOfWiki(repository, facts, known);
    const namesake = await store.repositoryByName(record.fullName);
    if (namesake !== null) {
      throw new EpicstarError('target-name-clash', `${namesake.fullName} is a repository of its own.`);
    }
    const { lists } = parts;
    const wikiParts: MirrorJobParts = {
      ...parts,
      github: githubOfWiki(parts.github, facts.githubId),
      mirrorsBuilds: parts.mirrorsBuilds === true || (await store.readValue(buildsKey(facts.githubId))) !== null,
      ...(lists === undefined
        ? {}
        : { lists: { placeOf: () => lists.placeOf(repository), placed: () => Promise.resolve() } }),
    };
    run = new MirrorRun(wikiParts, record, call, false);
    const { proof, report } = await run.run();
    const { projectId, projectPath, projectUrl, refCount, verifiedAt } = proof;
    return {
      state: { kind: 'mirrored', projectId, projectPath, projectUrl, refCount, reason: null, checkedAt: verifiedAt },
      bytesReceived: report.bytesReceived,
      bytesSent: report.bytesSent,
      isPassing: false,
    };
  } catch (thrown) {
    const error = thrown instanceof MirrorRunError ? thrown.error : toEpicstarError(thrown);
    if (error.code === 'cancelled' || call.signal.aborted) throw new EpicstarError('cancelled', '', { cause: thrown });
    log.warn('a wiki was not mirrored', { code: error.code, message: error.message });
    const isPassing = error.kind === 'transient' || error.kind === 'wait';
    return { state: { ...before, kind: 'incomplete', reason: error.message }, ...still, isPassing };
  } finally {
    const notTidied = (error: unknown): void => log.warn('a cache could not be removed', { error });
    await budget.end(key, run?.cacheBytes ?? null, clock.now()).catch(notTidied);
  }
}
