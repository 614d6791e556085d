/** @file A server that is not OneDev, or not well: closed set of errors, bounded time and memory. */
import { afterEach, describe, expect, it } from 'vitest';
import type { MirrorTarget } from '../../../src-main/engine/ports/mirror-target.ts';
import { type Handler, type RawServer, send, startRawServer } from './raw-server.ts';
import { containing, errorOf, never, targetAt, wanted } from './surroundings.ts';

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
    [500, 'java.io.IOException: No space left on device', 'target-disk-full'],
    [503, 'No space left on device', 'target-disk-full'],
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
    expect(error).toMatchObject({ code: 'target-unexpected', message: containing('10 MB') });
    expect(sent).toBeLessThan(40 * 1024 * 1024);
  });

  it('is given up after the longest time', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('[');
    });
    const error = await errorOf(ensure(targetAt(server.url, { requestTimeoutMs: 50 })));
    expect(error).toMatchObject({ code: 'target-unavailable', message: containing('no whole answer') });
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

  it.each([jetty, 'HTTP 404 Not Found', '{"message":"Not Found","status":"404"}', ''])(
    'that is ready and answers 404 %j does not say that a project is missing',
    async (body) => {
      const server = await serve((request, response) =>
        request.url === '/~api/projects/3'
          ? send(404, body)(request, response)
          : send(200, request.method === 'GET' ? '[]' : '5')(request, response),
      );
      const call = targetAt(server.url).ensureProject(wanted(12, 'ada/engine'), '3', never);
      expect((await errorOf(call)).code).toBe('target-unexpected');
      expect(new Set(server.requests)).toEqual(new Set(['GET /~api/projects/3']));
    },
  );

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
