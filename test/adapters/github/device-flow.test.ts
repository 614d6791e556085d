/** @file Signing in against the GitHub stand-in, with one clock for both that is moved by hand. */
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GITHUB_APP_CLIENT_ID, type Github, OAUTH_APP_CLIENT_ID, startGithub } from '../../playground/github/index.ts';
import { ask } from '../../playground/github/test-client.ts';
import { openSignInBench, type SignInBench } from './sign-in-bench.ts';
import { errorOf, never } from './surroundings.ts';

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

/** Moves the clock on, one poll at a time, until so many polls were answered. */
async function pollUntil(count: number, stepMs: number): Promise<void> {
  for (let done = polls(); done < count; done += 1) {
    const answered = bench.logLines.length + 1;
    await bench.clock.advance(stepMs);
    await bench.answered(answered);
  }
  expect(polls()).toBe(count);
}

async function loginOf(token: string): Promise<unknown> {
  const reply = await ask(`${github.apiUrl}/user`, { token });
  return reply.status === 200 ? reply.json() : reply.status;
}

describe('the device flow', () => {
  it('signs an OAuth app in', async () => {
    const flow = start(github.apiUrl, { scopes: ['repo', 'read:user'] });
    const pending = await flow.code();
    expect(pending).toEqual({
      apiUrl: github.apiUrl,
      clientId: OAUTH_APP_CLIENT_ID,
      deviceCode: expect.stringMatching(/^[0-9a-f]{40}$/),
      userCode: github.deviceFlow.pending()[0]?.userCode,
      verificationUri: `${github.url}/login/device`,
      expiresAt: bench.clock.now() + 900_000,
      intervalMs: 5000,
    });
    expect(github.deviceFlow.pending()[0]?.scopes).toEqual(['repo', 'read:user']);
    await pollUntil(1, 5000);
    github.deviceFlow.approve(pending.userCode);
    await bench.clock.advance(5000);
    const end = await flow.end;
    if (end.kind !== 'granted') throw new Error(end.kind);
    expect(end.grant).toEqual({
      token: expect.stringMatching(/^gho_/),
      scopes: ['repo', 'read:user'],
      expiresAt: null,
      refreshToken: null,
      refreshExpiresAt: null,
    });
    expect(await loginOf(end.grant.token)).toMatchObject({ login: 'stella' });
    expect(flow.codes).toHaveLength(1);
    expect(bench.clock.pending).toBe(0);
    expect(bench.secretsAdded).toEqual(expect.arrayContaining([pending.deviceCode, end.grant.token]));
  });

  it('asks for no scope where none is wanted', async () => {
    const flow = start(github.apiUrl, { scopes: [] });
    github.deviceFlow.approve((await flow.code()).userCode);
    await bench.clock.advance(5000);
    expect(await flow.end).toMatchObject({ kind: 'granted', grant: { scopes: [] } });
  });

  it('signs a GitHub App in, with a pair that ends', async () => {
    const flow = start(github.apiUrl, { clientId: GITHUB_APP_CLIENT_ID });
    github.deviceFlow.approve((await flow.code()).userCode);
    await bench.clock.advance(5000);
    const end = await flow.end;
    if (end.kind !== 'granted') throw new Error(end.kind);
    expect(end.grant).toEqual({
      token: expect.stringMatching(/^ghu_/),
      scopes: null,
      expiresAt: bench.clock.now() + 28_800_000,
      refreshToken: expect.stringMatching(/^ghr_/),
      refreshExpiresAt: bench.clock.now() + 15_897_600_000,
    });
    expect(bench.secretsAdded).toEqual(expect.arrayContaining([end.grant.token, end.grant.refreshToken]));
  });

  it('takes an old client id of 20 hex digits for that of an OAuth app', async () => {
    const flow = start(github.apiUrl, { clientId: '0123456789abcdef0123' });
    github.deviceFlow.approve((await flow.code()).userCode);
    await bench.clock.advance(5000);
    expect(await flow.end).toMatchObject({ kind: 'granted', grant: { scopes: ['repo'] } });
  });

  it('waits the whole interval before every poll, the first one too', async () => {
    const flow = start(github.apiUrl);
    await flow.code();
    await bench.clock.advance(4999);
    expect(polls()).toBe(0);
    await pollUntil(1, 1);
    await bench.clock.advance(4999);
    expect(polls()).toBe(1);
    await pollUntil(2, 1);
    await pollUntil(10, 5000);
    expect(github.log.count({ path: codePath })).toBe(1);
    github.deviceFlow.deny(flow.codes[0]?.userCode ?? '');
    await bench.clock.advance(5000);
    expect(await flow.end).toEqual({ kind: 'denied' });
  });

  it('slows down for good to the interval that GitHub names', async () => {
    const flow = start(github.apiUrl);
    const { deviceCode, userCode } = await flow.code();
    await bench.clock.advance(4000);
    // Somebody else polls with the same code, so the next poll comes too early.
    const body = new URLSearchParams({
      client_id: OAUTH_APP_CLIENT_ID,
      device_code: deviceCode,
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    await ask(github.url + tokenPath, { method: 'POST', headers, body });
    await pollUntil(2, 1000);
    await bench.clock.advance(9999);
    expect(polls()).toBe(2);
    await pollUntil(3, 1);
    await bench.clock.advance(9999);
    expect(polls()).toBe(3);
    await pollUntil(4, 1);
    github.deviceFlow.approve(userCode);
    await bench.clock.advance(10_000);
    expect(await flow.end).toMatchObject({ kind: 'granted' });
    expect(polls()).toBe(5);
  });

  it('ends when GitHub says that the code has expired', async () => {
    const flow = start(github.apiUrl);
    await flow.code();
    github.deviceFlow.expireAll();
    await bench.clock.advance(5000);
    expect(await flow.end).toEqual({ kind: 'expired' });
    expect(bench.clock.pending).toBe(0);
  });

  it('ends by its own clock while GitHub says nothing', async () => {
    const flow = start(github.apiUrl);
    await flow.code();
    github.faults.add({ path: tokenPath, kind: 'stall' });
    // A stalled request ends after half a minute; each is followed by a longer pause.
    await bench.clock.advance(899_999);
    expect(bench.clock.pending).toBeGreaterThan(0);
    await bench.clock.advance(1);
    expect(await flow.end).toEqual({ kind: 'expired' });
    expect(bench.clock.pending).toBe(0);
  });

  it('is cancelled at once while it waits, and while a request is under way', async () => {
    const waiting = new AbortController();
    const one = start(github.apiUrl, { signal: waiting.signal });
    await one.code();
    waiting.abort();
    expect((await errorOf(one.end)).code).toBe('cancelled');
    github.faults.add({ path: codePath, kind: 'stall' });
    const asking = new AbortController();
    const arrived = Promise.withResolvers<void>();
    github.faults.add({ path: codePath, kind: 'run', run: () => arrived.resolve() });
    const two = start(github.apiUrl, { signal: asking.signal });
    await arrived.promise;
    asking.abort();
    expect((await errorOf(two.end)).code).toBe('cancelled');
    const three = start(github.apiUrl, { signal: AbortSignal.abort() });
    expect((await errorOf(three.end)).code).toBe('cancelled');
    expect(bench.clock.pending).toBe(0);
    expect(polls()).toBe(0);
  });

  it('goes on through server errors and cut connections, more and more slowly', async () => {
    const flow = start(github.apiUrl);
    const { userCode } = await flow.code();
    github.faults.add({ path: tokenPath, kind: 'status', status: 502, times: 1 });
    github.faults.add({ path: tokenPath, kind: 'cut', afterBytes: 0, skip: 1, times: 1 });
    await pollUntil(1, 5000);
    await bench.clock.advance(9999);
    expect(polls()).toBe(1);
    await bench.clock.advance(1);
    await bench.answered(3);
    github.deviceFlow.approve(userCode);
    await bench.clock.advance(20_000);
    expect(await flow.end).toMatchObject({ kind: 'granted' });
    expect(polls()).toBe(3);
  });

  it('goes on when there was no network for a while, at most a minute after it is back', async () => {
    let attempts = 0;
    let isDown = false;
    const down = Object.assign(new Error('no way'), { code: 'ENETUNREACH' });
    const own = openSignInBench({
      agent: {
        // Without keep-alive: each request takes a connection.
        pipelining: 0,
        connect: (_options, callback) => {
          attempts += 1;
          if (isDown) {
            callback(down, null);
            return;
          }
          const socket = connect(Number(new URL(github.url).port), '127.0.0.1', () => callback(null, socket));
        },
      },
    });
    const flow = own.start(github.apiUrl);
    const { userCode } = await flow.code();
    isDown = true;
    for (const delayMs of [5000, 10_000, 20_000, 40_000, 60_000, 60_000]) {
      const before = attempts;
      const lines = own.logLines.length;
      await own.clock.advance(delayMs - 1);
      expect(attempts).toBe(before);
      await own.clock.advance(1);
      await own.answered(lines + 1);
      expect(attempts).toBe(before + 1);
    }
    isDown = false;
    github.deviceFlow.approve(userCode);
    await own.clock.advance(60_000);
    expect(await flow.end).toMatchObject({ kind: 'granted' });
    expect(polls()).toBe(1);
    await own.close();
  });

  it('tells that a token was given that never arrived as an expired code', async () => {
    const flow = start(github.apiUrl);
    const { userCode } = await flow.code();
    github.deviceFlow.approve(userCode);
    github.faults.add({ path: tokenPath, kind: 'cut', afterBytes: 20, times: 1 });
    await bench.clock.advance(5000);
    await bench.answered(2);
    await bench.clock.advance(10_000);
    expect(await flow.end).toEqual({ kind: 'expired' });
  });

  it('tries a few times to get a code, and tells then what is wrong', async () => {
    github.faults.add({ path: codePath, kind: 'status', status: 503, times: 2 });
    const flow = start(github.apiUrl);
    await bench.answered(1);
    await bench.clock.advance(1000);
    await bench.answered(2);
    await bench.clock.advance(3000);
    await flow.code();
    expect(github.log.count({ path: codePath })).toBe(3);
    github.faults.add({ path: codePath, kind: 'status', status: 503 });
    const other = start(github.apiUrl);
    await bench.answered(4);
    await bench.clock.advance(1000);
    await bench.answered(5);
    await bench.clock.advance(3000);
    expect((await errorOf(other.end)).code).toBe('github-unavailable');
  });
});

it('writes no code and no token into the log', async () => {
  const flow = start(github.apiUrl, { clientId: GITHUB_APP_CLIENT_ID, signal: never() });
  const { deviceCode, userCode } = await flow.code();
  github.deviceFlow.approve(userCode);
  await bench.clock.advance(5000);
  await flow.end;
  expect(bench.logLines.length).toBeGreaterThan(1);
  for (const secret of [...bench.secretsAdded, deviceCode, userCode]) {
    expect(bench.logLines.join('\n')).not.toContain(secret);
  }
});
