/** @file The scenarios that are mostly git: pushes, ref names, namespaces, first pushes, many refs. */
import { expect } from 'vitest';
import type { Player } from './player.ts';
import type { Recorded } from './recording.ts';
import { expectTooLong } from './rest-scenarios.ts';
import { act, nextProjectId, own, play, type Scenario, seed, type Step } from './scenario.ts';
import { Source } from './sources.ts';

function inside(create: (player: Player) => Promise<Source>): Step {
  return act(async (player) => {
    player.repository = (await create(player)).dir;
  });
}

function git(...args: readonly string[]): Step {
  return act(async (player) => {
    const result = await player.run(args, player.repository, player.bearer());
    expect(result.stderr).not.toContain('fatal');
  });
}

/** Switches back and forth between named sources of one scenario. */
function within(name: string): Step {
  return act(async (player) => {
    player.repository = new Source(player, `${player.dir}/source-${name}`).dir;
  });
}

const basicSteps: readonly Step[] = [
  seed({ gitt: 95, 'gitt/basic': 96 }),
  inside(async (player) => {
    const source = await Source.create(player, 'basic');
    await source.git('tag', 'lw', 'main~1');
    await source.git('tag', '-a', '-m', 'annotated', 'ann', 'main');
    await source.git('tag', 'v1', 'main~1');
    await source.git('checkout', '-q', '-b', 'rew', 'main~1');
    await source.commit('rewritten');
    return source;
  }),
  play('05-repositories', 0, 16),
  play('06a-git-basic', 0, 13),
  play('05-repositories', 17, 17),
  play('06a-git-basic', 14, 14),
  play('05-repositories', 18, 35),
  play('06a-git-basic', 15, 23),
  git('tag', '-f', 'v1', 'main'),
  play('06a-git-basic', 24),
  play('05-repositories', 36),
];

const recordedTip = '7056e87534e1a2a0e24512e79d3b81c6bc53644d';

/** One recorded ref name holds the id of the recording's own tip. */
function withTip(recorded: Recorded, player: Player): Recorded {
  const path = recorded.request.path.replaceAll(recordedTip, player.tip);
  return { ...recorded, request: { ...recorded.request, path } };
}

const nameSteps: readonly Step[] = [
  seed({ gitr: 97, 'gitr/names': 98, 'gitr/combo': 99, 'gitr/objtags': 100, 'gitr/ns': 101 }),
  inside(async (player) => {
    const source = await Source.create(player, 'names', 3);
    player.tip = await source.git('rev-parse', 'main');
    return source;
  }),
  play('06b-git-ref-names', 0, 108),
  act(async ({ onedev, token }) => {
    const response = await fetch(`${onedev.url}/~api/repositories/99/branches`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ branchName: 'rb+1', revision: 'main' }),
    });
    expect(response.status).toBe(200);
  }),
  play('06b-git-ref-names', 109, 109),
  git('tag', 'tree1', 'HEAD^{tree}'),
  git('tag', 'blob1', 'HEAD:file.txt'),
  git('tag', '-a', '-m', 'tree', 'anntree', 'HEAD^{tree}'),
  git('tag', '-a', '-m', 'first', 'nest', 'HEAD'),
  git('tag', '-a', '-m', 'second', 'nest2', 'nest'),
  play('06b-git-ref-names', 110, 117),
  play('06b-git-ref-names-rest'),
  play('06b-git-ref-names', 118, 143, withTip),
  git('tag', '-d', 'tree1', 'blob1', 'anntree', 'nest', 'nest2'),
  play('06b-git-ref-names', 144),
];

const namespaceSteps: readonly Step[] = [
  seed({ gitr: 97, 'gitr/ns2': 102, 'gitr/prunehead': 103, 'gitr/shallow': 104, 'gitr/nocode': 105 }),
  seed({ 'gitr/oldname': 106 }),
  inside(async (player) => {
    const source = await Source.create(player, 'spaces', 2);
    await source.git('checkout', '-q', '--orphan', 'other');
    await source.commit('unrelated');
    await source.git('checkout', '-q', 'main');
    return source;
  }),
  play('06c-git-namespaces', 0, 17),
  play('06c-git-namespaces-rest', 0, 0),
  play('06c-git-namespaces', 18, 22),
  inside(async (player) => {
    const source = await Source.create(player, 'prune', 3);
    await source.git('branch', '-m', 'main', 'master');
    return source;
  }),
  play('06c-git-namespaces', 23, 23),
  git('branch', '-m', 'master', 'trunk'),
  git('branch', 'keep'),
  play('06c-git-namespaces', 24, 24),
  play('06c-git-namespaces-rest', 1, 3),
  play('06c-git-namespaces', 25, 31),
  act(async (player) => {
    const from = `file://${player.dir}/source-spaces`;
    await player.run(['clone', '-q', '--depth', '1', from, `${player.dir}/source-shallow`], player.dir, null);
  }),
  within('shallow'),
  play('06c-git-namespaces', 32, 32),
  within('spaces'),
  play('06c-git-namespaces', 33, 35),
  within('prune'),
  play('06c-git-namespaces', 36, 38),
  act(async ({ onedev }) => {
    (await onedev.ensureProject('gitr/nocode')).codeManagement = false;
  }),
  play('06c-git-namespaces', 39, 39),
  play('06c-git-namespaces-rest', 4, 4),
  play('06c-git-namespaces', 40, 40),
  act(async ({ onedev }) => {
    const project = await onedev.ensureProject('gitr/oldname');
    onedev.world.replaceProject(project, { name: 'newname', parentId: project.parentId });
  }),
  play('06c-git-namespaces', 41),
  play('06c-git-namespaces-rest', 5),
];

