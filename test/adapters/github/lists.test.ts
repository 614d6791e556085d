/** @file GitHub Lists through the adapter: pages and bounds, refusals that are values, limits and failures that are not. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { graphqlBaseOf } from '../../../src-main/engine/adapters/github/addresses.ts';
import { type Github, startGithub } from '../../playground/github/index.ts';
import { type RawServer, sendJson, startRawServer } from './raw-server.ts';
import { allOf, errorOf, never, type Surroundings, surround, token as rawToken } from './surroundings.ts';

describe('GitHub Lists of the stand-in', () => {
  let standIn: Github;
  let around: Surroundings;

  beforeEach(async () => {
    standIn = await startGithub();
    around = surround(standIn.apiUrl);
    around.setToken(standIn.addToken());
  });
  afterEach(async () => {
    await around.close();
    await standIn.close();
  });

  const addRepositories = (count: number): number[] =>
    Array.from({ length: count }, (_, index) => standIn.world.addRepository({ fullName: `ada/r${index}` }));

  it('are read with one request, in order, ids ascending', async () => {
    const [a = 0, b = 0, c = 0] = addRepositories(3);
    standIn.world.lists.make('later', [c, a]);
    standIn.world.lists.make('', [b]);
    standIn.world.lists.make('empty');
    expect(await around.github.lists(never())).toEqual([
      { name: 'later', githubIds: [a, c] },
      { name: '', githubIds: [b] },
      { name: 'empty', githubIds: [] },
    ]);
    expect(standIn.log.entries).toMatchObject([{ kind: 'graphql', method: 'POST', path: '/graphql', auth: 'token' }]);
    expect(around.github.requestCount()).toBe(1);
  });

  it('are none where a person has none', async () => {
    expect(await around.github.lists(never())).toEqual([]);
  });

  it('are read to the last item, however many are on one', async () => {
    const ids = addRepositories(250);
    standIn.world.lists.make('many', ids);
    standIn.world.lists.make('few', ids.slice(0, 3));
    const lists = await around.github.lists(never());
    expect(lists?.map(({ githubIds }) => githubIds)).toEqual([ids, ids.slice(0, 3)]);
    expect(standIn.log.count({ kind: 'graphql' })).toBe(3);
  });

  it('are read no further than 100 lists', async () => {
    for (let index = 0; index < 130; index += 1) standIn.world.lists.make(`list ${index}`);
    expect(await around.github.lists(never())).toHaveLength(100);
    expect(standIn.log.count({ kind: 'graphql' })).toBe(1);
    expect(around.logLines.join()).toContain('not all GitHub Lists are read');
  });

  it('that are removed while they are read show what was read of them', async () => {
    const ids = addRepositories(150);
    standIn.world.lists.make('going', ids);
    const drop = (): void => standIn.world.lists.drop('going');
    standIn.faults.add({ path: '/graphql', skip: 1, times: 1, kind: 'run', run: drop });
    expect(await around.github.lists(never())).toEqual([{ name: 'going', githubIds: ids.slice(0, 100) }]);
  });

  it.each(['github-app', 'fine-grained'] as const)('are null for a token of the kind %s', async (kind) => {
    standIn.world.lists.make('later');
    around.setToken(standIn.tokens.add({ login: standIn.world.viewer.login, kind }));
    expect(await around.github.lists(never())).toBeNull();
  });

  it('are null on a server whose schema has none', async () => {
    standIn.world.lists.isOffered = false;
    expect(await around.github.lists(never())).toBeNull();
  });

  it('have a limit that holds up nothing else', async () => {
    standIn.world.lists.make('later');
    standIn.graphqlRates.setRemaining(standIn.world.viewer.login, 0, 600_000);
    const error = await errorOf(around.github.lists(never()));
    expect(error.code).toBe('github-rate-limited');
    expect(error.data.until).toBeGreaterThan(around.clock.now());
    expect(await errorOf(around.github.lists(never()))).toMatchObject({ code: 'github-rate-limited' });
    expect(standIn.log.count({ kind: 'graphql' })).toBe(1);
    expect(await around.github.viewer(never())).toMatchObject({ login: 'stella' });
    // Another user's limit is another.
    standIn.world.addUser({ login: 'theo' });
    around.setToken(standIn.tokens.add({ login: 'theo' }));
    expect(await around.github.lists(never())).toEqual([]);
  });

  it('are not asked for while the limit of pace holds, whoever met it', async () => {
    standIn.faults.add({ path: '/graphql', times: 1, kind: 'secondary-limit', retryAfterSeconds: 90 });
    expect(await errorOf(around.github.lists(never()))).toMatchObject({ code: 'github-rate-limited' });
    expect(await errorOf(around.github.viewer(never()))).toMatchObject({ code: 'github-rate-limited' });
    expect(standIn.log.entries).toHaveLength(1);
    around.clock.advance(91_000);
    expect(await around.github.lists(never())).toEqual([]);
  });

  it('are asked for again after a passing failure', async () => {
    standIn.faults.add({ path: '/graphql', times: 1, kind: 'status', status: 502 });
    standIn.faults.add({ path: '/graphql', skip: 1, times: 1, kind: 'cut', afterBytes: 0 });
    expect(await around.github.lists(never())).toEqual([]);
    expect(standIn.log.count({ kind: 'graphql' })).toBe(3);
  });

  it('fail as everything else where GitHub does not answer, or the token is dead', async () => {
    standIn.faults.add({ path: '/graphql', times: 3, kind: 'status', status: 503 });
    expect(await errorOf(around.github.lists(never()))).toMatchObject({ code: 'github-unavailable' });
    around.setToken('gho_dead');
    expect(await errorOf(around.github.lists(never()))).toMatchObject({ code: 'github-signed-out' });
    around.setToken(null);
    expect(await errorOf(around.github.lists(never()))).toMatchObject({ code: 'github-signed-out' });
  });

  it('end at once when nobody waits any more', async () => {
    standIn.faults.add({ path: '/graphql', kind: 'stall' });
    const controller = new AbortController();
    const reading = errorOf(around.github.lists(controller.signal));
    controller.abort();
    expect(await reading).toMatchObject({ code: 'cancelled' });
  });

  it.each(['wrong-types', 'nulls', 'broken-json', 'html'] as const)(
    'that come broken (%s) are no lists',
    async (kind) => {
      standIn.world.lists.make('later', addRepositories(1));
      standIn.faults.add({ path: '/graphql', kind });
      expect(await errorOf(around.github.lists(never()))).toMatchObject({ code: 'github-unexpected' });
    },
  );
});

describe('an answer to the question for GitHub Lists', () => {
  let server: RawServer;
  let around: Surroundings;

  beforeEach(async () => {
    server = await startRawServer();
    around = surround(`${server.url}/api/v3`);
  });
  afterEach(async () => {
    await around.close();
    await server.close();
  });

  const page = (nodes: unknown, more: object = {}): unknown => ({
    viewer: { lists: { pageInfo: { hasNextPage: false, endCursor: null }, nodes, ...more } },
  });
  const items = (...ids: readonly (number | null)[]): unknown => ({
    pageInfo: { hasNextPage: false, endCursor: null },
    nodes: ids.map((databaseId) => (databaseId === null ? null : { databaseId })),
  });

  it('is asked of the address of GraphQL, with the token in its header alone', async () => {
    server.answer(sendJson({ data: page([]) }));
    expect(await around.github.lists(never())).toEqual([]);
    expect(server.requests).toMatchObject([{ method: 'POST', url: '/api/graphql' }]);
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: `Bearer ${rawToken}`,
      'user-agent': 'epicstar/1.2.3',
    });
    expect(around.logLines.join()).not.toContain(rawToken);
  });

  it('leaves out what may not be read of it, keeps the rest, and cuts names', async () => {
    server.answer(
      sendJson({
        data: page([
          { id: 'a', name: `${'x'.repeat(199)}✨${'y'.repeat(50)}`, items: items(7, null, 5, 7) },
          null,
          { id: 'b', name: ' cl\u0007\u202eosed\u200b ', items: null },
        ]),
        errors: [{ type: 'FORBIDDEN', path: ['viewer', 'lists', 'nodes', 0, 'items', 'nodes', 1], message: 'SSO' }],
      }),
    );
    expect(await around.github.lists(never())).toEqual([
      { name: `${'x'.repeat(199)}✨`, githubIds: [5, 7] },
      { name: 'cl osed', githubIds: [] },
    ]);
  });

  it.each([
    { name: '404', status: 404, body: { message: 'Not Found' } },
    { name: '404 of a server that is no GitHub', status: 404, body: '<html>' },
    { name: '403', status: 403, body: { message: 'Resource not accessible by integration' } },
    {
      name: 'scopes that are missing',
      status: 200,
      body: { errors: [{ type: 'INSUFFICIENT_SCOPES', message: 'Your token has not been granted the scopes.' }] },
    },
    { name: 'no lists', status: 200, body: { data: { viewer: { lists: null } } } },
    {
      name: 'a field that is not in the schema',
      status: 200,
      body: { errors: [{ message: "Field 'lists' doesn't exist on type 'User'" }] },
    },
  ])('is null for $name', async ({ status, body }) => {
    server.answer(sendJson(body, status));
    expect(await around.github.lists(never())).toBeNull();
  });

  it.each([
    { name: '403 of something on the way', status: 403, body: 'blocked by the proxy', code: 'github-unexpected' },
    { name: '400', status: 400, body: { message: 'Problems parsing JSON' }, code: 'github-unexpected' },
    { name: 'a list', status: 200, body: [], code: 'github-unexpected' },
    { name: 'no data', status: 200, body: {}, code: 'github-unexpected' },
    { name: 'an id below zero', status: 200, body: { data: page([{ id: 'a', name: 'a', items: items(-1) }]) } },
    { name: 'too long a page', status: 200, body: { data: page(Array.from({ length: 101 }, () => null)) } },
    { name: 'an error without a type', status: 200, body: { errors: [{ message: `bad ${rawToken}` }] } },
    {
      name: 'a refusal and a failure',
      status: 200,
      body: { data: page([]), errors: [{ type: 'FORBIDDEN', message: 'no' }, { message: 'bad' }] },
    },
    {
      name: 'a query that took too long',
      status: 200,
      body: { errors: [{ message: 'Something went wrong while executing your query. This may be a timeout.' }] },
      code: 'github-unavailable',
    },
  ])('is a failure for $name', async ({ status, body, code = 'github-unexpected' }) => {
    server.answer(sendJson(body, status));
    const error = await errorOf(around.github.lists(never()));
    expect(error.code).toBe(code);
    expect(allOf(error)).not.toContain(rawToken);
  });

  it('is asked for once more where the query may have been too slow', async () => {
    const slow = { errors: [{ message: 'Something went wrong while executing your query.' }] };
    server.answer((request, response) => {
      sendJson(server.requests.length === 1 ? slow : { data: page([]) })(request, response);
    });
    expect(await around.github.lists(never())).toEqual([]);
  });

  it('is a limit where it says so with status 200 or as a 403', async () => {
    const reset = String(around.clock.now() / 1000 + 120);
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset, 'x-ratelimit-resource': 'graphql' };
    server.answer(sendJson({ message: 'API rate limit exceeded' }, 403, headers));
    expect(await errorOf(around.github.lists(never()))).toMatchObject({
      code: 'github-rate-limited',
      data: { until: around.clock.now() + 120_000, status: 403 },
    });
    around.clock.advance(120_000);
    server.answer(sendJson({ errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] }));
    expect(await errorOf(around.github.lists(never()))).toMatchObject({
      code: 'github-rate-limited',
      data: { until: around.clock.now() + 60_000 },
    });
    server.answer(sendJson({ id: 7, login: 'stella' }));
    expect(await around.github.viewer(never())).toMatchObject({ login: 'stella' });
  });

  it('is read no further than 10 000 items', async () => {
    const hundred = items(...Array.from({ length: 100 }, (_, index) => index + 1));
    const more = items(...Array.from({ length: 100 }, (_, index) => index + 101));
    const longer = { ...(hundred as object), pageInfo: { hasNextPage: true, endCursor: 'next' } };
    const nodes = Array.from({ length: 100 }, (_, index) => ({
      id: `${index}`,
      name: `${index}`,
      items: index === 0 ? longer : hundred,
    }));
    server.answer((request, response) => {
      sendJson({ data: server.requests.length === 1 ? page(nodes) : { node: { items: more } } })(request, response);
    });
    const lists = await around.github.lists(never());
    expect(lists?.map(({ githubIds }) => githubIds.length)).toEqual([200, ...Array<number>(98).fill(100), 0]);
    expect(server.requests).toHaveLength(2);
    expect(around.logLines.join()).toContain('not all GitHub Lists are read');
  });

  it('that leads to itself ends', async () => {
    const pageInfo = { hasNextPage: true, endCursor: 'again' };
    server.answer(sendJson({ data: page([{ id: 'a', name: 'a', items: items(1) }], { pageInfo }) }));
    expect(await around.github.lists(never())).toHaveLength(2);
    expect(server.requests).toHaveLength(2);
  });

  it('that redirects is not followed', async () => {
    server.answer(sendJson({}, 307, { location: `${server.url}/other` }));
    expect(await errorOf(around.github.lists(never()))).toMatchObject({ code: 'github-unexpected' });
    expect(server.requests).toHaveLength(1);
  });
});

describe('the address of GraphQL', () => {
  it.each([
    ['https://api.github.com', 'https://api.github.com'],
    ['https://github.example.org/api/v3', 'https://github.example.org/api'],
    ['https://api.acme.ghe.com', 'https://api.acme.ghe.com'],
    ['http://127.0.0.1:3000/api/v3/more', 'http://127.0.0.1:3000/api/v3/more'],
  ])('for %s is below %s', (apiUrl, expected) => {
    expect(graphqlBaseOf(apiUrl)).toBe(expected);
  });
});
