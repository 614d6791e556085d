/** @file Unchanged answers are not sent again, and never hide a change. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EtagCache } from '../../../src-main/engine/adapters/github/etag-cache.ts';
import { type RawServer, startRawServer } from './raw-server.ts';
import { never, starJson, type Surroundings, surround } from './surroundings.ts';

let server: RawServer;
let around: Surroundings;
/** What the server has: the total goes into Link alone, as with GitHub. */
let world: { total: number; newest: number; linkOn304: boolean };

beforeEach(async () => {
  server = await startRawServer();
  around = surround(server.url);
  world = { total: 5, newest: 41, linkOn304: true };
  server.answer((request, response) => {
    const query = new URL(request.url ?? '', server.url).searchParams;
    const perPage = Number(query.get('per_page'));
    const body = JSON.stringify([starJson({ id: world.newest })]);
    const etag = `W/"${world.newest}-${perPage}-${request.headers.authorization?.length}"`;
    const isKnown = request.headers['if-none-match'] === etag;
    const hasLink = perPage === 1 && world.total > 1 && (!isKnown || world.linkOn304);
    const link = `<${server.url}/user/starred?page=2>; rel="next", <${server.url}/user/starred?page=${world.total}>; rel="last"`;
    response.writeHead(isKnown ? 304 : 200, {
      etag,
      ...(isKnown ? {} : { 'content-type': 'application/json' }),
      ...(hasLink ? { link } : {}),
    });
    response.end(isKnown ? undefined : body);
  });
});

afterEach(async () => {
  await around.close();
  await server.close();
});

const tagsSent = (): readonly (string | undefined)[] => server.requests.map(({ headers }) => headers['if-none-match']);

describe('conditional requests', () => {
  it('give the kept answer for a 304', async () => {
    const first = await around.github.starHead(never());
    const second = await around.github.starHead(never());
    expect(second).toEqual(first);
    expect(tagsSent()).toEqual([undefined, expect.stringMatching(/^W\/"41-1-/)]);
    expect(around.github.requestCount()).toBe(2);
  });

  it('take the total from the 304 itself: it changes without the body', async () => {
    await around.github.starHead(never());
    world.total = 4;
    expect(await around.github.starHead(never())).toMatchObject({ total: 4, newest: { repository: { githubId: 41 } } });
  });

  it('are given up for lists that go on where a 304 leaves out the links', async () => {
    world.linkOn304 = false;
    await around.github.starHead(never());
    world.total = 4;
    expect(await around.github.starHead(never())).toMatchObject({ total: 4 });
    world.total = 3;
    expect(await around.github.starHead(never())).toMatchObject({ total: 3 });
    expect(tagsSent()).toEqual([undefined, expect.any(String), undefined, undefined]);
  });

  it('stay for a list that ends on its first page', async () => {
    world.linkOn304 = false;
    const first = await around.github.starPage('created', 1, never());
    expect(await around.github.starPage('created', 1, never())).toEqual(first);
    expect(tagsSent()).toEqual([undefined, expect.any(String)]);
  });

  it('see a change', async () => {
    await around.github.starHead(never());
    world.newest = 42;
    expect(await around.github.starHead(never())).toMatchObject({ newest: { repository: { githubId: 42 } } });
  });

  it('are not made with the tag of another token, order or page', async () => {
    await around.github.starPage('created', 1, never());
    await around.github.starPage('updated', 1, never());
    await around.github.starHead(never());
    around.setToken('gho_other0123456789');
    await around.github.starHead(never());
    await around.github.starPage('created', 2, never());
    await around.github.starPage('created', 2, never());
    expect(tagsSent()).toEqual(Array.from({ length: 6 }, () => undefined));
  });
});

it('keeps the entries used last', () => {
  const cache = new EtagCache<number>(2);
  const entry = (value: number) => ({ etag: `"${value}"`, value, link: null });
  cache.set('a', entry(1));
  cache.set('b', entry(2));
  cache.get('a');
  cache.set('c', entry(3));
  expect([cache.get('a')?.value, cache.get('b'), cache.get('c')?.value]).toEqual([1, null, 3]);
});