/** `default after x`: what REST says about the project of that name. */
function asDefaultBranch(recorded: Recorded, player: Player): Recorded {
  const path = recorded.name.replace('default after ', 'first/');
  const id = player.onedev.world.findByPath(path)?.id ?? 0;
  const headers: Record<string, string> =
    recorded.response.status === 200 ? { 'content-type': 'application/json' } : {};
  const isGit = recorded.request.method === 'git';
  return isGit
    ? recorded
    : {
        name: recorded.name,
        request: {
          method: 'GET',
          path: `/~api/repositories/${id}/default-branch`,
          query: null,
          headers: { Authorization: 'Bearer' },
          body: null,
        },
        response: { ...recorded.response, headers },
      };
}

/** Six force pushes to one ref at once: those that lose say so, and at least one wins. */
async function expectPushRace(player: Player): Promise<void> {
  const url = `${player.onedev.url}/perf/same8`;
  await player.git(`push -q ${url} main main:refs/heads/race`, player.bearer());
  const pushes = Array.from({ length: 6 }, (_, index) =>
    player.git(`push --porcelain ${url} +main~${index + 1}:refs/heads/race`, player.bearer()),
  );
  const results = await Promise.all(pushes);
  const losers = results.filter((result) => result.status !== 0);
  expect(losers.length).toBeLessThan(6);
  for (const loser of losers) {
    expect(loser.status).toBe(1);
    expect(loser.stdout).toContain('[remote rejected] (failed to update ref)');
    expect(loser.stderr).toMatch(/cannot lock ref 'refs\/heads\/race': is at \w+ but expected \w+/);
  }
}

async function everyBranch(player: Player, name: string, branches: readonly string[]): Promise<Source> {
  const source = await Source.create(player, name, 8);
  for (const branch of branches) {
    await source.git('branch', branch);
  }
  return source;
}

const firstProjects = {
  'with-main': 390,
  'no-main': 391,
  'no-main2': 392,
  glob: 393,
  'glob-nomain': 394,
  'glob-all': 395,
  'tags-only': 396,
  'custom-only': 397,
  'branch-then-tag': 398,
  'tag-then-branch': 399,
  'plus-eq': 400,
  'lone-amp': 401,
  pct41: 402,
};

const firstSteps: readonly Step[] = [
  seed({ github: 1, 'github/facebook': 2, 'github/facebook/react': 3, gitt: 95, 'gitt/basic': 96 }),
  act(async ({ onedev }) => {
    const github = await onedev.ensureProject('github');
    github.packManagement = true;
    github.issueManagement = true;
  }),
  seed({ perf: 118, 'perf/same8': 308, first: 389 }),
  seed(Object.fromEntries(Object.entries(firstProjects).map(([name, id]) => [`first/${name}`, id]))),
  inside((player) => everyBranch(player, 'first', ['aaa', 'develop', 'master', 'zzz'])),
  git('tag', 'v1'),
  play('11-first-push-git', 0, 7, asDefaultBranch),
  inside(async (player) => {
    const source = await everyBranch(player, 'nomain', ['aaa', 'develop', 'zzz']);
    await source.git('branch', '-m', 'main', 'master');
    return source;
  }),
  play('11-first-push-git', 8, 11, asDefaultBranch),
  within('first'),
  play('11-first-push-git', 12, 26, asDefaultBranch),
  own('11-first-push-git', 27, expectPushRace),
  play('11-first-push-rest', 0, 7),
  nextProjectId(403),
  play('11-first-push-rest', 8, 12),
  own('11-first-push-rest', 13, expectTooLong),
  own('11-first-push-rest', 14, expectTooLong),
  act(async (player) => {
    await player.git(`push -q ${player.onedev.url}/gitt/basic main`, player.bearer());
  }),
  play('11-first-push-git', 28),
  play('11-first-push-rest', 15, 17),
  act(async (player) => {
    player.temporaryToken = player.tokenNamed('temp1795480455');
  }),
  play('11-first-push-rest', 18),
];

const manySteps: readonly Step[] = [
  seed({ scale: 107, 'scale/b100': 112, 'scale/form5000': 117 }),
  inside(async (player) => {
    const source = await Source.create(player, 'many', 1);
    const numbers = Array.from({ length: 100 }, (_, index) => `r${String(index).padStart(5, '0')}`);
    await source.packRefs(numbers.flatMap((number) => [`refs/tags/${number}`, `refs/heads/m/${number}`]));
    return source;
  }),
  play('06e-git-many-refs', 0, 4),
];

export const gitScenarios: readonly Scenario[] = [
  { name: 'repositories and pushes', tokens: 3, steps: basicSteps },
  { name: 'ref names', tokens: 3, steps: nameSteps },
  { name: 'ref namespaces', tokens: 3, steps: namespaceSteps },
  { name: 'first pushes', tokens: 5, steps: firstSteps },
  { name: 'many refs', tokens: 3, steps: manySteps },
];
