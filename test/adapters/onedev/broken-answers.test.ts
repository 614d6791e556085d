/** @file A server that is not OneDev, or not well: closed set of errors, bounded time and memory, no token elsewhere. */
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createAgent } from '../../../src-main/engine/adapters/system/http-agent.ts';
import type { MirrorTarget } from '../../../src-main/engine/ports/mirror-target.ts';
import { secretsWith } from '../../conformance/mirror-target-places.ts';
import { certificateFile, type Handler, type RawServer, send, startRawServer } from './raw-server.ts';
import { errorOf, never, targetAt, token, wanted } from './surroundings.ts';

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
const jetty = '<html><head><title>Error 404 Not Found</title></head><body>HTTP ERROR 404 Not Found</body></html>';

describe('answers that are not OneDev’s', () => {
  const row = { id: 3, parentId: 2, name: 'engine', path: 'github/ada/engine', description: null };

  it.each<[string, string]>([
    ['HTML', '<html>Welcome</html>'],
    ['nothing', ''],
    ['half of it', '[{"id": 3, "na'],
    ['null', 'null'],
    ['an object', '{"message":"hello"}'],
    ['a list of nulls', '[null]'],
    ['an id that is a text', JSON.stringify([{ ...row, id: '3' }])],
    ['an id that is no id', JSON.stringify([{ ...row, id: -1 }])],
    ['a name that is null', JSON.stringify([{ ...row, name: null }])],
    ['a path that is missing', JSON.stringify([{ ...row, path: undefined }])],
    ['a parent that is a list', JSON.stringify([{ ...row, parentId: [] }])],
    ['a description that is a number', JSON.stringify([{ ...row, description: 5 }])],
  ])('%s for a list is target-unexpected', async (_name, body) => {
    const server = await serve(send(200, body));
    expect((await errorOf(ensure(targetAt(server.url)))).code).toBe('target-unexpected');
  });

  it.each(['', 'null', '"5"', '{"id":5}', '0', '-3', '5.5', '<html>5</html>'])(
    '%j for a new id is target-unexpected',
    async (body) => {
      const server = await serve((request, response) =>
        send(200, request.method === 'GET' ? '[]' : body)(request, response),
      );
      expect((await errorOf(ensure(targetAt(server.url)))).code).toBe('target-unexpected');
    },
  );

  it('HTML for a default branch is target-unexpected', async () => {
    const server = await serve(send(200, '<html>Welcome</html>'));
    expect((await errorOf(targetAt(server.url).defaultBranch(project, never))).code).toBe('target-unexpected');
  });

  it.each<[number, string, string]>([
    [401, 'Invalid account or incorrect credentials', 'target-signed-out'],
    [403, 'Not authorized', 'target-right-missing'],
    [400, 'createProject.arg0.name: must not be empty', 'target-unexpected'],
    [406, 'Missing query params: [offset, count]', 'target-unexpected'],
    [405, 'HTTP 405 Method Not Allowed', 'target-unexpected'],
    [418, 'teapot', 'target-unexpected'],
    [429, 'slow down', 'target-unavailable'],
    [500, 'Server Error', 'target-unexpected'],
    [502, 'Bad Gateway', 'target-unavailable'],
    [503, 'Service Unavailable', 'target-unavailable'],
    [504, 'Gateway Timeout', 'target-unavailable'],
    [404, 'HTTP 404 Not Found', 'target-unexpected'],
  ])('%i %s is %s, with its text', async (status, text, code) => {
    const server = await serve(send(status, text));
    const error = await errorOf(ensure(targetAt(server.url)));
    expect(error).toMatchObject({ code, data: { status } });
    expect(error.message).toContain(text);
  });

  it('long and wild texts are cut to one line', async () => {
    const server = await serve(send(406, `bad\r\n\u001b[31mred\u202e ${'x'.repeat(5000)}`));
    const { message } = await errorOf(ensure(targetAt(server.url)));
    expect(message.length).toBeLessThan(600);
    expect(message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

describe('a body without end', () => {
  it('is cut at 10 MB', async () => {
    let sent = 0;
    const chunk = ' '.repeat(256 * 1024);
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = (): void => {
        while (!response.destroyed && sent < 200 * 1024 * 1024) {
          sent += chunk.length;
          if (!response.write(chunk)) {
            response.once('drain', more);
            return;
          }
        }
      };
      more();
    });
    const error = await errorOf(ensure(targetAt(server.url)));
    expect(error).toMatchObject({ code: 'target-unexpected', message: expect.stringContaining('10 MB') });
    expect(sent).toBeLessThan(40 * 1024 * 1024);
  });

  it('is given up after the longest time', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('[');
    });
    const error = await errorOf(ensure(targetAt(server.url, { requestTimeoutMs: 50 })));
    expect(error).toMatchObject({ code: 'target-unavailable', message: expect.stringContaining('no whole answer') });
  });

  it('ends at once when the caller aborts', async () => {
    const controller = new AbortController();
    const server = await serve((_request, response) => {
      response.writeHead(200);
      response.write('[', () => controller.abort());
    });
    const call = targetAt(server.url).ensureProject(wanted(12, 'ada/engine'), null, controller.signal);
    expect((await errorOf(call)).code).toBe('cancelled');
  });
});

