/** @file OneDev's own ways, on the stand-in: costs, roots, full replace, starts, clashes. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toEpicstarError } from '../../../src-main/engine/domain/errors.ts';
import type { MirrorTarget } from '../../../src-main/engine/ports/mirror-target.ts';
import type { Onedev } from '../../playground/onedev/index.ts';
import { itemOf, openStandIn, type StandIn, until } from './stand-in.ts';
import { errorOf, never, wanted } from './surroundings.ts';

let standIn: StandIn;
let onedev: Onedev;
let target: MirrorTarget;

beforeEach(async () => {
  standIn = await openStandIn();
  ({ onedev, target } = standIn);
});

afterEach(async () => {
  await standIn.close();
});

const targetWith: StandIn['targetWith'] = (token, options) => standIn.targetWith(token, options);
const paths = (): readonly string[] => standIn.paths();
const ensure = (githubId: number, fullName: string, knownId: string | null = null, at = target) =>
  at.ensureProject(wanted(githubId, fullName), knownId, never);

async function costOf(call: () => Promise<unknown>): Promise<number> {
  const before = target.requestCount();
  await call();
  return target.requestCount() - before;
}

describe('requests', () => {
  it('are as few as promised', async () => {
    expect(await costOf(() => ensure(1, 'ada/a'))).toBe(6);
    expect(await costOf(() => ensure(2, 'ada/b'))).toBe(2);
    expect(await costOf(() => ensure(3, 'zoe/c'))).toBe(3);
    const { project } = await ensure(2, 'ada/b');
    expect(await costOf(() => ensure(2, 'ada/b', project.id))).toBe(1);
    expect(await costOf(() => ensure(2, 'ada/b'))).toBe(1);
    const changed = { ...wanted(2, 'ada/b'), description: 'new' };
    expect(await costOf(() => target.ensureProject(changed, project.id, never))).toBe(2);
    expect(await costOf(() => target.ensureProject(changed, project.id, never))).toBe(1);
    expect(await costOf(() => target.remote(project))).toBe(0);
    const fresh = targetWith(onedev.adminToken);
    await ensure(4, 'ada/d', null, fresh);
    expect(fresh.requestCount()).toBe(3);
  });

  it('for a move are as few as promised', async () => {
    const { project } = await ensure(1, 'ada/a');
    expect(await costOf(() => ensure(1, 'ada/b', project.id))).toBe(3);
    expect(await costOf(() => ensure(1, 'zoe/b', project.id))).toBe(4);
  });

  it('are those that the server counts', async () => {
    await ensure(1, 'ada/a');
    await target.check(never);
    // Those of git itself are not counted: of all about git, the first question of a push alone is ours.
    const byGit = onedev.log.find({ kind: 'git' }).length - 1;
    expect(byGit).toBeGreaterThan(1);
    expect(target.requestCount()).toBe(onedev.log.entries.length - byGit);
  });
});

describe('labels', () => {
  it('go to no project that is not the mirror of this repository', async () => {
    const { project } = await ensure(12, 'ada/engine');
    const set = (githubId: number) => target.labels?.set(project, ['art'], never, githubId);
    expect(await set(13)).toBe(false);
    expect(onedev.world.projectLabels.size).toBe(0);
    expect(await set(12)).toBe(true);
    expect(onedev.world.projectLabels.size).toBe(1);
    const inside = onedev.world.findByPath(project.path);
    if (inside === undefined) throw new Error('it is not there');
    inside.description = 'Somebody wrote this.';
    expect(await set(12)).toBe(false);
    expect(await target.labels?.set({ ...project, id: '999' }, ['art'], never, 12)).toBe(false);
  });
});

describe('projects', () => {
  it('have what a mirror needs, and parents have no code', async () => {
    const { project } = await ensure(12, 'ada/engine');
    expect(project.webUrl).toBe(`${onedev.url}/github/ada/engine`);
    expect(onedev.world.findByPath('github/ada/engine')).toMatchObject({
      codeManagement: true,
      issueManagement: false,
      packManagement: false,
    });
    for (const path of ['github', 'github/ada']) {
      expect(onedev.world.findByPath(path)).toMatchObject({
        codeManagement: false,
        issueManagement: false,
        packManagement: false,
      });
    }
  });

  it('keep everything that people set when the mirror is moved or described anew', async () => {
    const { project } = await ensure(12, 'ada/engine');
    const inside = onedev.world.findByPath(project.path);
    if (inside === undefined) throw new Error('it is not there');
    const set = {
      key: 'ENGINE',
      timeTracking: true,
      issueManagement: true,
      codeManagement: true,
      serviceDeskEmailAddress: 'desk@example.com',
      gitPackConfig: { windowMemory: '100m', packSizeLimit: null, threads: '2', window: null },
      codeAnalysisSetting: { analysisFiles: '**/*.c' },
    };
    Object.assign(inside, set);
    await target.ensureProject(wanted(12, 'ada/engine', 'new'), project.id, never);
    expect(inside).toMatchObject(set);
    await target.ensureProject(wanted(12, 'zoe/machine', 'newer'), project.id, never);
    expect(inside).toMatchObject({ ...set, name: 'machine' });
    expect(inside.description).toMatch(/^newer\n\nMirrored by/);
  });

  it('use parents that others made, in their spelling', async () => {
    await onedev.ensureProject('GitHub/Ada');
    const { project } = await ensure(12, 'ada/engine');
    expect(project.path).toBe('GitHub/Ada/engine');
    expect((await ensure(12, 'ada/engine', project.id)).movedFrom).toBeNull();
  });

  it('find their parents again when those were removed or renamed behind our back', async () => {
    await ensure(1, 'ada/a');
    const owner = onedev.world.findByPath('github/ada');
    if (owner === undefined) throw new Error('it is not there');
    const headers = { Authorization: `Bearer ${onedev.adminToken}` };
    await fetch(`${onedev.url}/~api/projects/${owner.id}`, { method: 'DELETE', headers });
    expect((await ensure(2, 'ada/b')).project.path).toBe('github/ada/b');
    expect(paths()).toEqual(['github', 'github/ada', 'github/ada/b']);
    await fetch(`${onedev.url}/~api/projects/${onedev.world.findByPath('github')?.id}`, { method: 'DELETE', headers });
    expect((await ensure(3, 'zoe/c')).project.path).toBe('github/zoe/c');
  });

  it('below a deeper root are made there', async () => {
    const deep = targetWith(onedev.adminToken, { root: 'all/mirrors/github' });
    expect((await ensure(12, 'ada/engine', null, deep)).project.path).toBe('all/mirrors/github/ada/engine');
    expect(paths()).toEqual([
      'all',
      'all/mirrors',
      'all/mirrors/github',
      'all/mirrors/github/ada',
      'all/mirrors/github/ada/engine',
    ]);
  });

  it('in the way of another are named by path and id, and nothing is sent to change them', async () => {
    const foreign = await onedev.ensureProject('github/ada/engine');
    const { project } = await ensure(12, 'ada/free');
    for (const knownId of [null, project.id]) {
      onedev.log.clear();
      const error = await errorOf(ensure(12, 'ada/engine', knownId, targetWith(onedev.adminToken, { clash: 'fail' })));
      expect(error.code).toBe('target-name-clash');
      expect(error.message).toContain(`'github/ada/engine' (id ${foreign.id})`);
      expect(onedev.log.count({ method: 'POST' })).toBe(0);
    }
  });

  it('are removed only without others below them', async () => {
    const { project } = await ensure(12, 'ada/engine');
    await onedev.ensureProject('github/ada/engine/somebodys');
    const error = await errorOf(target.removeProject(12, project.id, never));
    expect(error.code).toBe('target-project-in-use');
    expect(error.message).toContain("'github/ada/engine/somebodys'");
    expect(onedev.log.count({ method: 'DELETE' })).toBe(0);
  });

  it('of which the id went to another project are not removed', async () => {
    const { project } = await ensure(12, 'ada/engine');
    const found = onedev.world.projects.get(Number(project.id));
    if (found === undefined) throw new Error('it is there');
    found.description = 'Somebody wrote this.';
    expect((await errorOf(target.removeProject(12, project.id, never))).code).toBe('target-name-clash');
    expect(onedev.log.count({ method: 'DELETE' })).toBe(0);
  });

  it('with a name that is taken out of sight clash', async () => {
    await ensure(1, 'ada/any');
    onedev.faults.add({
      method: 'POST',
      path: /~api\/projects$/,
      fault: { status: 500, body: "Name 'engine' is already used by another project under 'github/ada'" },
    });
    expect((await errorOf(ensure(12, 'ada/engine'))).code).toBe('target-name-clash');
  });

  it('that a lost answer left behind are adopted', async () => {
    await ensure(1, 'ada/any');
    onedev.faults.add({ method: 'POST', path: /~api\/projects$/, times: 1, fault: { cutAfterBytes: 0 } });
    expect((await errorOf(ensure(12, 'ada/engine'))).code).toBe('target-unavailable');
    expect(await ensure(12, 'ada/engine')).toMatchObject({ how: 'adopted', project: { path: 'github/ada/engine' } });
  });
});

