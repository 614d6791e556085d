/** @file The stand-in's device flow, step by step, with a clock moved by hand. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GITHUB_APP_CLIENT_ID, type Github, OAUTH_APP_CLIENT_ID, startGithub } from '../playground/github/index.ts';
import { ask } from '../playground/github/test-client.ts';

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

interface Started {
  readonly device_code: string;
  readonly user_code: string;
  readonly verification_uri: string;
  readonly expires_in: number;
  readonly interval: number;
}

describe('the device flow of the GitHub stand-in', () => {
  let nowMs: number;
  let github: Github;

  beforeEach(async () => {
    nowMs = Date.UTC(2026, 0, 1);
    github = await startGithub({ clock: { now: () => nowMs } });
  });

  afterEach(async () => {
    await github.close();
  });

  const post = async (path: string, form: Record<string, string>): Promise<Record<string, unknown>> => {
    const body = new URLSearchParams(form).toString();
    const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
    const reply = await ask(github.url + path, { method: 'POST', headers, body });
    return { status: reply.status, ...(reply.json() as Record<string, unknown>) };
  };

  const start = async (clientId = OAUTH_APP_CLIENT_ID, scope = 'repo read:user'): Promise<Started> =>
    (await post('/login/device/code', { client_id: clientId, scope })) as unknown as Started;

  const poll = (deviceCode: string, clientId = OAUTH_APP_CLIENT_ID): Promise<Record<string, unknown>> =>
    post('/login/oauth/access_token', { client_id: clientId, device_code: deviceCode, grant_type: DEVICE_GRANT });

  it('signs an OAuth app in', async () => {
    const started = await start();
    expect(started).toMatchObject({ expires_in: 900, interval: 5, verification_uri: `${github.url}/login/device` });
    expect(started.device_code).toHaveLength(40);
    expect(started.user_code).toMatch(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/);
    expect(await poll(started.device_code)).toMatchObject({ status: 200, error: 'authorization_pending' });
    expect(github.deviceFlow.approve(started.user_code)).toBe(true);
    nowMs += 5000;
    const reply = await poll(started.device_code);
    expect(reply).toMatchObject({ token_type: 'bearer', scope: 'repo,read:user' });
    expect(reply).not.toHaveProperty('refresh_token');
    const user = await ask(`${github.apiUrl}/user`, { token: String(reply['access_token']) });
    expect(user.json()).toMatchObject({ login: 'stella' });
    nowMs += 5000;
    expect(await poll(started.device_code)).toMatchObject({ error: 'incorrect_device_code' });
  });

  it('tells an impatient client to slow down, and means it', async () => {
    const { device_code: code } = await start();
    await poll(code);
    nowMs += 4999;
    expect(await poll(code)).toMatchObject({ error: 'slow_down', interval: 10 });
    nowMs += 9000;
    expect(await poll(code)).toMatchObject({ error: 'slow_down', interval: 15 });
    nowMs += 15_000;
    expect(await poll(code)).toMatchObject({ error: 'authorization_pending' });
  });

  it('ends with the user, with time, and with the app', async () => {
    const denied = await start();
    github.deviceFlow.deny(denied.user_code);
    expect(await poll(denied.device_code)).toMatchObject({ error: 'access_denied' });
    const late = await start();
    nowMs += 900_000;
    expect(await poll(late.device_code)).toMatchObject({ error: 'expired_token' });
    expect(github.deviceFlow.approve(late.user_code)).toBe(false);
    expect(await poll('0'.repeat(40))).toMatchObject({ error: 'incorrect_device_code' });
    github.deviceFlow.disable(OAUTH_APP_CLIENT_ID);
    expect(await start()).toMatchObject({ status: 200, error: 'device_flow_disabled' });
  });

  it('knows its clients and its grants', async () => {
    expect(await start('nobody')).toMatchObject({ status: 404, error: 'Not Found' });
    expect(await poll('x', 'nobody')).toMatchObject({ status: 200, error: 'incorrect_client_credentials' });
    const password = { client_id: OAUTH_APP_CLIENT_ID, grant_type: 'password' };
    expect(await post('/login/oauth/access_token', password)).toMatchObject({ error: 'unsupported_grant_type' });
  });

  it('gives a GitHub App a token that ends and a refresh token that works once', async () => {
    const { device_code: code, user_code: userCode } = await start(GITHUB_APP_CLIENT_ID, '');
    github.deviceFlow.approve(userCode);
    const first = await poll(code, GITHUB_APP_CLIENT_ID);
    expect(first).toMatchObject({ scope: '', expires_in: 28_800, refresh_token_expires_in: 15_897_600 });
    const refresh = (): Promise<Record<string, unknown>> =>
      post('/login/oauth/access_token', {
        client_id: GITHUB_APP_CLIENT_ID,
        grant_type: 'refresh_token',
        refresh_token: String(first['refresh_token']),
      });
    const second = await refresh();
    const status = async (reply: Record<string, unknown>): Promise<number> =>
      (await ask(`${github.apiUrl}/user`, { token: String(reply['access_token']) })).status;
    expect([await status(first), await status(second)]).toEqual([401, 200]);
    expect(await refresh()).toMatchObject({ error: 'bad_refresh_token' });
    nowMs += 28_800_000;
    expect(await status(second)).toBe(401);
  });

  it('answers in the form encoding unless JSON is asked for', async () => {
    const headers = { accept: '*/*', 'content-type': 'application/x-www-form-urlencoded' };
    const body = `client_id=${OAUTH_APP_CLIENT_ID}`;
    const reply = await ask(`${github.url}/login/device/code`, { method: 'POST', headers, body });
    expect(reply.headers.get('content-type')).toContain('x-www-form-urlencoded');
    expect(new URLSearchParams(reply.text).get('user_code')).toMatch(/-/);
  });

  it('has a page where the user types the code', async () => {
    const { device_code: code, user_code: userCode } = await start();
    const page = await ask(`${github.url}/login/device`);
    expect(page.text).toContain('name="user_code"');
    const submit = (value: string): ReturnType<typeof ask> =>
      ask(`${github.url}/login/device`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ user_code: value, decision: 'approve' }).toString(),
      });
    expect((await submit('AAAA-0000')).status).toBe(404);
    expect((await submit(userCode.toLowerCase())).status).toBe(200);
    expect(await poll(code)).toHaveProperty('access_token');
  });
});
