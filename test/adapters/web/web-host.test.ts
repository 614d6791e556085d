/** @file The web host over HTTP: who is let in, under which names, with which headers. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EpicstarError } from '../../../src-main/engine/core/engine-api.ts';
import { ensureWebToken } from '../../../src-main/web/web-token.ts';
import { benchToken, WebBench } from '../../support/web-bench.ts';

let bench: WebBench;

beforeEach(() => {
  bench = new WebBench();
});

afterEach(() => bench.end());

async function startWithWindow(): Promise<void> {
  const staticDir = await bench.makeDir();
  await mkdir(join(staticDir, 'assets'));
  await writeFile(join(staticDir, 'index.html'), '<!doctype html><title>the window</title>');
  await writeFile(join(staticDir, 'assets', 'index-abc.js'), 'export {};');
  await bench.start({ staticDir });
}

describe('signing in', () => {
  test('a token in the address is swapped for a strict cookie and taken out of the address', async () => {
    await startWithWindow();
    const { status, headers } = await bench.ask(`/?token=${benchToken}`);
    expect(status).toBe(303);
    expect(headers['location']).toBe('/');
    const [cookie] = headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    expect(cookie).not.toContain(benchToken);
    const window = await bench.ask('/', { cookie: await bench.signIn() });
    expect(window.status).toBe(200);
    expect(window.body).toContain('the window');
  });

  test('without the cookie there is the sign-in page, and nothing else', async () => {
    await startWithWindow();
    const page = await bench.ask('/');
    expect(page.status).toBe(401);
    expect(page.body).toContain('Sign in to epicstar');
    for (const path of ['/api/session', '/metrics', '/assets/index-abc.js']) {
      expect((await bench.ask(path)).status, path).toBe(401);
    }
  });

  test('a wrong token is refused, in the address as in the form', async () => {
    await startWithWindow();
    const wrong = await bench.ask('/?token=wrong');
    expect(wrong.status).toBe(401);
    expect(wrong.headers['set-cookie']).toBeUndefined();
    const headers = {
      host: `127.0.0.1:${bench.port}`,
      origin: `http://127.0.0.1:${bench.port}`,
      'content-type': 'application/x-www-form-urlencoded',
    };
    const form = await bench.ask('/login', headers, 'POST', 'token=wrong');
    expect(form.status).toBe(401);
    expect(form.body).toContain('not the right one');
    const right = await bench.ask('/login', headers, 'POST', `token=${benchToken}`);
    expect(right.status).toBe(303);
    expect(right.headers['set-cookie']).toBeDefined();
  });

  test('the form of another page, or of no page, signs nobody in', async () => {
    await startWithWindow();
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const origin of ['https://evil.example', 'null', `http://127.0.0.1:${bench.port + 1}`]) {
      const answer = await bench.ask('/login', { ...type, origin }, 'POST', `token=${benchToken}`);
      expect(answer.status, origin).toBe(403);
    }
    expect((await bench.ask('/login', type, 'POST', `token=${benchToken}`)).status).toBe(403);
  });

  test('a cookie of another token is worthless', async () => {
    await startWithWindow();
    const cookie = await bench.signIn();
    await bench.stop();
    await bench.start({ token: 'another-token-0123456789abcdef' });
    const [, value] = cookie.split('=');
    expect((await bench.ask('/api/session', { cookie: `epicstar-${bench.port}=${value}` })).status).toBe(401);
  });

  test('a cookie goes on working after a restart with the same token and port', async () => {
    await startWithWindow();
    const { port } = bench;
    const cookie = await bench.signIn();
    await bench.stop();
    await bench.start({ port });
    expect((await bench.ask('/api/session', { cookie })).status).toBe(204);
  });

  test('a proxy that speaks https gets a secure cookie', async () => {
    await startWithWindow();
    const { headers } = await bench.ask(`/?token=${benchToken}`, { 'x-forwarded-proto': 'https' });
    expect(headers['set-cookie']?.[0]).toMatch(/Secure/);
  });

  test('a visit from another site is asked to come again as our own, so that the strict cookie is sent', async () => {
    await startWithWindow();
    const visit = await bench.ask('/', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' });
    expect(visit.status).toBe(200);
    expect(visit.body).toContain('http-equiv="refresh"');
  });
});

describe('names and origins', () => {
  test.each([
    'evil.example',
    'evil.example:80',
    '127.0.0.1.evil.example',
    '192.168.1.7',
    'localhost.evil.example',
    '@127.0.0.1',
  ])('is not heard under the name %s', async (host) => {
    await startWithWindow();
    const { status, body } = await bench.ask(`/?token=${benchToken}`, { host });
    expect(status).toBe(421);
    expect(body).not.toContain(benchToken);
  });

  test.each(['localhost', 'localhost:8080', '127.0.0.1:9', '[::1]:9', 'LOCALHOST'])(
    'is heard under %s',
    async (host) => {
      await startWithWindow();
      expect((await bench.ask('/healthz', { host })).status).toBe(200);
    },
  );

  test('is heard under a name that the user allowed', async () => {
    await bench.start({ allowedHosts: ['mirror.example.org', 'nas:8443'] });
    expect((await bench.ask('/healthz', { host: 'mirror.example.org:1234' })).status).toBe(200);
    expect((await bench.ask('/healthz', { host: 'nas:8443' })).status).toBe(200);
    expect((await bench.ask('/healthz', { host: 'nas:8444' })).status).toBe(421);
  });

  test('requests that other pages start are refused, visits apart', async () => {
    await startWithWindow();
    const cookie = await bench.signIn();
    expect((await bench.ask('/metrics', { cookie, origin: 'https://evil.example' })).status).toBe(403);
    for (const site of ['cross-site', 'same-site']) {
      const embedded = { cookie, 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors' };
      expect((await bench.ask('/assets/index-abc.js', embedded)).status, site).toBe(403);
    }
    const own = { cookie, 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'no-cors' };
    expect((await bench.ask('/assets/index-abc.js', own)).status).toBe(200);
  });

  test('listening beyond this computer has to be allowed', async () => {
    await expect(bench.start({ host: '0.0.0.0' })).rejects.toMatchObject({ code: 'config-invalid' });
    await bench.start({ host: '0.0.0.0', allowWider: true });
    expect((await bench.ask('/healthz', { host: '192.168.1.7:8080' })).status).toBe(200);
    expect((await bench.ask('/healthz', { host: 'rebound.example' })).status).toBe(421);
  });

  test('a port in use is said plainly', async () => {
    await bench.start();
    const second = new WebBench();
    await expect(second.start({ port: bench.port })).rejects.toSatisfy(
      (error) => error instanceof EpicstarError && error.code === 'config-invalid' && /in use/.test(error.message),
    );
  });
});

describe('answers', () => {
  test('carry a strict policy, whatever they are', async () => {
    await startWithWindow();
    const cookie = await bench.signIn();
    for (const path of ['/', '/login', '/healthz', '/nothing', '/metrics', '/assets/index-abc.js']) {
      const { headers } = await bench.ask(path, { cookie });
      const policy = String(headers['content-security-policy']);
      expect(policy, path).toContain("default-src 'none'");
      expect(policy, path).toContain("frame-ancestors 'none'");
      expect(policy, path).not.toMatch(/unsafe|\*|https?:|data:/);
      expect(headers['x-content-type-options'], path).toBe('nosniff');
      expect(headers['x-frame-options'], path).toBe('DENY');
      expect(headers['referrer-policy'], path).toBe('same-origin');
      expect(headers['access-control-allow-origin'], path).toBeUndefined();
    }
  });

  test('only files with a hash in their name are kept by the browser', async () => {
    await startWithWindow();
    const cookie = await bench.signIn();
    expect((await bench.ask('/', { cookie })).headers['cache-control']).toBe('no-store');
    expect((await bench.ask('/assets/index-abc.js', { cookie })).headers['cache-control']).toMatch(/immutable/);
    expect((await bench.ask('/assets/missing.js', { cookie })).headers['cache-control']).toBe('no-store');
  });

  test('nothing beside the window is served', async () => {
    await startWithWindow();
    const cookie = await bench.signIn();
    for (const path of [
      '/assets/../../secret',
      '/assets/%2e%2e/index.html',
      '/assets/..%2findex.html',
      '/index.html',
      '/.env',
    ]) {
      const { status, body } = await bench.ask(path, { cookie });
      expect(status, path).toBeGreaterThanOrEqual(400);
      expect(body, path).not.toContain('the window');
    }
  });

  test('a window that was not built is said plainly', async () => {
    await bench.start();
    const { status, body } = await bench.ask('/', { cookie: await bench.signIn() });
    expect(status).toBe(503);
    expect(body).toContain('The window was not built');
  });

  test('health says nothing but that it lives', async () => {
    await bench.start();
    expect(JSON.parse((await bench.ask('/healthz')).body)).toEqual({ ok: true, version: '1.2.3' });
    expect(JSON.parse((await bench.ask('/readyz')).body)).toEqual({ ok: true });
  });

  test('metrics count, for the cookie and for the token as bearer', async () => {
    await bench.start();
    const { status, body, headers } = await bench.ask('/metrics', { authorization: `Bearer ${benchToken}` });
    expect(status).toBe(200);
    expect(headers['content-type']).toContain('version=0.0.4');
    expect(body).toContain('epicstar_repositories_mirrored 1204\n');
    expect(body).toContain('epicstar_jobs{state="queued"} 0\n');
    expect(body).toContain('epicstar_state{tone="idle"} 1\n');
    expect((await bench.ask('/metrics', { authorization: 'Bearer wrong' })).status).toBe(401);
  });

  test('a body that is too large, or of a kind not asked for, is refused in words', async () => {
    await bench.start();
    const origin = `http://127.0.0.1:${bench.port}`;
    const form = { host: `127.0.0.1:${bench.port}`, origin, 'content-type': 'application/x-www-form-urlencoded' };
    expect((await bench.ask('/login', form, 'POST', `token=${'x'.repeat(20_000)}`)).status).toBe(413);
    const json = await bench.ask('/login', { ...form, 'content-type': 'application/json' }, 'POST', '{}');
    expect(json.status).toBe(415);
    expect(json.body).toBe('The request was not understood.\n');
  });
});

test('the token is never logged', async () => {
  await startWithWindow();
  const cookie = await bench.signIn();
  await bench.ask('/?token=almost-the-token', { cookie });
  await bench.ask(`/?token=${benchToken}`, { host: 'evil.example' });
  const written = JSON.stringify(bench.log);
  expect(written).toContain('web request');
  expect(written).not.toContain(benchToken);
  expect(written).not.toContain('almost-the-token');
  expect(written).not.toContain(cookie.split('=')[1]);
});

describe('the stored token', () => {
  function makeStore(value: string | null) {
    const writes: string[] = [];
    return {
      writes,
      read: async () => value,
      write: async (_name: 'web-token', next: string) => {
        writes.push(next);
      },
    };
  }

  test('is made once, of 256 bits', async () => {
    const store = makeStore(null);
    const token = await ensureWebToken(store);
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(store.writes).toEqual([token]);
    expect(await ensureWebToken(makeStore(null))).not.toBe(token);
  });

  test('goes on working, and is refused when it can be guessed', async () => {
    const store = makeStore(benchToken);
    expect(await ensureWebToken(store)).toBe(benchToken);
    expect(store.writes).toEqual([]);
    await expect(ensureWebToken(makeStore('short'))).rejects.toMatchObject({ code: 'config-invalid' });
  });
});
