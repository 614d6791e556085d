/** @file What OneDev does around a receive-pack: refuse before, set HEAD and print pull request lines after. No HTTP. */
import { hasProtections, findRefusals, refusalText } from './protections.ts';
import { branchOf, hookFailure, isZeroId, readHookForm, toLatin1, type RefCommand } from './receive-rules.ts';
import type { Repositories } from './repositories.ts';
import type { Project } from './types.ts';
import type { World } from './world.ts';

/**
 * Environment for git receive-pack: empty for a push that OneDev's pre-receive callback lets pass, else one that
 * switches on a real hook, so that the refusal has git's own order and form.
 */
export function preReceiveEnvironment(
  world: World,
  repositories: Repositories,
  project: Project,
  commands: readonly RefCommand[],
  user: string,
): Readonly<Record<string, string>> {
  const updates = commands.length === 0 ? [] : readHookForm(commands);
  if (updates === undefined) {
    return hookEnvironment(repositories, 'decline', { ONEDEV_REFUSAL: `${hookFailure}\n` });
  }
  const refusals = hasProtections(world, project) ? findRefusals(world, project, updates, user) : [];
  const always = refusals.find((refusal) => refusal.kind === 'always');
  if (always !== undefined) {
    return hookEnvironment(repositories, 'decline', { ONEDEV_REFUSAL: refusalText(always.refName, always.reason) });
  }
  const [first] = refusals;
  if (first === undefined) {
    return {};
  }
  const checks = refusals.flatMap((refusal) => (refusal.kind === 'unless-fast-forward' ? [refusal.command] : []));
  return hookEnvironment(repositories, 'fast-forward', {
    ONEDEV_REFUSAL: refusalText('@REF@', first.reason),
    ONEDEV_CHECKS: checks.map((check) => `${check.oldId} ${check.newId} ${check.refName}`).join('\n'),
  });
}

function hookEnvironment(
  repositories: Repositories,
  kind: 'decline' | 'fast-forward',
  variables: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'core.hooksPath',
    GIT_CONFIG_VALUE_0: repositories.hooksDir(kind),
    ...variables,
  };
}

/** For the updates that git accepted; returns what the hook prints. */
export async function afterPush(
  world: World,
  repositories: Repositories,
  project: Project,
  accepted: readonly RefCommand[],
): Promise<Buffer> {
  if (accepted.length === 0) {
    return Buffer.alloc(0);
  }
  world.touch(project);
  const updates = readHookForm(accepted);
  if (updates === undefined) {
    return Buffer.from(`${hookFailure}\n`);
  }
  const withoutCommit = await findWithoutCommit(repositories, project, updates);
  await startBuilds(world, repositories, project, updates);
  const lines: Buffer[] = [];
  let defaultBranch = await repositories.defaultBranch(project.id);
  for (const update of updates.filter((item) => !isZeroId(item.newId))) {
    const branch = branchOf(update.refName);
    if (branch !== undefined && defaultBranch === undefined) {
      await repositories.writeHead(project.id, branch);
      defaultBranch = await repositories.defaultBranch(project.id);
    } else if (branch !== undefined && branch !== defaultBranch && !branch.includes('\0')) {
      lines.push(toLatin1(pullRequestText(world, project, defaultBranch ?? '', branch)));
    }
    if (withoutCommit.has(update.newId)) {
      return Buffer.from(`${hookFailure}\n`);
    }
  }
  return Buffer.concat(lines);
}

/** Each branch whose new commit has a build specification with a trigger for that, as measured. */
async function startBuilds(
  world: World,
  repositories: Repositories,
  project: Project,
  updates: readonly RefCommand[],
): Promise<void> {
  const branches = updates.filter(({ refName, newId }) => branchOf(refName) !== undefined && !isZeroId(newId));
  if (branches.length === 0) {
    return;
  }
  const input = branches.map(({ newId }) => `${newId}:.onedev-buildspec.yml\n`).join('');
  const found = await repositories.git(project.id, ['cat-file', '--batch-check=%(objectname) %(objecttype)'], input);
  const specs = found.stdout.split('\n').map((line) => line.endsWith(' blob'));
  for (const { refName, newId: commitId } of branches.filter((_, index) => specs[index])) {
    const branch = branchOf(refName) ?? '';
    const spec = await repositories.git(project.id, ['cat-file', 'blob', `${commitId}:.onedev-buildspec.yml`]);
    if (spec.stdout.includes('BranchUpdateTrigger')) {
      const submitReason = `Branch '${branch}' is updated`;
      world.builds.push({ projectId: project.id, refName, commitId, status: 'FAILED', submitReason });
    }
  }
}

/** Ids that lead to a tree or a blob; OneDev's callback fails on them after git has stored the ref. */
async function findWithoutCommit(
  repositories: Repositories,
  project: Project,
  updates: readonly RefCommand[],
): Promise<ReadonlySet<string>> {
  const doubtful = updates.filter((update) => !isZeroId(update.newId) && branchOf(update.refName) === undefined);
  if (doubtful.length === 0) {
    return new Set();
  }
  const ids = doubtful.map((update) => update.newId);
  const commits = await repositories.resolveCommits(project.id, ids);
  return new Set(ids.filter((_, index) => commits[index] === undefined));
}

function pullRequestText(world: World, project: Project, target: string, source: string): string {
  const page = `${world.serverUrl}/${world.pathOf(project)}/~pulls/new`;
  const link = `${page}?target=${project.id}:${target}&source=${project.id}:${source}`;
  return ` \nCreate a pull request for '${source}' by visiting:\n    ${link}\n \n`;
}
