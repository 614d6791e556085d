/** @file A limited token that cannot be made: what is told, and that nothing stays behind. */
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Onedev } from '../../playground/onedev/index.ts';
import { admin, type BootstrapBench, openBootstrapBench } from './bootstrap-bench.ts';
import { type RawServer, send, startRawServer } from './raw-server.ts';
import { until } from './stand-in.ts';
import { containing, errorOf } from './surroundings.ts';

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

/** What the stand-in has before anything was made. */
function expectNothingMade(): void {
  expect(bench.paths()).toEqual([]);
  expect(bench.roleNames()).not.toContain('epicstar mirror');
  expect(bench.tokenNames()).toEqual(['playground']);
}

describe('nothing is made', () => {
  afterEach(() => {
    expectNothingMade();
  });

  it.each([
    ['a wrong password', { user: 'adä', password: 'wrong horse: battery' }],
    ['an unknown user', { user: 'nobody', password: admin.password }],
  ])('with %s', async (_what, change) => {
    const error = await errorOf(make(change));
    expect(error).toMatchObject({ code: 'target-signed-out', data: { status: 401 } });
    expect(error.message).toContain(`the user "${change.user}" with this password`);
    expect(inspect(error, { depth: 20 })).not.toContain('horse');
  });

  it.each([
    ['no password', { password: '' }],
    ['no user', { user: '' }],
    ['a user that no header can carry', { user: 'a:b' }],
  ])('with %s, and nothing is asked', async (_what, change) => {
    expect((await errorOf(make(change))).code).toBe('target-signed-out');
    expect(onedev.log.entries).toEqual([]);
  });

  it('by a user who is no administrator', async () => {
    onedev.world.users.set(2, { id: 2, name: 'bob', password: 'bobs password', admin: false });
    const error = await errorOf(make({ user: 'bob', password: 'bobs password' }));
    expect(error).toMatchObject({ code: 'target-right-missing', data: { status: 403, right: containing('administ') } });
    expect(error.message).toContain('the user "bob" is none');
  });

  it('with a limited token in place of a password', async () => {
    const limited = onedev.addToken({ name: 'limited' });
    expect((await errorOf(make({ password: limited }))).code).toBe('target-right-missing');
    onedev.removeToken(limited);
  });

  it('at an address that cannot be', async () => {
    expect((await errorOf(make({ url: 'nowhere' }))).code).toBe('config-invalid');
    expect((await errorOf(make({ root: 'a b' }))).code).toBe('config-invalid');
    expect((await errorOf(make({ url: 'http://onedev.example.test' }))).code).toBe('insecure-address');
    expect((await errorOf(make({ url: `${onedev.url}/below` }))).code).toBe('target-unexpected');
    expect((await errorOf(make({ signal: AbortSignal.abort() }))).code).toBe('cancelled');
  });

  it('on a server that does not come up, or is not there', async () => {
    await onedev.enterPhase('missing');
    expect((await errorOf(make())).code).toBe('target-starting');
    await onedev.enterPhase('refused');
    expect((await errorOf(make())).code).toBe('target-unavailable');
    await onedev.enterPhase('ready');
  });

  it.each([
    ['creating the role', 'POST', /\/roles$/],
    ['creating the token', 'POST', /\/access-tokens$/],
    ['reading the token', 'GET', /\/access-tokens\/\d+$/],
    ['giving it its role', 'POST', /\/access-token-authorizations$/],
    ['looking with it', 'GET', /\/projects\/ids\/github$/],
  ])('for good when %s fails', async (_what, method, path) => {
    onedev.faults.add({ method, path, fault: { status: 500, body: 'Server Error' } });
    const error = await errorOf(make());
    expect(error).toMatchObject({ code: 'target-unexpected', data: { status: 500 } });
    expect(error.message).not.toContain('left');
  });

  it('for good when the new token is not accepted, or sees another project', async () => {
    const path = /\/projects\/ids\/github$/;
    const remove = onedev.faults.add({ path, fault: { status: 401, body: 'Not authenticated' } });
    const error = await errorOf(make());
    expect(error.code).toBe('target-unexpected');
    expect(error.message).toContain('does not accept the token that it has just made');
    remove();
    onedev.faults.add({ path, fault: { status: 200, body: '99' } });
    expect((await errorOf(make())).code).toBe('target-unexpected');
  });

  it('for good when the answer with the token is not understood, which is not repeated', async () => {
    const body = JSON.stringify({ value: 'two words', note: 'T0kenT0kenT0ken' });
    onedev.faults.add({ path: /\/access-tokens\/\d+$/, method: 'GET', fault: { status: 200, body } });
    const error = await errorOf(make());
    expect(error.code).toBe('target-unexpected');
    expect(inspect(error, { depth: 20 })).not.toContain('T0ken');
  });

  it('for good when it is cancelled in the middle', async () => {
    const controller = new AbortController();
    onedev.faults.add({ path: /authorizations$/, fault: { delayMs: 100 } });
    const call = errorOf(make({ signal: controller.signal }));
    await until(() => bench.tokenNames().length > 1);
    controller.abort();
    expect((await call).code).toBe('cancelled');
  });
});

