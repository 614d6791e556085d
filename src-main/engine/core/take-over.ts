/**
 * @file Whether somebody's project may become a mirror: nothing in it may be rewritten or lost by that. It is looked at,
 * and nothing is changed on either side.
 */
import type { RepositoryFacts } from '../domain/repository.ts';
import type { Disk } from '../ports/disk.ts';
import type { Git, GitCall, GitRemote, RefListing } from '../ports/git.ts';
import type { Github } from '../ports/github.ts';
import { checkDisk } from './disk-check.ts';
import type { MirrorEnds } from './mirror-ends.ts';

interface Parts {
  readonly github: Pick<Github, 'remote'>;
  readonly git: Git;
  readonly disk: Disk;
}

/**
 * Null: it is empty, or each of its branches and tags is upstream's: the same, or an older state of the same branch.
 * Else why not, in a few words. Fetches upstream where that has to be known, which a mirror run has to do anyway.
 */
export async function takeOverProblem(
  parts: Parts,
  ends: MirrorEnds,
  facts: RepositoryFacts,
  theirs: GitRemote,
  call: GitCall,
): Promise<string | null> {
  const problem = await findProblem(parts, ends, facts, theirs, call);
  // git reaches upstream by a name that may be a stranger's by now.
  if (problem === null) await ends.confirmName(facts.fullName);
  return problem;
}

async function findProblem(
  { github, git, disk }: Parts,
  ends: MirrorEnds,
  facts: RepositoryFacts,
  theirs: GitRemote,
  call: GitCall,
): Promise<string | null> {
  const listing = await ends.listTarget(theirs);
  const there = refsToKeep(listing);
  if (typeof there === 'string') return there;
  if (listing.refs.size === 0) return null;
  // What is ours alone says nothing of whose project it was.
  if (there.size === 0) return 'it has neither branches nor tags that could tell whose it is';
  const source = await github.remote(facts.fullName);
  const upstream = (await ends.listSource(source)).refs;
  const older: { ref: string; old: string; new: string }[] = [];
  for (const [ref, oid] of there) {
    const now = upstream.get(ref);
    if (now === undefined) return `upstream has no ${shortName(ref)}`;
    if (now === oid) continue;
    if (!ref.startsWith('refs/heads/')) return `its tag ${shortName(ref)} is not upstream's`;
    older.push({ ref, old: oid, new: now });
  }
  if (older.length === 0) return null;
  const { cache, isNew } = await git.openCache(facts.githubId);
  await checkDisk(disk, facts, isNew);
  await ends.onSource(() => git.fetch(cache, source, call));
  const needed = older.flatMap((move) => [move.old, move.new]);
  const missing = await git.missingObjects(cache, needed, call);
  // Upstream moved on while it was fetched, or that branch holds what upstream never had.
  const strange = older.find((move) => missing.has(move.old) || missing.has(move.new));
  if (strange !== undefined) return `its branch ${shortName(strange.ref)} has commits that upstream has not`;
  const forward = await git.fastForwards(cache, older, call);
  const lost = older.find((_, index) => !forward.has(index));
  return lost === undefined ? null : `its branch ${shortName(lost.ref)} has commits that upstream has not`;
}

/** Its branches and tags; or why others of its refs forbid it. */
function refsToKeep({ refs, unreadable }: RefListing): ReadonlyMap<string, string> | string {
  if (unreadable.length > 0) return 'it has refs with unreadable names';
  const kept = new Map<string, string>();
  for (const [ref, oid] of refs) {
    if (ref.startsWith('refs/heads/epicstar-restored/')) continue;
    if (/^refs\/(?:heads|tags)\//.test(ref)) kept.set(ref, oid);
    else if (!ref.startsWith('refs/epicstar/')) return `it has ${ref}, which no mirror has`;
  }
  return kept;
}

function shortName(ref: string): string {
  return ref.replace(/^refs\/(?:heads|tags)\//, '');
}
