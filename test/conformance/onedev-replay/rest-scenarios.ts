/** @file The scenarios that are mostly REST: sign-in, projects, limits, users, roots of one name, LFS, restarts. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Phase } from '../../playground/onedev/index.ts';
import { credentialsOf } from './credentials.ts';
import type { Player } from './player.ts';
import type { Recorded } from './recording.ts';
import { act, nextProjectId, own, play, type Scenario, seed, type Step } from './scenario.ts';
import { Source } from './sources.ts';

const largeObject = '9735d55c44779b2ac48b5136ade0054d2b1239af9496198f10d0efb8503bf7d0';

/** The object's content is not in the recordings; that it is stored is all that the answers show. */
export function storeLargeObject(path: string): Step {
  return act(async (player) => {
    const project = await player.onedev.ensureProject(path);
    const dir = join(player.onedev.repositoryDir(project), 'lfs-objects');
    await mkdir(dir, { recursive: true });
    await writeFile(join(dir, largeObject), '');
  });
}

/** A body over the limit: the server answers 400 or has closed the connection while the client still sent. */
export async function expectTooLong(player: Player, recorded: Recorded): Promise<void> {
  const outcome = await player.send(recorded, credentialsOf(player, recorded));
  expect([0, 400]).toContain(outcome.status);
  const answer = 'String value length (20051112) exceeds the maximum allowed (20000000';
  expect(outcome.body.slice(0, answer.length)).toBe(outcome.status === 0 ? '' : answer);
}

async function expectRootRace(player: Player): Promise<void> {
  const create = async (name: string): Promise<string> => {
    const body = JSON.stringify({ name, packManagement: false, gitPackConfig: {}, codeAnalysisSetting: {} });
    const response = await fetch(`${player.onedev.url}/~api/projects`, {
      method: 'POST',
      headers: { authorization: player.bearer(), 'content-type': 'application/json' },
      body,
    });
    return `${response.status} ${(await response.text()).replace(/^\d+$/, '<id>')}`;
  };
  for (let index = 0; index < 6; index += 1) {
    const name = `rootrace${index}`;
    const answers = await Promise.all(Array.from({ length: 8 }, () => create(name)));
    const allowed = ['200 <id>', `500 Name '${name}' is already used by another root project`];
    expect(answers.filter((answer) => !allowed.includes(answer))).toEqual([]);
  }
  const names = [...player.onedev.world.projects.values()].map((project) => project.name);
  expect(names.filter((name) => name === 'rootrace0').length).toBeGreaterThan(1);
}

/** With several roots of one path, one of them answers, always the same. */
async function expectOneOfRoots(player: Player, recorded: Recorded): Promise<void> {
  const roots = [...player.onedev.world.projects.values()].filter((project) => project.name === 'rootrace0');
  const first = await player.send(recorded, credentialsOf(player, recorded));
  const second = await player.send(recorded, credentialsOf(player, recorded));
  expect(roots.map((project) => String(project.id))).toContain(first.body);
  expect(second).toEqual(first);
}

const roleSteps: readonly Step[] = [
  nextProjectId(250),
  own('08-build-spec-and-rights', 1, expectRootRace),
  own('08-build-spec-and-rights', 2, expectOneOfRoots),
  act(async (player) => {
    player.repository = (await Source.create(player, 'roles')).dir;
  }),
  seed({ lfs: 309, 'lfs/two': 311, github: 1, ci: 312, 'ci/spec': 313, 'ci/broken': 314 }),
  storeLargeObject('lfs/two'),
  play('08-build-spec-and-rights-git', 0, 1),
  play('08-build-spec-and-rights', 0, 0),
  seed({ ghm: 356 }),
  play('08-build-spec-and-rights', 3, 13),
  play('08-build-spec-and-rights-git', 2, 2),
  play('08-build-spec-and-rights', 14, 25),
  seed({ 'ghm/r2': 359 }),
  play('08-build-spec-and-rights', 26, 29),
  play('08-build-spec-and-rights-git', 3, 4),
  seed({ prot: 360, 'prot/one': 361 }),
  play('08-build-spec-and-rights-git', 5, 5),
  play('08-build-spec-and-rights', 30, 32),
  act(async (player) => {
    await player.run(['commit', '--amend', '-q', '-m', 'rewritten'], player.repository, null);
  }),
  play('08-build-spec-and-rights-git', 6, 6),
  act(async (player) => {
    await player.run(['reset', '-q', '--hard', 'HEAD@{1}'], player.repository, null);
  }),
  play('08-build-spec-and-rights-git', 7),
  play('08-build-spec-and-rights', 33),
];

/** The recording's clock, in seconds from the order to restart. */
const phaseStarts: readonly (readonly [atSeconds: number, phase: Phase])[] = [
  [0, 'ready'],
  [2.1, 'stopping'],
  [9.4, 'refused'],
  [18.05, 'missing'],
  [27.8, 'refused'],
  [31.3, 'not-ready'],
  [32.27, 'ready'],
];

function phaseAt(recorded: Recorded): Phase {
  const at = Number(/\+([\d.]+)s/.exec(recorded.name)?.[1]);
  return phaseStarts.findLast(([start]) => start <= at)?.[1] ?? 'ready';
}

