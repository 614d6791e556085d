/** @file What the sign-in makes of GitHub's refusals and of answers that are not GitHub's, on a server that says anything. */
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeviceFlowRequest } from '../../../src-main/engine/ports/sign-in.ts';
import { type Handler, type RawServer, sendJson, startRawServer } from './raw-server.ts';
import { openSignInBench, type SignInBench, type StartedFlow } from './sign-in-bench.ts';
import { allOf, errorOf } from './surroundings.ts';

const codePath = '/login/device/code';
const deviceCode = '0123456789abcdef0123456789abcdef01234567';
const gho = 'gho_0123456789abcdefghijABCDEFGHIJ012345';

let server: RawServer;
let bench: SignInBench;

beforeEach(async () => {
  server = await startRawServer();
  bench = openSignInBench();
});

afterEach(async () => {
  await bench.close();
  await server.close();
});

function codeJson(change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    device_code: deviceCode,
    user_code: 'ABCD-1234',
    verification_uri: `${server.url}/login/device`,
    expires_in: 900,
    interval: 5,
    ...change,
  };
}

function tokenJson(change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { access_token: gho, token_type: 'bearer', scope: 'repo,gist', ...change };
}

function refusal(error: string, more: Readonly<Record<string, unknown>> = {}): Handler {
  return sendJson({ error, error_description: `words about ${error}`, error_uri: 'https://docs.github.com', ...more });
}

function html(status: number): Handler {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'text/html' }).end('<html>Log in to the hotel</html>');
  };
}

/** A code for the first question, and these answers, one for each poll. */
function answerPolls(...polls: readonly Handler[]): void {
  let next = 0;
  server.answer((request, response) => {
    if (request.url === codePath) {
      sendJson(codeJson())(request, response);
      return;
    }
    polls[next]?.(request, response);
    next += 1;
  });
}

/** One flow whose first poll is answered. */
async function polled(change: Partial<DeviceFlowRequest> = {}): Promise<StartedFlow> {
  const flow = bench.start(server.url, change);
  await flow.code();
  await bench.clock.advance(5000);
  return flow;
}

describe('a refusal', () => {
  it.each(['expired_token', 'token_expired'])('%s ends as expired', async (error) => {
    answerPolls(refusal(error));
    expect(await (await polled()).end).toEqual({ kind: 'expired' });
  });

  it('access_denied ends as denied', async () => {
    answerPolls(refusal('access_denied'));
    expect(await (await polled()).end).toEqual({ kind: 'denied' });
  });

  it.each([
    ['device_flow_disabled', 'Switch on "Enable Device Flow"'],
    ['incorrect_client_credentials', 'knows no app with the client id "Ov23liPlaygroundOauth"'],
    ['incorrect_device_code', 'does not know the code'],
    ['unsupported_grant_type', 'does not offer this way to sign in'],
  ])('%s says which setting to change', async (code, words) => {
    answerPolls(refusal(code));
    const error = await errorOf((await polled()).end);
    expect(error.code).toBe('config-invalid');
    expect(error.message).toContain(words);
    expect(error.message).toContain('EPICSTAR_GITHUB_CLIENT_ID');
    expect(server.requests).toHaveLength(2);
  });

  it('of the first question says the same', async () => {
    server.answer(refusal('device_flow_disabled'));
    const disabled = await errorOf(bench.start(server.url).end);
    expect(disabled).toMatchObject({ code: 'config-invalid' });
    server.answer(sendJson({ error: 'Not Found' }, 404));
    const unknown = await errorOf(bench.start(server.url, { clientId: 'Ov\u202eid' }).end);
    expect(unknown.code).toBe('config-invalid');
    expect(unknown.message).toContain('"Ov\\u{202e}id"');
    const missing = await errorOf(bench.start(server.url, { clientId: ' ' }).end);
    expect(missing.code).toBe('config-invalid');
    expect(server.requests).toHaveLength(2);
  });

  it('that is not known is told in GitHub’s words', async () => {
    answerPolls(refusal('unverified_user_email'));
    const error = await errorOf((await polled()).end);
    expect(error).toMatchObject({ code: 'github-unexpected' });
    expect(error.message).toContain('"unverified_user_email": words about unverified_user_email');
  });

  it('slow_down without an interval adds five seconds, each time', async () => {
    const slow = refusal('slow_down');
    answerPolls(slow, refusal('slow_down', { interval: 1 }), refusal('authorization_pending'), sendJson(tokenJson()));
    const flow = await polled();
    for (const intervalMs of [10_000, 15_000, 15_000]) {
      const before = server.requests.length;
      await bench.answered(before);
      await bench.clock.advance(intervalMs - 1);
      expect(server.requests).toHaveLength(before);
      await bench.clock.advance(1);
      await server.received(before + 1);
    }
    expect(await flow.end).toMatchObject({ kind: 'granted', grant: { token: gho, scopes: ['repo', 'gist'] } });
  });

  it('of too many questions waits as long as it asks for', async () => {
    answerPolls(sendJson({}, 429, { 'retry-after': '120' }), sendJson(tokenJson()));
    const flow = await polled();
    await bench.answered(2);
    await bench.clock.advance(119_999);
    expect(server.requests).toHaveLength(2);
    await bench.clock.advance(1);
    expect(await flow.end).toMatchObject({ kind: 'granted' });
    server.answer(sendJson({}, 429, { 'retry-after': '120' }));
    const error = await errorOf(bench.start(server.url).end);
    expect(error).toMatchObject({ code: 'github-rate-limited', data: { until: bench.clock.now() + 120_000 } });
  });
});