describe('roots', () => {
  it('of one path are an error that names their ids', async () => {
    const first = await onedev.addProject('github', null);
    const second = await onedev.addProject('github', null);
    const error = await errorOf(ensure(12, 'ada/engine'));
    expect(error.code).toBe('target-duplicate-root');
    expect(error.message).toContain(`${first.id}, ${second.id}`);
    expect(paths()).toEqual(['github', 'github']);
    expect(itemOf(await target.check(never), 'root')?.state).toBe('failed');
  });

  it('are noticed too where the owner exists', async () => {
    await onedev.ensureProject('github/ada');
    await onedev.addProject('github', null);
    expect((await errorOf(ensure(12, 'ada/engine'))).code).toBe('target-duplicate-root');
  });

  it('are made once, however many owners are new at the same time', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => ensure(100 + index, `owner-${index % 5}/r-${index}`)));
    const all = paths();
    expect(all.filter((path) => path === 'github')).toHaveLength(1);
    expect(new Set(all).size).toBe(all.length);
    expect(all).toHaveLength(1 + 5 + 20);
  });

  it('made by another program at the same moment are noticed', async () => {
    const both = [target, targetWith(onedev.adminToken)];
    const results = await Promise.allSettled(both.map((one, index) => ensure(index + 1, `ada/r-${index}`, null, one)));
    const roots = paths().filter((path) => path === 'github').length;
    const codes = results.flatMap((result) =>
      result.status === 'rejected' ? [toEpicstarError(result.reason).code] : [],
    );
    expect(codes.includes('target-duplicate-root')).toBe(roots > 1);
    expect(codes.filter((code) => code !== 'target-duplicate-root')).toEqual([]);
  });
});

