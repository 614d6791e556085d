/** @file The OneDev stand-in where time and concurrency matter: restart, roots made twice, lost pushes, the pack slot. */
import { createHash } from 'node:crypto';
import { type ClientRequest, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readHookForm } from '../playground/onedev/receive-rules.ts';
import { startOnedev, type Onedev, type OnedevOptions, type Project } from '../playground/onedev/index.ts';
import { Player } from './onedev-replay/player.ts';
import { Source } from './onedev-replay/sources.ts';

const zeroId = '0'.repeat(40);
const someId = '1'.repeat(40);

let player: Player;
let source: Source;
let opened: Onedev[];

beforeEach(async () => {
  player = await Player.start(3);
  source = await Source.create(player, 'own', 2);
  opened = [];
});

afterEach(async () => {
  await Promise.all(opened.map((onedev) => onedev.close()));
  await player.close();
});

async function open(options: Omit<OnedevOptions, 'dataDir'>): Promise<Onedev> {
  const onedev = await startOnedev({ ...options, dataDir: `${player.dir}/data-${opened.length + 2}` });
  opened.push(onedev);
  return onedev;
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let turn = 0; turn < 2000 && !isTrue(); turn += 1) {
    await delay(5);
  }
  expect(isTrue()).toBe(true);
}

function git(onedev: Onedev, ...args: readonly string[]) {
  return player.run(args, source.dir, `Bearer ${onedev.adminToken}`);
}

function ask(onedev: Onedev, path: string, body?: unknown): Promise<Response> {
  const headers = { authorization: `Bearer ${onedev.adminToken}`, 'content-type': 'application/json' };
  const content = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  return fetch(`${onedev.url}${path}`, { headers, ...content });
}