/** The clients of that recording sent `{}` as a project, JSON as what they accept, and nothing as an LFS batch. */
function fillIn(recorded: Recorded): Recorded {
  const isPost = recorded.name.startsWith('REST POST');
  const headers: Record<string, string> = isPost
    ? { Accept: 'application/json', 'Content-Type': 'application/json' }
    : {};
  const authenticate = recorded.name.startsWith('git anon') && recorded.response.status === 401;
  return {
    ...recorded,
    request: { ...recorded.request, headers, body: isPost ? {} : null },
    response: {
      ...recorded.response,
      headers: {
        ...recorded.response.headers,
        ...(authenticate ? { 'www-authenticate': 'BASIC realm="OneDev"' } : {}),
      },
      body: recorded.response.body,
    },
  };
}

const restartGit: Readonly<Record<number, Phase>> = { 0: 'refused', 1: 'refused', 2: 'not-ready' };

const restartSteps: readonly Step[] = [
  seed({ 'github/facebook/react': 3, 'lfs/one': 310, 'gitt/basic': 96 }),
  act(async (player) => {
    player.repository = (await Source.create(player, 'restart', 1)).dir;
  }),
  ...Array.from({ length: 46 }, (_, index) =>
    own('10-restart', index, async (player, recorded) => {
      const phase = phaseAt(recorded);
      if (player.onedev.phase !== phase) {
        await player.onedev.enterPhase(phase);
      }
      const [expected, actual] = await player.play(fillIn(recorded), credentialsOf(player, recorded));
      expect(actual).toEqual(expected);
    }),
  ),
  ...Object.entries(restartGit).map(([index, phase]) =>
    own('10-restart-git', Number(index), async (player, recorded) => {
      await player.onedev.enterPhase(phase);
      const [expected, actual] = await player.play(recorded, credentialsOf(player, recorded));
      expect(actual).toEqual(expected);
    }),
  ),
  act(async (player) => {
    await player.onedev.ensureProject('kill/k01');
    await player.onedev.enterPhase('missing');
  }),
  play('10b-startup-window'),
  play('10b-startup-window-git'),
];

export const restScenarios: readonly Scenario[] = [
  { name: 'sign-in', tokens: 0, steps: [play('01-auth')] },
  {
    name: 'projects',
    tokens: 3,
    steps: [
      play('03-project-create'),
      play('03b-project-create-limits'),
      play('04-project-update'),
      nextProjectId(111),
      play('06e-limits', 0, 0),
      own('06e-limits', 1, expectTooLong),
      play('06e-limits', 2),
      seed({ gitt: 95, 'gitt/basic': 96, ghm: 356, kill: 362, first: 389, 'ghm/bobchild1795480503': 408 }),
      seed({ 'first/plus-eq': 400, w1795481054: 410, 'gitt/stall': 409 }),
      act(async (player) => player.onedev.world.touch(await player.onedev.ensureProject('gitt/basic'))),
      play('02-projects-query'),
    ],
  },
  {
    name: 'a plain user',
    tokens: 6,
    steps: [
      seed({ github: 1, ghm: 356, 'ghm/owner1': 357, 'ghm/r2': 359, last: 407 }),
      act(async ({ onedev }) => {
        for (const id of [1, 2]) {
          onedev.world.labelSpecs.set(id, { id, name: 'github-mirror', color: '#0d87e9' });
        }
      }),
      play('12-plain-user'),
    ],
  },
  { name: 'tokens with roles', tokens: 3, steps: roleSteps },
  {
    name: 'roots of one name',
    tokens: 3,
    steps: [
      act(async (player) => {
        player.repository = (await Source.create(player, 'roots', 1)).dir;
        const { onedev } = player;
        for (const id of [316, 317, 315, 320, 318, 319, 322, 321]) {
          await onedev.addProject('rootrace0', null, id);
        }
        for (const id of [317, 316, 315, 320, 318, 319, 322, 321]) {
          const project = onedev.world.projects.get(id);
          expect(project).toBeDefined();
          if (project !== undefined) {
            onedev.world.touch(project);
          }
        }
      }),
      play('13-root-duplicates', 0, 1),
      play('13-root-duplicates-git', 0, 0),
      play('13-root-duplicates', 2, 10),
      seed({ first: 389, 'first/plus-eq': 400, 'first/pct41': 402 }),
      act(async (player) => {
        await player.git(`push -q ${player.onedev.url}/first/plus-eq main:refs/heads/x=y`, player.bearer());
        await player.git(`push -q ${player.onedev.url}/first/pct41 main:refs/heads/x%41`, player.bearer());
      }),
      play('13-root-duplicates', 11, 11),
      play('13-root-duplicates-git', 1, 1),
      play('13-root-duplicates', 12),
    ],
  },
  {
    name: 'large files',
    tokens: 3,
    steps: [
      act(async ({ onedev }) => {
        onedev.world.serverUrl = onedev.url;
      }),
      seed({ lfs: 309, 'lfs/one': 310 }),
      play('07-lfs-rest', 0, 10),
      storeLargeObject('lfs/one'),
      play('07-lfs-rest', 11, undefined, setServerUrl),
    ],
  },
  { name: 'a restart', tokens: 3, steps: restartSteps },
];

/** The recorded bodies hold the address of afterwards; the names say which was sent. */
function setServerUrl(recorded: Recorded, player: Player): Recorded {
  const urls: Readonly<Record<string, string>> = {
    'set server url wrong': 'http://127.0.0.1:1',
    'set server url localhost': player.onedev.url.replace('127.0.0.1', 'localhost'),
    'restore server url': player.onedev.url,
  };
  const serverUrl = urls[recorded.name];
  return serverUrl === undefined ? recorded : { ...recorded, request: { ...recorded.request, body: { serverUrl } } };
}