describe('a code that is not as it should be', () => {
  it.each<[string, () => Handler]>([
    ['is a web page', () => html(200)],
    ['is a web page that was not found', () => html(404)],
    ['is refused like a token', () => sendJson({ message: 'Bad credentials' }, 401)],
    ['leads elsewhere', () => (_request, response) => response.writeHead(302, { location: '/other' }).end()],
    ['is nothing', () => (_request, response) => response.writeHead(204).end()],
    ['is null', () => sendJson(null)],
    ['is a list', () => sendJson([])],
    ['has no device code', () => sendJson(codeJson({ device_code: undefined }))],
    ['has a number for a device code', () => sendJson(codeJson({ device_code: 12 }))],
    ['has a user code of another form', () => sendJson(codeJson({ user_code: '<b>type me</b>' }))],
    ['never expires', () => sendJson(codeJson({ expires_in: null }))],
    ['expired long ago', () => sendJson(codeJson({ expires_in: -1 }))],
    ['has a text for an interval', () => sendJson(codeJson({ interval: '5' }))],
    ['has no page', () => sendJson(codeJson({ verification_uri: undefined }))],
    ['has a page on another host', () => sendJson(codeJson({ verification_uri: 'https://github.com/login/device' }))],
    ['has a page on another port', () => sendJson(codeJson({ verification_uri: 'http://127.0.0.1:1/login/device' }))],
    ['has a page that is a script', () => sendJson(codeJson({ verification_uri: 'javascript:alert(1)' }))],
  ])('%s', async (_what, handler) => {
    server.answer(handler());
    const flow = bench.start(server.url);
    const error = await errorOf(flow.end);
    expect(error.code).toBe('github-unexpected');
    expect(flow.codes).toEqual([]);
    expect(allOf(error)).not.toContain(deviceCode);
    expect(bench.clock.pending).toBe(0);
  });

  it('has no interval: then it is five seconds', async () => {
    server.answer(sendJson(codeJson({ interval: undefined })));
    const flow = bench.start(server.url);
    expect((await flow.code()).intervalMs).toBe(5000);
  });

  it('of a kept flow has a page on another host', async () => {
    server.answer(sendJson(codeJson()));
    const pending = await bench.start(server.url).code();
    const resume = { ...pending, verificationUri: 'https://example.com/login/device' };
    expect((await errorOf(bench.start(server.url, { resume }).end)).code).toBe('github-unexpected');
  });
});

