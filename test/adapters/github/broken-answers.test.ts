/** @file Whatever comes instead of GitHub's answers becomes an error of the closed set, or an unreadable item. */
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Handler, type RawServer, sendJson, startRawServer } from './raw-server.ts';
import { allOf, errorOf, never, repositoryJson, starJson, type Surroundings, surround, token } from './surroundings.ts';

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

const send =
  (body: string | Buffer, headers: Record<string, string>, status = 200): Handler =>
  (_request, response) => {
    response.writeHead(status, headers).end(body);
  };

const json = { 'content-type': 'application/json' };

describe('a body that is not what was asked for', () => {
  it.each<readonly [name: string, handler: Handler, words: RegExp]>([
    [
      'a web page',
      send('<html><body>Sign in to the hotel</body></html>', { 'content-type': 'text/html' }),
      /<html>.*text\/html/,
    ],
    ['JSON under the wrong type', send('[]', { 'content-type': 'text/plain' }), /text\/plain/],
    ['JSON under no type', send('[]', {}), /no content type/],
    ['a type that is none', send('[]', { 'content-type': ';;;' }), /a list of at most 100 stars|cannot be read/],
    ['an object', sendJson({ message: 'hello' }), /an object/],
    ['null', sendJson(null), /null/],
    ['a number', sendJson(7), /a number/],
    ['broken JSON', send('[{"starred_at":', json), /the text "\[\{/],
    ['nothing', send('', json), /nothing/],
    ['too many items', sendJson(Array.from({ length: 101 }, () => starJson())), /a list of 101/],
    ['no content', (_request, response) => response.writeHead(204).end(), /answered 204/],
    ['binary', send(Buffer.from([0, 255, 1]), { 'content-type': 'application/octet-stream' }), /3 bytes/],
  ])('%s', async (_name, handler, words) => {
    server.answer(handler);
    const error = await errorOf(around.github.starPage('created', 1, never()));
    expect(error).toMatchObject({ code: 'github-unexpected', message: expect.stringMatching(words) });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ['viewer', { id: '1', login: 'stella' }, /id: /],
    ['viewer', { id: 1, login: 'a\nb' }, /login: /],
    ['rate', { resources: {} }, /resources\.core/],
  ] as const)('wrong fields for %s: %j', async (call, body, words) => {
    server.answer(sendJson(body));
    const error = await errorOf(around.github[call](never()));
    expect(error).toMatchObject({ code: 'github-unexpected', message: expect.stringMatching(words) });
  });
});

describe('size', () => {
  const big = Buffer.alloc(11_000_000, 0x20);

  it.each<readonly [name: string, handler: Handler]>([
    ['11 MB', send(big, json)],
    ['11 MB as an error page', send(big, json, 404)],
    ['50 MB in 50 kB of gzip', send(gzipSync(Buffer.alloc(50_000_000)), { ...json, 'content-encoding': 'gzip' })],
    [
      'a body without an end',
      (_request, response) => {
        response.writeHead(200, json);
        const more = (): void => {
          while (!response.destroyed && response.write(big.subarray(0, 65_536)));
        };
        response.on('drain', more);
        more();
      },
    ],
  ])('%s is not read on', async (_name, handler) => {
    server.answer(handler);
    const error = await errorOf(around.github.starPage('created', 1, never()));
    expect(error).toMatchObject({ code: 'github-unexpected', message: expect.stringContaining('larger than 10 MB') });
    expect(server.requests).toHaveLength(1);
  });

  it('9 MB are read', async () => {
    const items = Array.from({ length: 90 }, () => ({ ...starJson(), extra: 'x'.repeat(100_000) }));
    server.answer(sendJson(items));
    expect((await around.github.starPage('created', 1, never())).stars).toHaveLength(90);
  });
});

describe('one bad item', () => {
  it.each<readonly [name: string, item: unknown, words: RegExp]>([
    ['..', starJson({ full_name: 'ada/..' }), /repo\.full_name: not a repository name: the text "ada\/\.\."/],
    ['a path', starJson({ full_name: '../../etc/passwd' }), /full_name/],
    [
      'control characters',
      starJson({ full_name: 'ada/en\u0000gi\u001b[31mne\u202e' }),
      /ada\/en\\u\{0\}gi\\u\{1b\}\[31mne\\u\{202e\}/,
    ],
    ['300 characters', starJson({ full_name: `ada/${'x'.repeat(300)}` }), /full_name/],
    ['a null name', starJson({ full_name: null }), /repo\.full_name: .*null/],
    ['an id as text', starJson({ id: '41' }), /repo\.id/],
    ['id 0', starJson({ id: 0 }), /repo\.id/],
    ['a negative id', starJson({ id: -3 }), /repo\.id/],
    ['a fraction', starJson({ id: 1.5 }), /repo\.id/],
    ['null for a flag', starJson({ private: null }), /repo\.private/],
    ['a bad time', starJson({ pushed_at: 'yesterday' }), /repo\.pushed_at/],
    ['a script for a page', starJson({ html_url: 'javascript:alert(1)' }), /repo\.html_url/],
    ['no repo', { starred_at: '2026-01-01T00:00:00Z' }, /repo: /],
    ['null repo', { starred_at: '2026-01-01T00:00:00Z', repo: null }, /repo: /],
    ['no time', { repo: repositoryJson() }, /starred_at/],
    ['a bare repository', repositoryJson(), /starred_at/],
    ['null', null, /null/],
    ['a text', 'ada/engine', /string/],
    ['a list', [], /array/],
  ])('%s is named and leaves the others alone', async (_name, item, words) => {
    server.answer(sendJson([starJson({ id: 1 }), item, starJson({ id: 3 })]));
    const page = await around.github.starPage('created', 1, never());
    expect(page.stars.map((star) => star.repository.githubId)).toEqual([1, 3]);
    expect(page.unreadable).toEqual([expect.stringMatching(/^item 2: /)]);
    expect(page.unreadable[0]).toMatch(words);
    expect(page.unreadable[0]?.length).toBeLessThanOrEqual(200);
    expect(page.unreadable[0]).not.toMatch(/[\p{C}]/u);
  });

  it('an id beyond 2^53 is not rounded to another one', async () => {
    const text = JSON.stringify([starJson()]).replace('"id":41', '"id":9007199254740993');
    server.answer(send(text, json));
    const page = await around.github.starPage('created', 1, never());
    expect(page).toMatchObject({ stars: [], unreadable: [expect.stringContaining('repo.id')] });
  });

  it('as the newest star leaves the total', async () => {
    const link = `<${server.url}/user/starred?page=2>; rel="next", <${server.url}/user/starred?page=7>; rel="last"`;
    server.answer(sendJson([starJson({ full_name: 'x' })], 200, { link }));
    expect(await around.github.starHead(never())).toEqual({ newest: null, total: 7 });
  });

  it('is fatal where it was all that was asked for', async () => {
    server.answer(sendJson(repositoryJson({ full_name: 'ada/..' })));
    const error = await errorOf(around.github.repositoryById(41, never()));
    expect(error).toMatchObject({ code: 'github-unexpected', message: expect.stringContaining('full_name') });
  });

  it('left out by single sign-on counts as unreadable', async () => {
    server.answer(sendJson([starJson()], 200, { 'x-github-sso': 'partial-results; organizations=1,2' }));
    const page = await around.github.starPage('created', 1, never());
    expect(page.stars).toHaveLength(1);
    expect(page.unreadable).toEqual([expect.stringContaining('single sign-on')]);
  });
});

describe('identity', () => {
  it('another repository than the one asked for is refused', async () => {
    server.answer(sendJson(repositoryJson({ id: 42 })));
    const error = await errorOf(around.github.repositoryById(41, never()));
    expect(error).toMatchObject({ code: 'github-unexpected', message: expect.stringContaining('the repository 42') });
  });

  it('reads what is there and nothing more', async () => {
    server.answer(sendJson(repositoryJson({ pushed_at: null, license: null, language: null, unknown: { deep: 1 } })));
    expect(await around.github.repositoryById(41, never())).toEqual({
      kind: 'found',
      repository: {
        githubId: 41,
        nodeId: 'R_kgDOABC',
        fullName: 'ada/engine',
        description: 'Analytical',
        defaultBranch: 'main',
        sizeKb: 12,
        isPrivate: false,
        isFork: false,
        isArchived: true,
        isDisabled: false,
        hasWiki: true,
        pushedAt: null,
        language: null,
        licenseSpdx: null,
        topics: ['math'],
        homepage: null,
        htmlUrl: 'https://github.com/ada/engine',
      },
    });
  });
});

describe('links', () => {
  it('to another host are never followed, only counted', async () => {
    const other = await startRawServer();
    const link = `<${other.url}/user/starred?page=2>; rel="next", <${other.url}/user/starred?page=4>; rel="last"`;
    server.answer(sendJson([starJson()], 200, { link }));
    const page = await around.github.starPage('created', 1, never());
    expect(page).toMatchObject({ hasNext: true, lastPage: 4 });
    await around.github.starPage('created', 2, never()).catch(() => undefined);
    expect(other.requests).toHaveLength(0);
    expect(server.requests.map(({ url }) => url)).toEqual([
      '/user/starred?sort=created&direction=desc&per_page=100&page=1',
      '/user/starred?sort=created&direction=desc&per_page=100&page=2',
    ]);
    await other.close();
  });

  it('that lead in a circle are refused', async () => {
    server.answer(sendJson([starJson()], 200, { link: `<${server.url}/user/starred?page=2>; rel="next"` }));
    expect(await errorOf(around.github.starPage('created', 2, never()))).toMatchObject({ code: 'github-unexpected' });
  });

  it('that never end are refused some day', async () => {
    expect(await errorOf(around.github.starPage('created', 10_001, never()))).toMatchObject({
      code: 'github-unexpected',
    });
    expect(server.requests).toHaveLength(0);
  });

  it('without a last page give no total', async () => {
    server.answer(sendJson([starJson()], 200, { link: `<${server.url}/user/starred?page=2>; rel="next"` }));
    expect(await errorOf(around.github.starHead(never()))).toMatchObject({ code: 'github-unexpected' });
  });

  it('that are absent mean 0 or 1', async () => {
    server.answer(sendJson([]));
    expect(await around.github.starHead(never())).toEqual({ newest: null, total: 0 });
    server.answer(sendJson([starJson()]));
    expect(await around.github.starHead(never())).toMatchObject({ newest: { repository: { githubId: 41 } }, total: 1 });
  });
});

describe('redirects', () => {
  const redirect =
    (location: string, status = 301): Handler =>
    (_request, response) =>
      response.writeHead(status, { location }).end();

  it.each([301, 302, 307, 308])('%i to another host is refused, named, and gets no token', async (status) => {
    const other = await startRawServer();
    server.answer(redirect(`${other.url}/repositories/41`, status));
    const error = await errorOf(around.github.repositoryById(41, never()));
    expect(error).toMatchObject({
      code: 'github-unexpected',
      message: expect.stringContaining(new URL(other.url).host),
    });
    expect(other.requests).toHaveLength(0);
    await other.close();
  });

  it('to an id on the same host is followed once', async () => {
    server.answer((request, response) => {
      const handler =
        request.url === '/repositories/41' ? redirect('/repositories/41/again') : sendJson(repositoryJson());
      handler(request, response);
    });
    expect(await around.github.repositoryById(41, never())).toMatchObject({ kind: 'found' });
    expect(server.requests.map(({ url }) => url)).toEqual(['/repositories/41', '/repositories/41/again']);
  });

  it('to an id that redirects again is not', async () => {
    server.answer(redirect('/repositories/41'));
    const error = await errorOf(around.github.repositoryById(41, never()));
    expect(error).toMatchObject({ code: 'github-unexpected', message: expect.stringContaining('a second time') });
    expect(server.requests).toHaveLength(2);
  });

  it.each(['/login', 'https://', '', '//[', '/repositories/../admin'])('to %j is not followed', async (location) => {
    server.answer(redirect(location));
    expect(await errorOf(around.github.repositoryById(41, never()))).toMatchObject({ code: 'github-unexpected' });
    expect(server.requests).toHaveLength(1);
  });
});

it('shows the token nowhere', async () => {
  const echo = (status: number, headers: Record<string, string> = {}): Handler =>
    sendJson({ message: `bad ${token}` }, status, headers);
  const handlers: Handler[] = [
    ...[400, 401, 403, 404, 422, 429, 451].map((status) => echo(status)),
    echo(403, { 'x-accepted-github-permissions': 'starring=read' }),
    (request) => request.socket.destroy(),
    (_request, response) => response.writeHead(302, { location: 'https://evil.example/' }).end(),
  ];
  for (const handler of handlers) {
    server.answer(handler);
    around.clock.advance(3_600_000);
    const error = await errorOf(around.github.viewer(never()));
    expect(allOf(error)).not.toContain(token);
  }
  expect(around.logLines.join('\n')).not.toContain(token);
  expect(around.logLines.length).toBeGreaterThan(5);
});