/** A push whose body stops after its list of updates; `closed` tells how the connection ended. */
function stall(onedev: Onedev, project: string): { push: ClientRequest; closed: Promise<string> } {
  const push = request(`${onedev.url}/${project}/git-receive-pack`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${onedev.adminToken}`,
      'content-type': 'application/x-git-receive-pack-request',
      'transfer-encoding': 'chunked',
    },
  });
  const closed = new Promise<string>((resolve) => {
    push.on('response', (response) => {
      response.resume();
      response.on('end', () => resolve(`status ${response.statusCode}`));
    });
    push.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
  });
  const line = `${zeroId} ${someId} refs/heads/main\0report-status side-band-64k`;
  push.write((line.length + 4).toString(16).padStart(4, '0') + line);
  return { push, closed };
}

test('a restart goes through its phases and keeps the state', async () => {
  const onedev = await open({});
  await onedev.ensureProject('github/ada/engine');
  const ids = '/~api/projects/ids/github/ada/engine';
  const remote = `${onedev.url}/github/ada/engine`;

  await onedev.enterPhase('stopping');
  expect((await fetch(`${onedev.url}/readyz`)).status).toBe(503);
  expect((await ask(onedev, ids)).status).toBe(200);

  await onedev.enterPhase('refused');
  await expect(ask(onedev, ids)).rejects.toThrow('fetch failed');

  await onedev.enterPhase('missing');
  const missing = await ask(onedev, ids);
  expect(missing.status).toBe(404);
  expect(await missing.text()).not.toContain('Project not found or inaccessible');
  expect((await fetch(`${onedev.url}/healthz`)).status).toBe(200);
  expect((await git(onedev, 'ls-remote', remote)).stderr).toBe(`fatal: repository '${remote}/' not found\n`);

  await onedev.enterPhase('not-ready');
  expect((await git(onedev, 'ls-remote', remote)).stderr).toContain('remote: Server not ready');
  expect((await ask(onedev, ids)).status).toBe(200);

  await onedev.restart([{ phase: 'refused', durationMs: 1 }]);
  expect(onedev.phase).toBe('ready');
  expect((await ask(onedev, ids)).status).toBe(200);
});

test('roots made at once exist twice, children do not', async () => {
  const onedev = await open({ rootInsertDelayMs: 50 });
  const create = async (name: string, parentId: number | null): Promise<number> => {
    const body = { name, parentId, gitPackConfig: {}, codeAnalysisSetting: {} };
    return (await ask(onedev, '/~api/projects', body)).status;
  };
  expect(await Promise.all([create('github', null), create('GitHub', null)])).toEqual([200, 200]);
  const children = await Promise.all([create('ada', 1), create('ada', 1), create('ada', 1)]);
  expect(children.toSorted()).toEqual([200, 500, 500]);
  expect(await create('github', null)).toBe(500);
});

test('one ref name loses the whole push', async () => {
  const onedev = await open({});
  const project = await onedev.ensureProject('github/ada/engine');
  const remote = `${onedev.url}/github/ada/engine`;
  const push = await git(onedev, 'push', '--porcelain', remote, 'main', 'main:refs/tags/v1+k3s');
  expect(push.status).toBe(1);
  expect(push.stderr).toContain('remote: curl: (22) The requested URL returned error: 500');
  const branches = await ask(onedev, `/~api/repositories/${project.id}/branches`);
  expect(await branches.text()).toBe('[ ]');
});

test('a list of updates longer than the form may be loses the push', () => {
  const commands = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      oldId: zeroId,
      newId: someId,
      refName: `refs/tags/${String(index).padStart(970, 'p')}`,
    }));
  expect(readHookForm(commands(4400))).toHaveLength(4400);
  expect(readHookForm(commands(5000))).toBeUndefined();
});

test('while one push stalls, pack work of others waits and all else is answered', async () => {
  const onedev = await open({});
  await onedev.ensureProject('github/slow');
  const other: Project = await onedev.ensureProject('github/other');
  const { push, closed } = stall(onedev, 'github/slow');
  await until(() => onedev.slots.busy === 1);

  let isListed = false;
  const listing = git(onedev, '-c', 'protocol.version=2', 'ls-remote', `${onedev.url}/github/other`).then((result) => {
    isListed = true;
    return result;
  });
  await until(() => onedev.slots.waiting === 1);
  expect((await ask(onedev, `/~api/projects/${other.id}`)).status).toBe(200);
  const refs = await ask(onedev, '/github/other/info/refs?service=git-receive-pack');
  expect(refs.status).toBe(200);
  expect(isListed).toBe(false);

  push.end('0000');
  await closed;
  expect((await listing).status).toBe(0);
  await until(() => onedev.slots.busy === 0);
});

test('with more slots nobody waits', async () => {
  const onedev = await open({ packSlots: 2 });
  await onedev.ensureProject('github/slow');
  await onedev.ensureProject('github/other');
  const { push, closed } = stall(onedev, 'github/slow');
  await until(() => onedev.slots.busy === 1);
  const remote = `${onedev.url}/github/other`;
  expect((await git(onedev, 'push', '--porcelain', remote, 'main')).status).toBe(0);
  push.destroy();
  await closed;
});

test('an upload that pauses too long in the slot is cut off without an answer', async () => {
  const onedev = await open({ uploadIdleLimitMs: 100 });
  await onedev.ensureProject('github/slow');
  const { closed } = stall(onedev, 'github/slow');
  expect(await closed).toBe('ECONNRESET');
  await until(() => onedev.slots.busy === 0);
  expect(onedev.log.find({ path: '/github/slow' }).map((entry) => entry.status)).toEqual([0]);
});

test('the log names tokens and never shows them', async () => {
  const onedev = await open({});
  await ask(onedev, '/~api/users/me');
  await fetch(`${onedev.url}/~api/users/me`, { headers: { authorization: 'Bearer wrong' } });
  expect(onedev.log.entries.map((entry) => entry.auth)).toEqual(['token playground', 'invalid']);
  expect(JSON.stringify(onedev.log.entries)).not.toContain(onedev.adminToken);
  expect(onedev.log.count({ kind: 'rest', path: '/~api/users', status: 200 })).toBe(1);
});

test('faults come as ordered and end', async () => {
  const onedev = await open({});
  await onedev.ensureProject('github/ada');
  onedev.faults.add({ kind: 'rest', times: 1, fault: { status: 502, body: 'bad gateway' } });
  onedev.faults.add({ kind: 'rest', times: 1, fault: { cutAfterBytes: 3 } });
  onedev.faults.add({ kind: 'rest', times: 1, fault: { redirectTo: 'http://127.0.0.1:1/' } });
  onedev.faults.add({ kind: 'rest', times: 1, fault: { replaceBody: { contentType: 'text/html', body: '<html>' } } });
  const path = '/~api/projects/ids/github/ada';
  expect((await ask(onedev, path)).status).toBe(502);
  const long = await ask(onedev, '/~api/projects?offset=0&count=5');
  await expect(long.text()).rejects.toThrow('terminated');
  await expect(ask(onedev, path)).rejects.toThrow('fetch failed');
  expect(await (await ask(onedev, path)).text()).toBe('<html>');
  expect(await (await ask(onedev, path)).text()).toBe('2');
  const remote = `${onedev.url}/github/ada`;
  // Not `times: 1`: git tries again by itself when a connection that it had used before breaks.
  const mend = onedev.faults.add({ path: /git-receive-pack$/, fault: { cutRequestAfterBytes: 50 } });
  expect((await git(onedev, 'push', remote, 'main')).status).not.toBe(0);
  mend();
  expect((await git(onedev, 'push', remote, 'main')).status).toBe(0);
});

test('a large file goes up once and comes down again', async () => {
  const onedev = await open({});
  await onedev.ensureProject('github/ada');
  const content = 'large';
  const oid = createHash('sha256').update(content).digest('hex');
  const batch = async (operation: 'upload' | 'download') => {
    const body = { operation, transfers: ['basic'], objects: [{ oid, size: content.length }] };
    const answer = await ask(onedev, '/github/ada.git/info/lfs/objects/batch', body);
    return (await answer.json()) as {
      readonly objects: readonly {
        readonly actions?: Record<string, { href: string; header: Record<string, string> }>;
      }[];
    };
  };
  const upload = (await batch('upload')).objects[0]?.actions?.['upload'];
  const put = await fetch(upload?.href ?? '', { method: 'PUT', body: content, headers: upload?.header ?? {} });
  expect(put.status).toBe(200);
  expect((await batch('upload')).objects[0]?.actions).toBeUndefined();
  const download = (await batch('download')).objects[0]?.actions?.['download'];
  const got = await fetch(download?.href ?? '', { headers: download?.header ?? {} });
  expect(await got.text()).toBe(content);
});