describe('redirects', () => {
  it.each([301, 302, 307, 308])('%i to another host is not followed, and names it', async (status) => {
    const other = await serve(send(200, '[]'));
    const server = await serve(send(status, '', { location: `${other.url}/~api/projects` }));
    const error = await errorOf(ensure(targetAt(server.url)));
    expect(error.code).toBe('target-unexpected');
    expect(error.message).toContain(new URL(other.url).host);
    expect(other.requests).toEqual([]);
  });

  it('to nowhere are target-unexpected too', async () => {
    const server = await serve(send(302, ''));
    expect((await errorOf(ensure(targetAt(server.url)))).code).toBe('target-unexpected');
  });
});

describe('a server that starts', () => {
  const starting: Handler = (request, response) =>
    request.url === '/readyz' ? send(503, 'not ready\n')(request, response) : send(404, jetty)(request, response);

  it.each<[string, string]>([
    ['HTML', jetty],
    ['JSON', '{"message":"Not Found","url":"/~api/projects","status":"404"}'],
    ['its own words', 'No row with the given identifier exists: [io.onedev.server.model.Project#3]'],
  ])('is never believed that a project is missing, in %s', async (_name, body) => {
    const server = await serve(
      (request, response) =>
        request.url === '/readyz' ? send(503, 'not ready')(request, response) : send(404, body)(request, response),
      { ownReadyz: true },
    );
    const call = targetAt(server.url).ensureProject(wanted(12, 'ada/engine'), '3', never);
    expect((await errorOf(call)).code).toBe('target-starting');
    expect(server.requests.filter((line) => line.startsWith('POST'))).toEqual([]);
  });

  it('is waited for, in bounded time', async () => {
    let looks = 0;
    const server = await serve(
      (request, response) => {
        if (request.url === '/readyz') looks += 1;
        if (looks < 3) starting(request, response);
        else send(200, request.method === 'GET' ? '[]' : '5')(request, response);
      },
      { ownReadyz: true },
    );
    const { how } = await ensure(targetAt(server.url, { startupPatienceMs: 10_000 }));
    expect(how).toBe('created');
  });

  it('can be cancelled while it is waited for', async () => {
    const controller = new AbortController();
    const server = await serve(
      (request, response) => {
        if (request.url === '/readyz') controller.abort();
        starting(request, response);
      },
      { ownReadyz: true },
    );
    const target = targetAt(server.url, { startupPatienceMs: 60_000, startupPollMs: 60_000 });
    const call = target.ensureProject(wanted(12, 'ada/engine'), null, controller.signal);
    expect((await errorOf(call)).code).toBe('cancelled');
  });
});

describe('no connection', () => {
  it('is target-unavailable, in words', async () => {
    const server = await startRawServer(send(200, '[]'));
    await server.close();
    const error = await errorOf(ensure(targetAt(server.url)));
    expect(error).toMatchObject({ code: 'target-unavailable', message: expect.stringContaining('nothing listens') });
    const [first] = await targetAt(server.url).check(never);
    expect(first).toMatchObject({
      name: 'reached',
      state: 'failed',
      finding: expect.stringContaining('nothing listens'),
    });
  });

  it('for a name without an address is target-unavailable', async () => {
    const error = await errorOf(ensure(targetAt('https://epicstar-test.invalid')));
    expect(error).toMatchObject({ code: 'target-unavailable', message: expect.stringContaining('DNS') });
  });

  it('to something that does not speak HTTP is an error of the closed set', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end('SSH-2.0-OpenSSH_9.9\r\n');
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    closing.push(
      () =>
        new Promise((resolve) => {
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
    expect(error).toMatchObject({ code: 'target-unavailable', message: expect.stringContaining('EPICSTAR_CA_FILE') });
    expect(server.requests).toEqual([]);
  });

  it('are accepted with the CA file', async () => {
    const dispatcher = createAgent({ caFile: certificateFile.pathname });
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
    expect(error).toMatchObject({ code: 'target-unavailable', message: expect.stringContaining('TLS') });
  });

  it.each(['/no/such/file.pem', new URL('raw-server.ts', import.meta.url).pathname])(
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
    for (const call of [ensure(target), target.remote(project)]) {
      const error = await errorOf(call);
      expect(error.code).toBe('target-signed-out');
      if (value !== null && value.trim() !== '') expect(error.message).not.toContain(value);
    }
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
