/** @file Each misbehaviour that the stand-in for GitHub can be told shows itself to a client. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FaultEffect, type Github, startGithub } from '../playground/github/index.ts';
import { ask, type Reply } from '../playground/github/test-client.ts';

const STARS = 5;

describe('the faults of the GitHub stand-in', () => {
  let github: Github;
  let token: string;

  beforeEach(async () => {
    github = await startGithub();
    token = github.addToken();
    for (let index = 0; index < STARS; index += 1) {
      github.world.star(github.world.addRepository({ fullName: `ada/r${index}` }));
    }
  });

  afterEach(async () => {
    await github.close();
  });

  const list = (query = '?per_page=2'): Promise<Reply> => ask(`${github.apiUrl}/user/starred${query}`, { token });
  const namesOf = (reply: Reply): string[] =>
    (reply.json() as Array<{ readonly name: string }>).map((item) => item.name);
  const strike = async (effect: FaultEffect, query?: string): Promise<Reply> => {
    github.faults.add({ path: '/user/starred', times: 1, ...effect });
    return await list(query);
  };

  it('strikes only what was named, as often as was said', async () => {
    const fault = github.faults.add({ path: '/user/*', method: 'GET', skip: 1, times: 2, kind: 'status', status: 502 });
    const statuses = [];
    for (let index = 0; index < 4; index += 1) statuses.push((await list()).status);
    expect(statuses).toEqual([200, 502, 502, 200]);
    expect(fault.hits).toBe(2);
    const byQuery = github.faults.add({
      match: (request) => request.query.get('page') === '2',
      kind: 'status',
      status: 500,
      body: { message: 'Server Error' },
      headers: { 'x-trace': 'a' },
    });
    const reply = await list('?page=2');
    expect([reply.status, reply.headers.get('x-trace'), reply.json()]).toEqual([500, 'a', { message: 'Server Error' }]);
    expect((await list('?page=1')).status).toBe(200);
    byQuery.remove();
    expect((await list('?page=2')).status).toBe(200);
  });

  it('delays', async () => {
    github.faults.add({ kind: 'delay', delayMs: 60_000, times: 1 });
    const impatient = ask(`${github.apiUrl}/user`, { token, signal: AbortSignal.timeout(100) });
    await expect(impatient).rejects.toThrow(/timeout|aborted/i);
    expect(await github.log.waitFor({ path: '/user', status: 0 })).toMatchObject({ complete: false });
    const startedAt = performance.now();
    await strike({ kind: 'delay', delayMs: 100 });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(95);
  });

  it('stalls until the client gives up', async () => {
    github.faults.add({ kind: 'stall', times: 1 });
    const impatient = ask(`${github.apiUrl}/user`, { token, signal: AbortSignal.timeout(100) });
    await expect(impatient).rejects.toThrow(/timeout|aborted/i);
    expect(await github.log.waitFor({ path: '/user' })).toMatchObject({ status: 0, complete: false });
  });

  it.each([0, 100])('cuts the connection after %i bytes', async (afterBytes) => {
    await expect(strike({ kind: 'cut', afterBytes })).rejects.toThrow(/terminated|fetch failed/);
    const entry = await github.log.waitFor({ path: '/user/starred' });
    expect(entry).toMatchObject({ bytesOut: afterBytes, complete: false, status: afterBytes === 0 ? 0 : 200 });
  });

  it('serves the wrong page, or an empty one, with the right Link', async () => {
    const expected = (await list('?per_page=2&page=2')).links();
    expect(namesOf(await list('?per_page=2&page=1'))).toEqual(['r4', 'r3']);
    const wrong = await strike({ kind: 'wrong-page', page: 1 }, '?per_page=2&page=2');
    expect(namesOf(wrong)).toEqual(['r4', 'r3']);
    const empty = await strike({ kind: 'empty-page' }, '?per_page=2&page=2');
    expect([empty.status, empty.json(), empty.links()]).toEqual([200, [], expected]);
  });

  it('lets a list end too early', async () => {
    const reply = await strike({ kind: 'truncated-list', keep: 1 });
    expect(namesOf(reply)).toEqual(['r4']);
    expect(reply.headers.has('link')).toBe(false);
  });

  it('lets a list never end', async () => {
    github.faults.add({ kind: 'endless-link' });
    let url = `${github.apiUrl}/user/starred?per_page=2`;
    for (let page = 1; page <= 6; page += 1) {
      const reply = await ask(url, { token });
      expect(namesOf(reply)).toEqual(['r4', 'r3']);
      url = reply.links()['next'] ?? '';
      expect(new URL(url).searchParams.get('page')).toBe(String(page + 1));
    }
  });

  it('answers with a web page, with half a JSON text, or with far too much', async () => {
    const page = await strike({ kind: 'html' });
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const broken = await strike({ kind: 'broken-json' });
    expect(() => broken.json()).toThrow(SyntaxError);
    const huge = await strike({ kind: 'huge-body', bytes: 3_000_000 });
    expect(huge.text).toHaveLength(3_000_000);
    expect(huge.json()).toHaveLength(1);
  });

  it('sends clients to another host', async () => {
    const reply = await strike({ kind: 'redirect-other-host' });
    expect([reply.status, new URL(reply.headers.get('location') ?? '').host]).toEqual([302, 'other-host.invalid']);
    const named = await strike({ kind: 'redirect-other-host', to: 'http://127.0.0.2/x', status: 307 });
    expect([named.status, named.headers.get('location')]).toEqual([307, 'http://127.0.0.2/x']);
  });

  it('claims that a limit is reached', async () => {
    const primary = await strike({ kind: 'rate-limit', resetInSeconds: 30 });
    expect([primary.status, primary.headers.get('x-ratelimit-remaining')]).toEqual([403, '0']);
    const inSeconds = Number(primary.headers.get('x-ratelimit-reset')) - Date.now() / 1000;
    expect(inSeconds).toBeGreaterThan(25);
    expect(inSeconds).toBeLessThanOrEqual(31);
    const secondary = await strike({ kind: 'secondary-limit', retryAfterSeconds: 7, status: 429 });
    expect([secondary.status, secondary.headers.get('retry-after')]).toEqual([429, '7']);
    expect(secondary.headers.get('x-ratelimit-remaining')).not.toBe('0');
    const silent = await strike({ kind: 'secondary-limit', retryAfterSeconds: null });
    expect([silent.status, silent.headers.has('retry-after')]).toEqual([403, false]);
  });

  it('spoils the types and the presence of fields', async () => {
    const [swapped] = (await strike({ kind: 'wrong-types' })).json() as [Record<string, unknown>];
    expect([typeof swapped['id'], typeof swapped['full_name']]).toEqual(['string', 'number']);
    const [nulled] = (await strike({ kind: 'nulls', fields: ['full_name'] })).json() as [Record<string, unknown>];
    expect([nulled['full_name'], typeof nulled['id']]).toEqual([null, 'number']);
  });

  it('lets the world change between two pages', async () => {
    github.faults.add({
      match: (request) => request.query.get('page') === '2',
      times: 1,
      kind: 'run',
      run: () => github.world.star(github.world.addRepository({ fullName: 'ada/late' })),
    });
    expect(namesOf(await list('?per_page=2&page=1'))).toEqual(['r4', 'r3']);
    expect(namesOf(await list('?per_page=2&page=2'))).toEqual(['r3', 'r2']);
  });

  it('strikes the device flow too', async () => {
    github.faults.add({ path: '/login/device/code', kind: 'status', status: 503 });
    expect((await ask(`${github.url}/login/device/code`, { method: 'POST', body: 'client_id=Ov1' })).status).toBe(503);
  });

  it('comes back on the same port after it was down', async () => {
    await github.stop();
    await expect(list()).rejects.toThrow('fetch failed');
    await github.start();
    expect((await list()).status).toBe(200);
    await github.restart(10);
    expect((await list()).status).toBe(200);
  });
});