describe('what cannot be removed again', () => {
  it('is named', async () => {
    onedev.faults.add({ path: /\/access-token-authorizations$/, fault: { status: 500, body: 'Server Error' } });
    onedev.faults.add({ method: 'DELETE', path: /\/roles\//, fault: { status: 500, body: 'Server Error' } });
    const error = await errorOf(make());
    expect(error.message).toContain("Remove yourself what is left on OneDev: the role 'epicstar mirror'.");
    expect(bench.paths()).toEqual([]);
    expect(bench.tokenNames()).toEqual(['playground']);
    expect(bench.logLines.some((line) => line.includes('could not remove again'))).toBe(true);
  });

  it('is a project in which somebody else has made something', async () => {
    onedev.faults.add({ path: /\/access-token-authorizations$/, fault: { delayMs: 100 } });
    onedev.faults.add({ path: /\/projects\/ids\/github$/, fault: { status: 500, body: 'Server Error' } });
    const call = errorOf(make());
    await until(() => bench.tokenNames().length > 1);
    await onedev.ensureProject('github/zoe');
    expect((await call).message).toContain("what is left on OneDev: the project 'github'.");
    expect(bench.paths()).toEqual(['github', 'github/zoe']);
  });
});

describe('a server that repeats what it was sent', () => {
  let server: RawServer;

  afterEach(async () => {
    await server.close();
  });

  it('gets neither the password nor its encoded form into an error', async () => {
    server = await startRawServer((request, response) => {
      const header = request.headers.authorization ?? '';
      const sent = Buffer.from(header.slice('Basic '.length), 'base64').toString('utf8');
      send(500, `${header} ${sent}`)(request, response);
    });
    const error = await errorOf(make({ url: server.url }));
    expect(error.code).toBe('target-unexpected');
    const shown = inspect([error, error.toRecord()], { depth: 20, showHidden: true });
    expect(shown).not.toContain('horse');
    expect(shown).not.toContain(Buffer.from(`${admin.name}:${admin.password}`).toString('base64'));
  });

  it('may have the longest list of roles: it ends', async () => {
    const role = { manageProject: false, createChildren: false, codePrivilege: 'NONE', packPrivilege: 'NONE' };
    const rows = Array.from({ length: 100 }, (_, index) => ({ id: index + 1, name: `role ${index}`, ...role }));
    server = await startRawServer(send(200, JSON.stringify(rows)));
    expect((await errorOf(make({ url: server.url }))).code).toBe('target-unexpected');
    expect(server.requests).toHaveLength(10);
  });

  it.each(['<html>', '{}', '[{"id":"1"}]', '[null]', ''])('may answer %j to the question for roles', async (body) => {
    server = await startRawServer(send(200, body));
    expect((await errorOf(make({ url: server.url }))).code).toBe('target-unexpected');
  });
});
