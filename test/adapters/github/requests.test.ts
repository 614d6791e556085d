/** @file What is sent, in which order, and how it is cancelled. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RawServer, sendJson, startRawServer } from './raw-server.ts';
import { allOf, errorOf, never, starJson, type Surroundings, surround } from './surroundings.ts';

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

describe('what is sent', () => {
  it('has the pinned version, the user agent, the type and the token', async () => {
    server.answer(sendJson([]));
    await around.github.starPage('updated', 3, never());
    expect(server.requests[0]).toMatchObject({
      method: 'GET',
      url: '/user/starred?sort=updated&direction=desc&per_page=100&page=3',
      headers: {
        accept: 'application/vnd.github.star+json',
        authorization: expect.stringMatching(/^Bearer gho_/),
        'user-agent': 'epicstar/1.2.3',
        'x-github-api-version': '2022-11-28',
      },
    });
  });

  it('goes out one at a time', async () => {
    let open = 0;
    let most = 0;
    server.answer((request, response) => {
      open += 1;
      most = Math.max(most, open);
      // Slow enough for all the others to arrive meanwhile, if they were sent.
      setTimeout(() => {
        open -= 1;
        sendJson(user)(request, response);
      }, 30);
    });
    await Promise.all(Array.from({ length: 8 }, async () => await around.github.viewer(never())));
    expect(most).toBe(1);
    expect(around.github.requestCount()).toBe(8);
  });

  it('is nothing without a token, or with one that no header can carry', async () => {
    for (const value of [null, '', 'with\nnewline', 'wïth']) {
      around.setToken(value);
      const error = await errorOf(around.github.viewer(never()));
      expect(error.code).toBe('github-signed-out');
      expect(allOf(error)).not.toMatch(/newline|wïth/);
    }
    expect(around.github.requestCount()).toBe(0);
    expect(server.requests).toHaveLength(0);
  });

  it('takes a token that was replaced', async () => {
    server.answer(sendJson(user));
    await around.github.viewer(never());
    around.setToken('gho_other0123456789');
    await around.github.viewer(never());
    expect(server.requests.map(({ headers }) => headers.authorization).at(-1)).toBe('Bearer gho_other0123456789');
  });

  it('passes on no error of the token store but one of ours', async () => {
    const failing = surround(server.url, {
      secrets: {
        read: () => Promise.reject(new Error('keyring is locked')),
        write: async () => undefined,
        isFixed: () => Promise.resolve(false),
        origin: async () => null,
      },
    });
    expect(await errorOf(failing.github.viewer(never()))).toMatchObject({ code: 'internal' });
    expect(await errorOf(failing.github.remote('ada/engine'))).toMatchObject({ code: 'internal' });
    await failing.close();
  });
});

describe('scopes', () => {
  it.each<readonly [header: string | null, token: string, scopes: readonly string[] | null]>([
    ['repo, read:user', 'gho_0123456789', ['repo', 'read:user']],
    ['', 'ghp_0123456789', []],
    [null, 'github_pat_0123456789', null],
    ['', 'ghu_0123456789', null],
  ])('%j of %s', async (header, value, scopes) => {
    around.setToken(value);
    server.answer(sendJson(user, 200, header === null ? {} : { 'x-oauth-scopes': header }));
    expect(await around.github.viewer(never())).toEqual({ githubId: 7, login: 'stella', scopes });
  });
});

describe('cancellation', () => {
  it('before anything sends nothing', async () => {
    expect(await errorOf(around.github.viewer(AbortSignal.abort()))).toMatchObject({ code: 'cancelled' });
    expect(around.github.requestCount()).toBe(0);
  });

  it('ends a request that is out, and frees the way for the next', async () => {
    server.answer(() => undefined);
    const controller = new AbortController();
    const first = errorOf(around.github.viewer(controller.signal));
    const second = around.github.starHead(never());
    await server.received(1);
    const closed = new Promise((resolve) => server.requests[0]?.socket.once('close', resolve));
    server.answer(sendJson([starJson()]));
    controller.abort(new Error('any reason'));
    expect(await first).toMatchObject({ code: 'cancelled' });
    expect(await second).toMatchObject({ total: 1 });
    await closed;
  });

  it('ends waiting in the queue while the one before goes on', async () => {
    const gate = Promise.withResolvers<void>();
    server.answer((request, response) => {
      gate.promise.then(() => sendJson(user)(request, response)).catch(() => response.destroy());
    });
    const controller = new AbortController();
    const first = around.github.viewer(never());
    const second = errorOf(around.github.viewer(controller.signal));
    const third = around.github.viewer(never());
    await server.received(1);
    controller.abort();
    expect(await second).toMatchObject({ code: 'cancelled' });
    gate.resolve();
    expect(await first).toMatchObject({ login: 'stella' });
    expect(await third).toMatchObject({ login: 'stella' });
    expect(server.requests).toHaveLength(2);
  });

  it('ends the pause before a retry', async () => {
    server.answer(sendJson({}, 503));
    const controller = new AbortController();
    const asking = errorOf(around.github.viewer(controller.signal));
    await server.received(2);
    controller.abort();
    const startedMs = performance.now();
    expect(await asking).toMatchObject({ code: 'cancelled' });
    expect(performance.now() - startedMs).toBeLessThan(200);
    expect(around.github.requestCount()).toBe(2);
  });
});
