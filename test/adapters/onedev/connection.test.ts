/** @file The way to OneDev: no connection, certificates, and where the token goes. */
import { createServer, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { createAgent } from '../../../src-main/engine/adapters/system/http-agent.ts';
import type { MirrorTarget } from '../../../src-main/engine/ports/mirror-target.ts';
import { secretsWith } from '../../conformance/mirror-target-places.ts';
import { certificateFile, type Handler, type RawServer, send, startRawServer } from './raw-server.ts';
import { containing, errorOf, never, targetAt, token, wanted } from './surroundings.ts';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serve(handler: Handler, options: Parameters<typeof startRawServer>[1] = {}): Promise<RawServer> {
  const server = await startRawServer(handler, options);
  closing.push(server.close);
  return server;
}

const ensure = (target: MirrorTarget) => target.ensureProject(wanted(12, 'ada/engine'), null, never);
const project = { id: '3', path: 'github/ada/engine', webUrl: null };

describe('no connection', () => {
  it('is target-unavailable, in words', async () => {
    const server = await startRawServer(send(200, '[]'));
    await server.close();
    const error = await errorOf(ensure(targetAt(server.url)));
    expect(error).toMatchObject({ code: 'target-unavailable', message: containing('nothing listens') });
    const [first] = await targetAt(server.url).check(never);
    expect(first).toMatchObject({
      name: 'reached',
      state: 'failed',
      finding: containing('nothing listens'),
    });
  });

  it('for a name without an address is target-unavailable', async () => {
    const error = await errorOf(ensure(targetAt('https://epicstar-test.invalid')));
    expect(error).toMatchObject({ code: 'target-unavailable', message: containing('DNS') });
  });

  it('to something that does not speak HTTP is an error of the closed set', async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.write('SSH-2.0-OpenSSH_9.9\r\n');
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    closing.push(
      () =>
        new Promise((resolve) => {
          for (const socket of sockets) socket.destroy();
          server.close(() => resolve());
        }),
    );
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    expect((await errorOf(ensure(targetAt(`http://127.0.0.1:${port}`)))).code).toMatch(/^target-un/);
  });

  it('that breaks is tried once more for a read, and never for a write', async () => {
    const server = await serve((request) => request.socket.destroy());
    expect((await errorOf(ensure(targetAt(server.url)))).code).toBe('target-unavailable');
    expect(server.requests).toHaveLength(2);
    const writing = await serve((request, response) =>
      request.method === 'GET' ? send(200, '[]')(request, response) : request.socket.destroy(),
    );
    expect((await errorOf(ensure(targetAt(writing.url)))).code).toBe('target-unavailable');
    expect(writing.requests.filter((line) => line.startsWith('POST'))).toHaveLength(1);
  });
});

describe('certificates', () => {
  it('that nobody vouches for are refused, naming the setting', async () => {
    const server = await serve(send(200, '[]'), { tls: true });
    const error = await errorOf(ensure(targetAt(server.url)));
    expect(error).toMatchObject({ code: 'target-unavailable', message: containing('EPICSTAR_CA_FILE') });
    expect(server.requests).toEqual([]);
  });

  it('are accepted with the CA file', async () => {
    const dispatcher = createAgent({ caFile: fileURLToPath(certificateFile) });
    closing.push(() => dispatcher.close());
    const server = await serve(
      (request, response) => send(200, request.method === 'GET' ? '[]' : '5')(request, response),
      {
        tls: true,
      },
    );
    expect((await ensure(targetAt(server.url, { dispatcher }))).how).toBe('created');
  });

  it('over https to a plain port say so', async () => {
    const server = await serve(send(200, '[]'));
    const error = await errorOf(ensure(targetAt(server.url.replace('http:', 'https:'))));
    expect(error).toMatchObject({ code: 'target-unavailable', message: containing('TLS') });
  });

  it.each(['/no/such/file.pem', fileURLToPath(new URL('raw-server.ts', import.meta.url))])(
    'need a real CA file, not %s',
    (caFile) => {
      expect(() => createAgent({ caFile })).toThrowError(expect.objectContaining({ code: 'config-invalid' }));
    },
  );
});

describe('the token', () => {
  it('goes over plain http to loopback and named hosts alone', async () => {
    const target = targetAt('http://nas.invalid:6610');
    expect((await errorOf(ensure(target))).code).toBe('insecure-address');
    expect((await errorOf(target.remote(project))).code).toBe('insecure-address');
    expect((await errorOf(target.defaultBranch(project, never))).code).toBe('insecure-address');
    expect(target.requestCount()).toBe(0);
    const [first] = await target.check(never);
    expect(first).toMatchObject({ name: 'reached', state: 'failed' });
    const allowed = targetAt('http://nas.invalid:6610', { allowInsecureHosts: ['nas.invalid'] });
    expect((await errorOf(ensure(allowed))).code).toBe('target-unavailable');
    expect((await allowed.remote(project)).url).toBe('http://nas.invalid:6610/github/ada/engine');
  });

  it.each([null, '', '  ', 'two words', 'line\nbreak', 'ünicode'])('%j is no token', async (value) => {
    const server = await serve(send(200, '[]'));
    const target = targetAt(server.url, { secrets: secretsWith(value) });
    const errors = [await errorOf(ensure(target)), await errorOf(target.remote(project))];
    expect(errors.map(({ code }) => code)).toEqual(['target-signed-out', 'target-signed-out']);
    expect(errors.filter(({ message }) => /two words|line|ünicode/.test(message))).toEqual([]);
    expect(server.requests).toEqual([]);
  });

  it('is sent as Bearer, read anew each time, and never to /readyz', async () => {
    let current = token;
    const secrets = { ...secretsWith(null), read: async () => current };
    const server = await serve(
      (request, response) =>
        send(request.url === '/readyz' ? 200 : 404, 'Project not found or inaccessible: x')(request, response),
      { ownReadyz: true },
    );
    const target = targetAt(server.url, { secrets });
    await errorOf(ensure(target));
    current = 'another-token';
    await errorOf(ensure(target));
    const sent = server.requests.map((line, index) => [line.split('?')[0], server.authorizations[index]]);
    expect(sent).toEqual([
      ['GET /~api/projects', `Bearer ${token}`],
      ['GET /readyz', undefined],
      ['GET /~api/projects', 'Bearer another-token'],
      ['GET /readyz', undefined],
    ]);
  });

  it('does not come back in an error, even if the server repeats it', async () => {
    const server = await serve(send(406, `you sent Bearer ${token}`));
    expect(JSON.stringify((await errorOf(ensure(targetAt(server.url)))).toRecord())).not.toContain(token);
  });
});

describe('a path that git cannot reach', () => {
  it('is refused before git is started', async () => {
    const target = targetAt('https://onedev.invalid');
    const error = await errorOf(target.remote({ id: '3', path: 'github/a b', webUrl: null }));
    expect(error.code).toBe('target-name-unfit');
  });
});
