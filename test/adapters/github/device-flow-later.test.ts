/** @file Signing in across a restart, and the refresh of tokens, against the GitHub stand-in. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GITHUB_APP_CLIENT_ID, type Github, startGithub } from '../../playground/github/index.ts';
import { ask } from '../../playground/github/test-client.ts';
import { openSignInBench, type SignInBench } from './sign-in-bench.ts';
import { allOf, errorOf } from './surroundings.ts';

const codePath = '/login/device/code';
const tokenPath = '/login/oauth/access_token';

let github: Github;
let bench: SignInBench;

beforeEach(async () => {
  bench = openSignInBench();
  const { clock } = bench;
  github = await startGithub({ clock: { now: () => clock.now() } });
});

afterEach(async () => {
  await github.close();
  await bench.close();
});

const polls = (): number => github.log.count({ path: tokenPath });
const start: SignInBench['start'] = (apiUrl, change) => bench.start(apiUrl, change);

async function loginOf(token: string): Promise<unknown> {
  const reply = await ask(`${github.apiUrl}/user`, { token });
  return reply.status === 200 ? reply.json() : reply.status;
}

describe('a flow that was begun before a restart', () => {
  it('goes on with the same code', async () => {
    const stopping = new AbortController();
    const before = start(github.apiUrl, { signal: stopping.signal });
    const pending = await before.code();
    await bench.clock.advance(5000);
    await bench.answered(2);
    expect(polls()).toBe(1);
    stopping.abort();
    await errorOf(before.end);
    const after = start(github.apiUrl, { resume: pending });
    expect(await after.code()).toEqual(pending);
    expect(bench.secretsAdded.filter((secret) => secret === pending.deviceCode)).toHaveLength(2);
    github.deviceFlow.approve(pending.userCode);
    await bench.clock.advance(5000);
    expect(await after.end).toMatchObject({ kind: 'granted' });
    expect(github.log.count({ path: codePath })).toBe(1);
  });

  it('ends at its time, and at once where that has passed', async () => {
    const stopping = new AbortController();
    const before = start(github.apiUrl, { signal: stopping.signal });
    const pending = await before.code();
    stopping.abort();
    await bench.clock.advance(890_000);
    github.faults.add({ path: tokenPath, kind: 'stall' });
    const late = start(github.apiUrl, { resume: pending });
    await late.code();
    await bench.clock.advance(10_000);
    expect(await late.end).toEqual({ kind: 'expired' });
    const tooLate = start(github.apiUrl, { resume: pending });
    expect(await tooLate.end).toEqual({ kind: 'expired' });
    expect(tooLate.codes).toEqual([]);
  });

  it('is over where its code was used up', async () => {
    const first = start(github.apiUrl);
    const pending = await first.code();
    github.deviceFlow.approve(pending.userCode);
    await bench.clock.advance(5000);
    await first.end;
    const again = start(github.apiUrl, { resume: pending });
    await again.code();
    await bench.clock.advance(5000);
    expect(await again.end).toEqual({ kind: 'expired' });
  });

  it.each([
    ['another app', { clientId: GITHUB_APP_CLIENT_ID }],
    ['another host', { apiUrl: 'https://github.example.com' }],
    ['no address', { apiUrl: 'nowhere' }],
  ])('of %s is left alone, and a new code is asked for', async (_what, change) => {
    const pending = await start(github.apiUrl).code();
    const other = start(github.apiUrl, { resume: { ...pending, ...change } });
    expect((await other.code()).deviceCode).not.toBe(pending.deviceCode);
    expect(github.log.count({ path: codePath })).toBe(2);
  });
});

describe('the refresh', () => {
  const grantOf = async () => {
    const flow = start(github.apiUrl, { clientId: GITHUB_APP_CLIENT_ID });
    github.deviceFlow.approve((await flow.code()).userCode);
    await bench.clock.advance(5000);
    const end = await flow.end;
    if (end.kind !== 'granted' || end.grant.refreshToken === null) throw new Error('nothing to refresh');
    return { token: end.grant.token, refreshToken: end.grant.refreshToken };
  };

  it('gives a new pair, and the old one dies', async () => {
    const old = await grantOf();
    const grant = await bench.refresh(github.apiUrl, GITHUB_APP_CLIENT_ID, old.refreshToken);
    expect(grant).toMatchObject({
      scopes: null,
      expiresAt: bench.clock.now() + 28_800_000,
      refreshExpiresAt: bench.clock.now() + 15_897_600_000,
    });
    expect(await loginOf(old.token)).toBe(401);
    expect(await loginOf(grant.token)).toMatchObject({ login: 'stella' });
    const error = await errorOf(bench.refresh(github.apiUrl, GITHUB_APP_CLIENT_ID, old.refreshToken));
    expect(error.code).toBe('github-signed-out');
    expect(bench.secretsAdded).toEqual(expect.arrayContaining([grant.token, grant.refreshToken, old.refreshToken]));
  });

  it('is sent once, and can be cancelled', async () => {
    const { refreshToken } = await grantOf();
    github.faults.add({ path: tokenPath, kind: 'status', status: 500, times: 1 });
    const before = polls();
    const error = await errorOf(bench.refresh(github.apiUrl, GITHUB_APP_CLIENT_ID, refreshToken));
    expect(error.code).toBe('github-unavailable');
    expect(polls()).toBe(before + 1);
    const controller = new AbortController();
    const arrived = Promise.withResolvers<void>();
    github.faults.add({ path: tokenPath, kind: 'run', run: () => arrived.resolve() });
    github.faults.add({ path: tokenPath, kind: 'stall', times: 1 });
    const call = bench.refresh(github.apiUrl, GITHUB_APP_CLIENT_ID, refreshToken, controller.signal);
    const cancelling = errorOf(call);
    await arrived.promise;
    controller.abort();
    expect((await cancelling).code).toBe('cancelled');
    const aborted = bench.refresh(github.apiUrl, GITHUB_APP_CLIENT_ID, refreshToken, AbortSignal.abort());
    expect((await errorOf(aborted)).code).toBe('cancelled');
  });

  it('tells a wrong client id', async () => {
    const error = await errorOf(bench.refresh(github.apiUrl, 'nobody', 'ghr_0123456789'));
    expect(error).toMatchObject({ code: 'config-invalid' });
    expect(error.message).toContain('"nobody"');
    expect(allOf(error)).not.toContain('ghr_0123456789');
  });
});

it('a code that is told to live for a broken number of seconds ends at a whole millisecond', async () => {
  github.deviceFlow.configure({ expiresInSeconds: 899.000_7 });
  const stopping = new AbortController();
  const flow = start(github.apiUrl, { signal: stopping.signal });
  expect((await flow.code()).expiresAt).toBe(bench.clock.now() + 900_000);
  stopping.abort();
  await errorOf(flow.end);
});
