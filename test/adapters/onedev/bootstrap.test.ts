/** @file Making a limited token with an administrator's password, and what it is good for, on the stand-in. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { git, push } from '../../conformance/mirror-target-git.ts';
import { secretsWith } from '../../conformance/mirror-target-places.ts';
import type { Onedev } from '../../playground/onedev/index.ts';
import { admin, type BootstrapBench, openBootstrapBench, today } from './bootstrap-bench.ts';
import { until } from './stand-in.ts';
import { errorOf, never, targetAt, wanted } from './surroundings.ts';

let bench: BootstrapBench;
let onedev: Onedev;

beforeEach(async () => {
  bench = await openBootstrapBench();
  ({ onedev } = bench);
});

afterEach(async () => {
  await bench.close();
});

const make: BootstrapBench['make'] = (change) => bench.make(change);

describe('the limited token', () => {
  it('comes with all that it needs, and with nothing else', async () => {
    const { token, made } = await make();
    expect(made).toEqual([
      "the project 'github'",
      "the role 'epicstar mirror'",
      `the access token 'epicstar ${today}' with this role on 'github' alone`,
    ]);
    const role = [...onedev.world.roles.values()].find(({ name }) => name === 'epicstar mirror');
    expect(role).toMatchObject({ manageProject: true, createChildren: true, code: 'WRITE', pack: 'NONE' });
    const row = [...onedev.world.tokens.values()].find(({ value }) => value === token);
    expect(row).toMatchObject({ hasOwnerPermissions: false, ownerId: 1, expireDate: null });
    const root = onedev.world.findByPath('github');
    expect(root).toMatchObject({ codeManagement: false, issueManagement: false, packManagement: false });
    expect(onedev.world.authorizationsOf('token', row?.id ?? 0)).toMatchObject([
      { projectId: root?.id, roleId: role?.id },
    ]);
    expect(bench.secretsAdded).toEqual([admin.password, token]);
    expect(bench.logLines.join('\n')).not.toContain(token);
    expect(bench.logLines.join('\n')).not.toContain(admin.password);
  });

  it('is enough for a whole mirror', async () => {
    const { token } = await make({ root: 'all/mirrors' });
    const target = targetAt(onedev.url, { secrets: secretsWith(token), root: 'all/mirrors' });
    const { project, how } = await target.ensureProject(wanted(12, 'ada/engine', 'An engine'), null, never);
    expect({ how, path: project.path }).toEqual({ how: 'created', path: 'all/mirrors/ada/engine' });
    const source = join(bench.dir, 'source');
    await git(bench.dir, ['init', '--quiet', '--initial-branch=trunk', source]);
    await writeFile(join(source, 'file'), 'text');
    await git(source, ['add', 'file']);
    await git(source, ['commit', '--quiet', '-m', 'first']);
    await git(source, ['branch', 'next']);
    await git(source, ['tag', 'v1']);
    const remote = await target.remote(project);
    await push(source, remote, ['trunk']);
    await push(source, remote, ['next', 'v1', 'trunk:refs/epicstar/kept/2026/heads/old']);
    await target.setDefaultBranch(project, 'next', never);
    expect(await target.defaultBranch(project, never)).toBe('next');
    await push(source, remote, ['--delete', 'refs/tags/v1']);
    const moved = await target.ensureProject(wanted(12, 'zoe/engine'), project.id, never);
    expect(moved).toMatchObject({ movedFrom: 'all/mirrors/ada/engine', project: { path: 'all/mirrors/zoe/engine' } });
    expect((await target.check(never)).filter(({ state }) => state !== 'ok')).toEqual([]);
    const elsewhere = targetAt(onedev.url, { secrets: secretsWith(token), root: 'other' });
    const refused = await errorOf(elsewhere.ensureProject(wanted(13, 'ada/other'), null, never));
    expect(refused.code).toBe('target-right-missing');
  });

  it('is made again beside what is there', async () => {
    await onedev.ensureProject('GitHub/ada');
    const first = await make();
    expect(first.made.map((words) => words.slice(0, 8))).toEqual(['the role', 'the acce']);
    const second = await make();
    expect(second.made).toEqual([`the access token 'epicstar ${today} 2' with this role on 'github' alone`]);
    expect(second.token).not.toBe(first.token);
    expect(bench.paths()).toEqual(['GitHub', 'GitHub/ada']);
  });

  it('gets a role of its own where somebody changed ours', async () => {
    const { roles } = onedev.world;
    const id = onedev.world.nextId(roles);
    const more = {};
    roles.set(id, {
      id,
      name: 'Epicstar Mirror',
      manageProject: false,
      createChildren: true,
      code: 'WRITE',
      pack: 'NONE',
      more,
    });
    expect((await make()).made).toContain("the role 'epicstar mirror 2'");
    expect(roles.get(id)).toMatchObject({ manageProject: false });
  });

  it('is made once at a time, so that there is one root', async () => {
    const [one, other] = await Promise.all([make(), make()]);
    expect(one.token).not.toBe(other.token);
    expect(bench.paths()).toEqual(['github']);
    expect(bench.roleNames().filter((name) => name.startsWith('epicstar'))).toEqual(['epicstar mirror']);
  });

  it('waits for a server that is starting', async () => {
    await onedev.enterPhase('not-ready');
    const call = make();
    await until(() => onedev.log.entries.length > 0);
    await onedev.enterPhase('ready');
    expect((await call).token).toMatch(/^\w{40}$/);
  });
});
