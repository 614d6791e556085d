/** @file The GitHub stand-in's REST interface to webhooks answers as GitHub describes it, and shows no secret. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Github, startGithub } from '../playground/github/index.ts';
import { createSliceValidator } from '../playground/github/schema/validator.ts';
import { ask, type Reply } from '../playground/github/test-client.ts';
import type { JsonObject } from '../playground/github/webhook-types.ts';
import { type HookReceiver, startHookReceiver } from './hook-receiver.ts';

const SECRET = 'a-secret-that-nobody-shows';
const HOOKS = '/repos/{owner}/{repo}/hooks';
const HOOK = `${HOOKS}/{hook_id}`;
const DELIVERIES = `${HOOK}/deliveries`;

describe('the GitHub stand-in: webhooks over REST', () => {
  const validate = createSliceValidator();
  let nowMs: number;
  let github: Github;
  let receiver: HookReceiver;
  let token: string;
  let id: number;

  beforeEach(async () => {
    nowMs = Date.UTC(2026, 0, 1);
    github = await startGithub({ clock: { now: () => nowMs } });
    receiver = await startHookReceiver();
    token = github.addToken();
    id = github.world.addRepository({ fullName: 'stella/engine' });
  });

  afterEach(async () => {
    await github.close();
    await receiver.close();
  });

  const call = async (method: string, below = '', body?: unknown): Promise<Reply> =>
    await ask(`${github.apiUrl}/repos/stella/engine/hooks${below}`, {
      method,
      token,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  const create = async (config: JsonObject = {}, rest: JsonObject = {}): Promise<Reply> =>
    await call('POST', '', { config: { url: receiver.url, content_type: 'json', ...config }, ...rest });

  /** Creates a hook and waits for its ping. */
  const created = async (config: JsonObject = {}, rest: JsonObject = {}): Promise<number> => {
    const reply = await create(config, rest);
    await github.webhooks.settled();
    return (reply.json() as { readonly id: number }).id;
  };

  const expectDescribed = (operation: string, reply: Reply, status: number): void => {
    const type = reply.text === '' ? '' : ' application/json';
    expect(reply.status).toBe(status);
    expect(validate(`${operation} ${status}${type}`, reply.json())).toEqual([]);
  };

  it('creates, lists, reads, changes and deletes a hook', async () => {
    const made = await create({ secret: SECRET }, { events: ['star', 'push'] });
    expectDescribed(`POST ${HOOKS}`, made, 201);
    expect(made.json()).toMatchObject({
      active: true,
      events: ['star', 'push'],
      config: { url: receiver.url, content_type: 'json', secret: '********', insecure_ssl: '0' },
      last_response: { code: null, status: 'unused' },
    });
    const hook = (made.json() as { readonly id: number }).id;
    expect(made.headers.get('location')).toBe(`${github.apiUrl}/repos/stella/engine/hooks/${hook}`);
    await github.webhooks.settled();
    expect(receiver.received.map(({ headers }) => headers['x-github-event'])).toEqual(['ping']);

    const list = await call('GET');
    expectDescribed(`GET ${HOOKS}`, list, 200);
    expect(list.json()).toMatchObject([{ id: hook }]);
    const one = await call('GET', `/${hook}`);
    expectDescribed(`GET ${HOOK}`, one, 200);
    expect(one.json()).toMatchObject({ last_response: { code: 200, status: 'active' } });

    const changed = await call('PATCH', `/${hook}`, { add_events: ['watch'], remove_events: ['push'], active: false });
    expectDescribed(`PATCH ${HOOK}`, changed, 200);
    expect(changed.json()).toMatchObject({ events: ['star', 'watch'], active: false, config: { secret: '********' } });

    expectDescribed(`DELETE ${HOOK}`, await call('DELETE', `/${hook}`), 204);
    expectDescribed(`GET ${HOOK}`, await call('GET', `/${hook}`), 404);
    expect((await call('GET')).json()).toEqual([]);
  });

  it("has GitHub's own defaults: push alone, as a form, unsigned", async () => {
    const reply = await call('POST', '', { config: { url: receiver.url } });
    expect(reply.json()).toMatchObject({ events: ['push'], config: { content_type: 'form', insecure_ssl: '0' } });
    expect(reply.text).not.toContain('secret');
  });

  it('loses the secret with a config that does not name it', async () => {
    const hook = await created({ secret: SECRET });
    await call('PATCH', `/${hook}`, { config: { url: receiver.url, content_type: 'json' } });
    await call('POST', `/${hook}/pings`);
    await github.webhooks.settled();
    expect(receiver.received.map(({ headers }) => headers['x-hub-signature-256'] !== undefined)).toEqual([true, false]);
  });

  it('pings always, and tests only a hook that listens to pushes', async () => {
    const hook = await created({}, { events: ['push'] });
    expectDescribed(`POST ${HOOK}/pings`, await call('POST', `/${hook}/pings`), 204);
    expectDescribed(`POST ${HOOK}/tests`, await call('POST', `/${hook}/tests`), 204);
    await call('PATCH', `/${hook}`, { events: ['star'] });
    expectDescribed(`POST ${HOOK}/tests`, await call('POST', `/${hook}/tests`), 204);
    await github.webhooks.settled();
    expect(receiver.received.map(({ headers }) => headers['x-github-event'])).toEqual(['ping', 'ping', 'push']);
  });

  it('lists deliveries behind a cursor, the newest first, and forgets them after three days', async () => {
    const hook = await created({ secret: SECRET }, { events: ['star'] });
    for (let index = 0; index < 4; index++) {
      receiver.status = index === 2 ? 500 : 200;
      nowMs += 60_000;
      github.webhooks.trigger(id, { name: 'star', action: 'created' });
      await github.webhooks.settled();
    }
    const events = (reply: Reply): unknown[] =>
      (reply.json() as JsonObject[]).map(({ event, status }) => [event, status]);
    const first = await call('GET', `/${hook}/deliveries?per_page=3`);
    expectDescribed(`GET ${DELIVERIES}`, first, 200);
    expect(events(first)).toEqual([
      ['star', 'OK'],
      ['star', 'Invalid HTTP Response: 500'],
      ['star', 'OK'],
    ]);
    const second = await ask(first.links()['next'] ?? '', { token });
    expect(events(second)).toEqual([
      ['star', 'OK'],
      ['ping', 'OK'],
    ]);
    expect(second.links()).toEqual({});
    expect(events(await call('GET', `/${hook}/deliveries?status=failure`))).toHaveLength(1);
    expectDescribed(`GET ${DELIVERIES}`, await call('GET', `/${hook}/deliveries?cursor=nonsense`), 400);
    nowMs += 3 * 24 * 3_600_000;
    expect(events(await call('GET', `/${hook}/deliveries`))).toEqual([['star', 'OK']]);
  });

  it('shows a delivery whole, and sends it again under the same GUID', async () => {
    const hook = await created({ secret: SECRET });
    github.world.star(id);
    await github.webhooks.settled();
    const [latest] = (await call('GET', `/${hook}/deliveries`)).json() as JsonObject[];
    const path = `/${hook}/deliveries/${String(latest?.['id'])}`;
    const whole = await call('GET', path);
    expectDescribed(`GET ${DELIVERIES}/{delivery_id}`, whole, 200);
    expect(whole.json()).toMatchObject({
      guid: latest?.['guid'],
      url: receiver.url,
      redelivery: false,
      request: { headers: { 'X-GitHub-Delivery': latest?.['guid'] }, payload: { repository: { id } } },
      response: { headers: { 'x-answer': 'yes' }, payload: 'thanks' },
    });
    expectDescribed(`POST ${DELIVERIES}/{delivery_id}/attempts`, await call('POST', `${path}/attempts`), 202);
    await github.webhooks.settled();
    const [again] = (await call('GET', `/${hook}/deliveries`)).json() as JsonObject[];
    expect(again).toMatchObject({ guid: latest?.['guid'], event: latest?.['event'], redelivery: true });
    expect((await call('POST', `/${hook}/deliveries/1/attempts`)).status).toBe(404);
  });

  it.each([
    ['no address', { config: {} }],
    ['an address of no web server', { config: { url: 'ftp://127.0.0.1/' } }],
    ['an unknown content type', { config: { url: 'http://127.0.0.1/', content_type: 'xml', secret: SECRET } }],
    ['another service than web', { name: 'irc', config: { url: 'http://127.0.0.1/' } }],
  ])('refuses a hook with %s', async (_what, body) => {
    const reply = await call('POST', '', body);
    expectDescribed(`POST ${HOOKS}`, reply, 422);
    expect(reply.text).not.toContain(SECRET);
    expect(github.webhooks.hooksOf(id)).toEqual([]);
  });

  it('refuses the same hook twice and more than twenty of an event', async () => {
    await created();
    const twice = await create();
    expectDescribed(`POST ${HOOKS}`, twice, 422);
    expect(twice.text).toContain('Hook already exists on this repository');
    for (let index = 1; index < 20; index++) await created({ url: `${receiver.url}?${index}` });
    expect((await create({ url: `${receiver.url}?20` })).text).toContain('cannot have more than 20 hooks');
    expect((await create({ url: `${receiver.url}?20` }, { events: ['star'] })).status).toBe(201);
  });

  it('does not let those see hooks who do not administer the repository', async () => {
    github.world.addUser({ login: 'mary' });
    github.world.addRepository({ fullName: 'mary/own' });
    expectDescribed(`GET ${HOOKS}`, await ask(`${github.apiUrl}/repos/mary/own/hooks`, { token }), 404);
    const body = JSON.stringify({ config: { url: receiver.url } });
    const foreign = await ask(`${github.apiUrl}/repos/mary/own/hooks`, { token, method: 'POST', body });
    expectDescribed(`POST ${HOOKS}`, foreign, 404);
    token = github.addToken(['read:repo_hook']);
    expect((await call('GET')).status).toBe(200);
    expect((await create()).status).toBe(404);
    token = github.addToken(['read:user']);
    expect((await call('GET')).status).toBe(404);
    expect((await ask(`${github.apiUrl}/repos/stella/engine/hooks`)).status).toBe(401);
  });

  it('says who administers a repository', async () => {
    github.world.addRepository({ fullName: 'mary/own' });
    const admin = async (fullName: string): Promise<unknown> =>
      ((await ask(`${github.apiUrl}/repos/${fullName}`, { token })).json() as JsonObject)['permissions'];
    expect(await admin('stella/engine')).toMatchObject({ admin: true });
    expect(await admin('mary/own')).toMatchObject({ admin: false });
  });

  it('shows the secret nowhere', async () => {
    const hook = await created({ secret: SECRET });
    github.world.star(id);
    await github.webhooks.settled();
    const broken = await ask(`${github.apiUrl}/repos/stella/engine/hooks`, {
      method: 'POST',
      token,
      body: `{"config":{"secret":"${SECRET}"`,
    });
    expect(broken.status).toBe(400);
    const [latest] = github.webhooks.deliveries(hook);
    const shown = [broken.text];
    for (const below of ['', `/${hook}`, `/${hook}/deliveries`, `/${hook}/deliveries/${latest?.id}`]) {
      shown.push((await call('GET', below)).text);
    }
    shown.push(JSON.stringify(github.log.entries), JSON.stringify(github.webhooks.deliveries()));
    for (const { headers, body } of receiver.received) shown.push(JSON.stringify(headers), body.toString('utf8'));
    for (const text of shown) expect(text).not.toContain(SECRET);
    expect(shown.join('')).toContain('********');
  });
});