describe('a token that is not as it should be', () => {
  const form = new URLSearchParams({ access_token: gho, token_type: 'bearer', scope: '' }).toString();

  it.each<[string, () => Handler]>([
    ['is a web page', () => html(200)],
    [
      'is form-encoded',
      () => (_request, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end(form),
    ],
    ['leads elsewhere', () => (_request, response) => response.writeHead(307, { location: '/other' }).end()],
    ['is too long', () => sendJson({ ...tokenJson(), more: 'x'.repeat(2_000_000) })],
    ['is cut', () => (_request, response) => response.writeHead(200).end(JSON.stringify(tokenJson()).slice(0, 40))],
    ['has no scope', () => sendJson(tokenJson({ scope: undefined }))],
    ['has a list of scopes', () => sendJson(tokenJson({ scope: ['repo'] }))],
    ['has no token', () => sendJson(tokenJson({ access_token: undefined }))],
    ['has a number for a token', () => sendJson(tokenJson({ access_token: 12 }))],
    ['has a token of two lines', () => sendJson(tokenJson({ access_token: `${gho}\n${gho}` }))],
    ['is no bearer token', () => sendJson(tokenJson({ token_type: 'mac' }))],
    ['ends at a text', () => sendJson(tokenJson({ expires_in: '28800' }))],
    ['has a refresh token without an end', () => sendJson(tokenJson({ refresh_token: 'ghr_0123456789' }))],
  ])('%s', async (_what, handler) => {
    answerPolls(handler());
    const error = await errorOf((await polled({ clientId: 'Iv23liPlaygroundAppl' })).end);
    expect(error.code).toBe('github-unexpected');
    expect(allOf(error)).not.toContain(gho);
    expect(allOf(error)).not.toContain(deviceCode);
    expect(server.requests).toHaveLength(2);
    expect(bench.clock.pending).toBe(0);
  });

  it('hides the token of a wrong answer all the same', async () => {
    answerPolls(sendJson(tokenJson({ scope: undefined })));
    await errorOf((await polled()).end);
    expect(bench.secretsAdded).toEqual(expect.arrayContaining([deviceCode, gho]));
  });

  it('of a GitHub App may be without an end', async () => {
    answerPolls(sendJson(tokenJson({ scope: '' })));
    const end = await (await polled({ clientId: 'Iv23liPlaygroundAppl' })).end;
    const grant = { token: gho, scopes: null, expiresAt: null, refreshToken: null, refreshExpiresAt: null };
    expect(end).toEqual({ kind: 'granted', grant });
  });
});

describe('what is sent', () => {
  it('is JSON with nothing but what the flow needs', async () => {
    const bodies: unknown[] = [];
    server.answer((request, response) => {
      void text(request).then((body) => {
        bodies.push(JSON.parse(body));
        sendJson(request.url === codePath ? codeJson() : tokenJson())(request, response);
      });
    });
    await (await polled({ scopes: ['repo', 'gist'] })).end;
    const app = { expires_in: 10, refresh_token: 'ghr_0123456789', refresh_token_expires_in: 20 };
    server.answer((request, response) => {
      void text(request).then((body) => {
        bodies.push(JSON.parse(body));
        sendJson(tokenJson(app))(request, response);
      });
    });
    await bench.refresh(server.url, 'Iv23liPlaygroundAppl', 'ghr_abcdefghij');
    const clientId = 'Ov23liPlaygroundOauth';
    const grantType = 'urn:ietf:params:oauth:grant-type:device_code';
    expect(bodies).toEqual([
      { client_id: clientId, scope: 'repo gist' },
      { client_id: clientId, device_code: deviceCode, grant_type: grantType },
      { client_id: 'Iv23liPlaygroundAppl', grant_type: 'refresh_token', refresh_token: 'ghr_abcdefghij' },
    ]);
    for (const { method, headers } of server.requests) {
      expect(method).toBe('POST');
      expect(headers).toMatchObject({ accept: 'application/json', 'user-agent': 'epicstar/1.2.3' });
      expect(headers.authorization).toBeUndefined();
    }
  });

  it.each([
    ['https://api.github.com', 'https://github.com'],
    ['https://github.com', 'https://github.com'],
    ['https://api.acme.ghe.com', 'https://acme.ghe.com'],
    ['https://acme.ghe.com', 'https://acme.ghe.com'],
    ['https://github.acme.test/api/v3', 'https://github.acme.test'],
    ['https://github.acme.test', 'https://github.acme.test'],
  ])('for %s goes to %s', async (apiUrl, webUrl) => {
    const asked: string[] = [];
    const port = Number(new URL(server.url).port);
    const own = openSignInBench({
      agent: {
        connect: ({ protocol, hostname }, callback) => {
          asked.push(`${protocol}//${hostname}`);
          const socket = connect(port, '127.0.0.1', () => callback(null, socket));
        },
      },
    });
    server.answer(sendJson(codeJson({ verification_uri: `${webUrl}/login/device` })));
    expect(await own.start(apiUrl).code()).toMatchObject({ apiUrl, verificationUri: `${webUrl}/login/device` });
    expect(asked).toEqual([webUrl]);
    expect(server.requests.map(({ url }) => url)).toEqual([codePath]);
    await own.close();
  });

  it('goes by plain http to this computer and to named hosts alone', async () => {
    expect((await errorOf(bench.start('http://ghe.example.test').end)).code).toBe('insecure-address');
    const plain = bench.refresh('http://ghe.example.test', 'Iv1', 'ghr_0123456789');
    expect((await errorOf(plain)).code).toBe('insecure-address');
    expect((await errorOf(bench.start('nowhere').end)).code).toBe('config-invalid');
  });
});
