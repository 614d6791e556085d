/** @file The adapter on the stand-in for GitHub: what a session asks, and how it misbehaves there. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Github as StandIn, startGithub } from '../../playground/github/index.ts';
import { errorOf, never, type Surroundings, surround } from './surroundings.ts';

let standIn: StandIn;
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

function starMany(count: number): number[] {
  return Array.from({ length: count }, (_, index) => {
    const id = standIn.world.addRepository({ fullName: `ada/engine-${index}` });
    standIn.world.star(id);
    return id;
  });
}

describe('the happy paths', () => {
  it('who is signed in', async () => {
    expect(await around.github.viewer(never())).toMatchObject({ login: 'stella', scopes: ['repo', 'read:user'] });
    expect(around.github.host).toBe(new URL(standIn.url).host);
  });

  it('no stars, one, many', async () => {
    expect(await around.github.starHead(never())).toEqual({ newest: null, total: 0 });
    const [id] = starMany(1);
    expect(await around.github.starHead(never())).toMatchObject({ newest: { repository: { githubId: id } }, total: 1 });
    const extra = standIn.world.addRepository({ fullName: 'grace/cobol' });
    standIn.world.star(extra);
    expect(await around.github.starHead(never())).toMatchObject({
      newest: { repository: { githubId: extra, fullName: 'grace/cobol' } },
      total: 2,
    });
    standIn.world.unstar(id ?? 0);
    expect(await around.github.starHead(never())).toMatchObject({ total: 1 });
  });

  it('walks 250 stars in 3 pages', async () => {
    const ids = starMany(250);
    const seen: number[] = [];
    const pages: (readonly [hasNext: boolean, lastPage: number | null])[] = [];
    for (let page = 1; page <= 3; page += 1) {
      const { stars, unreadable, hasNext, lastPage } = await around.github.starPage('created', page, never());
      expect(unreadable).toEqual([]);
      seen.push(...stars.map((star) => star.repository.githubId));
      pages.push([hasNext, lastPage]);
    }
    expect(pages).toEqual([
      [true, 3],
      [true, 3],
      [false, null],
    ]);
    expect(seen).toEqual(ids.toReversed());
    expect(await around.github.starPage('created', 4, never())).toMatchObject({ stars: [], hasNext: false });
    expect(around.github.requestCount()).toBe(standIn.log.count({ kind: 'rest' }));
  });

  it('a repository by its id, renamed, gone, blocked', async () => {
    const [id = 0, other = 0] = starMany(2);
    standIn.world.rename(id, 'ada/motor');
    expect(await around.github.repositoryById(id, never())).toMatchObject({
      kind: 'found',
      repository: { githubId: id, fullName: 'ada/motor' },
    });
    standIn.world.remove(id);
    expect(await around.github.repositoryById(id, never())).toEqual({ kind: 'gone' });
    standIn.world.block(other, 'dmca');
    expect(await around.github.repositoryById(other, never())).toMatchObject({ kind: 'blocked', reason: 'dmca' });
  });

  it('a repository that did not change costs nothing of the hour’s requests', async () => {
    const [id = 0] = starMany(1);
    const first = await around.github.repositoryById(id, never());
    const used = standIn.rates.state({ login: 'stella' }).used;
    expect(await around.github.repositoryById(id, never())).toEqual(first);
    expect(standIn.rates.state({ login: 'stella' }).used).toBe(used);
    standIn.world.rename(id, 'zoe/engine');
    expect(await around.github.repositoryById(id, never())).toMatchObject({ repository: { fullName: 'zoe/engine' } });
    standIn.world.remove(id);
    expect(await around.github.repositoryById(id, never())).toEqual({ kind: 'gone' });
  });

  it('whether a star is there', async () => {
    const [id = 0] = starMany(1);
    const other = standIn.world.addRepository({ fullName: 'grace/cobol' });
    expect(await around.github.isStarred('ada/engine-0', never())).toBe(true);
    expect(await around.github.isStarred('grace/cobol', never())).toBe(false);
    standIn.world.unstar(id);
    standIn.world.star(other);
    expect(await around.github.isStarred('ada/engine-0', never())).toBe(false);
    expect(await around.github.isStarred('grace/cobol', never())).toBe(true);
    expect(await around.github.isStarred('nobody/nothing', never())).toBe(false);
    const name = 'grace/../../user';
    expect((await errorOf(around.github.isStarred(name, never()))).code).toBe('github-unexpected');
    standIn.faults.add({ path: '/user/starred/grace/cobol', kind: 'status', status: 502, times: 9 });
    expect((await errorOf(around.github.isStarred('grace/cobol', never()))).kind).toBe('transient');
  });

  it('the remote, whose token the redactor knows', async () => {
    around.setToken('gho_secret0123456789');
    const remote = await around.github.remote('ada/engine');
    const encoded = Buffer.from('x-access-token:gho_secret0123456789').toString('base64');
    expect(remote).toEqual({
      url: `${standIn.gitUrl}/ada/engine.git`,
      transport: 'http',
      authorization: `Basic ${encoded}`,
    });
    expect(around.secretsAdded).toContain(encoded);
    around.setToken(null);
    expect(await around.github.remote('ada/engine')).toMatchObject({ authorization: null });
    expect(await errorOf(around.github.remote('../engine'))).toMatchObject({ code: 'github-unexpected' });
  });
});

describe('misbehaviour', () => {
  it.each([
    [{ kind: 'html' }, 'github-unexpected'],
    [{ kind: 'huge-body', bytes: 20_000_000 }, 'github-unexpected'],
    [{ kind: 'broken-json' }, 'github-unexpected'],
    [{ kind: 'redirect-other-host', to: 'http://evil.example/user/starred' }, 'github-unexpected'],
    [{ kind: 'cut', afterBytes: 10 }, 'github-unavailable'],
    [{ kind: 'cut', afterBytes: 0 }, 'github-unavailable'],
    [{ kind: 'status', status: 503 }, 'github-unavailable'],
    [{ kind: 'rate-limit', resetInSeconds: 600 }, 'github-rate-limited'],
    [{ kind: 'secondary-limit', retryAfterSeconds: null }, 'github-rate-limited'],
  ] as const)('%j', async (effect, code) => {
    starMany(3);
    const fault = standIn.faults.add({ path: '/user/starred', ...effect });
    expect(await errorOf(around.github.starPage('created', 1, never()))).toMatchObject({ code });
    expect(fault.hits).toBe(code === 'github-unavailable' ? 3 : 1);
  });

  it.each([{ kind: 'wrong-types' }, { kind: 'nulls' }] as const)('%j in all items', async (effect) => {
    starMany(3);
    standIn.faults.add({ path: '/user/starred', ...effect });
    const page = await around.github.starPage('created', 1, never());
    expect(page.stars).toEqual([]);
    expect(page.unreadable).toHaveLength(3);
  });

  it('a list that begins again and again', async () => {
    starMany(120);
    standIn.faults.add({ path: '/user/starred', kind: 'endless-link' });
    const outcomes = await Promise.all(
      [1, 2, 3].map(async (page) => await around.github.starPage('created', page, never())),
    );
    expect(outcomes.every(({ hasNext }) => hasNext)).toBe(true);
    expect(standIn.log.count({ kind: 'rest', path: '/user/starred' })).toBe(3);
  });

  it('a token that is no longer valid', async () => {
    around.setToken('gho_never_given_out');
    expect(await errorOf(around.github.starHead(never()))).toMatchObject({ code: 'github-signed-out' });
  });
});
