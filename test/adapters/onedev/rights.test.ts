/** @file What tokens of OneDev may do, and what the check tells about it, on the stand-in. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MirrorTarget } from '../../../src-main/engine/ports/mirror-target.ts';
import type { Onedev } from '../../playground/onedev/index.ts';
import { itemOf, openStandIn, type StandIn, until } from './stand-in.ts';
import { containing, errorOf, never, wanted } from './surroundings.ts';

const ownerRole = 1;
const writerRole = 3;
const readerRole = 4;

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

describe('a token with a role on one project', () => {
  it('is enough, and no root is ever asked for', async () => {
    await onedev.ensureProject('github');
    const limited = targetWith(onedev.addToken({ grants: [{ path: 'github', roleId: ownerRole }] }));
    const { project } = await ensure(12, 'ada/engine', null, limited);
    expect(project.path).toBe('github/ada/engine');
    expect((await ensure(12, 'zoe/engine', project.id, limited)).project.path).toBe('github/zoe/engine');
    const items = await limited.check(never);
    expect(items.filter(({ state }) => state === 'failed')).toEqual([]);
    expect(itemOf(items, 'token')?.finding).toContain('limited');
    expect(paths()).toEqual(['github', 'github/ada', 'github/zoe', 'github/zoe/engine']);
  });

  it('on a lower project is enough for a deeper root', async () => {
    await onedev.ensureProject('all/mirrors');
    const token = onedev.addToken({ grants: [{ path: 'all/mirrors', roleId: ownerRole }] });
    const limited = targetWith(token, { root: 'all/mirrors' });
    expect((await ensure(12, 'ada/engine', null, limited)).project.path).toBe('all/mirrors/ada/engine');
  });

  it('cannot create the root, and says what is missing', async () => {
    await onedev.ensureProject('other');
    const limited = targetWith(onedev.addToken({ grants: [{ path: 'other', roleId: ownerRole }] }));
    const error = await errorOf(ensure(12, 'ada/engine', null, limited));
    expect(error).toMatchObject({ code: 'target-right-missing', data: { status: 403 } });
    expect(error.data.right).toContain('create root projects');
    const items = await limited.check(never);
    expect(itemOf(items, 'create projects')?.state).toBe('failed');
  });

  it.each([
    ['Code Reader', readerRole],
    ['Code Writer', writerRole],
  ])('%s cannot create children, and says so', async (_name, roleId) => {
    await onedev.ensureProject('github');
    const limited = targetWith(onedev.addToken({ grants: [{ path: 'github', roleId }] }));
    const error = await errorOf(ensure(12, 'ada/engine', null, limited));
    expect(error).toMatchObject({ code: 'target-right-missing', data: { right: "create children under 'github'" } });
    const items = await limited.check(never);
    expect(items.at(-1)).toMatchObject({ name: 'manage project', state: 'failed' });
    expect(paths()).toEqual(['github']);
  });

  it('that may not see a mirror any more never says that it removed it', async () => {
    const { project } = await ensure(12, 'ada/engine');
    await onedev.ensureProject('other');
    const limited = targetWith(onedev.addToken({ grants: [{ path: 'other', roleId: ownerRole }] }));
    const removed = await errorOf(limited.removeProject(12, project.id, never));
    expect(removed).toMatchObject({ code: 'target-right-missing', data: { status: 403 } });
    const archived = await errorOf(limited.archiveProject(wanted(12, 'ada/engine'), project.id, never));
    expect(archived).toMatchObject({ code: 'target-right-missing' });
    expect(paths()).toContain('github/ada/engine');
  });

  it('that may not push is found by the check', async () => {
    const body = 'You do not have permission to push to this project.';
    onedev.faults.add({ kind: 'git', path: /service=git-receive-pack/, fault: { status: 403, body } });
    const item = itemOf(await target.check(never), 'push');
    expect(item).toMatchObject({ state: 'failed', nextStep: "Grant: code write below 'github'." });
    expect(item?.finding).toContain(body);
    expect(paths()).toEqual([]);
  });

  it('that may begin a push and is refused in the end is found by the check', async () => {
    const sent: string[] = [];
    onedev.faults.add({
      kind: 'git',
      method: 'POST',
      path: /git-receive-pack$/,
      fault: { status: 403, body: 'quota' },
    });
    const item = itemOf(await target.check(never, ({ name }) => sent.push(name)), 'push');
    expect(item).toMatchObject({ state: 'failed', code: 'git-auth-refused' });
    expect(sent).toContain('server address');
    expect(paths()).toEqual([]);
  });

  it('that may push is found by a push of a commit, of which nothing stays', async () => {
    const item = itemOf(await target.check(never), 'push');
    expect(item).toMatchObject({ state: 'ok', finding: 'The token may push: a commit was sent and read back.' });
    const asked = onedev.log.entries.filter(({ path }) => /git-receive-pack|info\/refs/.test(path));
    expect(asked.map(({ method, status }) => `${method} ${status}`)).toContain('POST 200');
    expect(paths()).toEqual([]);
  });

  it('that was removed is signed out', async () => {
    const token = onedev.addToken({ hasOwnerPermissions: true });
    const other = targetWith(token);
    onedev.removeToken(token);
    expect((await errorOf(ensure(12, 'ada/engine', null, other))).code).toBe('target-signed-out');
    expect(itemOf(await other.check(never), 'token')?.state).toBe('failed');
  });
});

describe('the check', () => {
  it('tells version, token, rights and address, and removes what it made', async () => {
    const items = await target.check(never);
    expect(items.map(({ name, state }) => `${name}: ${state}`)).toEqual([
      'reached: ok',
      'token: ok',
      'version: ok',
      'root: ok',
      'create projects: ok',
      'push: ok',
      'server address: ok',
    ]);
    expect(itemOf(items, 'version')?.finding).toContain('16.5.6');
    expect(itemOf(items, 'token')?.finding).toContain('admin');
    expect(paths()).toEqual([]);
  });

  it.each([
    ['15.0.1', 'warning'],
    ['17.0.0', 'warning'],
    ['16.9.0', 'ok'],
    ['<html>', 'warning'],
  ])('takes version %s for %s', async (body, state) => {
    onedev.faults.add({ path: /version/, fault: { replaceBody: { contentType: 'application/json', body } } });
    expect(itemOf(await target.check(never), 'version')?.state).toBe(state);
  });

  it('warns of another server address', async () => {
    onedev.world.serverUrl = 'http://onedev.internal:6610';
    const item = itemOf(await target.check(never), 'server address');
    expect(item).toMatchObject({ state: 'warning', finding: containing('http://onedev.internal:6610') });
  });

  it('tells what it could not remove', async () => {
    onedev.faults.add({ method: 'DELETE', fault: { status: 500, body: 'Server Error' } });
    const item = itemOf(await target.check(never), 'clean up');
    expect(item).toMatchObject({ state: 'warning', nextStep: 'Remove that project yourself.' });
  });

  it('removes what it made when it is aborted in the middle', async () => {
    const controller = new AbortController();
    onedev.faults.add({ kind: 'git', fault: { delayMs: 200 } });
    const call = target.check(controller.signal);
    await until(() => paths().length > 0);
    controller.abort();
    expect((await errorOf(call)).code).toBe('cancelled');
    expect(paths()).toEqual([]);
  });
});