describe('a restart', () => {
  it('is waited out', async () => {
    const { project } = await ensure(12, 'ada/engine');
    const patient = targetWith(onedev.adminToken, { startupPatienceMs: 20_000 });
    await onedev.enterPhase('missing');
    const before = onedev.log.count({ path: '/readyz', status: 503 });
    const call = ensure(12, 'ada/engine', project.id, patient);
    await until(() => onedev.log.count({ path: '/readyz', status: 503 }) > before + 2);
    await onedev.enterPhase('refused');
    await onedev.enterPhase('not-ready');
    await onedev.enterPhase('ready');
    expect(await call).toMatchObject({ how: 'adopted', project: { id: project.id } });
    await onedev.enterPhase('stopping');
    expect(await ensure(12, 'ada/engine', project.id, patient)).toMatchObject({ how: 'adopted' });
    await onedev.enterPhase('ready');
    expect(paths()).toEqual(['github', 'github/ada', 'github/ada/engine']);
  });

  it('never leads to a second project', async () => {
    const { project } = await ensure(12, 'ada/engine');
    await onedev.enterPhase('missing');
    expect((await errorOf(ensure(12, 'ada/engine', project.id))).code).toBe('target-starting');
    expect((await errorOf(ensure(12, 'ada/engine'))).code).toBe('target-starting');
    expect((await errorOf(target.defaultBranch(project, never))).code).toBe('target-starting');
    await onedev.enterPhase('refused');
    expect((await errorOf(ensure(12, 'ada/engine'))).code).toBe('target-unavailable');
    await onedev.enterPhase('ready');
    expect(paths()).toEqual(['github', 'github/ada', 'github/ada/engine']);
  });

  it('is told by the check', async () => {
    await onedev.enterPhase('missing');
    expect(await target.check(never)).toMatchObject([{ name: 'reached', state: 'failed' }]);
  });
});
