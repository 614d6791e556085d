/** @file What has to hold in a model: always, and once everything has come to rest. */
import type { ErrorCode } from '../../src-main/engine/domain/errors.ts';
import type { RepositoryRecord, RepositoryRow } from '../../src-main/engine/ports/store.ts';
import type { ModelRepository } from './model-github.ts';
import { shortOid } from './model-graph.ts';
import type { Story } from './model-story.ts';
import type { ModelProject } from './model-target.ts';
import { archive, root } from './model-target-port.ts';
import { verdictProblem } from './model-verdicts.ts';

/** What must not be at any time: something lost, mixed or doubled. */
export function dangers(story: Story): readonly string[] {
  const { target, graph, complaints, verdicts } = story;
  const found = [...target.violations, ...verdicts.violations, ...complaints];
  const ours = target.projects.filter(({ mirrorOf }) => mirrorOf !== null);
  for (const project of ours) {
    const path = target.pathOf(project);
    const reachable = graph.closure(project.refs.values());
    const lost = [...project.tips].filter((tip) => !reachable.has(tip));
    if (lost.length > 0) found.push(`${path} lost ${lost.map(shortOid).join(', ')}`);
    const owners = new Set([...reachable].map((oid) => graph.get(oid).madeIn));
    if (owners.size > 1) found.push(`${path} holds several repositories: ${[...owners].join(', ')}`);
    if (target.mirrorsOf(project.mirrorOf ?? 0).length > 1) found.push(`${path} is not the only one of its repository`);
  }
  for (const project of target.projects.filter(({ mirrorOf }) => mirrorOf === null)) {
    const before = story.foreign?.project === project ? story.foreign.refs : new Map<string, string>();
    const isSame =
      project.refs.size === before.size && [...before].every(([ref, oid]) => project.refs.get(ref) === oid);
    if (!isSame) found.push(`somebody's own ${project.name} was pushed into`);
  }
  return found;
}

/** What is not as it has to be in the end. */
export async function shortcomings(story: Story): Promise<readonly string[]> {
  const { store, github } = story;
  const rows = await store.repositories({ text: '', state: null, order: 'name', offset: 0, limit: 200 });
  const byId = new Map(rows.items.map((row) => [row.repository.githubId, row]));
  const found: string[] = [];
  for (const truth of github.all) {
    const row = byId.get(truth.id);
    const problem = row === undefined ? unknownProblem(truth) : rowProblem(story, truth, row);
    if (problem !== null) found.push(`repository ${truth.id} (${truth.fullName}): ${problem}`);
  }
  const { items: jobs } = await store.jobs(['running', 'queued', 'waiting'], { offset: 0, limit: 200 });
  const busy = new Set<number>();
  for (const { githubId, state, waitReason, runAfter } of jobs) {
    if (state === 'waiting' && runAfter !== null && !busy.has(githubId)) busy.add(githubId);
    else found.push(`a job of repository ${githubId} is ${state} (${waitReason ?? 'no reason'})`);
  }
  return found;
}

function unknownProblem({ starredAt, isRemoved }: ModelRepository): string | null {
  return starredAt === null || isRemoved ? null : 'it is starred and not known';
}

function rowProblem(story: Story, truth: ModelRepository, { repository, job }: RepositoryRow): string | null {
  const error = job?.error?.code ?? null;
  const isExcluded = repository.choice === 'exclude';
  const wrongVerdict = verdictProblem(truth, repository, error === 'github-blocked' && !isExcluded);
  if (wrongVerdict !== null) return wrongVerdict;
  const wrongPlace = placeProblem(story, repository);
  if (wrongPlace !== null) return wrongPlace;
  const isLeftOut = isExcluded || repository.archivedAt !== null;
  const isDue = truth.starredAt !== null && !truth.isRemoved && !truth.isBlocked && !isLeftOut;
  return isDue ? mirrorProblem(story, truth, error) : null;
}

function placeProblem({ target }: Story, { mirror, archivedAt }: RepositoryRecord): string | null {
  if (mirror === null) return null;
  const project = target.byId(Number(mirror.projectId));
  if (project === null) return `its mirror, ${mirror.projectPath}, is not there`;
  const path = target.pathOf(project);
  if (path !== mirror.projectPath) return `its mirror stands at ${path}, and is said to stand at ${mirror.projectPath}`;
  const isThere = path.startsWith(`${archive}/`);
  return isThere === (archivedAt !== null) ? null : `its mirror is ${isThere ? '' : 'not '}in the archive`;
}

/** @param error of the newest run */
function mirrorProblem({ target, clash }: Story, truth: ModelRepository, error: ErrorCode | null): string | null {
  const home = `${root}/${truth.fullName}`;
  const isTaken = target.byPath(home)?.mirrorOf === null;
  if (isTaken && clash !== 'rename') return error === 'target-name-clash' ? null : 'nobody told of the clash';
  const path = isTaken ? `${home}+${truth.id}` : home;
  const [project] = target.mirrorsOf(truth.id);
  if (project === undefined) return 'it has no mirror';
  if (target.pathOf(project) !== path) return `its mirror is at ${target.pathOf(project)}`;
  if (branchesOf(truth.refs).some(isFit) || !branchesOf(project.refs).some(isFit)) return refsProblem(truth, project);
  // Held for a person's word, or for a branch that the target takes: its HEAD has to be on one.
  const missing = truth.heldRefs.filter((ref) => !project.refs.has(ref));
  if (missing.length > 0) return `it was emptied, and its mirror followed: ${missing.join(', ')}`;
  const wanted = branchesOf(truth.refs).length === 0 ? 'source-emptied' : 'git-push-rejected';
  return error === wanted ? null : `it has no branch for its mirror, which should say ${wanted}, not ${error}`;
}

function refsProblem({ refs, defaultBranch }: ModelRepository, project: ModelProject): string | null {
  const told = (from: ReadonlyMap<string, string>): string =>
    [...from]
      .filter(([ref]) => isFit(ref))
      .map(([ref, oid]) => `${ref} ${shortOid(oid)}`)
      .sort()
      .join(', ');
  const first = `refs/heads/${defaultBranch}`;
  if (refs.has(first) && isFit(first) && project.head !== defaultBranch) {
    return `it shows ${defaultBranch} first; its mirror ${project.head}`;
  }
  if ([...project.refs.keys()].some((ref) => ref.startsWith('refs/epicstar/incoming/'))) {
    return 'what came in slices still stands beside it';
  }
  return told(refs) === told(project.refs) ? null : `it has ${told(refs)}; its mirror has ${told(project.refs)}`;
}

function isFit(ref: string): boolean {
  return /^refs\/(?:heads|tags)\//.test(ref) && !/[+~]|epicstar-restored/.test(ref);
}

function branchesOf(refs: ReadonlyMap<string, string>): readonly string[] {
  return [...refs.keys()].filter((ref) => ref.startsWith('refs/heads/'));
}
