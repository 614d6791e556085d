/** @file Servers and networks in trouble, in words and in bounded time. */
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeNetworkError } from '../../../src-main/engine/adapters/github/network-errors.ts';
import { type Handler, portOf, type RawServer, sendJson, startRawServer } from './raw-server.ts';
import { errorOf, never, repositoryJson, type Surroundings, surround } from './surroundings.ts';

let server: RawServer;
let around: Surroundings;

beforeEach(async () => {
  server = await startRawServer();
  around = surround(server.url);
});

afterEach(async () => {
  await around.close();
  await server.close();
});

const user = { id: 7, login: 'stella' };

describe('a server or network in trouble', () => {
  it('is asked again twice, then given up', async () => {
    server.answer(sendJson({ message: 'Unicorn' }, 502));
    const error = await errorOf(around.github.viewer(never()));
    expect(error).toMatchObject({
      code: 'github-unavailable',
      data: { status: 502 },
      message: expect.stringContaining('502'),
    });
    expect(server.requests).toHaveLength(3);
    expect(around.github.requestCount()).toBe(3);
  });

  it('that recovers is not noticed', async () => {
    server.answer((request, response) => {
      if (server.requests.length < 3) request.socket.destroy();
      else sendJson(repositoryJson())(request, response);
    });
    expect(await around.github.repositoryById(41, never())).toMatchObject({ kind: 'found' });
    expect(around.github.requestCount()).toBe(3);
  });

  it.each<readonly [name: string, handler: Handler]>([
    ['before the answer', (request) => request.socket.destroy()],
    [
      'within the body',
      (request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
        response.write('[{"starred_at"', () => request.socket.destroy());
      },
    ],
    [
      'within a chunked body',
      (request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('[]', () => request.socket.destroy());
      },
    ],
  ])('that cuts %s is named', async (_name, handler) => {
    server.answer(handler);
    const error = await errorOf(around.github.starPage('created', 1, never()));
    expect(error).toMatchObject({ code: 'github-unavailable', message: expect.stringMatching(/was cut \(/) });
  });

  it('that sends damaged gzip is named', async () => {
    server.answer((_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end('no gzip'),
    );
    const error = await errorOf(around.github.viewer(never()));
    expect(error).toMatchObject({ code: 'github-unavailable', message: expect.stringContaining('decompressed') });
  });

  it('that refuses connections is named', async () => {
    await server.close();
    const error = await errorOf(around.github.viewer(never()));
    expect(error).toMatchObject({
      code: 'github-unavailable',
      message: expect.stringContaining('refuses the connection'),
    });
  });

  it('whose name is unknown is named', async () => {
    const nowhere = surround('https://git.invalid/api/v3', {
      agent: {
        connect: {
          lookup: (_name, _options, found) => found(Object.assign(new Error('none'), { code: 'ENOTFOUND' }), []),
        },
      },
    });
    const error = await errorOf(nowhere.github.viewer(never()));
    expect(error).toMatchObject({ code: 'github-unavailable', message: expect.stringContaining('cannot be resolved') });
    await nowhere.close();
  });

  it('that speaks no TLS is named', async () => {
    const secure = surround(server.url.replace('http:', 'https:'));
    const error = await errorOf(secure.github.viewer(never()));
    expect(error).toMatchObject({ code: 'github-unavailable', message: expect.stringContaining('TLS') });
    await secure.close();
  });

  it('that speaks no HTTP is named', async () => {
    const speaker = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.resume().end('220 mail.example ESMTP\r\n');
    });
    await new Promise<void>((resolve) => speaker.listen(0, '127.0.0.1', resolve));
    const mail = surround(`http://127.0.0.1:${portOf(speaker)}`);
    const error = await errorOf(mail.github.viewer(never()));
    expect(error).toMatchObject({ code: 'github-unavailable', message: expect.stringContaining('HTTP') });
    await mail.close();
    await new Promise((resolve) => speaker.close(resolve));
  });

  it('that sends no headers is left, and not asked again at once', async () => {
    const hasty = surround(server.url, { agent: { headersTimeout: 100 } });
    server.answer(() => undefined);
    const error = await errorOf(hasty.github.viewer(never()));
    expect(error).toMatchObject({
      code: 'github-unavailable',
      message: expect.stringContaining('sends nothing for too long'),
    });
    expect(server.requests).toHaveLength(1);
    await hasty.close();
  });

  it('that sends drop by drop is left when the time is over', async () => {
    server.answer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('[');
    });
    const asking = errorOf(around.github.viewer(never()));
    await server.received(1);
    around.clock.advance(60_000);
    expect(await asking).toMatchObject({
      code: 'github-unavailable',
      message: expect.stringContaining('longer than 60 s'),
    });
    expect(server.requests).toHaveLength(1);
  });

  it('leaves no timer behind', async () => {
    server.answer(sendJson(user));
    await around.github.viewer(never());
    expect(around.clock.pendingTimers()).toBe(0);
  });

  it.each([
    ['SELF_SIGNED_CERT_IN_CHAIN', /not trusted .* EPICSTAR_CA_FILE/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /EPICSTAR_CA_FILE/],
    ['CERT_HAS_EXPIRED', /certificate of h\.example is not valid/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /certificate of h\.example is not valid/],
    ['ENETUNREACH', /no way to h\.example/],
    ['EWHATEVER', /failed \(EWHATEVER\)/],
  ])('%s in words', (code, words) => {
    const error = new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code }) });
    expect(describeNetworkError(error, 'h.example')).toMatch(words);
  });
});
