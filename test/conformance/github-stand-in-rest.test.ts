/** @file What the stand-in for GitHub does around its answers: pages, ETags, limits, names, permissions. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Github, startGithub } from '../playground/github/index.ts';
import { ask, STAR_JSON } from '../playground/github/test-client.ts';

describe('the GitHub stand-in over REST', () => {
  let nowMs: number;
  let github: Github;
  let token: string;

  beforeEach(async () => {
    nowMs = Date.UTC(2026, 0, 1);
    github = await startGithub({ clock: { now: () => nowMs } });
    token = github.addToken();
  });

  afterEach(async () => {
    await github.close();
  });

  const names = async (query: string): Promise<string[]> => {
    const reply = await ask(`${github.apiUrl}/user/starred${query}`, { token });
    return (reply.json() as Array<{ readonly name: string }>).map((item) => item.name);
  };

  const addStars = (count: number): number[] =>
    Array.from({ length: count }, (_, index) => {
      nowMs += 1000;
      const id = github.world.addRepository({ fullName: `ada/r${index}` });
      github.world.star(id);
      return id;
    });

  it('pages as GitHub does, with the other parameters kept', async () => {
    addStars(7);
    const page = async (number: number): Promise<Record<string, string>> => {
      const reply = await ask(`${github.apiUrl}/user/starred?per_page=3&sort=created&page=${number}`, { token });
      return reply.links();
    };
    const url = (number: number): string => `${github.apiUrl}/user/starred?per_page=3&sort=created&page=${number}`;
    expect(await page(1)).toEqual({ next: url(2), last: url(3) });
    expect(await page(2)).toEqual({ prev: url(1), next: url(3), last: url(3), first: url(1) });
    expect(await page(3)).toEqual({ prev: url(2), first: url(1) });
    expect(await names('?per_page=3&page=3')).toEqual(['r0']);
    expect(await names('?per_page=3&page=4')).toEqual([]);
  });

  it('names the number of stars in the last page of single items, and sends no Link for one page', async () => {
    addStars(5);
    const single = await ask(`${github.url}/user/starred?per_page=1`, { token });
    expect(single.links()['last']).toBe(`${github.url}/user/starred?per_page=1&page=5`);
    const all = await ask(`${github.apiUrl}/user/starred?per_page=100`, { token });
    expect(all.headers.has('link')).toBe(false);
  });

  it('gives at most 100 items, and 30 when not asked', async () => {
    addStars(120);
    expect(await names('?per_page=1000')).toHaveLength(100);
    expect(await names('')).toHaveLength(30);
    expect(await names('?per_page=0')).toHaveLength(30);
  });

  it('sorts by star or by push, either way', async () => {
    const [first = 0] = addStars(3);
    nowMs += 60_000;
    github.world.touch(first);
    expect(await names('')).toEqual(['r2', 'r1', 'r0']);
    expect(await names('?sort=created&direction=asc')).toEqual(['r0', 'r1', 'r2']);
    expect(await names('?sort=updated')).toEqual(['r0', 'r2', 'r1']);
    expect(await names('?sort=updated&direction=asc')).toEqual(['r1', 'r2', 'r0']);
  });

  it('tells when each star was given, in whole seconds', async () => {
    const id = github.world.addRepository({ fullName: 'ada/engine' });
    github.world.star(id, Date.UTC(2024, 1, 29, 12, 30, 15, 987));
    for (const accept of [STAR_JSON, 'application/vnd.github.v3.star+json']) {
      const reply = await ask(`${github.apiUrl}/user/starred`, { token, headers: { accept } });
      expect(reply.json()).toMatchObject([
        { starred_at: '2024-02-29T12:30:15Z', repo: { id, full_name: 'ada/engine' } },
      ]);
    }
  });

  it('makes ETags from body, form and asker', async () => {
    const [id = 0] = addStars(2);
    const url = `${github.apiUrl}/user/starred`;
    const etag = async (options: Parameters<typeof ask>[1]): Promise<string | null> =>
      (await ask(url, options)).headers.get('etag');
    const before = await etag({ token });
    expect(await etag({ token })).toBe(before);
    expect(await etag({ token, headers: { accept: STAR_JSON } })).not.toBe(before);
    expect(await etag({ token: github.addToken() })).not.toBe(before);
    github.world.touch(id);
    nowMs += 5000;
    expect(await etag({ token })).not.toBe(before);
  });

  it('does not count a 304 of a signed-in caller', async () => {
    addStars(2);
    const url = `${github.apiUrl}/user/starred`;
    const first = await ask(url, { token });
    const etag = first.headers.get('etag') ?? '';
    const second = await ask(url, { token, headers: { 'if-none-match': `W/${etag}` } });
    expect(second.status).toBe(304);
    expect(second.headers.get('x-ratelimit-remaining')).toBe(first.headers.get('x-ratelimit-remaining'));
    expect(second.headers.has('link')).toBe(false);
    const third = await ask(url, { token });
    expect(Number(third.headers.get('x-ratelimit-used'))).toBe(Number(first.headers.get('x-ratelimit-used')) + 1);
    expect(github.log.count({ status: 304, conditional: true })).toBe(1);
  });

  it('refuses when the hour is used up, and starts afresh after the reset', async () => {
    github.rates.setRemaining(github.world.viewer.login, 1, 90_000);
    const url = `${github.apiUrl}/user`;
    expect((await ask(url, { token })).headers.get('x-ratelimit-remaining')).toBe('0');
    const refused = await ask(url, { token });
    expect(refused.status).toBe(403);
    expect(refused.json()).toMatchObject({ message: expect.stringContaining('rate limit exceeded') as string });
    const reset = Number(refused.headers.get('x-ratelimit-reset'));
    expect(reset).toBe(nowMs / 1000 + 90);
    expect((await ask(`${github.apiUrl}/rate_limit`, { token })).json()).toMatchObject({
      resources: { core: { limit: 5000, remaining: 0, reset } },
    });
    nowMs = reset * 1000;
    expect((await ask(url, { token })).headers.get('x-ratelimit-remaining')).toBe('4999');
  });

  it('limits callers without a token much earlier', async () => {
    github.world.addRepository({ fullName: 'ada/engine' });
    const reply = await ask(`${github.apiUrl}/repos/ada/engine`);
    expect(reply.headers.get('x-ratelimit-limit')).toBe('60');
  });

  it('sends what GitHub says about token and version', async () => {
    const reply = await ask(`${github.apiUrl}/user`, { token, headers: { 'x-github-api-version': '2026-03-10' } });
    expect(reply.headers.get('x-oauth-scopes')).toBe('repo, read:user');
    expect(reply.headers.get('x-github-api-version-selected')).toBe('2026-03-10');
    expect(reply.headers.get('x-github-request-id')).toMatch(/^[0-9A-F]+$/);
    const old = await ask(`${github.apiUrl}/user`, { token, headers: { 'x-github-api-version': '2001-01-01' } });
    expect(old.status).toBe(400);
  });

  it('refuses tokens that are wrong, revoked or expired', async () => {
    const short = github.tokens.add({ login: 'stella', kind: 'github-app', expiresInMs: 1000 });
    const status = async (value: string): Promise<number> =>
      (await ask(`${github.apiUrl}/user`, { token: value })).status;
    expect(await status(short)).toBe(200);
    nowMs += 1000;
    expect(await status(short)).toBe(401);
    expect(await status('gho_wrong')).toBe(401);
    github.tokens.revoke(token);
    const reply = await ask(`${github.apiUrl}/user`, { token });
    expect(reply.json()).toMatchObject({ message: 'Bad credentials' });
  });

  it('keeps private repositories from tokens without the scope repo', async () => {
    const id = github.world.addRepository({ fullName: 'stella/secret', private: true });
    github.world.star(id);
    const weak = github.addToken([]);
    expect(await names('')).toEqual(['secret']);
    expect((await ask(`${github.apiUrl}/user/starred`, { token: weak })).json()).toEqual([]);
    expect((await ask(`${github.apiUrl}/repositories/${id}`, { token: weak })).status).toBe(404);
    expect((await ask(`${github.apiUrl}/user/starred/stella/secret`, { token: weak, method: 'PUT' })).status).toBe(404);
  });

  it('redirects an old name to the id until the name is used again', async () => {
    const [id = 0] = addStars(1);
    github.world.rename(id, 'grace/motor');
    const moved = await ask(`${github.apiUrl}/repos/ADA/r0`, { token });
    expect(moved.status).toBe(301);
    expect(moved.headers.get('location')).toBe(`${github.apiUrl}/repositories/${id}`);
    expect((await ask(moved.headers.get('location') ?? '', { token })).json()).toMatchObject({
      full_name: 'grace/motor',
    });
    const stranger = github.world.reuseName({ fullName: 'ada/r0' });
    expect(stranger).not.toBe(id);
    expect((await ask(`${github.apiUrl}/repos/ada/r0`, { token })).json()).toMatchObject({ id: stranger });
  });

  it('loses what is removed or hidden, and still lists what is blocked', async () => {
    const [removed = 0, hidden = 0, blocked = 0] = addStars(3);
    github.world.remove(removed);
    github.world.hide(hidden);
    github.world.block(blocked, 'tos');
    const status = async (id: number): Promise<number> =>
      (await ask(`${github.apiUrl}/repositories/${id}`, { token })).status;
    expect([await status(removed), await status(hidden), await status(blocked)]).toEqual([404, 404, 403]);
    expect(await names('')).toEqual(['r2']);
  });

  it('moves pushed_at by a second at least, so that a touch can always be seen', async () => {
    const [id = 0] = addStars(1);
    const before = github.world.repository(id).pushedAtMs ?? 0;
    github.world.touch(id);
    expect(github.world.repository(id).pushedAtMs).toBe(before + 1000);
  });

  it('serves ten thousand stars quickly', async () => {
    const count = 10_000;
    for (let index = 0; index < count; index += 1) {
      github.world.star(github.world.addRepository({ fullName: `o${index % 100}/r${index}` }), index * 1000);
    }
    const seen = new Set<string>();
    for (let page = 1; page <= count / 100; page += 1) {
      for (const name of await names(`?per_page=100&page=${page}`)) seen.add(name);
    }
    expect(seen.size).toBe(count);
  }, 20_000);

  it('keeps no token in its log', async () => {
    await ask(`${github.apiUrl}/user?leak=${token}`, { token });
    expect(JSON.stringify(github.log.entries)).not.toContain(token);
    expect(github.log.entries).toMatchObject([{ kind: 'rest', path: '/user', auth: 'token', status: 200 }]);
  });

  it('is commanded over HTTP only where that was asked for', async () => {
    const id = github.world.addRepository({ fullName: 'ada/engine' });
    const command = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"fullName":"ada/engine"}',
    };
    expect((await ask(`${github.url}/_playground/star`, command)).status).toBe(404);
    const open = await startGithub({ control: true });
    try {
      const openId = open.world.addRepository({ fullName: 'ada/engine' });
      expect((await ask(`${open.url}/_playground/star`, command)).status).toBe(200);
      expect(open.world.isStarred(openId)).toBe(true);
      expect(
        (await ask(`${open.url}/_playground/star`, { ...command, headers: { 'content-type': 'text/plain' } })).status,
      ).toBe(415);
      expect((await ask(`${open.url}/_playground/state`)).json()).toMatchObject({ repositories: [{ starred: true }] });
    } finally {
      await open.close();
    }
    expect(github.world.isStarred(id)).toBe(false);
  });
});
