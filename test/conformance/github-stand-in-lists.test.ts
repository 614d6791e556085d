/** @file The GitHub stand-in's Lists: what GraphQL answers, to whom, in which pages and with which limit. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Github, startGithub } from '../playground/github/index.ts';
import { ask, type Reply } from '../playground/github/test-client.ts';

let github: Github;
let token: string;

beforeEach(async () => {
  github = await startGithub({ control: true });
  token = github.addToken();
});
afterEach(() => github.close());

const fields = 'pageInfo { hasNextPage endCursor } nodes { ... on Repository { databaseId } }';
const lists = (first: number, items = 100): string => `query ($after: String) {
  viewer { lists(first: ${first}, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes { id name items(first: ${items}) { ${fields} } }
  } }
}`;
const itemsOf = `query ($list: ID!, $after: String) {
  node(id: $list) { ... on UserList { items(first: 2, after: $after) { ${fields} } } }
}`;

function query(text: string, variables: Readonly<Record<string, unknown>> = {}, by: string | null = token) {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ query: text, variables });
  return ask(`${github.url}/api/graphql`, { token: by ?? undefined, method: 'POST', headers, body });
}

const addRepositories = (count: number): number[] =>
  Array.from({ length: count }, (_, index) => github.world.addRepository({ fullName: `ada/r${index}` }));

interface ListNode {
  readonly id: string;
  readonly name: string;
  readonly items: { readonly pageInfo: { endCursor: string | null }; readonly nodes: readonly unknown[] };
}

function listsIn(reply: Reply): { pageInfo: { hasNextPage: boolean; endCursor: string }; nodes: ListNode[] } {
  return (reply.json() as { data: { viewer: { lists: ReturnType<typeof listsIn> } } }).data.viewer.lists;
}

describe('Lists', () => {
  it('of the user who asks are told with what is on them', async () => {
    const [first = 0, second = 0] = addRepositories(2);
    github.world.lists.make('later', [second, first]);
    github.world.lists.make('Zürich ✨');
    github.world.addUser({ login: 'theo' });
    github.world.lists.make('later', [first], 'theo');
    const reply = await query(lists(100));
    expect(reply.status).toBe(200);
    expect(listsIn(reply)).toMatchObject({
      pageInfo: { hasNextPage: false },
      nodes: [
        { name: 'later', items: { nodes: [{ databaseId: second }, { databaseId: first }] } },
        { name: 'Zürich ✨', items: { pageInfo: { hasNextPage: false, endCursor: null }, nodes: [] } },
      ],
    });
    expect(github.log.filter({ kind: 'graphql' })).toMatchObject([{ method: 'POST', path: '/graphql', status: 200 }]);
    expect(listsIn(await query(lists(100), {}, github.tokens.add({ login: 'theo' }))).nodes).toHaveLength(1);
  });

  it('change as the user changes them, and show only what can be read', async () => {
    const [open = 0, secret = 0, gone = 0] = addRepositories(3);
    github.world.edit(secret, { private: true });
    github.world.lists.make('a', [open, secret, gone]);
    github.world.lists.make('b');
    github.world.remove(gone);
    expect(listsIn(await query(lists(100))).nodes[0]?.items.nodes).toHaveLength(2);
    expect(listsIn(await query(lists(100), {}, github.addToken([]))).nodes[0]?.items.nodes).toEqual([
      { databaseId: open },
    ]);
    github.world.lists.takeOff('a', open);
    github.world.lists.put('b', open);
    github.world.lists.drop('a');
    expect(listsIn(await query(lists(100))).nodes).toMatchObject([
      { name: 'b', items: { nodes: [{ databaseId: open }] } },
    ]);
    expect(() => github.world.lists.make('b')).toThrow('there is a list');
    expect(() => github.world.lists.put('a', open)).toThrow('no such list');
  });

  it('come in pages, and so does what is on one', async () => {
    const ids = addRepositories(5);
    for (const name of ['a', 'b', 'c']) github.world.lists.make(name, ids);
    const first = listsIn(await query(lists(2, 2)));
    expect(first).toMatchObject({ pageInfo: { hasNextPage: true }, nodes: [{ name: 'a' }, { name: 'b' }] });
    const second = listsIn(await query(lists(2, 2), { after: first.pageInfo.endCursor }));
    expect(second).toMatchObject({ pageInfo: { hasNextPage: false }, nodes: [{ name: 'c' }] });
    const [list] = second.nodes;
    const next = await query(itemsOf, { list: list?.id, after: list?.items.pageInfo.endCursor });
    expect(next.json()).toMatchObject({
      data: {
        node: { items: { pageInfo: { hasNextPage: true }, nodes: [{ databaseId: ids[2] }, { databaseId: ids[3] }] } },
      },
    });
    expect((await query(itemsOf, { list: 'UL_99', after: null })).json()).toMatchObject({
      data: { node: null },
      errors: [{ type: 'NOT_FOUND' }],
    });
  });

  it.each([
    { name: 'too large a page', text: lists(101), variables: {} },
    { name: 'a foreign cursor', text: lists(100), variables: { after: 'abc' } },
    { name: 'another query', text: '{ viewer { login } }', variables: {} },
  ])('are refused to $name', async ({ text, variables }) => {
    const reply = await query(text, variables);
    expect(reply.status).toBe(200);
    expect(reply.json()).toEqual({ errors: [{ message: expect.any(String) }] });
  });

  it('are refused without a token, with a dead one, and where the body is no JSON', async () => {
    expect((await query(lists(100), {}, null)).status).toBe(401);
    expect((await query(lists(100), {}, 'gho_dead')).status).toBe(401);
    expect((await ask(`${github.url}/graphql`, { token, method: 'POST', body: '{' })).status).toBe(400);
    expect((await ask(`${github.url}/graphql`, { token })).status).toBe(404);
  });

  it.each(['github-app', 'fine-grained'] as const)('are not for a token of the kind %s', async (kind) => {
    const limited = github.tokens.add({ login: github.world.viewer.login, kind });
    const reply = await query(lists(100), {}, limited);
    expect(reply.status).toBe(200);
    expect(reply.json()).toMatchObject({ data: { viewer: null }, errors: [{ type: 'FORBIDDEN' }] });
    const starred = await ask(`${github.apiUrl}/user/starred`, { token: limited });
    expect(starred.status).toBe(200);
    expect(starred.headers.has('x-oauth-scopes')).toBe(false);
  });

  it('are unknown to a server whose schema has none', async () => {
    github.world.lists.isOffered = false;
    expect((await query(lists(100))).json()).toMatchObject({ errors: [{ extensions: { code: 'undefinedField' } }] });
  });

  it('have a limit of their own', async () => {
    const reply = await query(lists(100));
    expect(reply.headers.get('x-ratelimit-resource')).toBe('graphql');
    expect(reply.headers.get('x-ratelimit-remaining')).toBe('4999');
    github.graphqlRates.setRemaining(github.world.viewer.login, 0);
    const refused = await query(lists(100));
    expect(refused.status).toBe(200);
    expect(refused.json()).toMatchObject({ errors: [{ type: 'RATE_LIMITED' }] });
    const rest = await ask(`${github.apiUrl}/user`, { token });
    expect(rest.headers.get('x-ratelimit-remaining')).toBe('4999');
  });

  it('can be made by another process, and fail as told', async () => {
    const [id = 0] = addRepositories(1);
    const command = (name: string, body: Readonly<Record<string, string>>) =>
      ask(`${github.url}/_playground/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    await command('make-list', { name: 'a' });
    await command('put-on-list', { name: 'a', fullName: 'ada/r0' });
    expect([...(github.world.lists.of('stella')[0]?.repositoryIds ?? [])]).toEqual([id]);
    await command('take-off-list', { name: 'a', fullName: 'ada/r0' });
    expect(github.world.lists.of('stella')[0]?.repositoryIds.size).toBe(0);
    expect((await command('put-on-list', { name: 'b', fullName: 'ada/r0' })).status).toBe(400);
    github.faults.add({ path: '/graphql', kind: 'status', status: 502, times: 1 });
    expect((await query(lists(100))).status).toBe(502);
    expect((await query(lists(100))).status).toBe(200);
  });
});
